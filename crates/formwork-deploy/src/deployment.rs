//! [`Deployment`]: what became of a stack, as a value.

use std::collections::BTreeMap;

use formwork_template::Source;
use serde::Serialize;

use crate::{
    machine::{Advice, Outcome, Stop},
    rename::Rename,
    service::{StackResource, ValidationFailure},
};

/// The form of [`Report`].
pub const SCHEMA: &str = "formwork.deploy/1";

/// What became of all stacks: `formwork.deploy/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// One a stack, in the order of the app.
    pub stacks: Vec<Deployment>,
}

impl Report {
    /// A report on these stacks.
    pub fn new(stacks: Vec<Deployment>) -> Self {
        Self { schema: SCHEMA, stacks }
    }

    /// Whether every stack is as was wanted.
    pub fn is_success(&self) -> bool {
        self.stacks.iter().all(Deployment::is_success)
    }
}

/// What became of one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployment {
    /// The stack's name.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Its ARN, once it was seen.
    pub arn: Option<String>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
    /// What failed first.
    pub root_cause: Option<RootCause>,
    /// Why it went no further.
    pub message: Option<String>,
    /// What can be done.
    pub advice: Vec<Advice>,
    /// What the validation before the deployment says.
    pub validation: Vec<ValidationFailure>,
    /// Resources that stay after a deletion, or could not be deleted.
    pub leftovers: Vec<StackResource>,
    /// Resources that got another logical id, and stayed what they are.
    pub renamed: Vec<Rename>,
    /// Why it went no further, to decide by.
    #[serde(skip)]
    pub stop: Option<Stop>,
}

impl Deployment {
    pub(crate) fn new(name: &str, outcome: Outcome) -> Self {
        Self {
            name: name.to_owned(),
            outcome,
            arn: None,
            outputs: BTreeMap::new(),
            root_cause: None,
            message: None,
            advice: Vec::new(),
            validation: Vec::new(),
            leftovers: Vec::new(),
            renamed: Vec::new(),
            stop: None,
        }
    }

    pub(crate) fn refused(name: &str, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::new(name, Outcome::Failed) }
    }

    /// Whether the stack is as was wanted.
    ///
    /// Of a rollback that was asked for, [`Outcome::RolledBack`] without a stop is what was wanted.
    pub fn is_success(&self) -> bool {
        match self.outcome {
            Outcome::Created | Outcome::Updated | Outcome::NoChange | Outcome::Deleted => true,
            Outcome::RolledBack => self.stop.is_none(),
            Outcome::Failed | Outcome::Skipped => false,
        }
    }
}

/// What failed first in a deployment; all else that failed followed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RootCause {
    /// The logical id.
    pub logical_id: String,
    /// The resource type.
    pub resource_type: String,
    /// In the service's words.
    pub reason: String,
    /// What the resource itself tells, such as the stopped tasks of an ECS service.
    pub details: Vec<String>,
    /// The ARN of the stack, which may be a nested one.
    pub stack: String,
    /// The Rust line that made the resource.
    pub source: Option<Source>,
    /// What helps, where the reason is well known.
    pub hint: Option<String>,
}
