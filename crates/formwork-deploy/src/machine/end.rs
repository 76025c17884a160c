//! [`End`]: how an operation on a stack ended, and what to do then.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    error::ServiceError,
    exports::LostExport,
    rename::Rename,
    status::{RefactorExecutionStatus, StackStatus},
};

/// What became of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is new.
    Created,
    /// It has changed.
    Updated,
    /// There was nothing to change.
    NoChange,
    /// It could not be deployed; it may stand half way.
    Failed,
    /// It is as it was before, or was taken away again.
    RolledBack,
    /// It is gone, or was not there.
    Deleted,
    /// Nothing was tried, since something that it needs failed.
    Skipped,
}

/// How an operation on a stack ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What became of the stack.
    pub outcome: Outcome,
    /// Why it went no further.
    pub stop: Option<Stop>,
}

impl End {
    pub(super) fn done(outcome: Outcome) -> Self {
        Self { outcome, stop: None }
    }

    pub(super) fn stopped(stop: Stop) -> Self {
        Self { outcome: Outcome::Failed, stop: Some(stop) }
    }
}

/// Why an operation went no further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Stop {
    /// The service has a state that this version does not know.
    #[error("the {what} is `{name}`, a state that this version does not know")]
    UnknownStatus {
        /// Of what.
        what: &'static str,
        /// The state.
        name: String,
    },
    /// The stack is in a state that something has to be done about first.
    #[error("the stack is {status}{}", because(reason.as_deref()))]
    NeedsRepair {
        /// The state.
        status: StackStatus,
        /// In the service's words.
        reason: Option<String>,
    },
    /// The operation failed, and the stack stands as it does.
    #[error("the stack ended {status}{}", because(reason.as_deref()))]
    Ended {
        /// The state.
        status: StackStatus,
        /// In the service's words.
        reason: Option<String>,
    },
    /// The service cannot make the change set.
    #[error("the change set failed: {reason}")]
    ChangeSetFailed {
        /// In the service's words.
        reason: String,
    },
    /// Somebody else has changed the stack since the change set was made.
    #[error("somebody else changed the stack meanwhile, and nothing was deployed")]
    Overtaken,
    /// The user does not want it.
    #[error("not approved, and nothing was deployed")]
    Declined,
    /// The user wants to stop; nothing has happened.
    #[error("interrupted before anything was deployed")]
    Interrupted,
    /// The user wants to stop; the service goes on.
    #[error("interrupted, but the operation goes on at the service")]
    Unwatched,
    /// A call failed, and nothing has happened.
    #[error("{error}")]
    Call {
        /// Why.
        error: ServiceError,
    },
    /// A call failed while the service was at work, which goes on.
    #[error("{error}, but the operation goes on at the service")]
    WatchLost {
        /// Why.
        error: ServiceError,
    },
    /// The service accepted the operation, but nothing began.
    #[error("the operation was accepted, but the stack stays {status}")]
    NothingBegan {
        /// The state.
        status: StackStatus,
    },
    /// The stack went away while it was deployed.
    #[error("the stack was deleted meanwhile")]
    Vanished,
    /// The stack is as its template says, but some of its settings could not be changed.
    #[error("the stack is deployed, but not all of its settings: {}", settings(failures))]
    SettingsFailed {
        /// Which, and why.
        failures: Vec<(&'static str, ServiceError)>,
    },
    /// The stack refuses to be deleted.
    #[error("termination protection is on")]
    Protected,
    /// Other stacks import what this one exports.
    #[error("other stacks import what this one exports: {}", imports.join("; "))]
    ExportsInUse {
        /// `export (stacks)`.
        imports: Vec<String>,
    },
    /// Other stacks import what the template no longer exports.
    #[error("other stacks import what it no longer exports: {}", imported(lost))]
    ExportsLost {
        /// Who imports what.
        lost: Vec<LostExport>,
    },
    /// The service does not give resources their new logical ids, and deploying would replace them.
    #[error("{}: {reason}", would_replace(renames))]
    CannotRename {
        /// What would be replaced, as far as it could have been renamed at all.
        renames: Vec<Rename>,
        /// Why it cannot be renamed.
        reason: String,
    },
    /// The refactor that gives resources their new logical ids failed; the change set was not made.
    #[error("renaming resources ended {status}{}", because(reason.as_deref()))]
    RenameFailed {
        /// The state of the refactor's execution.
        status: RefactorExecutionStatus,
        /// In the service's words.
        reason: Option<String>,
    },
    /// There is nothing to go back from.
    #[error("the stack is {status}, with nothing to roll back")]
    NothingToRollBack {
        /// The state.
        status: StackStatus,
    },
    /// There is no such stack.
    #[error("there is no such stack")]
    NoStack,
    /// An answer to something else than was asked; a fault of formwork's own.
    #[error("unexpected in the state `{state}`: {observation}")]
    Unexpected {
        /// Where.
        state: &'static str,
        /// What.
        observation: &'static str,
    },
}

fn imported(lost: &[LostExport]) -> String {
    let one = |lost: &LostExport| format!("{} ({})", lost.export, lost.importers.join(", "));
    lost.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn would_replace(renames: &[Rename]) -> String {
    let renames: Vec<String> = renames.iter().map(ToString::to_string).collect();
    let what = if renames.is_empty() { "resources".to_owned() } else { renames.join(", ") };
    format!("cannot rename {what}, and a deployment would replace what is there, so nothing was deployed")
}

fn because(reason: Option<&str>) -> String {
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

fn settings(failures: &[(&'static str, ServiceError)]) -> String {
    let failures: Vec<String> =
        failures.iter().map(|(setting, error)| format!("{setting}: {error}")).collect();
    failures.join("; ")
}

impl Stop {
    /// What the user can do, as commands to type, each with what it does.
    pub fn advice(&self, stack: &str, region: &str) -> Vec<Advice> {
        let formwork = |command: &str| format!("formwork {command} {stack}");
        let aws =
            |command: &str| format!("aws cloudformation {command} --stack-name {stack} --region {region}");
        let advice = |text: &str, command: String| Advice { text: text.to_owned(), command };
        match self {
            Self::NeedsRepair { status, .. } | Self::Ended { status, .. } => match status {
                StackStatus::UpdateRollbackFailed => vec![
                    advice("go on with the rollback, once its cause is mended", formwork("rollback")),
                    advice("the same with the AWS command", aws("continue-update-rollback")),
                ],
                StackStatus::CreateFailed | StackStatus::UpdateFailed => vec![
                    advice("mend the cause and try again", formwork("deploy --no-rollback")),
                    advice("go back to the last state that was well", formwork("rollback")),
                ],
                StackStatus::RollbackComplete => {
                    vec![advice("mend the cause and try again", formwork("deploy"))]
                }
                StackStatus::RollbackFailed
                | StackStatus::DeleteFailed
                | StackStatus::ImportRollbackFailed => vec![
                    advice("see what could not be undone", formwork("events")),
                    advice("take away what is left", formwork("destroy")),
                ],
                _ => vec![advice("see what happened", formwork("events"))],
            },
            Self::Unwatched | Self::WatchLost { .. } => vec![
                advice("see how it goes on", formwork("events")),
                advice("wait for it, and deploy what is still missing", formwork("deploy")),
                advice("cancel an update", aws("cancel-update-stack")),
            ],
            Self::Overtaken | Self::NothingBegan { .. } => {
                vec![advice("look again, and deploy what is still missing", formwork("deploy"))]
            }
            Self::SettingsFailed { .. } => {
                vec![advice("set what is missing", formwork("deploy"))]
            }
            Self::Protected => vec![advice(
                "switch the protection off, if the stack is really to go",
                aws("update-termination-protection --no-enable-termination-protection"),
            )],
            Self::ExportsLost { lost } => {
                let importers = lost.iter().flat_map(|lost| &lost.importers).cloned();
                let importers: Vec<String> = importers.collect::<BTreeSet<_>>().into_iter().collect();
                let importers = importers.join(" ");
                vec![
                    advice(
                        "once the others import it no longer, deploy them together with it",
                        format!("{} {importers}", formwork("deploy")),
                    ),
                    advice("or take the others away first", format!("formwork destroy {importers}")),
                ]
            }
            Self::CannotRename { .. } => vec![advice(
                "let them be replaced, with all that they hold",
                formwork("deploy --replace-renamed"),
            )],
            Self::RenameFailed { .. } => vec![advice("see what happened", formwork("events"))],
            Self::UnknownStatus { .. } => vec![advice("see what the service says", aws("describe-stacks"))],
            Self::ChangeSetFailed { .. }
            | Self::Declined
            | Self::Interrupted
            | Self::Call { .. }
            | Self::Vanished
            | Self::ExportsInUse { .. }
            | Self::NothingToRollBack { .. }
            | Self::NoStack
            | Self::Unexpected { .. } => Vec::new(),
        }
    }
}

/// Something that the user can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What it does.
    pub text: String,
    /// The command to type.
    pub command: String,
}
