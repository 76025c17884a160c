//! What must not change from one run to the next: which feature a service is
//! in, the order of a constructor's arguments, the names of identifiers.
//!
//! A run adds what is new and keeps what is there. So an argument that becomes
//! required later comes last, wherever the source puts it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail};
use formwork_spec::{Kind, PropertyFacts, ResourceFacts, Target, ValueFacts};
use serde::Deserialize;

use super::{families, names, relationships, sources::Sources};

/// The lock, as it is committed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    /// The digest of each source archive, by package and version.
    pub sources: BTreeMap<String, String>,
    /// The cargo feature of each service, by namespace.
    pub features: BTreeMap<String, String>,
    /// The marker of each identifier, by `TYPE.ATTRIBUTE`.
    pub identifiers: BTreeMap<String, String>,
    /// The marker of each set of identifiers, by its members joined with a blank.
    pub unions: BTreeMap<String, String>,
    /// The order of constructor arguments, by `TYPE` or `TYPE/PROPERTY_TYPE`.
    pub arguments: BTreeMap<String, Vec<String>>,
}

impl Lock {
    /// Reads the lock, or starts an empty one.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("read {}", path.display()))
    }

    /// Fails when an archive is not the one that was read when its version was pinned.
    pub(crate) fn verify(&self, archive: &str, digest: &str) -> Result<()> {
        if let Some(known) = self.sources.get(archive)
            && known != digest
        {
            bail!(
                "{archive} has the digest {digest}, and had {known} when it was pinned\n\
                 hint: remove the archive from target/facts and download it again",
            );
        }
        Ok(())
    }

    /// Adds what the facts have and the lock has not. Forgets what no longer exists, except orders.
    pub(crate) fn freeze(&mut self, facts: &[ResourceFacts], sources: &Sources) {
        self.sources = [&sources.types, &sources.authorization, &sources.schemas]
            .map(|archive| (archive.name.clone(), archive.digest.clone()))
            .into();
        let mut sets = BTreeMap::new();
        for resource in facts {
            let service = resource.service();
            self.features
                .entry(service.to_owned())
                .or_insert_with(|| families::feature(&names::service(service)).to_owned());
            self.arguments(resource.type_name.clone(), &resource.properties);
            for nested in &resource.nested {
                self.arguments(format!("{}/{}", resource.type_name, nested.name), &nested.properties);
            }
            let owners = resource.nested.iter().map(|nested| (nested.name.as_str(), &nested.properties));
            for (owner, properties) in std::iter::once(("", &resource.properties)).chain(owners) {
                for property in properties {
                    let place = match owner {
                        "" => format!("{}.{}", resource.type_name, property.name),
                        owner => format!("{}/{owner}.{}", resource.type_name, property.name),
                    };
                    let name = relationships::set_name(&place).map_or_else(
                        || SetName::Of(format!("{}{owner}{}", resource.name(), property.name)),
                        SetName::Given,
                    );
                    collect(&property.value, &name, &mut sets);
                }
            }
            for attribute in &resource.attributes {
                let name = SetName::Of(format!("{}{}", resource.name(), attribute.name));
                collect(&attribute.value, &name, &mut sets);
            }
        }
        self.identifiers(&sets);
        self.unions(&sets);
    }

    fn arguments(&mut self, key: String, properties: &[PropertyFacts]) {
        let required = || properties.iter().filter(|property| property.required);
        if required().next().is_none() {
            return;
        }
        let order = self.arguments.entry(key).or_default();
        let rank = |property: &PropertyFacts| match property.name.as_str() {
            _ if refers(&property.value) => 0,
            "Name" | "Key" => 1,
            _ => 2,
        };
        // What a thing belongs to, what it is called, and the rest as the source has it.
        let mut sorted: Vec<&PropertyFacts> = required().collect();
        sorted.sort_by_key(|property| rank(property));
        lower_bounds_first(&mut sorted);
        for property in sorted {
            if !order.contains(&property.name) {
                order.push(property.name.clone());
            }
        }
    }

    fn identifiers(&mut self, sets: &BTreeMap<Vec<Target>, SetName>) {
        let targets: BTreeSet<&Target> = sets.keys().flatten().collect();
        self.identifiers.retain(|key, _| targets.iter().any(|target| identifier_key(target) == *key));
        for target in targets {
            let (service, resource) = target.type_name.rsplit_once("::").unwrap_or(("", &target.type_name));
            let mut name = names::identifier(resource, &target.attribute);
            let taken = |name: &String| {
                self.identifiers.iter().any(|(key, known)| {
                    known == name
                        && *key != identifier_key(target)
                        && key.starts_with(&format!("{service}::"))
                })
            };
            while taken(&name) {
                name.push('_');
            }
            self.identifiers.entry(identifier_key(target)).or_insert(name);
        }
    }

    fn unions(&mut self, sets: &BTreeMap<Vec<Target>, SetName>) {
        let several: BTreeMap<String, (&Vec<Target>, &SetName)> = sets
            .iter()
            .filter(|(set, _)| set.len() > 1)
            .map(|(set, name)| (union_key(set), (set, name)))
            .collect();
        self.unions.retain(|key, _| several.contains_key(key));
        for (key, (set, fallback)) in several {
            if self.unions.contains_key(&key) {
                continue;
            }
            let mut members: Vec<String> =
                set.iter().map(|target| self.identifier(target).to_owned()).collect();
            members.dedup();
            let mut name = match fallback {
                SetName::Given(name) => (*name).to_owned(),
                // Four names and more are no name: the first property that takes the set lends its own.
                SetName::Of(property) if members.len() > 3 => names::pascal(property),
                SetName::Of(_) => members.join("Or"),
            };
            while self.unions.values().any(|known| *known == name) {
                name.push_str("Also");
            }
            self.unions.insert(key, name);
        }
    }

    /// The marker of an identifier.
    pub(crate) fn identifier(&self, target: &Target) -> &str {
        self.identifiers.get(&identifier_key(target)).map_or("", String::as_str)
    }

    /// The marker of a set of identifiers.
    pub(crate) fn union(&self, set: &[Target]) -> &str {
        self.unions.get(&union_key(set)).map_or("", String::as_str)
    }

    /// The required properties in the order of the arguments.
    pub(crate) fn ordered<'a>(&self, key: &str, properties: &'a [PropertyFacts]) -> Vec<&'a PropertyFacts> {
        let order = self.arguments.get(key).into_iter().flatten();
        order
            .filter_map(|name| properties.iter().find(|property| property.required && property.name == *name))
            .collect()
    }

    /// The lock as text: JSON with one entry a line, so that reviewers can read a change of it.
    pub(crate) fn render(&self) -> String {
        let mut text = String::from("{");
        section(&mut text, "sources", &self.sources);
        section(&mut text, "features", &self.features);
        section(&mut text, "identifiers", &self.identifiers);
        section(&mut text, "unions", &self.unions);
        section(&mut text, "arguments", &self.arguments);
        text.pop();
        text.push_str("\n}\n");
        text
    }
}

fn section<V: serde::Serialize>(text: &mut String, name: &str, entries: &BTreeMap<String, V>) {
    let _ = write!(text, "\n  \"{name}\": {{");
    for (position, (key, value)) in entries.iter().enumerate() {
        let comma = if position == 0 { "" } else { "," };
        let value = serde_json::json!(value);
        let _ = write!(text, "{comma}\n    {}: {value}", serde_json::json!(key));
    }
    text.push_str("\n  },");
}

fn identifier_key(target: &Target) -> String {
    format!("{}.{}", target.type_name, target.attribute)
}

fn union_key(set: &[Target]) -> String {
    set.iter().map(identifier_key).collect::<Vec<_>>().join(" ")
}

/// Whether the value, or what it is a list of, refers to a resource.
fn refers(value: &ValueFacts) -> bool {
    match &value.kind {
        Kind::List(inner) | Kind::Map(inner) => refers(inner),
        _ => !value.refers_to.is_empty(),
    }
}

/// Of two ends, the lower comes first: `MinSize` before `MaxSize`, whatever the source's order.
fn lower_bounds_first(properties: &mut [&PropertyFacts]) {
    for (upper, lower) in
        [("Max", "Min"), ("Maximum", "Minimum"), ("To", "From"), ("End", "Start"), ("Value", "Key")]
    {
        for later in 0..properties.len() {
            let Some(rest) = properties[later].name.strip_prefix(lower) else { continue };
            let other = format!("{upper}{rest}");
            if let Some(earlier) = properties[..later].iter().position(|property| property.name == other) {
                properties.swap(earlier, later);
            }
        }
    }
}

/// What a set of identifiers could be called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum SetName {
    /// By a name that was chosen for it.
    Given(&'static str),
    /// After a property that takes it.
    Of(String),
}

/// The sets of targets in a value, each with the best name that was met so far.
fn collect(value: &ValueFacts, name: &SetName, sets: &mut BTreeMap<Vec<Target>, SetName>) {
    if let Kind::List(inner) | Kind::Map(inner) = &value.kind {
        collect(inner, name, sets);
    }
    if !value.refers_to.is_empty() {
        let known = sets.entry(value.refers_to.clone()).or_insert_with(|| name.clone());
        if matches!((&known, name), (SetName::Of(_), SetName::Given(_))) {
            *known = name.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use formwork_spec::{Kind, PropertyFacts, Scrutiny, Target, Update, ValueFacts, Yield};

    use super::Lock;

    fn required(name: &str) -> PropertyFacts {
        PropertyFacts {
            name: name.to_owned(),
            value: ValueFacts::plain(Kind::String),
            required: true,
            update: Update::NoInterruption,
            deprecated: false,
            default: None,
            scrutiny: Scrutiny::None,
        }
    }

    fn order(lock: &mut Lock, properties: &[PropertyFacts]) -> Vec<String> {
        lock.arguments("AWS::Test::Thing".to_owned(), properties);
        let ordered = lock.ordered("AWS::Test::Thing", properties);
        ordered.into_iter().map(|property| property.name.clone()).collect()
    }

    #[test]
    fn an_argument_keeps_its_place() {
        let mut lock = Lock::default();
        assert_eq!(order(&mut lock, &[required("Size"), required("Color")]), ["Size", "Color"]);
        let swapped_and_more = [required("Name"), required("Color"), required("Size")];
        assert_eq!(order(&mut lock, &swapped_and_more), ["Size", "Color", "Name"]);
        let mut optional_again = swapped_and_more;
        optional_again[2].required = false;
        assert_eq!(order(&mut lock, &optional_again), ["Color", "Name"]);
        optional_again[2].required = true;
        assert_eq!(order(&mut lock, &optional_again), ["Size", "Color", "Name"]);
    }

    #[test]
    fn what_it_belongs_to_is_the_first_argument_and_bounds_are_in_order() {
        let mut vpc = required("VpcId");
        vpc.value.refers_to.push(Target {
            type_name: "AWS::EC2::VPC".to_owned(),
            attribute: "VpcId".to_owned(),
            obtained_by: Yield::Ref,
        });
        let properties = [required("MaxSize"), required("MinSize"), required("Name"), vpc];
        assert_eq!(order(&mut Lock::default(), &properties), ["VpcId", "Name", "MinSize", "MaxSize"]);
    }

    #[test]
    fn an_archive_of_another_digest_is_refused() {
        let mut lock = Lock::default();
        assert!(lock.verify("cfn-lint 1.0.0", "aa").is_ok(), "nothing is known of it");
        lock.sources.insert("cfn-lint 1.0.0".to_owned(), "aa".to_owned());
        assert!(lock.verify("cfn-lint 1.0.0", "aa").is_ok());
        let refusal = lock.verify("cfn-lint 1.0.0", "bb").expect_err("the digest is another");
        assert!(refusal.to_string().contains("has the digest bb, and had aa"), "{refusal}");
    }
}
