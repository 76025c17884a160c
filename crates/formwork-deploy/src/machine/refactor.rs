//! Renaming resources, before the change set is made.
//!
//! Renaming is the deployment's first part: it knows no stack that is not there, and goes no further
//! than to the stack with its new logical ids. A refactor that is made and not executed stays: the
//! service has no call to delete it, and the next execution makes it obsolete.

use crate::{
    error::ServiceError,
    rename::Rename,
    status::{RefactorExecutionStatus, RefactorStatus},
};

use super::{
    Action, Awaited, End, OVERTAKEN, Observation, Renames, STALE_LOOKS, Stop, says_in_progress, unexpected,
};

/// How far the renaming has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    stack: String,
    /// What to do about what cannot be renamed.
    wanted: Renames,
    /// How often an earlier refactor of ours was waited for.
    earlier: u8,
    phase: Phase,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// What is to be renamed is being read.
    Reading,
    /// Whether an earlier process's refactor is at work is looked up.
    Finding { renames: Vec<Rename> },
    /// The refactor is asked for.
    Creating { renames: Vec<Rename> },
    /// The refactor is being made.
    Preparing { renames: Vec<Rename>, refactor: String, looks: u8 },
    /// The user is asked.
    Asking { refactor: String },
    /// The execution is asked for.
    Executing { refactor: String },
    /// The service is at work.
    Watching { refactor: String, own: bool, looks: u8, refusal: Option<(ServiceError, bool)> },
}

/// What follows from an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// This.
    Act(State, Action),
    /// The stack has the new logical ids.
    Renamed,
    /// There is nothing to rename, or what there is may be replaced.
    Nothing,
    /// Somebody else was quicker.
    Overtaken(ServiceError),
    /// Nothing more.
    Stop(Stop),
}

impl State {
    pub(super) fn start(stack: &str, wanted: Renames) -> (Self, Action) {
        let state = Self { stack: stack.to_owned(), wanted, earlier: 0, phase: Phase::Reading };
        (state, Action::ReadRenames { stack: stack.to_owned() })
    }

    pub(super) fn name(&self) -> &'static str {
        match &self.phase {
            Phase::Reading => "reading what is renamed",
            Phase::Finding { .. } => "looking for an earlier refactor",
            Phase::Creating { .. } => "creating the refactor",
            Phase::Preparing { .. } => "waiting for the refactor",
            Phase::Asking { .. } => "asking for approval of the refactor",
            Phase::Executing { .. } => "executing the refactor",
            Phase::Watching { .. } => "watching the refactor",
        }
    }

    fn at(&self, phase: Phase, action: Action) -> Next {
        Next::Act(Self { phase, ..self.clone() }, action)
    }

    /// What cannot be renamed is replaced, or nothing is deployed.
    fn cannot(&self, renames: &[Rename], reason: impl Into<String>) -> Next {
        match self.wanted {
            Renames::OrReplace => Next::Nothing,
            Renames::None | Renames::OrStop => {
                Next::Stop(Stop::CannotRename { renames: renames.to_vec(), reason: reason.into() })
            }
        }
    }

    fn unexpected(&self, observation: &Observation) -> Next {
        match unexpected(self.name(), observation) {
            Action::End(End { stop: Some(stop), .. }) => Next::Stop(stop),
            action => Next::Act(self.clone(), action),
        }
    }

    fn watch(&self, refactor: &str, own: bool, refusal: Option<(ServiceError, bool)>) -> Next {
        let refactor = refactor.to_owned();
        let action = Action::DescribeRefactor { refactor: refactor.clone() };
        self.at(Phase::Watching { refactor, own, looks: 0, refusal }, action)
    }
}

pub(super) fn step(state: &State, observation: &Observation) -> Next {
    match (&state.phase, observation) {
        (Phase::Watching { .. } | Phase::Executing { .. }, Observation::Interrupted) => {
            Next::Stop(Stop::Unwatched)
        }
        (_, Observation::Interrupted) => Next::Stop(Stop::Interrupted),
        (Phase::Reading, Observation::Renames { renames, impossible }) => read(state, renames, impossible),
        (Phase::Finding { .. }, Observation::RefactorInProgress(Some(refactor))) => {
            state.watch(refactor, false, None)
        }
        // Without the permission to list them, none is found.
        (
            Phase::Finding { renames },
            Observation::RefactorInProgress(None)
            | Observation::Failed { error: ServiceError::AccessDenied { .. }, .. },
        ) => {
            let action = Action::CreateRefactor { stack: state.stack.clone(), renames: renames.clone() };
            state.at(Phase::Creating { renames: renames.clone() }, action)
        }
        (Phase::Creating { renames }, Observation::RefactorCreated { refactor }) => {
            let (renames, refactor) = (renames.clone(), refactor.clone());
            let action = Action::DescribeRefactor { refactor: refactor.clone() };
            state.at(Phase::Preparing { renames, refactor, looks: 0 }, action)
        }
        (Phase::Finding { renames } | Phase::Creating { renames }, Observation::Failed { error, .. }) => {
            refused(state, renames, error)
        }
        (Phase::Preparing { refactor, .. } | Phase::Watching { refactor, .. }, Observation::Waited) => {
            Next::Act(state.clone(), Action::DescribeRefactor { refactor: refactor.clone() })
        }
        (Phase::Preparing { renames, refactor, looks }, Observation::Refactor { .. }) => {
            preparing(state, renames, refactor, *looks, observation)
        }
        (Phase::Asking { refactor }, Observation::Approved) => {
            let refactor = refactor.clone();
            let action = Action::ExecuteRefactor { refactor: refactor.clone() };
            state.at(Phase::Executing { refactor }, action)
        }
        (Phase::Asking { .. }, Observation::Declined) => Next::Stop(Stop::Declined),
        (Phase::Executing { refactor }, Observation::Accepted) => state.watch(refactor, true, None),
        // A refusal may come from the call's own success: the refactor tells.
        (Phase::Executing { refactor }, Observation::Failed { error, maybe_acted })
            if *maybe_acted
                || matches!(error, ServiceError::Validation { .. } | ServiceError::Other { .. }) =>
        {
            state.watch(refactor, true, Some((error.clone(), *maybe_acted)))
        }
        (Phase::Watching { refactor, own, looks, refusal }, Observation::Refactor { .. }) => {
            watching(state, (refactor, *own, *looks, refusal.as_ref()), observation)
        }
        (Phase::Watching { refusal: Some((error, false)), .. }, Observation::Failed { .. })
        | (
            Phase::Reading | Phase::Preparing { .. } | Phase::Asking { .. } | Phase::Executing { .. },
            Observation::Failed { error, .. },
        ) => Next::Stop(Stop::Call { error: error.clone() }),
        (Phase::Watching { .. }, Observation::Failed { error, .. }) => {
            Next::Stop(Stop::WatchLost { error: error.clone() })
        }
        (_, other) => state.unexpected(other),
    }
}

fn read(state: &State, renames: &[Rename], impossible: &[String]) -> Next {
    if !impossible.is_empty() && state.wanted != Renames::OrReplace {
        return state.cannot(renames, impossible.join("; "));
    }
    if renames.is_empty() {
        // An earlier process's refactor may have done it.
        return if state.earlier > 0 { Next::Renamed } else { Next::Nothing };
    }
    let action = Action::FindRefactor { stack: state.stack.clone() };
    state.at(Phase::Finding { renames: renames.to_vec() }, action)
}

fn refused(state: &State, renames: &[Rename], error: &ServiceError) -> Next {
    match error {
        ServiceError::Validation { message } if says_in_progress(message) => Next::Overtaken(error.clone()),
        // The stack went away between the look and the call.
        ServiceError::NotFound { .. } => Next::Overtaken(error.clone()),
        ServiceError::Validation { .. } | ServiceError::Unsupported { .. } | ServiceError::Other { .. } => {
            state.cannot(renames, error.to_string())
        }
        _ => Next::Stop(Stop::Call { error: error.clone() }),
    }
}

fn preparing(
    state: &State,
    renames: &[Rename],
    refactor: &str,
    looks: u8,
    observation: &Observation,
) -> Next {
    let Observation::Refactor { status, reason, execution, .. } = observation else {
        return state.unexpected(observation);
    };
    let wait = |looks| {
        let (renames, refactor) = (renames.to_vec(), refactor.to_owned());
        state.at(Phase::Preparing { renames, refactor, looks }, Action::Wait(Awaited::Refactor))
    };
    match (status, execution) {
        (RefactorStatus::CreateInProgress, _) => wait(looks),
        (RefactorStatus::CreateFailed, _) => {
            state.cannot(renames, reason.as_deref().unwrap_or("the service does not say why"))
        }
        (RefactorStatus::CreateComplete, RefactorExecutionStatus::Available) => {
            let refactor = refactor.to_owned();
            let action = Action::AskRefactor { stack: state.stack.clone(), refactor: refactor.clone() };
            state.at(Phase::Asking { refactor }, action)
        }
        // Made, and not executable yet: that passes.
        (RefactorStatus::CreateComplete, RefactorExecutionStatus::Unavailable) if looks < STALE_LOOKS => {
            wait(looks + 1)
        }
        (RefactorStatus::CreateComplete, RefactorExecutionStatus::Unavailable) => {
            state.cannot(renames, "the refactor does not become executable")
        }
        (RefactorStatus::CreateComplete, RefactorExecutionStatus::Unknown(name)) => {
            Next::Stop(Stop::UnknownStatus { what: "refactor's execution", name: name.clone() })
        }
        (RefactorStatus::Unknown(name), _) => {
            Next::Stop(Stop::UnknownStatus { what: "refactor", name: name.clone() })
        }
        // Somebody else executed it, or another one, or takes it away.
        (
            RefactorStatus::CreateComplete
            | RefactorStatus::DeleteInProgress
            | RefactorStatus::DeleteComplete
            | RefactorStatus::DeleteFailed,
            _,
        ) => Next::Stop(Stop::Overtaken),
    }
}

fn watching(
    state: &State,
    (refactor, own, looks, refusal): (&str, bool, u8, Option<&(ServiceError, bool)>),
    observation: &Observation,
) -> Next {
    let Observation::Refactor { execution, execution_reason, .. } = observation else {
        return state.unexpected(observation);
    };
    let wait = |looks, refusal| {
        let refactor = refactor.to_owned();
        let phase = Phase::Watching { refactor, own, looks, refusal };
        state.at(phase, Action::Wait(Awaited::Refactor))
    };
    match execution {
        RefactorExecutionStatus::ExecuteInProgress | RefactorExecutionStatus::RollbackInProgress => {
            wait(looks, None)
        }
        RefactorExecutionStatus::ExecuteComplete if own => Next::Renamed,
        // It was an earlier process's, which may have renamed other ones: what is left is looked up.
        _ if !own => {
            if state.earlier >= OVERTAKEN {
                return Next::Stop(Stop::Overtaken);
            }
            let state = State { earlier: state.earlier + 1, ..state.clone() };
            let action = Action::ReadRenames { stack: state.stack.clone() };
            state.at(Phase::Reading, action)
        }
        RefactorExecutionStatus::Available | RefactorExecutionStatus::Unavailable => match refusal {
            Some((error, maybe_acted)) if !maybe_acted || looks >= STALE_LOOKS => {
                Next::Stop(Stop::Call { error: error.clone() })
            }
            _ if looks < STALE_LOOKS => wait(looks + 1, refusal.cloned()),
            _ => {
                let (status, reason) = (execution.clone(), execution_reason.clone());
                Next::Stop(Stop::RenameFailed { status, reason })
            }
        },
        RefactorExecutionStatus::Obsolete => Next::Stop(Stop::Overtaken),
        RefactorExecutionStatus::Unknown(name) => {
            Next::Stop(Stop::UnknownStatus { what: "refactor's execution", name: name.clone() })
        }
        RefactorExecutionStatus::ExecuteComplete
        | RefactorExecutionStatus::ExecuteFailed
        | RefactorExecutionStatus::RollbackComplete
        | RefactorExecutionStatus::RollbackFailed => {
            let (status, reason) = (execution.clone(), execution_reason.clone());
            Next::Stop(Stop::RenameFailed { status, reason })
        }
    }
}
