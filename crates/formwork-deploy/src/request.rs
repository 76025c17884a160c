//! What is asked of the engine.

use std::{collections::BTreeMap, fmt};

use formwork_template::Source;

/// A stack that is to be as its template says.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeployRequest {
    /// The stack's name.
    pub stack: String,
    /// The template as JSON; what is submitted is the compact form.
    pub template: String,
    /// The Rust line of every logical id, as far as it is known.
    pub sources: BTreeMap<String, Source>,
    /// Values of parameters. Others stay as they are, or take their default.
    pub parameters: BTreeMap<String, String>,
    /// The stack's tags; `None` leaves them.
    pub tags: Option<BTreeMap<String, String>>,
    /// The topics that events go to; `None` leaves them.
    pub notification_arns: Option<Vec<String>>,
    /// The role that the service acts with; it stays with the stack.
    pub role: Option<String>,
    /// The alarms whose ringing rolls back; `None` leaves them.
    pub rollback_alarms: Option<Vec<String>>,
    /// The stack policy; `None` leaves it.
    pub stack_policy: Option<String>,
    /// Whether the stack refuses to be deleted; `None` leaves it.
    pub termination_protection: Option<bool>,
    /// What is out of the ordinary.
    pub mode: Mode,
}

/// How a deployment differs from the ordinary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
pub struct Mode {
    /// Leave things as they are after a failure.
    pub disable_rollback: bool,
    /// Delete what was made even where it is to be retained, when the first deployment fails.
    pub retain_except_on_create: bool,
    /// Take in existing resources that have the names in the template.
    pub import_existing: bool,
    /// Bring what has drifted back to the template.
    pub revert_drift: bool,
    /// Be done when the configuration is applied, before resources are stable.
    pub express: bool,
    /// Replace resources that have another logical id in the template, where the service does not
    /// rename them; otherwise that stops the deployment.
    pub replace_renamed: bool,
}

impl DeployRequest {
    /// A stack with a template, and all else as it comes.
    pub fn new(stack: impl Into<String>, template: impl Into<String>) -> Self {
        Self { stack: stack.into(), template: template.into(), ..Self::default() }
    }
}

/// Without the values of parameters, which may be secret, and the template, which is long.
impl fmt::Debug for DeployRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeployRequest")
            .field("stack", &self.stack)
            .field("parameters", &self.parameters.keys())
            .field("role", &self.role)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// A stack that is to go, or to go back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StackRequest {
    /// The stack's name.
    pub stack: String,
    /// The role that the service acts with; otherwise the stack's own.
    pub role: Option<String>,
    /// The logical ids of resources that a rollback leaves as they are.
    pub skip: Vec<String>,
    /// The Rust line of every logical id, as far as it is known.
    pub sources: BTreeMap<String, Source>,
}

impl StackRequest {
    /// A stack, and all else as it comes.
    pub fn new(stack: impl Into<String>) -> Self {
        Self { stack: stack.into(), ..Self::default() }
    }
}
