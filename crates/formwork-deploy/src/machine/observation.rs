//! [`Observation`]: what came of an action.

use crate::{
    error::ServiceError,
    exports::LostExport,
    rename::Rename,
    status::{ChangeSetStatus, ExecutionStatus, RefactorExecutionStatus, RefactorStatus, StackStatus},
};

/// A stack, as far as decisions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackSight {
    /// The ARN.
    pub arn: String,
    /// The state.
    pub status: StackStatus,
    /// Why it is in this state.
    pub reason: Option<String>,
    /// Whether it refuses to be deleted.
    pub protected: bool,
    /// Whether an event of this very operation tells of this state: it then is not one of before.
    pub own_event: bool,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// Nothing yet.
    Begin,
    /// A wait is over.
    Waited,
    /// The stack; `None` when there is none.
    Stack(Option<StackSight>),
    /// The change set is being made.
    ChangeSetCreated {
        /// The ARN of the stack.
        stack: String,
        /// The ARN of the change set.
        change_set: String,
    },
    /// The change set.
    ChangeSet {
        /// The state.
        status: ChangeSetStatus,
        /// Whether it can be executed.
        execution: ExecutionStatus,
        /// Why it is in this state.
        reason: Option<String>,
        /// Whether it failed because there is nothing to change.
        empty: bool,
    },
    /// There is no such change set.
    ChangeSetGone,
    /// What the validation objects to has been read, or cannot be.
    ValidationRead,
    /// The user says yes.
    Approved,
    /// The user says no.
    Declined,
    /// The user wants these to stay, and the rest deleted.
    Retain(Vec<String>),
    /// The user wants the stack deleted whatever becomes of its resources.
    Force,
    /// The stack's change sets.
    ChangeSets {
        /// Failed ones of ours, which an earlier process left.
        leftover: Vec<String>,
        /// How many others there are.
        others: usize,
    },
    /// The change set is deleted.
    ChangeSetDeleted,
    /// Who imports what the stack exports: `export (stacks)`.
    Imports(Vec<String>),
    /// Other stacks import what the template no longer exports: the change set is not asked for.
    ExportsLost(Vec<LostExport>),
    /// What has another logical id in the stack than in the template.
    Renames {
        /// What can be renamed.
        renames: Vec<Rename>,
        /// What cannot, and why.
        impossible: Vec<String>,
    },
    /// The refactor of an earlier process that is at work.
    RefactorInProgress(Option<String>),
    /// The refactor is being made.
    RefactorCreated {
        /// Its id.
        refactor: String,
    },
    /// The refactor.
    Refactor {
        /// The state.
        status: RefactorStatus,
        /// Why it is in this state.
        reason: Option<String>,
        /// Whether it can be executed, or is.
        execution: RefactorExecutionStatus,
        /// Why its execution is in this state.
        execution_reason: Option<String>,
    },
    /// The service has taken the operation on, now or at an earlier try.
    Accepted,
    /// The change set cannot be executed in its state, which may be that it is executed already.
    NotExecutable,
    /// A call failed for good.
    Failed {
        /// Why.
        error: ServiceError,
        /// Whether the service may have acted all the same.
        maybe_acted: bool,
    },
    /// The user wants to stop.
    Interrupted,
}

impl Observation {
    /// A name for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Begin => "the beginning",
            Self::Waited => "the end of a wait",
            Self::Stack(_) => "a stack",
            Self::ChangeSetCreated { .. } => "a new change set",
            Self::ChangeSet { .. } => "a change set",
            Self::ChangeSetGone => "no change set",
            Self::ValidationRead => "the end of the validation",
            Self::Approved => "an approval",
            Self::Declined => "a refusal",
            Self::Retain(_) => "resources to retain",
            Self::Force => "a forced deletion",
            Self::ChangeSets { .. } => "a list of change sets",
            Self::ChangeSetDeleted => "a deleted change set",
            Self::Imports(_) => "a list of imports",
            Self::ExportsLost(_) => "a list of lost exports",
            Self::Renames { .. } => "a list of renames",
            Self::RefactorInProgress(_) => "a list of refactors",
            Self::RefactorCreated { .. } => "a new refactor",
            Self::Refactor { .. } => "a refactor",
            Self::Accepted => "an accepted operation",
            Self::NotExecutable => "a change set that cannot be executed",
            Self::Failed { .. } => "a failed call",
            Self::Interrupted => "an interruption",
        }
    }
}
