//! Addresses in the AWS documentation.

use formwork_spec::ResourceFacts;

const ROOT: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/";
const SERVERLESS: &str = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/";

/// The page of a resource type.
pub(crate) fn resource(facts: &ResourceFacts) -> String {
    let (prefix, service, name) = parts(facts);
    if service == "serverless" {
        return format!("{SERVERLESS}sam-resource-{name}.html");
    }
    format!("{ROOT}{prefix}-resource-{service}-{name}.html")
}

/// The page of a property type, or the resource's where there is none.
pub(crate) fn nested(facts: &ResourceFacts, nested: &str) -> String {
    let (prefix, service, name) = parts(facts);
    if service == "serverless" {
        return resource(facts);
    }
    format!("{ROOT}{prefix}-properties-{service}-{name}-{}.html", nested.to_ascii_lowercase())
}

/// The anchor of a property on the page of its owner.
pub(crate) fn anchor(facts: &ResourceFacts, nested: Option<&str>, property: &str) -> String {
    let (_, service, name) = parts(facts);
    let property = property.to_ascii_lowercase();
    match nested {
        _ if service == "serverless" => String::new(),
        None => format!("#cfn-{service}-{name}-{property}"),
        Some(nested) => format!("#cfn-{service}-{name}-{}-{property}", nested.to_ascii_lowercase()),
    }
}

fn parts(facts: &ResourceFacts) -> (String, String, String) {
    let mut parts = facts.type_name.split("::").map(str::to_ascii_lowercase);
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next())
}
