//! [`Action`]: what to do next.

use crate::{rename::Rename, service::ChangeSetType};

use super::End;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Look at the stack: by its ARN, once that is known, else by its name.
    DescribeStack {
        /// The ARN.
        stack: Option<String>,
    },
    /// Wait, as long as the pace of looking says.
    Wait(Awaited),
    /// Make the operation's change set.
    CreateChangeSet {
        /// The ARN of the stack, if there is one.
        stack: Option<String>,
        /// Whether the stack is made or changed.
        kind: ChangeSetType,
    },
    /// Look at the change set.
    DescribeChangeSet {
        /// The ARN of the stack.
        stack: String,
        /// The ARN of the change set.
        change_set: String,
    },
    /// Read what the validation before the deployment objects to.
    ReadValidation {
        /// The ARN of the stack.
        stack: String,
        /// The ARN of the change set.
        change_set: String,
    },
    /// Show what the change set does, and ask whether it may.
    AskApproval {
        /// The ARN of the stack.
        stack: String,
        /// The ARN of the change set.
        change_set: String,
    },
    /// Ask whether the stack may be deleted.
    AskDeletion {
        /// The ARN of the stack.
        stack: String,
    },
    /// Some resources cannot be deleted: ask whether they stay, or the stack goes without them.
    AskRetention {
        /// The ARN of the stack.
        stack: String,
    },
    /// Execute the change set, which was approved.
    ExecuteChangeSet {
        /// The ARN of the stack.
        stack: String,
        /// The ARN of the change set.
        change_set: String,
        /// Leave things as they are after a failure.
        disable_rollback: bool,
    },
    /// Look which change sets the stack has.
    ListChangeSets {
        /// The ARN of the stack.
        stack: String,
    },
    /// Remove a change set.
    DeleteChangeSet {
        /// The ARN of the stack; by its name when that is not known.
        stack: Option<String>,
        /// The ARN of the change set; the operation's own, by its name, when that is not known.
        change_set: Option<String>,
    },
    /// Look who imports what the stack exports.
    ReadImports {
        /// The ARN of the stack.
        stack: String,
    },
    /// Delete the stack.
    DeleteStack {
        /// The ARN of the stack.
        stack: String,
        /// Why.
        why: Deletion,
        /// The resources that stay.
        retain: Vec<String>,
        /// Delete the stack whatever becomes of its resources.
        force: bool,
    },
    /// Go back to the last state that was well, after an update without rollback.
    RollBack {
        /// The ARN of the stack.
        stack: String,
    },
    /// Go on with a rollback that failed.
    ContinueRollback {
        /// The ARN of the stack.
        stack: String,
    },
    /// Cancel the update that is in progress.
    CancelUpdate {
        /// The ARN of the stack.
        stack: String,
    },
    /// Read which resources have another logical id in the stack than in the template.
    ReadRenames {
        /// The ARN of the stack.
        stack: String,
    },
    /// Look whether a refactor that an earlier process executed is still at work.
    FindRefactor {
        /// The ARN of the stack.
        stack: String,
    },
    /// Make the refactor that renames resources.
    CreateRefactor {
        /// The ARN of the stack.
        stack: String,
        /// What is renamed.
        renames: Vec<Rename>,
    },
    /// Look at the refactor.
    DescribeRefactor {
        /// Its id.
        refactor: String,
    },
    /// Show what the refactor does, and ask whether it may.
    AskRefactor {
        /// The ARN of the stack.
        stack: String,
        /// Its id.
        refactor: String,
    },
    /// Execute the refactor, which was approved.
    ExecuteRefactor {
        /// Its id.
        refactor: String,
    },
    /// Nothing more.
    End(End),
}

/// What a wait is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Awaited {
    /// The end of an operation that somebody else began.
    OtherOperation,
    /// That the refactor is made, or its end.
    Refactor,
    /// That the change set is made.
    ChangeSet,
    /// The end of this operation.
    Operation,
    /// That the stack is gone.
    Deletion,
}

/// Why a stack is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deletion {
    /// Its first deployment failed and was rolled back: nothing else can be done with it.
    FailedCreation,
    /// It was made for a change set that is gone, and holds nothing.
    Empty,
    /// The user wants it gone.
    Asked,
}
