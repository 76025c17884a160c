//! Taking a stack away.

use crate::{error::ServiceError, status::StackStatus};

use super::{
    Action, Awaited, Deletion, End, Observation, Outcome, StackSight, Stop, Watch, says_in_progress,
    unexpected,
};

/// How far a deletion has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is known.
    Start,
    /// Somebody else's operation is in progress.
    OtherOperation { arn: String },
    /// Who imports from it is looked up.
    ReadingImports { arn: String },
    /// The user is asked.
    Asking { arn: String },
    /// The deletion is asked for, or goes on.
    Deleting { arn: String, watch: Watch },
    /// Some resources could not be deleted: the user is asked.
    Choosing { arn: String, status: StackStatus, reason: Option<String> },
}

impl State {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Start => "looking at the stack to delete",
            Self::OtherOperation { .. } => "waiting for another operation before the deletion",
            Self::ReadingImports { .. } => "reading imports",
            Self::Asking { .. } => "asking for deletion",
            Self::Deleting { .. } => "deleting",
            Self::Choosing { .. } => "asking what to retain",
        }
    }
}

fn end(state: &State, end: End) -> (State, Action) {
    (state.clone(), Action::End(end))
}

fn stop(state: &State, stop: Stop) -> (State, Action) {
    end(state, End::stopped(stop))
}

fn delete(arn: &str, retain: Vec<String>, force: bool) -> (State, Action) {
    let action = Action::DeleteStack { stack: arn.to_owned(), why: Deletion::Asked, retain, force };
    (State::Deleting { arn: arn.to_owned(), watch: Watch::default() }, action)
}

pub(super) fn step(state: &State, observation: &Observation) -> (State, Action) {
    match (state, observation) {
        (State::Start, Observation::Begin | Observation::Waited) => {
            (state.clone(), Action::DescribeStack { stack: None })
        }
        (State::OtherOperation { arn } | State::Deleting { arn, .. }, Observation::Waited) => {
            (state.clone(), Action::DescribeStack { stack: Some(arn.clone()) })
        }
        (State::Start | State::OtherOperation { .. }, Observation::Stack(sight)) => {
            found(state, sight.as_ref())
        }
        (State::ReadingImports { arn }, Observation::Imports(imports)) if imports.is_empty() => {
            (State::Asking { arn: arn.clone() }, Action::AskDeletion { stack: arn.clone() })
        }
        (State::ReadingImports { .. }, Observation::Imports(imports)) => {
            stop(state, Stop::ExportsInUse { imports: imports.clone() })
        }
        (State::Asking { arn }, Observation::Approved) => delete(arn, Vec::new(), false),
        (State::Asking { .. }, Observation::Declined) => stop(state, Stop::Declined),
        (State::Deleting { arn, watch }, Observation::Accepted) => {
            let state = State::Deleting { arn: arn.clone(), watch: watch.accepted() };
            (state, Action::DescribeStack { stack: Some(arn.clone()) })
        }
        (State::Deleting { arn, watch }, Observation::Stack(sight)) => {
            deleting(state, arn, *watch, sight.as_ref())
        }
        (
            State::Deleting { arn, watch: Watch { accepted: false, .. } },
            Observation::Failed { error: ServiceError::Validation { message }, .. },
        ) if says_in_progress(message) => {
            (State::OtherOperation { arn: arn.clone() }, Action::Wait(Awaited::OtherOperation))
        }
        (State::Deleting { watch, .. }, Observation::Failed { error, maybe_acted }) => {
            stop(state, watch.lost(error, *maybe_acted))
        }
        (State::Deleting { .. }, Observation::Interrupted) => stop(state, Stop::Unwatched),
        (State::Choosing { arn, .. }, Observation::Retain(resources)) => {
            delete(arn, resources.clone(), false)
        }
        (State::Choosing { arn, .. }, Observation::Force) => delete(arn, Vec::new(), true),
        (State::Choosing { status, reason, .. }, Observation::Declined | Observation::Interrupted) => {
            stop(state, Stop::Ended { status: status.clone(), reason: reason.clone() })
        }
        (_, Observation::Failed { error, .. }) => stop(state, Stop::Call { error: error.clone() }),
        (_, Observation::Interrupted) => stop(state, Stop::Interrupted),
        (_, other) => (state.clone(), unexpected(state.name(), other)),
    }
}

fn found(state: &State, sight: Option<&StackSight>) -> (State, Action) {
    let Some(sight) = sight else { return end(state, End::done(Outcome::Deleted)) };
    let arn = sight.arn.clone();
    match &sight.status {
        StackStatus::DeleteComplete => end(state, End::done(Outcome::Deleted)),
        StackStatus::Unknown(name) => stop(state, Stop::UnknownStatus { what: "stack", name: name.clone() }),
        // Its end is what is wanted: there is nothing to ask.
        StackStatus::DeleteInProgress => {
            (State::Deleting { arn, watch: Watch::GOING_ON }, Action::Wait(Awaited::Deletion))
        }
        status if status.is_in_progress() => {
            (State::OtherOperation { arn }, Action::Wait(Awaited::OtherOperation))
        }
        _ if sight.protected => stop(state, Stop::Protected),
        _ => (State::ReadingImports { arn: arn.clone() }, Action::ReadImports { stack: arn }),
    }
}

fn deleting(state: &State, arn: &str, watch: Watch, sight: Option<&StackSight>) -> (State, Action) {
    let Some(sight) = sight else { return end(state, End::done(Outcome::Deleted)) };
    let begun = watch.begun || sight.own_event || sight.status.is_in_progress();
    let watch = Watch { begun, ..watch };
    let arn = arn.to_owned();
    match (&sight.status, watch.again()) {
        (StackStatus::DeleteComplete, _) => end(state, End::done(Outcome::Deleted)),
        (StackStatus::Unknown(name), _) => {
            stop(state, Stop::UnknownStatus { what: "stack", name: name.clone() })
        }
        (status @ StackStatus::DeleteFailed, _) if begun => {
            let reason = sight.reason.clone();
            let choosing = State::Choosing { arn: arn.clone(), status: status.clone(), reason };
            (choosing, Action::AskRetention { stack: arn })
        }
        (StackStatus::DeleteInProgress, _) => {
            (State::Deleting { arn, watch }, Action::Wait(Awaited::Deletion))
        }
        // The deletion was accepted, and is not visible yet.
        (_, Some(watch)) => (State::Deleting { arn, watch }, Action::Wait(Awaited::Deletion)),
        (status, None) if begun => {
            stop(state, Stop::Ended { status: status.clone(), reason: sight.reason.clone() })
        }
        (status, None) => stop(state, Stop::NothingBegan { status: status.clone() }),
    }
}
