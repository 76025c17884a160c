//! `manifest.json`, in the form of a CDK cloud assembly.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{AssemblyError, AssemblyStack, MANIFEST, form, read as read_file, template};
use crate::stack::Environment;

/// The version of the form. Later versions of the `cdk` command read it too.
pub(super) const VERSION: &str = "36.0.0";
const STACK: &str = "aws:cloudformation:stack";
const ASSETS: &str = "cdk:asset-manifest";
const ANY_ACCOUNT: &str = "unknown-account";
const ANY_REGION: &str = "unknown-region";

/// The manifest of these stacks.
pub(crate) fn write(stacks: &[AssemblyStack]) -> String {
    let artifacts: Map<String, Value> = stacks
        .iter()
        .flat_map(|stack| {
            let account = stack.environment.account.as_deref().unwrap_or(ANY_ACCOUNT);
            let region = stack.environment.region.as_deref().unwrap_or(ANY_REGION);
            // A stack's name has no dot, so that the name of this one is its own.
            let assets = stack.assets.as_ref().map(|_| format!("{}.assets", stack.name));
            let artifact = json!({
                "type": STACK,
                "environment": format!("aws://{account}/{region}"),
                "properties": {
                    "templateFile": stack.template,
                    "stackName": stack.stack_name,
                    "terminationProtection": stack.termination_protection,
                },
                "dependencies": stack.depends_on.iter().chain(&assets).collect::<Vec<_>>(),
                "displayName": stack.name,
            });
            let uploads = json!({"type": ASSETS, "properties": {"file": stack.assets}});
            let own = (stack.name.clone(), artifact);
            assets.map(|name| (name, uploads)).into_iter().chain([own])
        })
        .collect();
    format!("{:#}\n", json!({ "version": VERSION, "artifacts": artifacts }))
}

/// The stacks of an assembly that has nothing but a manifest.
pub(crate) fn read(directory: &Path) -> Result<Vec<AssemblyStack>, AssemblyError> {
    let path = directory.join(MANIFEST);
    let manifest: Value = serde_json::from_str(&read_file(&path)?).map_err(|error| form(&path, error))?;
    let artifacts = manifest["artifacts"].as_object().ok_or_else(|| form(&path, "it has no artifacts"))?;
    let mut stacks = Vec::new();
    for (name, artifact) in artifacts.iter().filter(|(_, artifact)| artifact["type"] == STACK) {
        let properties = &artifact["properties"];
        let Some(file) = properties["templateFile"].as_str() else {
            return Err(form(&path, format_args!("the stack `{name}` has no template")));
        };
        let template = template(&directory.join(file))?;
        let needs = || artifact["dependencies"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut artifacts_needed = needs().filter_map(|other| artifacts.get(other));
        let uploads = artifacts_needed.find(|other| other["type"] == ASSETS);
        stacks.push(AssemblyStack {
            name: artifact["displayName"].as_str().unwrap_or(name).to_owned(),
            stack_name: properties["stackName"].as_str().unwrap_or(name).to_owned(),
            template: file.to_owned(),
            sources: None,
            resources: template.resources().count(),
            bytes: template.compact_json_bytes(),
            environment: environment(artifact["environment"].as_str().unwrap_or_default()),
            termination_protection: properties["terminationProtection"] == true,
            depends_on: needs()
                .filter(|other| artifacts.get(*other).is_some_and(|other| other["type"] == STACK))
                .map(str::to_owned)
                .collect(),
            assets: uploads.and_then(|uploads| uploads["properties"]["file"].as_str()).map(str::to_owned),
        });
    }
    Ok(stacks)
}

fn environment(text: &str) -> Environment {
    let known = |part: &str, any: &str| (!part.is_empty() && part != any).then(|| part.to_owned());
    let (account, region) =
        text.strip_prefix("aws://").and_then(|rest| rest.split_once('/')).unwrap_or_default();
    Environment { account: known(account, ANY_ACCOUNT), region: known(region, ANY_REGION) }
}
