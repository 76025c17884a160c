//! Modules: resources that stand for a template of their own.

use crate::judge::Judge;

/// Attributes that a module cannot have.
const REFUSED: [&str; 2] = ["CreationPolicy", "UpdatePolicy"];

/// What the service writes into the metadata of what a module makes.
const RESERVED: &str = "AWS::CloudFormation::Module";

/// A module has no policies of its own.
/// See [modules](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html).
pub(super) fn check(judge: &mut Judge<'_>) {
    for resource in judge.index.template.resources() {
        if !resource.resource_type().is_some_and(|kind| kind.ends_with("::MODULE")) {
            continue;
        }
        for attribute in REFUSED.into_iter().filter(|attribute| resource.attributes.contains_key(attribute)) {
            let path = ["Resources", resource.logical_id, attribute];
            judge.error("E5001", &path, format!("a module cannot have `{attribute}`"));
        }
        if resource.attributes.get("Metadata").and_then(|metadata| metadata.get(RESERVED)).is_some() {
            let path = ["Resources", resource.logical_id, "Metadata", RESERVED];
            judge.error("E5001", &path, "the service writes this metadata itself");
        }
    }
}
