//! What deleting a stack would do: reading, and leaving nothing behind.

use formwork_template::Template;
use serde::Serialize;

use crate::{
    clock::Clock,
    error::ServiceError,
    retry::{RetryPolicy, attempt},
    service::{CloudFormation, StackDescription, StackResource},
};

/// What deleting a stack would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removal {
    /// The stack.
    pub stack: StackDescription,
    /// Its resources that are there.
    pub resources: Vec<StackResource>,
    /// The logical ids of resources that stay or are copied first, and the policy that says so.
    pub kept: Vec<(String, String)>,
    /// Its exports that other stacks import, with these stacks.
    pub imports: Vec<(String, Vec<String>)>,
}

/// Reads what deleting a stack would do; `None` when there is none.
pub async fn removal(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
) -> Result<Option<Removal>, ServiceError> {
    let policy = RetryPolicy::default();
    let found = attempt(clock, &policy, || service.describe_stack(stack)).await.result?;
    let Some(stack) = found else { return Ok(None) };
    let mut resources = attempt(clock, &policy, || service.resources(&stack.arn)).await.result?;
    resources.retain(|resource| resource.status != "DELETE_COMPLETE");
    // A stack in review has no template, and one in YAML says nothing here.
    let template = attempt(clock, &policy, || service.template(&stack.arn)).await.result;
    let kept = template.map(|text| kept(&text)).unwrap_or_default();
    let mut imports = Vec::new();
    for export in stack.outputs.iter().filter_map(|output| output.export.as_deref()) {
        let importing = attempt(clock, &policy, || service.imports(export)).await.result?;
        if !importing.is_empty() {
            imports.push((export.to_owned(), importing));
        }
    }
    Ok(Some(Removal { stack, resources, kept, imports }))
}

/// What a template says is kept or copied when its resource goes.
pub(crate) fn kept(template: &str) -> Vec<(String, String)> {
    let Ok(template) = Template::from_json(template) else { return Vec::new() };
    template
        .resources()
        .filter_map(|resource| {
            let policy = resource.attributes.get("DeletionPolicy")?.as_str()?;
            (policy != "Delete").then(|| (resource.logical_id.to_owned(), policy.to_owned()))
        })
        .collect()
}
