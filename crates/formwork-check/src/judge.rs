//! [`Judge`]: what rules on whole resources look at, and where they report.

use std::collections::BTreeMap;

use formwork_template::{Finding, ResourceView, Severity, Value, intrinsic, intrinsic::Reference};

use crate::{
    conditions::{Conditions, Settled, settle},
    index::Index,
    sources::Sources,
};

/// What rules on whole resources look at, and where they report.
pub(crate) struct Judge<'a> {
    pub(crate) index: &'a Index<'a>,
    pub(crate) conditions: &'a Conditions,
    pub(crate) sources: &'a dyn Sources,
    pub(crate) day: &'a str,
    /// Values of parameters that are known.
    pub(crate) given: &'a BTreeMap<String, String>,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    /// The resources of a type.
    pub(crate) fn resources(&self, resource_type: &str) -> impl Iterator<Item = ResourceView<'a>> + use<'a> {
        let index: &'a Index<'a> = self.index;
        index.of_type(resource_type).iter().copied()
    }

    /// Whether a template can have both resources at once.
    pub(crate) fn together(&self, one: ResourceView<'_>, other: ResourceView<'_>) -> bool {
        let condition = |resource: ResourceView<'_>| {
            let name = resource.attributes.get("Condition").and_then(Value::as_str);
            name.map(|name| (name.to_owned(), true))
        };
        let assumed: Vec<(String, bool)> = [one, other].into_iter().filter_map(condition).collect();
        self.conditions.possible(&assumed)
    }

    pub(crate) fn error(&mut self, rule: &'static str, path: &[&str], message: impl Into<String>) {
        self.report(rule, Severity::Error, path, message, None);
    }

    pub(crate) fn warning(
        &mut self,
        rule: &'static str,
        path: &[&str],
        message: impl Into<String>,
        hint: &str,
    ) {
        self.report(rule, Severity::Warning, path, message, Some(hint.to_owned()));
    }

    pub(crate) fn report(
        &mut self,
        rule: &'static str,
        severity: Severity,
        path: &[&str],
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let mut finding = Finding::new(rule, severity, message).path(path.iter().copied());
        finding.hint = hint;
        if let [section, element, ..] = path {
            finding.source = self.sources.source(section, element);
        }
        self.findings.push(finding);
    }
}

/// A value that is no function and stands without a condition.
pub(crate) fn plain(value: &Value) -> Option<&Value> {
    match settle(value, &[]) {
        Settled::Plain(value) => Some(value),
        _ => None,
    }
}

/// A plain text, or the text of a plain number or flag.
pub(crate) fn text(value: &Value) -> Option<String> {
    match plain(value)? {
        Value::String(text) if !text.contains("{{resolve:") => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A plain number, or a text that is one.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match plain(value)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether a value is true for certain.
pub(crate) fn is_true(value: &Value) -> bool {
    text(value).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Whether a value is false for certain.
pub(crate) fn is_false(value: &Value) -> bool {
    text(value).is_some_and(|text| text.eq_ignore_ascii_case("false"))
}

/// The resource that a value is obtained from, by `Ref` or `Fn::GetAtt`.
pub(crate) fn referred(value: &Value) -> Option<&str> {
    let (function, argument) = value.as_map().and_then(intrinsic::of)?;
    if !matches!(function, "Ref" | "Fn::GetAtt") {
        return None;
    }
    let mut name = None;
    intrinsic::references_of(function, argument, &mut |reference| {
        if let Reference::Name(found) | Reference::Attribute(found, _) = reference {
            name = Some(found);
        }
    });
    name
}

/// The resources that a value refers to anywhere within.
pub(crate) fn all_referred(value: &Value) -> Vec<&str> {
    let mut names = Vec::new();
    intrinsic::references(value, &mut |reference| {
        if let Reference::Name(name) | Reference::Attribute(name, _) = reference {
            names.push(name);
        }
    });
    names
}

/// The items of a list, or the value itself where one stands for a list of one.
pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    }
}
