//! Every property against the facts on its resource type.

mod attributes;
mod expression;
pub(crate) mod format;
mod object;
mod text;
mod value;

use formwork_spec::ResourceFacts;
use formwork_template::{Finding, Map, RESOURCE_ATTRIBUTES, ResourceView, Severity, Template, Value};

use crate::{
    conditions::Conditions, index::Index, judge::Judge, nearest::nearest, requirement::Requirements, rules,
    sources::Sources,
};

/// What a resource may have beside the customary attributes.
const RARE_ATTRIBUTES: [&str; 2] = ["Description", "Version"];
/// Types that exist without facts.
const OPEN_TYPES: [&str; 2] = ["AWS::CDK::Metadata", "AWS::CloudFormation::CustomResource"];
/// What has its types from SAM's transform, and is judged by it.
const SERVERLESS: &str = "AWS::Serverless";

/// Findings after which no name is guessed.
const GUESSED: usize = 1_000;

/// Reports unknown types, unknown, missing and contradicting properties, and values that cannot be.
///
/// What an expression will be at deployment is not guessed: both branches of `Fn::If` are
/// judged, everything else that is worked out later passes. Types of SAM, of other publishers and
/// of the author's own pass as well, and so do templates that a macro is still to change.
pub(crate) fn check_properties(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    let transforms = Transforms::of(template);
    if transforms.macros {
        return;
    }
    let mut checker = Checker {
        index: judge.index,
        sources: judge.sources,
        conditions: judge.conditions,
        assumed: Vec::new(),
        findings: Vec::new(),
        path: Vec::new(),
        facts: None,
    };
    for resource in template.resources() {
        checker.resource(resource, &transforms);
    }
    checker.attributes();
    let mut findings = checker.findings;
    judge.findings.append(&mut findings);
    rules::check(judge);
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
    index: &'a Index<'a>,
    sources: &'a dyn Sources,
    conditions: &'a Conditions,
    /// What is known of conditions where the value stands that is looked at.
    assumed: Vec<(String, bool)>,
    findings: Vec<Finding>,
    /// Where in the template.
    path: Vec<String>,
    /// Those of the resource that is looked at.
    facts: Option<&'static ResourceFacts>,
}

impl Checker<'_> {
    fn resource(&mut self, resource: ResourceView<'_>, transforms: &Transforms) {
        self.path = vec!["Resources".to_owned(), resource.logical_id.to_owned()];
        let Some(resource_type) = resource.resource_type() else {
            if resource.attributes.contains_key("Type") {
                self.within("Type", |checker| {
                    checker.report("E3001", "a type is a plain text".to_owned(), None);
                });
                return;
            }
            self.report("E3001", format!("the resource `{}` has no type", resource.logical_id), None);
            return;
        };
        if resource_type.starts_with(SERVERLESS) {
            if !transforms.serverless {
                let hint = "add `Transform: AWS::Serverless-2016-10-31`".to_owned();
                self.within("Type", |checker| {
                    let message = format!("`{resource_type}` needs SAM's transform");
                    checker.report("E3038", message, Some(hint));
                });
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
                let known = self.meant(resource_type, formwork_spec::resource_types());
                let hint = known.map(|known| format!("is it `{known}` that is meant?"));
                self.within("Type", |checker| {
                    checker.report("E3006", format!("there is no resource type `{resource_type}`"), hint);
                });
            }
            return;
        };
        self.assumed.clear();
        if let Some(condition) = resource.attributes.get("Condition").and_then(Value::as_str) {
            self.assumed.push((condition.to_owned(), true));
        }
        if !self.conditions.possible(&self.assumed) {
            return;
        }
        self.facts = Some(facts);
        let none = Value::Map(Map::new());
        let properties = resource.attributes.get("Properties").unwrap_or(&none);
        self.within("Properties", |checker| {
            checker.object(properties, &facts.properties, &facts.rules, &facts.type_name);
        });
        let mut requirements = Requirements {
            index: self.index,
            conditions: self.conditions,
            sources: self.sources,
            findings: &mut self.findings,
        };
        requirements.resource(resource, facts);
    }

    /// The name that was probably meant. After very many findings nobody is helped by another guess,
    /// and each takes a look at every name.
    fn meant<'n>(&self, wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        (self.findings.len() < GUESSED).then(|| nearest(wrong, known)).flatten()
    }

    /// Goes on one step deeper.
    fn within(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(step.to_owned());
        check(self);
        self.path.pop();
    }

    fn report(&mut self, rule: &'static str, message: String, hint: Option<String>) {
        self.report_as(rule, Severity::Error, message, hint);
    }

    fn report_as(&mut self, rule: &'static str, severity: Severity, message: String, hint: Option<String>) {
        let mut finding = Finding::new(rule, severity, message).path(self.path.iter().cloned());
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
