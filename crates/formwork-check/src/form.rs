//! The form of a template: its sections, and what their elements are made of.

use std::collections::HashSet;

use formwork_template::{Finding, Map, SECTIONS, Severity, Template, Value, intrinsic};

use crate::sources::Sources;

/// What a parameter may say.
const PARAMETER_KEYS: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];
/// What an output may say.
const OUTPUT_KEYS: [&str; 4] = ["Condition", "Description", "Export", "Value"];
/// What becomes of a resource that is taken out.
const DELETION_POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
/// What becomes of a resource that is replaced.
const REPLACE_POLICIES: [&str; 3] = ["Delete", "Retain", "Snapshot"];

/// What a template refers to by name.
#[derive(Default)]
pub(crate) struct Used<'a> {
    pub(crate) names: HashSet<&'a str>,
    pub(crate) conditions: HashSet<&'a str>,
    pub(crate) mappings: HashSet<&'a str>,
    /// Whether names may be used where nobody sees it: by a macro, by a computed name.
    pub(crate) open: bool,
}

/// Reports sections and elements that are not what they should be, and what nothing uses.
pub(crate) fn check(
    template: &Template,
    used: &Used<'_>,
    sources: &dyn Sources,
    findings: &mut Vec<Finding>,
) {
    let mut form = Form { sources, findings };
    for (section, value) in template.sections().iter() {
        form.section(section, value, used.open);
    }
    form.elements(template, "Parameters", Form::parameter);
    form.elements(template, "Mappings", Form::mapping);
    form.elements(template, "Outputs", Form::output);
    form.elements(template, "Resources", Form::policies);
    if !used.open {
        form.unused(template, "Parameters", "W2001", "parameter", &used.names);
        form.unused(template, "Mappings", "W7001", "mapping", &used.mappings);
        form.unused(template, "Conditions", "W8001", "condition", &used.conditions);
    }
}

struct Form<'a> {
    sources: &'a dyn Sources,
    findings: &'a mut Vec<Finding>,
}

impl Form<'_> {
    fn report(&mut self, rule: &'static str, severity: Severity, message: String, path: &[&str]) {
        let mut finding = Finding::new(rule, severity, message).path(path.iter().copied());
        if let [section, element, ..] = path {
            finding.source = self.sources.source(section, element);
        }
        self.findings.push(finding);
    }

    fn error(&mut self, rule: &'static str, message: String, path: &[&str]) {
        self.report(rule, Severity::Error, message, path);
    }

    fn section(&mut self, section: &str, value: &Value, open: bool) {
        let known = SECTIONS.contains(&section);
        if !known && !open {
            let message = format!("a template has no section `{section}`");
            self.error("E1001", message, &[section]);
        }
        match section {
            "Description" if value.as_str().is_none() => {
                self.error(
                    "E1004",
                    format!("the description is {}, and must be a text", value.kind()),
                    &[section],
                );
            }
            "AWSTemplateFormatVersion" if value.as_str() != Some("2010-09-09") => {
                self.error("E1001", "the version of a template is `2010-09-09`".to_owned(), &[section]);
            }
            "Parameters" | "Mappings" | "Conditions" | "Resources" | "Outputs" | "Rules"
                if value.as_map().is_none() =>
            {
                self.error(
                    "E1001",
                    format!("`{section}` is {}, and must be an object", value.kind()),
                    &[section],
                );
            }
            _ => {}
        }
    }

    fn elements(&mut self, template: &Template, section: &str, check: impl Fn(&mut Self, &str, &Map)) {
        let (rule, noun) = match section {
            "Parameters" => ("E2001", "parameter"),
            "Mappings" => ("E7001", "mapping"),
            "Outputs" => ("E6001", "output"),
            _ => ("E3001", "resource"),
        };
        for (id, body) in template.section(section).into_iter().flat_map(Map::iter) {
            if id.starts_with("Fn::") {
                continue;
            }
            if let Some(map) = body.as_map() {
                check(self, id, map);
            } else {
                let message = format!("the {noun} `{id}` is {}, and must be an object", body.kind());
                self.error(rule, message, &[section, id]);
            }
        }
    }

    fn parameter(&mut self, id: &str, body: &Map) {
        for key in body.keys().filter(|key| !PARAMETER_KEYS.contains(key)) {
            self.error("E2001", format!("a parameter has no `{key}`"), &["Parameters", id, key]);
        }
        match body.get("Type") {
            None => self.error("E2001", format!("the parameter `{id}` has no type"), &["Parameters", id]),
            Some(Value::String(name)) if is_parameter_type(name) => {}
            Some(other) => {
                let name = other.as_str().unwrap_or("");
                let message = format!("`{name}` is not a type that a parameter can have");
                self.error("E2002", message, &["Parameters", id, "Type"]);
            }
        }
        let scalar = |value: &Value| match value {
            Value::String(text) => Some(text.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        let list = body.get("Type").and_then(Value::as_str).is_some_and(|name| name.contains("List"));
        if let (Some(default), Some(Value::List(allowed))) =
            (body.get("Default").and_then(scalar), body.get("AllowedValues"))
        {
            let mut given: Vec<&str> =
                if list { default.split(',').map(str::trim).collect() } else { vec![&default] };
            let allowed: HashSet<String> = allowed.iter().filter_map(scalar).collect();
            // A list may also stand among the values as a whole.
            given.retain(|value| !allowed.contains(*value) && !allowed.contains(&default));
            if let Some(wrong) = given.first() {
                let message = format!("the default `{wrong}` is not one of the allowed values");
                self.error("E2015", message, &["Parameters", id, "Default"]);
            }
        }
    }

    fn mapping(&mut self, id: &str, body: &Map) {
        for (first, row) in body.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
            if row.as_map().is_none() {
                let message =
                    format!("`{first}` of the mapping `{id}` is {}, and must be an object", row.kind());
                self.error("E7001", message, &["Mappings", id, first]);
            }
        }
    }

    fn output(&mut self, id: &str, body: &Map) {
        for key in body.keys().filter(|key| !OUTPUT_KEYS.contains(key)) {
            self.error("E6001", format!("an output has no `{key}`"), &["Outputs", id, key]);
        }
        match body.get("Value") {
            None => self.error("E6002", format!("the output `{id}` has no value"), &["Outputs", id]),
            Some(Value::List(_) | Value::Null) => {
                self.error("E6003", format!("the value of `{id}` must be a text"), &["Outputs", id, "Value"]);
            }
            Some(Value::Map(map)) if intrinsic::of(map).is_none() => {
                self.error("E6003", format!("the value of `{id}` must be a text"), &["Outputs", id, "Value"]);
            }
            Some(_) => {}
        }
        if body.get("Export").is_some_and(|export| export.get("Name").is_none()) {
            self.error("E6001", format!("the export of `{id}` has no name"), &["Outputs", id, "Export"]);
        }
    }

    fn policies(&mut self, id: &str, body: &Map) {
        let attributes = [
            ("DeletionPolicy", "E3035", &DELETION_POLICIES[..]),
            ("UpdateReplacePolicy", "E3036", &REPLACE_POLICIES),
        ];
        for (attribute, rule, known) in attributes {
            if let Some(Value::String(policy)) = body.get(attribute)
                && !known.contains(&&**policy)
            {
                let message = format!("`{policy}` is not a `{attribute}`: {}", known.join(", "));
                self.error(rule, message, &["Resources", id, attribute]);
            }
        }
    }

    fn unused(
        &mut self,
        template: &Template,
        section: &str,
        rule: &'static str,
        noun: &str,
        used: &HashSet<&str>,
    ) {
        for id in template.section(section).into_iter().flat_map(Map::keys) {
            if !used.contains(id) && !id.starts_with("Fn::") {
                self.report(
                    rule,
                    Severity::Warning,
                    format!("nothing uses the {noun} `{id}`"),
                    &[section, id],
                );
            }
        }
    }
}

/// A type that CloudFormation has for parameters.
fn is_parameter_type(name: &str) -> bool {
    matches!(name, "String" | "Number" | "CommaDelimitedList" | "List<Number>" | "List<String>")
        || name.starts_with("AWS::")
        || name.starts_with("List<AWS::")
}
