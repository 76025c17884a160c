//! What calls answer.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::status::{ChangeSetStatus, ExecutionStatus, StackStatus};

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The name under which other stacks import it.
    pub export: Option<String>,
    /// What the author says of it.
    pub description: Option<String>,
}

/// A stack as `DescribeStacks` tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackDescription {
    /// The ARN, which no other stack ever has.
    pub arn: String,
    /// The name.
    pub name: String,
    /// The state.
    pub status: StackStatus,
    /// Why it is in this state.
    pub status_reason: Option<String>,
    /// The parameters; the value of a secret one is asterisks.
    pub parameters: BTreeMap<String, String>,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// The outputs.
    pub outputs: Vec<Output>,
    /// What the last template was acknowledged to do.
    pub capabilities: Vec<String>,
    /// The role that the service acts with.
    pub role: Option<String>,
    /// Whether the stack refuses to be deleted.
    pub termination_protection: bool,
    /// The topics that events go to.
    pub notification_arns: Vec<String>,
    /// The stack above a nested one.
    pub root: Option<String>,
}

/// What `CreateChangeSet` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSetReference {
    /// The change set's ARN.
    pub arn: String,
    /// The ARN of its stack.
    pub stack: String,
}

/// A change set in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSetSummary {
    /// The ARN.
    pub arn: String,
    /// The name.
    pub name: String,
    /// The state.
    pub status: ChangeSetStatus,
    /// Whether it can be executed.
    pub execution_status: ExecutionStatus,
}

/// A change set, or a page of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeSetDescription {
    /// The ARN.
    pub arn: String,
    /// The ARN of its stack.
    pub stack: String,
    /// The state.
    pub status: ChangeSetStatus,
    /// Why it is in this state.
    pub status_reason: Option<String>,
    /// Whether it can be executed.
    pub execution_status: ExecutionStatus,
    /// The changes.
    pub changes: Vec<Change>,
    /// The next page.
    #[serde(skip)]
    pub next: Option<String>,
}

/// What is done to a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeAction {
    /// It is made.
    Add,
    /// It is changed, in place or by another.
    Modify,
    /// It is removed from the stack.
    Remove,
    /// An existing one is taken into the stack.
    Import,
    /// Not known before the deployment.
    Dynamic,
    /// What the stack knows is brought up to what runs.
    SyncWithActual,
    /// Something that this version does not know, by its name.
    Unknown(String),
}

/// Whether a resource is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Replacement {
    /// Another takes its place.
    Yes,
    /// It stays.
    No,
    /// The service decides while it deploys.
    Conditional,
}

/// One change of a change set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What is done.
    pub action: ChangeAction,
    /// The logical id.
    pub logical_id: String,
    /// The id that the resource has now.
    pub physical_id: Option<String>,
    /// The resource type.
    pub resource_type: String,
    /// Whether it is replaced; only of a modification.
    pub replacement: Option<Replacement>,
    /// What the policies do to the resource: `Delete`, `Retain`, `ReplaceAndSnapshot`...
    pub policy_action: Option<String>,
    /// What is touched: `Properties`, `Tags`, `Metadata`...
    pub scope: Vec<String>,
    /// What changes in it.
    pub details: Vec<ChangeDetail>,
    /// The resource before, as JSON.
    pub before: Option<String>,
    /// The resource after, as JSON.
    pub after: Option<String>,
    /// The change set of a nested stack.
    pub nested_change_set: Option<String>,
}

/// One reason why a resource changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeDetail {
    /// `Properties`, `Tags`, `Metadata`...
    pub attribute: String,
    /// The property's name.
    pub name: Option<String>,
    /// The place, as a JSON pointer.
    pub path: Option<String>,
    /// The value before.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// `Never`, `Conditionally` or `Always`.
    pub requires_recreation: Option<String>,
    /// `Static` when it is certain, `Dynamic` when the deployment decides.
    pub evaluation: Option<String>,
    /// `ParameterReference`, `ResourceAttribute`, `DirectModification`...
    pub source: Option<String>,
    /// What it comes from.
    pub causing_entity: Option<String>,
}

/// One event of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackEvent {
    /// Tells it from all others.
    pub id: String,
    /// The ARN of the stack.
    pub stack: String,
    /// The logical id; of the stack's own events, its name.
    pub logical_id: String,
    /// The physical id; of the stack's own events, its ARN.
    pub physical_id: Option<String>,
    /// The resource type.
    pub resource_type: String,
    /// The state, by the service's name: resources have more than stacks.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// The token of the operation.
    pub token: Option<String>,
}

/// A page of events, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// The events.
    pub events: Vec<StackEvent>,
    /// The next, older page.
    pub next: Option<String>,
}

/// What the validation before the deployment objects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidationFailure {
    /// The validation.
    pub name: String,
    /// The logical id.
    pub logical_id: Option<String>,
    /// The place, as a JSON pointer into the template.
    pub path: Option<String>,
    /// In the service's words.
    pub reason: String,
    /// Whether it stops the deployment, or only warns.
    pub fatal: bool,
}

/// A resource of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackResource {
    /// The logical id.
    pub logical_id: String,
    /// The physical id, once there is one.
    pub physical_id: Option<String>,
    /// The resource type.
    pub resource_type: String,
    /// The state, by the service's name.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
}
