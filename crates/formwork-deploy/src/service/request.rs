//! What calls ask.

use std::{collections::BTreeMap, fmt};

/// What a change set does to the stack as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeSetType {
    /// Makes a stack.
    Create,
    /// Changes one that exists.
    Update,
}

/// Where the service takes a template from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateSource {
    /// The text itself, of 51,200 bytes at most.
    Body(String),
    /// An object in S3, by its `https://` address.
    Url(String),
}

/// The value of a parameter. What was given may be a secret, and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// This value.
    Given(String),
    /// What the stack has already.
    Previous,
}

impl fmt::Debug for ParameterValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Given(_) => "Given(..)",
            Self::Previous => "Previous",
        })
    }
}

/// `CreateChangeSet`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the call has them")]
pub struct CreateChangeSet {
    /// The stack's name, or its ARN once it is known.
    pub stack: String,
    /// The change set's name, which only this operation uses.
    pub name: String,
    /// Whether the stack is made or changed.
    pub kind: ChangeSetType,
    /// The template.
    pub template: TemplateSource,
    /// The template's parameters.
    pub parameters: BTreeMap<String, ParameterValue>,
    /// What the template is acknowledged to do.
    pub capabilities: Vec<String>,
    /// The stack's tags; `None` leaves them.
    pub tags: Option<BTreeMap<String, String>>,
    /// The topics that events go to; `None` leaves them.
    pub notification_arns: Option<Vec<String>>,
    /// The role that the service acts with; it stays with the stack.
    pub role: Option<String>,
    /// The alarms whose ringing rolls back; `None` leaves them.
    pub rollback_alarms: Option<Vec<String>>,
    /// Take in existing resources that have the names in the template.
    pub import_existing: bool,
    /// Show what nested stacks change.
    pub nested: bool,
    /// Bring what has drifted back to the template.
    pub revert_drift: bool,
    /// Be done when the configuration is applied, before resources are stable.
    pub express: bool,
    /// The same for every try of one operation.
    pub token: String,
}

/// `DescribeChangeSet`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeChangeSet {
    /// The stack's name or ARN.
    pub stack: String,
    /// The change set's name or ARN.
    pub change_set: String,
    /// The page after the first.
    pub page: Option<String>,
    /// With the values before and after.
    pub values: bool,
}

/// `ExecuteChangeSet`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecuteChangeSet {
    /// The stack's ARN.
    pub stack: String,
    /// The change set's ARN.
    pub change_set: String,
    /// Leave things as they are after a failure; `None` where the change set says it.
    pub disable_rollback: Option<bool>,
    /// Delete what was made even where it is to be retained, when the first deployment fails.
    pub retain_except_on_create: bool,
    /// The same for every try of one operation.
    pub token: String,
}

/// `DeleteStack`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteStack {
    /// The stack's ARN.
    pub stack: String,
    /// The logical ids of resources that stay; for a stack whose deletion failed.
    pub retain: Vec<String>,
    /// Delete the stack whatever becomes of its resources.
    pub force: bool,
    /// The role that the service acts with.
    pub role: Option<String>,
    /// The same for every try of one operation.
    pub token: String,
}

/// `RollbackStack`: back to the last state that was well, after an update without rollback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackStack {
    /// The stack's ARN.
    pub stack: String,
    /// The role that the service acts with.
    pub role: Option<String>,
    /// The same for every try of one operation.
    pub token: String,
}

/// `ContinueUpdateRollback`: goes on with a rollback that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContinueUpdateRollback {
    /// The stack's ARN.
    pub stack: String,
    /// The logical ids of resources that are left as they are.
    pub skip: Vec<String>,
    /// The role that the service acts with.
    pub role: Option<String>,
    /// The same for every try of one operation.
    pub token: String,
}
