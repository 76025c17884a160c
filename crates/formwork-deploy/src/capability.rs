//! What a template does that has to be acknowledged, computed from the template.

use std::collections::BTreeSet;

use formwork_template::{Template, Value};
use serde::Serialize;

/// Resource types whose names, when given, need `CAPABILITY_NAMED_IAM`.
const NAMED: [(&str, &str); 5] = [
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
];

/// What a template does that has to be acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// It makes IAM resources: these.
    pub iam: Vec<String>,
    /// It makes IAM resources with names of their own: these.
    pub named_iam: Vec<String>,
    /// It is expanded by macros or has nested stacks: these.
    pub auto_expand: Vec<String>,
}

impl Capabilities {
    /// The names that the service wants to hear.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        // The named one covers the other, and the service takes both.
        if !self.named_iam.is_empty() {
            names.push("CAPABILITY_NAMED_IAM".to_owned());
        } else if !self.iam.is_empty() {
            names.push("CAPABILITY_IAM".to_owned());
        }
        if !self.auto_expand.is_empty() {
            names.push("CAPABILITY_AUTO_EXPAND".to_owned());
        }
        names
    }
}

/// What a template, as JSON, has to have acknowledged.
///
/// What a nested stack or macro holds is not seen here, so everything is acknowledged then.
pub fn capabilities(template: &str) -> Capabilities {
    let Ok(template) = Template::from_json(template) else { return Capabilities::default() };
    of_template(&template)
}

pub(crate) fn of_template(template: &Template) -> Capabilities {
    let mut found = Capabilities::default();
    let mut unseen = BTreeSet::new();
    for resource in template.resources() {
        let kind = resource.resource_type().unwrap_or_default();
        let id = resource.logical_id.to_owned();
        if NAMED.iter().any(|(named, name)| *named == kind && resource.property(name).is_some()) {
            found.named_iam.push(id.clone());
        }
        let holds_others = matches!(kind, "AWS::CloudFormation::Stack" | "AWS::Serverless::Application");
        if kind.starts_with("AWS::IAM::") {
            found.iam.push(id);
        } else if holds_others || kind.ends_with("::MODULE") {
            unseen.insert(id);
        }
    }
    unseen.extend(transforms(template));
    found.iam.extend(unseen.iter().cloned());
    found.named_iam.extend(unseen.iter().cloned());
    found.auto_expand.extend(unseen);
    found
}

/// The macros that a template names, at the top and inside.
fn transforms(template: &Template) -> BTreeSet<String> {
    fn visit(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Map(map) => {
                for (key, value) in map.iter() {
                    if key == "Fn::Transform" {
                        names.insert("Fn::Transform".to_owned());
                    }
                    visit(value, names);
                }
            }
            Value::List(list) => list.iter().for_each(|value| visit(value, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    for (key, value) in template.sections().iter() {
        if key == "Transform" {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            match value {
                Value::List(list) => names.extend(list.iter().filter_map(text)),
                other => names.extend(text(other)),
            }
        }
        visit(value, &mut names);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::capabilities;

    #[test]
    fn what_is_acknowledged_is_named() {
        let table = [
            r#"{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}"#,
            r#"{"Resources":{"Role":{"Type":"AWS::IAM::Role"},"Topic":{"Type":"AWS::SNS::Topic"}}}"#,
            r#"{"Resources":{"A":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"a"}},"B":{"Type":"AWS::IAM::Policy"}}}"#,
            r#"{"Resources":{"Inner":{"Type":"AWS::CloudFormation::Stack"}}}"#,
            r#"{"Transform":"AWS::LanguageExtensions","Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}"#,
            r#"{"Resources":{"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Fn::Transform":{"Name":"M"}}}}}"#,
        ];
        let lines = table.map(|text| {
            let found = capabilities(text);
            format!("{text}\n{:?} {found:?}", found.names())
        });
        insta::assert_snapshot!(lines.join("\n\n"));
    }
}
