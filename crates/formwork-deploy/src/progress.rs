//! [`Progress`]: what happens, while it happens.

use serde::Serialize;

use crate::{
    capability::Capabilities,
    machine::Outcome,
    rename::Rename,
    service::{ChangeSetType, StackEvent, ValidationFailure},
    status::StackStatus,
};

/// Something that happened to a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "progress", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Progress {
    /// Somebody else's operation, or an earlier one of ours, has to end first.
    WaitingForOther {
        /// The stack.
        stack: String,
        /// Its state.
        status: StackStatus,
    },
    /// The first deployment failed, and the remains are deleted, since nothing else can be done with them.
    DeletingFailedCreation {
        /// The stack.
        stack: String,
    },
    /// Exports that are in use stay until those who import them are deployed; then the stack comes again.
    KeepingExports {
        /// The stack.
        stack: String,
        /// The exports.
        exports: Vec<String>,
        /// The stacks that import them.
        importers: Vec<String>,
    },
    /// Resources get other logical ids, and stay what they are.
    Renaming {
        /// The stack.
        stack: String,
        /// What is renamed.
        renames: Vec<Rename>,
    },
    /// Resources have their new logical ids.
    Renamed {
        /// The stack.
        stack: String,
        /// What is renamed.
        renames: Vec<Rename>,
    },
    /// The service does not rename resources, and replacing them was asked for.
    Replacing {
        /// The stack.
        stack: String,
        /// What is replaced.
        renames: Vec<Rename>,
    },
    /// What the template is acknowledged to do.
    Acknowledged {
        /// The stack.
        stack: String,
        /// What, and for the sake of which resources.
        capabilities: Capabilities,
    },
    /// The change set is being made.
    Preparing {
        /// The stack.
        stack: String,
        /// Whether the stack is made or changed.
        kind: ChangeSetType,
    },
    /// The validation before the deployment says something.
    Validation {
        /// The stack.
        stack: String,
        /// What.
        failure: ValidationFailure,
    },
    /// The service has begun.
    Started {
        /// The stack.
        stack: String,
        /// Its ARN.
        arn: String,
        /// How many resources change; nested stacks not counted in.
        resources: usize,
        /// The role that the service acts with, which stays with the stack.
        role: Option<String>,
    },
    /// An event of this operation.
    Event {
        /// The stack that is deployed; the event may be one of a nested stack.
        stack: String,
        /// The event.
        event: StackEvent,
    },
    /// The events cannot be read; the deployment is watched by the stack's state alone.
    EventsUnreadable {
        /// The stack.
        stack: String,
        /// Why.
        reason: String,
    },
    /// The stack is well, and the service takes away what it has replaced.
    CleaningUp {
        /// The stack.
        stack: String,
    },
    /// A setting of the stack could not be changed.
    SettingFailed {
        /// The stack.
        stack: String,
        /// Which.
        setting: &'static str,
        /// Why.
        reason: String,
    },
    /// An image is being built.
    Building {
        /// The stack that needs it.
        stack: String,
        /// The image.
        asset: String,
    },
    /// What the stack needs is being uploaded.
    Uploading {
        /// The stack.
        stack: String,
        /// The file, directory or image.
        asset: String,
        /// How long it is, as far as that is known.
        bytes: Option<u64>,
    },
    /// What the stack needs is there.
    Uploaded {
        /// The stack.
        stack: String,
        /// The file, directory or image.
        asset: String,
    },
    /// It is over.
    Finished {
        /// The stack.
        stack: String,
        /// What became of it.
        outcome: Outcome,
    },
}
