//! The markers of identifiers: one for each attribute that some property
//! refers to, and one for each set of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use formwork_spec::{Kind, ResourceFacts, Target, ValueFacts};

use super::GENERATED;
use crate::codegen::{lock::Lock, names};

/// Types of parameters whose value is an identifier.
const PARAMETER_TYPES: &[(&str, &str, &str)] = &[
    ("AWS::EC2::VPC", "VpcId", "AWS::EC2::VPC::Id"),
    ("AWS::EC2::Subnet", "SubnetId", "AWS::EC2::Subnet::Id"),
    ("AWS::EC2::SecurityGroup", "Id", "AWS::EC2::SecurityGroup::Id"),
    ("AWS::EC2::SecurityGroup", "GroupName", "AWS::EC2::SecurityGroup::GroupName"),
    ("AWS::EC2::Instance", "InstanceId", "AWS::EC2::Instance::Id"),
    ("AWS::EC2::Volume", "VolumeId", "AWS::EC2::Volume::Id"),
    ("AWS::EC2::KeyPair", "KeyName", "AWS::EC2::KeyPair::KeyName"),
    ("AWS::Route53::HostedZone", "Id", "AWS::Route53::HostedZone::Id"),
];

/// What properties refer to.
pub(crate) struct Identities<'a> {
    lock: &'a Lock,
    /// Every target of a property.
    targets: BTreeSet<Target>,
    /// Every set of several targets.
    unions: BTreeSet<Vec<Target>>,
}

impl<'a> Identities<'a> {
    /// Collects what properties refer to.
    pub(crate) fn of(facts: &[ResourceFacts], lock: &'a Lock) -> Self {
        let mut identities = Self { lock, targets: BTreeSet::new(), unions: BTreeSet::new() };
        for resource in facts {
            let nested = resource.nested.iter().flat_map(|nested| &nested.properties);
            for property in resource.properties.iter().chain(nested) {
                identities.collect(&property.value);
            }
            for attribute in &resource.attributes {
                identities.collect(&attribute.value);
            }
        }
        identities
    }

    fn collect(&mut self, value: &ValueFacts) {
        if let Kind::List(inner) | Kind::Map(inner) = &value.kind {
            self.collect(inner);
        }
        self.targets.extend(value.refers_to.iter().cloned());
        if value.refers_to.len() > 1 {
            self.unions.insert(value.refers_to.clone());
        }
    }

    /// The path of the marker of a type's identifier, when some property refers to it.
    pub(crate) fn marker(&self, type_name: &str, attribute: &str) -> Option<String> {
        let target = self
            .targets
            .iter()
            .find(|target| target.type_name == type_name && target.attribute == attribute)?;
        Some(self.path(target))
    }

    fn path(&self, target: &Target) -> String {
        let (service, _) = target.type_name.rsplit_once("::").unwrap_or_default();
        format!("ids::{}::{}", names::service(service), self.lock.identifier(target))
    }

    /// What a handle of the type can stand for, and how it is obtained: markers, then sets.
    pub(crate) fn provided(&self, type_name: &str) -> Vec<(String, &Target)> {
        let of_type = |target: &&Target| target.type_name == type_name;
        let mut provided: Vec<(String, &Target)> =
            self.targets.iter().filter(of_type).map(|target| (self.path(target), target)).collect();
        for union in &self.unions {
            // `Ref` sorts before attributes, and is what a template's reader expects.
            let best =
                union.iter().filter(of_type).min_by_key(|target| (target.obtained_by, &target.attribute));
            if let Some(target) = best {
                provided.push((format!("AnyOf<ids::any::{}>", self.lock.union(union)), target));
            }
        }
        provided
    }
}

/// The files of `ids`.
pub(crate) fn render(identities: &Identities<'_>) -> BTreeMap<String, String> {
    let mut services: BTreeMap<String, String> = BTreeMap::new();
    for target in &identities.targets {
        let (service, _) = target.type_name.rsplit_once("::").unwrap_or_default();
        let text = services.entry(names::service(service)).or_insert_with(|| {
            format!("{GENERATED}//! Identifiers of `{service}` resources.\n\nuse crate::prelude::*;\n")
        });
        let name = identities.lock.identifier(target);
        let how = match target.obtained_by {
            formwork_spec::Yield::Ref => "Ref",
            formwork_spec::Yield::Attribute => "Fn::GetAtt",
        };
        let _ = write!(
            text,
            "\n/// `{}` of an `{}`, which `{how}` returns.\n\
             pub enum {name} {{}}\nimpl Textual for {name} {{}}\nimpl Identifier for {name} {{}}\n",
            target.attribute, target.type_name,
        );
        let parameter = PARAMETER_TYPES.iter().find(|(type_name, attribute, _)| {
            *type_name == target.type_name && *attribute == target.attribute
        });
        if let Some((_, _, parameter)) = parameter {
            let _ = writeln!(
                text,
                "impl ParameterType for {name} {{ const TYPE: &'static str = {parameter:?}; }}"
            );
        }
    }
    let mut files = BTreeMap::new();
    let mut module = format!(
        "{GENERATED}//! What properties refer to: a type for each identifier of a resource.\n\
         //!\n\
         //! A property that refers to a VPC takes an `Expr<ids::ec2::VpcId>`: a handle of a `Vpc`, a\n\
         //! parameter of that type, or a string that the author vouches for with `id`.\n\n\
         pub mod any;\n"
    );
    for (service, text) in services {
        let _ = writeln!(module, "pub mod {service};");
        files.insert(format!("ids/{service}.rs"), text);
    }
    files.insert("ids/mod.rs".to_owned(), module);
    files.insert("ids/any.rs".to_owned(), unions(identities));
    files
}

fn unions(identities: &Identities<'_>) -> String {
    let mut text = format!(
        "{GENERATED}//! Sets of identifiers, for properties that take any of several: `Expr<AnyOf<...>>`.\n\n\
         use super as ids;\nuse crate::prelude::Within;\n"
    );
    for union in &identities.unions {
        let name = identities.lock.union(union);
        let members: Vec<String> = union.iter().map(|target| identities.path(target)).collect();
        let links: Vec<String> =
            union.iter().map(|target| format!("`{}.{}`", target.type_name, target.attribute)).collect();
        let _ = write!(text, "\n/// {}.\npub enum {name} {{}}\n", links.join(", "));
        for member in members {
            let _ = writeln!(text, "impl Within<{name}> for {member} {{}}");
        }
    }
    text
}
