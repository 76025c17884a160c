//! What failed first, and what helps.

use std::collections::BTreeMap;

use formwork_template::Source;

use crate::{deployment::RootCause, service::StackEvent};

/// What is said of resources that were stopped because another failed.
const CANCELLATIONS: [&str; 5] = [
    "Resource creation cancelled",
    "Resource update cancelled",
    "Resource deletion cancelled",
    "Resource creation canceled",
    "Resource update canceled",
];

/// Well-known reasons, and what helps.
const HINTS: [(&str, &str); 14] = [
    ("already exists", "take the existing one in with --import-existing, or give this one another name"),
    ("AlreadyExists", "take the existing one in with --import-existing, or give this one another name"),
    ("is not authorized to perform", "the credentials, or the stack's role, need this permission"),
    ("AccessDenied", "the credentials, or the stack's role, need a permission"),
    ("LimitExceeded", "ask for a higher quota, or use fewer"),
    ("has reached its limit", "ask for a higher quota, or use fewer"),
    ("maximum number of", "ask for a higher quota, or use fewer"),
    ("is in use by", "remove what uses it first, or let both stand for one deployment"),
    ("as it is in use", "remove what uses it first, or let both stand for one deployment"),
    ("bucket you tried to delete is not empty", "empty the bucket, or let it stay"),
    ("has a dependent object", "something outside of the stack still uses it"),
    ("No changes can be made to a resource with a custom name", "give the new one another name"),
    ("did not stabilize", "look at the resource itself: it was made, and did not come up"),
    ("circuit breaker", "look at the stopped tasks of the service: they say why they do not start"),
];

/// The first resource that failed by itself.
///
/// A nested stack fails because of something in it, so what is inside comes first. Events are in
/// the order in which they happened.
pub(crate) fn root_cause(
    events: &[StackEvent],
    sources: &BTreeMap<String, Source>,
    root: &str,
) -> Option<RootCause> {
    let failures = || events.iter().filter(|event| event.status.ends_with("_FAILED"));
    let own = |event: &&StackEvent| !is_cancellation(event) && !is_stack(event);
    let first = failures().find(own).or_else(|| failures().find(|event| !is_cancellation(event)))?;
    let reason = first.reason.clone().unwrap_or_default();
    Some(RootCause {
        logical_id: first.logical_id.clone(),
        resource_type: first.resource_type.clone(),
        hint: hint(&reason).map(str::to_owned),
        reason,
        details: Vec::new(),
        stack: first.stack.clone(),
        source: sources.get(&first.logical_id).filter(|_| first.stack == root).cloned(),
    })
}

/// What helps with a reason, where it is well known.
pub fn hint(reason: &str) -> Option<&'static str> {
    HINTS.iter().find(|(pattern, _)| reason.contains(pattern)).map(|(_, hint)| *hint)
}

fn is_cancellation(event: &StackEvent) -> bool {
    let reason = event.reason.as_deref().unwrap_or_default();
    CANCELLATIONS.iter().any(|text| reason.starts_with(text))
}

/// A stack, whose failure tells only that something in it failed.
fn is_stack(event: &StackEvent) -> bool {
    event.resource_type == "AWS::CloudFormation::Stack"
}
