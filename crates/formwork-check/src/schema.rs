//! Every property against the facts on its resource type.

mod attributes;
mod object;
mod text;
mod value;

use std::collections::HashMap;

use formwork_spec::ResourceFacts;
use formwork_template::{Finding, Map, RESOURCE_ATTRIBUTES, ResourceView, Template, Value};
use regex::Regex;

use crate::sources::Sources;

/// What a resource may have beside the customary attributes.
const RARE_ATTRIBUTES: [&str; 2] = ["Description", "Version"];
/// Types that exist without facts.
const OPEN_TYPES: [&str; 2] = ["AWS::CDK::Metadata", "AWS::CloudFormation::CustomResource"];
/// What has its types from SAM's transform, and is judged by it.
const SERVERLESS: &str = "AWS::Serverless";
/// How alike two names must be for one to be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.8;

/// Reports unknown types, unknown, missing and contradicting properties, and values that cannot be.
///
/// What an expression will be at deployment is not guessed: both branches of `Fn::If` are
/// judged, everything else that is worked out later passes. Types of SAM, of other publishers and
/// of the author's own pass as well, and so do templates that a macro is still to change.
pub(crate) fn check_properties(template: &Template, sources: &dyn Sources, findings: &mut Vec<Finding>) {
    let transforms = Transforms::of(template);
    if transforms.macros {
        return;
    }
    let mut checker =
        Checker { sources, findings: Vec::new(), patterns: HashMap::new(), path: Vec::new(), facts: None };
    for resource in template.resources() {
        checker.resource(resource, &transforms);
    }
    checker.attributes(template);
    findings.append(&mut checker.findings);
}

/// What a template is still to go through.
struct Transforms {
    serverless: bool,
    /// A transform whose doing nobody knows.
    macros: bool,
}

impl Transforms {
    fn of(template: &Template) -> Self {
        let names: Vec<&str> = match template.sections().get("Transform") {
            Some(Value::String(name)) => vec![name],
            Some(Value::List(names)) => names.iter().map(|name| name.as_str().unwrap_or("?")).collect(),
            Some(_) => vec!["?"],
            None => Vec::new(),
        };
        let known = |name: &&str| name.starts_with("AWS::") && **name != *"AWS::Include";
        Self {
            serverless: names.iter().any(|name| name.starts_with(SERVERLESS)),
            macros: !names.iter().all(known),
        }
    }
}

/// Judges one template.
struct Checker<'a> {
    sources: &'a dyn Sources,
    findings: Vec<Finding>,
    /// Patterns that were compiled; none for those that this engine does not know.
    patterns: HashMap<&'static str, Option<Regex>>,
    /// Where in the template.
    path: Vec<String>,
    /// Those of the resource that is looked at.
    facts: Option<&'static ResourceFacts>,
}

impl Checker<'_> {
    fn resource(&mut self, resource: ResourceView<'_>, transforms: &Transforms) {
        self.path = vec!["Resources".to_owned(), resource.logical_id.to_owned()];
        let Some(resource_type) = resource.resource_type() else {
            self.report("E3001", format!("the resource `{}` has no type", resource.logical_id), None);
            return;
        };
        if resource_type.starts_with(SERVERLESS) {
            if !transforms.serverless {
                let hint = "add `Transform: AWS::Serverless-2016-10-31`".to_owned();
                self.report("E3038", format!("`{resource_type}` needs SAM's transform"), Some(hint));
            }
            return;
        }
        for key in resource.attributes.keys().filter(|key| !known_attribute(key)) {
            let hint =
                nearest(key, RESOURCE_ATTRIBUTES).map(|known| format!("is it `{known}` that is meant?"));
            self.within(key, |checker| {
                checker.report("E3001", format!("a resource has no attribute `{key}`"), hint);
            });
        }
        if OPEN_TYPES.contains(&resource_type) {
            return;
        }
        let Some(facts) = formwork_spec::resource(resource_type) else {
            let foreign = !resource_type.starts_with("AWS::") || resource_type.ends_with("::MODULE");
            if !foreign {
                let known = nearest(resource_type, formwork_spec::resource_types());
                let hint = known.map(|known| format!("is it `{known}` that is meant?"));
                self.within("Type", |checker| {
                    checker.report("E3006", format!("there is no resource type `{resource_type}`"), hint);
                });
            }
            return;
        };
        self.facts = Some(facts);
        let none = Value::Map(Map::new());
        let properties = resource.attributes.get("Properties").unwrap_or(&none);
        self.within("Properties", |checker| {
            checker.object(properties, &facts.properties, &facts.rules, &facts.type_name);
        });
    }

    /// Goes on one step deeper.
    fn within(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(step.to_owned());
        check(self);
        self.path.pop();
    }

    fn report(&mut self, rule: &'static str, message: String, hint: Option<String>) {
        let mut finding = Finding::error(rule, message).path(self.path.iter().cloned());
        finding.hint = hint;
        if let [section, element, ..] = self.path.as_slice() {
            finding.source = self.sources.source(section, element);
        }
        self.findings.push(finding);
    }
}

fn known_attribute(key: &str) -> bool {
    RESOURCE_ATTRIBUTES.contains(&key) || RARE_ATTRIBUTES.contains(&key) || key.starts_with("Fn::")
}

/// The name that was probably meant, if one is alike enough.
fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    // To compare takes the product of both lengths, and lengths that differ by more than a fifth are
    // not alike whatever the letters.
    let of_like_length = |name: &&str| 5 * length.min(name.len()) >= 4 * length.max(name.len());
    let rated = known.into_iter().filter(of_like_length).map(|name| {
        let alike = strsim::normalized_damerau_levenshtein(&wrong, &name.to_lowercase());
        (alike, name)
    });
    rated
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
