//! Bringing a stack back to the last state that was well.

use crate::status::StackStatus;

use super::{Action, Awaited, End, Observation, Outcome, StackSight, Stop, Watch, unexpected};

/// How far a rollback has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is known.
    Start,
    /// A rollback that is in progress already.
    OtherOperation { arn: String },
    /// The rollback is asked for, or goes on.
    RollingBack { arn: String, watch: Watch },
}

impl State {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Start => "looking at the stack to roll back",
            Self::OtherOperation { .. } => "waiting for another operation before the rollback",
            Self::RollingBack { .. } => "rolling back",
        }
    }
}

fn stop(state: &State, stop: Stop) -> (State, Action) {
    (state.clone(), Action::End(End::stopped(stop)))
}

pub(super) fn step(state: &State, observation: &Observation) -> (State, Action) {
    match (state, observation) {
        (State::Start, Observation::Begin | Observation::Waited) => {
            (state.clone(), Action::DescribeStack { stack: None })
        }
        (State::OtherOperation { arn } | State::RollingBack { arn, .. }, Observation::Waited) => {
            (state.clone(), Action::DescribeStack { stack: Some(arn.clone()) })
        }
        (State::RollingBack { arn, watch }, Observation::Accepted) => {
            let state = State::RollingBack { arn: arn.clone(), watch: watch.accepted() };
            (state, Action::DescribeStack { stack: Some(arn.clone()) })
        }
        (State::Start | State::OtherOperation { .. }, Observation::Stack(Some(sight))) => found(state, sight),
        (State::Start | State::OtherOperation { .. }, Observation::Stack(None)) => stop(state, Stop::NoStack),
        (State::RollingBack { arn, watch }, Observation::Stack(Some(sight))) => {
            rolling_back(state, arn, *watch, sight)
        }
        (State::RollingBack { .. }, Observation::Stack(None)) => stop(state, Stop::Vanished),
        (State::RollingBack { watch, .. }, Observation::Failed { error, maybe_acted }) => {
            stop(state, watch.lost(error, *maybe_acted))
        }
        (State::RollingBack { .. }, Observation::Interrupted) => stop(state, Stop::Unwatched),
        (_, Observation::Failed { error, .. }) => stop(state, Stop::Call { error: error.clone() }),
        (_, Observation::Interrupted) => stop(state, Stop::Interrupted),
        (_, other) => (state.clone(), unexpected(state.name(), other)),
    }
}

fn found(state: &State, sight: &StackSight) -> (State, Action) {
    let arn = sight.arn.clone();
    let begin = |action| (State::RollingBack { arn: arn.clone(), watch: Watch::default() }, action);
    match &sight.status {
        StackStatus::UpdateRollbackFailed => begin(Action::ContinueRollback { stack: arn.clone() }),
        StackStatus::CreateFailed | StackStatus::UpdateFailed => {
            begin(Action::RollBack { stack: arn.clone() })
        }
        StackStatus::UpdateInProgress => begin(Action::CancelUpdate { stack: arn.clone() }),
        StackStatus::RollbackInProgress
        | StackStatus::UpdateRollbackInProgress
        | StackStatus::UpdateRollbackCompleteCleanupInProgress => (
            State::RollingBack { arn: arn.clone(), watch: Watch::GOING_ON },
            Action::Wait(Awaited::Operation),
        ),
        StackStatus::CreateInProgress
        | StackStatus::DeleteInProgress
        | StackStatus::UpdateCompleteCleanupInProgress
        | StackStatus::ImportInProgress
        | StackStatus::ImportRollbackInProgress => {
            (State::OtherOperation { arn: arn.clone() }, Action::Wait(Awaited::OtherOperation))
        }
        StackStatus::RollbackFailed | StackStatus::DeleteFailed | StackStatus::ImportRollbackFailed => {
            stop(state, Stop::NeedsRepair { status: sight.status.clone(), reason: sight.reason.clone() })
        }
        // It is where it is wanted: so it is after a rollback that nobody saw the end of.
        StackStatus::RollbackComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::ImportRollbackComplete => (state.clone(), Action::End(End::done(Outcome::RolledBack))),
        StackStatus::CreateComplete
        | StackStatus::DeleteComplete
        | StackStatus::UpdateComplete
        | StackStatus::ReviewInProgress
        | StackStatus::ImportComplete => {
            stop(state, Stop::NothingToRollBack { status: sight.status.clone() })
        }
        StackStatus::Unknown(name) => stop(state, Stop::UnknownStatus { what: "stack", name: name.clone() }),
    }
}

fn rolling_back(state: &State, arn: &str, watch: Watch, sight: &StackSight) -> (State, Action) {
    let rolling = matches!(
        sight.status,
        StackStatus::RollbackInProgress
            | StackStatus::UpdateRollbackInProgress
            | StackStatus::UpdateRollbackCompleteCleanupInProgress
    );
    let watch = Watch { begun: watch.begun || sight.own_event || rolling, ..watch };
    let arn = arn.to_owned();
    match (&sight.status, watch.again()) {
        (StackStatus::Unknown(name), _) => {
            stop(state, Stop::UnknownStatus { what: "stack", name: name.clone() })
        }
        (status, _) if status.is_in_progress() => {
            (State::RollingBack { arn, watch }, Action::Wait(Awaited::Operation))
        }
        // Where it was to go: whether by this operation or another does not matter.
        (StackStatus::RollbackComplete | StackStatus::UpdateRollbackComplete, _) => {
            (state.clone(), Action::End(End::done(Outcome::RolledBack)))
        }
        (status, _) if watch.begun => {
            stop(state, Stop::Ended { status: status.clone(), reason: sight.reason.clone() })
        }
        (_, Some(watch)) => (State::RollingBack { arn, watch }, Action::Wait(Awaited::Operation)),
        (status, None) => stop(state, Stop::NothingBegan { status: status.clone() }),
    }
}
