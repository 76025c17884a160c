//! What is deployed, and what deploying would change: reading, and leaving nothing behind.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    capability::capabilities,
    clock::Clock,
    error::ServiceError,
    poll::Pace,
    retry::{RetryPolicy, attempt},
    service::{
        Change, ChangeSetDescription, ChangeSetType, CloudFormation, CreateChangeSet, DeleteStack,
        DescribeChangeSet, ParameterValue, StackDescription, StackEvent, TemplateSource,
    },
    status::{ChangeSetStatus, StackStatus},
    token::Token,
};

/// A stack as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployed {
    /// The template, as it was submitted.
    pub template: String,
    /// All else that the service tells of the stack.
    pub stack: StackDescription,
}

/// The stack of this name with its template; `None` when there is none, or one without a template.
pub async fn deployed(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
) -> Result<Option<Deployed>, ServiceError> {
    let policy = RetryPolicy::default();
    let description = attempt(clock, &policy, || service.describe_stack(stack)).await.result?;
    let Some(stack) = description.filter(|stack| stack.status.exists()) else { return Ok(None) };
    let template = attempt(clock, &policy, || service.template(&stack.arn)).await.result?;
    Ok(Some(Deployed { template, stack }))
}

/// The events of a stack, oldest first, at most so many: of the latest operations.
///
/// The stack is named by its ARN when it is gone.
pub async fn events(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
    most: usize,
) -> Result<Vec<StackEvent>, ServiceError> {
    let policy = RetryPolicy::default();
    let mut events: Vec<StackEvent> = Vec::new();
    let mut page: Option<String> = None;
    loop {
        let next = page.as_deref();
        let answer = attempt(clock, &policy, || service.events(stack, next)).await.result?;
        events.extend(answer.events);
        page = answer.next;
        if page.is_none() || events.len() >= most {
            break;
        }
    }
    events.truncate(most);
    events.reverse();
    Ok(events)
}

/// What a change set says that deploying would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeSet {
    /// Whether the stack would be made or changed.
    pub kind: ChangeSetType,
    /// The changes; none when deploying would do nothing.
    pub changes: Vec<Change>,
}

/// Why there is no [`ChangeSet`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeSetError {
    /// A call failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The service cannot make a change set of this template.
    #[error("the change set failed: {reason}")]
    Failed {
        /// In the service's words.
        reason: String,
    },
    /// The stack is in a state in which it takes no changes.
    #[error("the stack is {status}, and takes no changes")]
    NotReady {
        /// The state.
        status: StackStatus,
    },
    /// The service has a state that this version does not know.
    #[error("the change set is `{name}`, a state that is not known here")]
    UnknownStatus {
        /// The state.
        name: String,
    },
}

/// Asks the service what deploying a template would change; what that takes is removed again.
///
/// For a stack that is not there yet, the service makes an empty one, which goes with the change set.
pub async fn change_set(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
    template: TemplateSource,
    parameters: BTreeMap<String, ParameterValue>,
) -> Result<ChangeSet, ChangeSetError> {
    let policy = RetryPolicy::default();
    let found = attempt(clock, &policy, || service.describe_stack(stack)).await.result?;
    let kind = match &found {
        Some(found) if found.status.is_in_progress() => {
            return Err(ChangeSetError::NotReady { status: found.status.clone() });
        }
        Some(found) if found.status.exists() => ChangeSetType::Update,
        _ => ChangeSetType::Create,
    };
    let token = Token::new(clock.random());
    let text = match &template {
        TemplateSource::Body(text) => text.as_str(),
        TemplateSource::Url(_) => "",
    };
    let request = CreateChangeSet {
        stack: found.as_ref().map_or_else(|| stack.to_owned(), |found| found.arn.clone()),
        name: token.change_set_name(),
        kind,
        capabilities: capabilities(text).names(),
        template,
        parameters,
        tags: None,
        notification_arns: None,
        role: None,
        rollback_alarms: None,
        import_existing: false,
        nested: true,
        revert_drift: false,
        express: false,
        token: token.text(),
    };
    let created = attempt(clock, &policy, || service.create_change_set(&request)).await;
    let (stack_arn, name) = match (created.result, created.answer_lost) {
        (Ok(reference), _) => (reference.stack, reference.arn),
        (Err(ServiceError::AlreadyExists { .. }), true) => (request.stack.clone(), request.name.clone()),
        (Err(error), _) => return Err(error.into()),
    };
    let description = described(service, clock, &stack_arn, &name).await;
    // Whatever was read, nothing of ours stays.
    let removal = attempt(clock, &policy, || service.delete_change_set(&stack_arn, &name)).await;
    if found.is_none() {
        let delete = DeleteStack {
            stack: stack_arn.clone(),
            retain: Vec::new(),
            force: false,
            role: None,
            token: token.text(),
        };
        let current = attempt(clock, &policy, || service.describe_stack(&stack_arn)).await.result?;
        // Somebody may have deployed into it meanwhile.
        if current.is_some_and(|current| current.status == StackStatus::ReviewInProgress) {
            attempt(clock, &policy, || service.delete_stack(&delete)).await.result?;
        }
    }
    let description = description?;
    removal.result?;
    match &description.status {
        ChangeSetStatus::CreateComplete => Ok(ChangeSet { kind, changes: description.changes }),
        _ if is_empty(&description) => Ok(ChangeSet { kind, changes: Vec::new() }),
        ChangeSetStatus::Unknown(name) => Err(ChangeSetError::UnknownStatus { name: name.clone() }),
        _ => Err(ChangeSetError::Failed { reason: description.status_reason.unwrap_or_default() }),
    }
}

/// Whether a failed change set failed because it changes nothing.
pub(crate) fn is_empty(description: &ChangeSetDescription) -> bool {
    description.status == ChangeSetStatus::Failed
        && description.status_reason.as_deref().is_some_and(says_no_changes)
}

/// The service's ways to say that there is nothing to do.
fn says_no_changes(reason: &str) -> bool {
    [
        "The submitted information didn't contain changes",
        "No updates are to be performed",
        "There are no changes",
    ]
    .iter()
    .any(|text| reason.contains(text))
}

/// A change set once it is made or has failed, all pages, with the values of properties.
async fn described(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
    change_set: &str,
) -> Result<ChangeSetDescription, ServiceError> {
    let mut pace = Pace::new();
    loop {
        let description = all_pages(service, clock, stack, change_set, &RetryPolicy::DEFAULT).await?;
        match description.status {
            ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress => {
                clock.sleep(pace.next(clock.random())).await;
            }
            _ => return Ok(description),
        }
    }
}

/// A change set with the changes of all pages.
///
/// With values, the service may leave out changes, and says so: they are asked for without.
pub(crate) async fn all_pages(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
    change_set: &str,
    policy: &RetryPolicy,
) -> Result<ChangeSetDescription, ServiceError> {
    let mut whole = pages(service, clock, stack, change_set, true, policy).await?;
    if whole.status == ChangeSetStatus::CreateComplete && whole.status_reason.is_some() {
        let plain = pages(service, clock, stack, change_set, false, policy).await?;
        let known: std::collections::BTreeSet<String> =
            whole.changes.iter().map(|change| change.logical_id.clone()).collect();
        whole.changes.extend(plain.changes.into_iter().filter(|change| !known.contains(&change.logical_id)));
    }
    Ok(whole)
}

async fn pages(
    service: &dyn CloudFormation,
    clock: &dyn Clock,
    stack: &str,
    change_set: &str,
    values: bool,
    policy: &RetryPolicy,
) -> Result<ChangeSetDescription, ServiceError> {
    let mut request =
        DescribeChangeSet { stack: stack.to_owned(), change_set: change_set.to_owned(), page: None, values };
    let mut whole = attempt(clock, policy, || service.describe_change_set(&request)).await.result?;
    while let Some(next) = whole.next.take() {
        request.page = Some(next);
        let page = attempt(clock, policy, || service.describe_change_set(&request)).await.result?;
        whole.changes.extend(page.changes);
        whole.next = page.next;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::says_no_changes;

    #[test]
    fn the_service_says_in_several_ways_that_nothing_changes() {
        let empty = [
            "The submitted information didn't contain changes. Submit different information to create a change set.",
            "No updates are to be performed.",
            "No updates are to be performed. Resources managed by transforms are unchanged.",
        ];
        assert!(empty.into_iter().all(says_no_changes));
        assert!(!says_no_changes("Transform AWS::LanguageExtensions failed: no changes allowed"));
    }
}
