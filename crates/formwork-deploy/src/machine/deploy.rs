//! Bringing a stack to what its template says.

mod removal;

use crate::{
    error::ServiceError,
    service::ChangeSetType,
    status::{ChangeSetStatus, ExecutionStatus, StackStatus},
};

use super::{
    Action, Awaited, Deletion, End, OVERTAKEN, Observation, Outcome, Renames, STALE_LOOKS, StackSight, Stop,
    refactor, says_in_progress, unexpected,
};
use removal::{Removal, removing};

/// After so many looks at a stack that seems not to have begun, its change set is looked at.
const LOOKS_AT_CHANGE_SET: u8 = 4;

/// How far a deployment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    disable_rollback: bool,
    /// How often another's operation came in between.
    overtaken: u8,
    /// What is still to be renamed.
    renames: Renames,
    /// Whether the stack was renamed on the way.
    renamed: bool,
    phase: Phase,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// Nothing is known.
    Start,
    /// Somebody else's operation, or an earlier one of ours, is in progress.
    OtherOperation { arn: String },
    /// A stack whose first deployment failed is being deleted.
    DeletingFailed { arn: String, looks: u8 },
    /// Resources get the logical ids that they have in the template.
    Renaming { arn: String, refactor: refactor::State },
    /// The change set is asked for.
    Creating { kind: ChangeSetType, arn: Option<String> },
    /// The change set is being made.
    Preparing { own: ChangeSet, looks: u8 },
    /// What the validation objects to is being read.
    Validating { own: ChangeSet, reason: String },
    /// The user is asked.
    Asking { own: ChangeSet },
    /// The execution is asked for.
    Executing { own: ChangeSet },
    /// Whether the execution was accepted is looked up.
    Doubting { own: ChangeSet },
    /// The service is at work.
    Watching { own: ChangeSet, begun: bool, looks: u8 },
    /// What was made on the way is taken away.
    Removing(Removal, End),
}

/// The operation's own change set.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ChangeSet {
    kind: ChangeSetType,
    stack: String,
    arn: String,
}

impl State {
    pub(super) fn start(disable_rollback: bool, renames: Renames) -> Self {
        Self { disable_rollback, overtaken: 0, renames, renamed: false, phase: Phase::Start }
    }

    pub(super) fn name(&self) -> &'static str {
        match &self.phase {
            Phase::Start => "looking at the stack",
            Phase::OtherOperation { .. } => "waiting for another operation",
            Phase::DeletingFailed { .. } => "deleting a failed creation",
            Phase::Renaming { refactor, .. } => refactor.name(),
            Phase::Creating { .. } => "creating the change set",
            Phase::Preparing { .. } => "waiting for the change set",
            Phase::Validating { .. } => "reading the validation",
            Phase::Asking { .. } => "asking for approval",
            Phase::Executing { .. } => "executing",
            Phase::Doubting { .. } => "looking whether it is executed",
            Phase::Watching { .. } => "watching",
            Phase::Removing(..) => "removing",
        }
    }

    fn at(&self, phase: Phase, action: Action) -> (Self, Action) {
        (Self { phase, ..self.clone() }, action)
    }

    fn end(&self, end: End) -> (Self, Action) {
        (self.clone(), Action::End(end))
    }

    fn stop(&self, stop: Stop) -> (Self, Action) {
        self.end(End::stopped(stop))
    }

    /// Takes away the own change set, and then ends.
    fn remove(&self, own: &ChangeSet, end: End) -> (Self, Action) {
        let removal = Removal::ChangeSet { kind: own.kind, stack: Some(own.stack.clone()) };
        let action =
            Action::DeleteChangeSet { stack: Some(own.stack.clone()), change_set: Some(own.arn.clone()) };
        self.at(Phase::Removing(removal, end), action)
    }

    /// Begins again, as somebody else was quicker.
    fn again(&self, error: &ServiceError) -> (Self, Action) {
        if self.overtaken >= OVERTAKEN {
            return self.stop(Stop::Call { error: error.clone() });
        }
        let next = Self { overtaken: self.overtaken + 1, phase: Phase::Start, ..self.clone() };
        (next, Action::Wait(Awaited::OtherOperation))
    }
}

pub(super) fn step(state: &State, observation: &Observation) -> (State, Action) {
    match &state.phase {
        Phase::Start => start(state, observation),
        Phase::OtherOperation { arn } => other_operation(state, arn, observation),
        Phase::DeletingFailed { arn, looks } => deleting_failed(state, arn, *looks, observation),
        Phase::Renaming { arn, refactor } => renaming(state, arn, refactor, observation),
        Phase::Creating { kind, arn } => creating(state, *kind, arn.as_ref(), observation),
        Phase::Preparing { own, looks } => preparing(state, own, *looks, observation),
        Phase::Validating { own, reason } => match observation {
            Observation::ValidationRead | Observation::Failed { .. } => {
                state.remove(own, End::stopped(Stop::ChangeSetFailed { reason: reason.clone() }))
            }
            other => before_execution(state, own, other),
        },
        Phase::Asking { own } => match observation {
            Observation::Approved => {
                let action = execute(state, own);
                state.at(Phase::Executing { own: own.clone() }, action)
            }
            Observation::Declined => state.remove(own, End::stopped(Stop::Declined)),
            other => before_execution(state, own, other),
        },
        Phase::Executing { own } => executing(state, own, observation),
        Phase::Doubting { own } => doubting(state, own, observation),
        Phase::Watching { own, begun, looks } => watching(state, own, *begun, *looks, observation),
        Phase::Removing(removal, end) => removing(state, removal, end, observation),
    }
}

fn execute(state: &State, own: &ChangeSet) -> Action {
    Action::ExecuteChangeSet {
        stack: own.stack.clone(),
        change_set: own.arn.clone(),
        disable_rollback: state.disable_rollback,
    }
}

/// What holds in every phase in which there is a change set that nobody has executed.
fn before_execution(state: &State, own: &ChangeSet, observation: &Observation) -> (State, Action) {
    match observation {
        Observation::Interrupted => state.remove(own, End::stopped(Stop::Interrupted)),
        Observation::Failed { error, .. } => {
            state.remove(own, End::stopped(Stop::Call { error: error.clone() }))
        }
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

fn start(state: &State, observation: &Observation) -> (State, Action) {
    match observation {
        Observation::Begin | Observation::Waited => (state.clone(), Action::DescribeStack { stack: None }),
        Observation::Stack(None) => begin(state, ChangeSetType::Create, None),
        Observation::Stack(Some(sight)) => by_status(state, sight),
        Observation::Failed { error, .. } => state.stop(Stop::Call { error: error.clone() }),
        Observation::Interrupted => state.stop(Stop::Interrupted),
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

fn begin(state: &State, kind: ChangeSetType, arn: Option<&String>) -> (State, Action) {
    let arn = arn.cloned();
    if let (ChangeSetType::Update, Some(arn)) = (kind, &arn)
        && state.renames != Renames::None
    {
        let (refactor, action) = refactor::State::start(arn, state.renames);
        return state.at(Phase::Renaming { arn: arn.clone(), refactor }, action);
    }
    let action = Action::CreateChangeSet { stack: arn.clone(), kind };
    state.at(Phase::Creating { kind, arn }, action)
}

fn renaming(
    state: &State,
    arn: &String,
    refactor: &refactor::State,
    observation: &Observation,
) -> (State, Action) {
    let settled = |renamed| State { renames: Renames::None, renamed, ..state.clone() };
    match refactor::step(refactor, observation) {
        refactor::Next::Act(refactor, action) => {
            state.at(Phase::Renaming { arn: arn.clone(), refactor }, action)
        }
        refactor::Next::Renamed => {
            let action = Action::DescribeStack { stack: Some(arn.clone()) };
            settled(true).at(Phase::OtherOperation { arn: arn.clone() }, action)
        }
        refactor::Next::Nothing => begin(&settled(state.renamed), ChangeSetType::Update, Some(arn)),
        refactor::Next::Overtaken(error) => state.again(&error),
        refactor::Next::Stop(stop) => state.stop(stop),
    }
}

/// What a stack that is found can have done to it.
fn by_status(state: &State, sight: &StackSight) -> (State, Action) {
    let repair =
        || state.stop(Stop::NeedsRepair { status: sight.status.clone(), reason: sight.reason.clone() });
    match &sight.status {
        StackStatus::CreateComplete
        | StackStatus::UpdateComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::ImportComplete
        | StackStatus::ImportRollbackComplete => begin(state, ChangeSetType::Update, Some(&sight.arn)),
        // What a deployment without rollback left is mended by another one without rollback.
        StackStatus::CreateFailed | StackStatus::UpdateFailed if state.disable_rollback => {
            begin(state, ChangeSetType::Update, Some(&sight.arn))
        }
        StackStatus::CreateFailed
        | StackStatus::UpdateFailed
        | StackStatus::RollbackFailed
        | StackStatus::DeleteFailed
        | StackStatus::UpdateRollbackFailed
        | StackStatus::ImportRollbackFailed => repair(),
        StackStatus::ReviewInProgress => begin(state, ChangeSetType::Create, Some(&sight.arn)),
        StackStatus::DeleteComplete => begin(state, ChangeSetType::Create, None),
        StackStatus::RollbackComplete if sight.protected => state.stop(Stop::Protected),
        StackStatus::RollbackComplete => {
            let action = Action::DeleteStack {
                stack: sight.arn.clone(),
                why: Deletion::FailedCreation,
                retain: Vec::new(),
                force: false,
            };
            state.at(Phase::DeletingFailed { arn: sight.arn.clone(), looks: 0 }, action)
        }
        StackStatus::CreateInProgress
        | StackStatus::RollbackInProgress
        | StackStatus::DeleteInProgress
        | StackStatus::UpdateInProgress
        | StackStatus::UpdateCompleteCleanupInProgress
        | StackStatus::UpdateRollbackInProgress
        | StackStatus::UpdateRollbackCompleteCleanupInProgress
        | StackStatus::ImportInProgress
        | StackStatus::ImportRollbackInProgress => {
            state.at(Phase::OtherOperation { arn: sight.arn.clone() }, Action::Wait(Awaited::OtherOperation))
        }
        StackStatus::Unknown(name) => state.stop(Stop::UnknownStatus { what: "stack", name: name.clone() }),
    }
}

fn other_operation(state: &State, arn: &str, observation: &Observation) -> (State, Action) {
    match observation {
        Observation::Waited => (state.clone(), Action::DescribeStack { stack: Some(arn.to_owned()) }),
        Observation::Stack(None) => begin(state, ChangeSetType::Create, None),
        Observation::Stack(Some(sight)) => by_status(state, sight),
        Observation::Failed { error, .. } => state.stop(Stop::Call { error: error.clone() }),
        Observation::Interrupted => state.stop(Stop::Interrupted),
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

fn deleting_failed(state: &State, arn: &str, looks: u8, observation: &Observation) -> (State, Action) {
    match observation {
        Observation::Accepted | Observation::Waited => {
            (state.clone(), Action::DescribeStack { stack: Some(arn.to_owned()) })
        }
        Observation::Stack(None) => begin(state, ChangeSetType::Create, None),
        Observation::Stack(Some(sight)) => match &sight.status {
            StackStatus::DeleteComplete => begin(state, ChangeSetType::Create, None),
            // The deletion was accepted, and is not visible yet.
            StackStatus::RollbackComplete if looks < STALE_LOOKS => {
                let phase = Phase::DeletingFailed { arn: arn.to_owned(), looks: looks + 1 };
                state.at(phase, Action::Wait(Awaited::Deletion))
            }
            StackStatus::RollbackComplete => state.stop(Stop::NothingBegan { status: sight.status.clone() }),
            StackStatus::DeleteInProgress => (state.clone(), Action::Wait(Awaited::Deletion)),
            _ => by_status(state, sight),
        },
        Observation::Failed { error: error @ ServiceError::Validation { message }, .. }
            if is_overtaken(message) =>
        {
            state.again(error)
        }
        Observation::Failed { error, .. } => state.stop(Stop::Call { error: error.clone() }),
        Observation::Interrupted => state.stop(Stop::Interrupted),
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

fn creating(
    state: &State,
    kind: ChangeSetType,
    arn: Option<&String>,
    observation: &Observation,
) -> (State, Action) {
    let remove = |end: End| {
        let removal = Removal::ChangeSet { kind, stack: arn.cloned() };
        let action = Action::DeleteChangeSet { stack: arn.cloned(), change_set: None };
        state.at(Phase::Removing(removal, end), action)
    };
    match observation {
        Observation::ChangeSetCreated { stack, change_set } => {
            let own = ChangeSet { kind, stack: stack.clone(), arn: change_set.clone() };
            let action = Action::DescribeChangeSet { stack: stack.clone(), change_set: change_set.clone() };
            state.at(Phase::Preparing { own, looks: 0 }, action)
        }
        Observation::Failed { error: error @ ServiceError::Validation { message }, .. }
            if is_overtaken(message) =>
        {
            state.again(error)
        }
        // The stack went away between the look and the call.
        Observation::Failed { error: error @ ServiceError::NotFound { .. }, .. } => state.again(error),
        Observation::Failed { error, maybe_acted: true } => {
            remove(End::stopped(Stop::Call { error: error.clone() }))
        }
        Observation::Failed { error, maybe_acted: false } => state.stop(Stop::Call { error: error.clone() }),
        Observation::ExportsLost(lost) => state.stop(Stop::ExportsLost { lost: lost.clone() }),
        Observation::Interrupted => remove(End::stopped(Stop::Interrupted)),
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

/// Whether a refusal says that the stack is in another state than it was just before.
fn is_overtaken(message: &str) -> bool {
    says_in_progress(message)
        || message.contains("already exists and cannot be created again")
        || message.contains("is in ROLLBACK_COMPLETE state")
}

fn preparing(state: &State, own: &ChangeSet, looks: u8, observation: &Observation) -> (State, Action) {
    let look = || Action::DescribeChangeSet { stack: own.stack.clone(), change_set: own.arn.clone() };
    match observation {
        Observation::Waited => (state.clone(), look()),
        Observation::ChangeSet { status, execution, reason, empty } => match status {
            ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress => {
                (state.clone(), Action::Wait(Awaited::ChangeSet))
            }
            ChangeSetStatus::CreateComplete => prepared(state, own, looks, execution),
            ChangeSetStatus::Failed if *empty => {
                // Other logical ids are a change, which the refactor has made already.
                let outcome = if state.renamed { Outcome::Updated } else { Outcome::NoChange };
                state.remove(own, End::done(outcome))
            }
            ChangeSetStatus::Failed => {
                let reason = reason.clone().unwrap_or_default();
                if reason.contains("EarlyValidation") {
                    let action =
                        Action::ReadValidation { stack: own.stack.clone(), change_set: own.arn.clone() };
                    return state.at(Phase::Validating { own: own.clone(), reason }, action);
                }
                state.remove(own, End::stopped(Stop::ChangeSetFailed { reason }))
            }
            ChangeSetStatus::DeletePending
            | ChangeSetStatus::DeleteInProgress
            | ChangeSetStatus::DeleteComplete
            | ChangeSetStatus::DeleteFailed => state.remove(own, End::stopped(Stop::Overtaken)),
            ChangeSetStatus::Unknown(name) => {
                let stop = Stop::UnknownStatus { what: "change set", name: name.clone() };
                state.remove(own, End::stopped(stop))
            }
        },
        Observation::ChangeSetGone => state.remove(own, End::stopped(Stop::Overtaken)),
        other => before_execution(state, own, other),
    }
}

fn prepared(state: &State, own: &ChangeSet, looks: u8, execution: &ExecutionStatus) -> (State, Action) {
    match execution {
        ExecutionStatus::Available => {
            let action = Action::AskApproval { stack: own.stack.clone(), change_set: own.arn.clone() };
            state.at(Phase::Asking { own: own.clone() }, action)
        }
        // Made, and not executable yet: that passes.
        ExecutionStatus::Unavailable if looks < STALE_LOOKS => {
            let phase = Phase::Preparing { own: own.clone(), looks: looks + 1 };
            state.at(phase, Action::Wait(Awaited::ChangeSet))
        }
        ExecutionStatus::Unavailable => {
            let reason = "it is complete, but does not become executable".to_owned();
            state.remove(own, End::stopped(Stop::ChangeSetFailed { reason }))
        }
        ExecutionStatus::Obsolete => state.remove(own, End::stopped(Stop::Overtaken)),
        // Somebody else executed it: it is not ours to take away any more.
        ExecutionStatus::ExecuteInProgress
        | ExecutionStatus::ExecuteComplete
        | ExecutionStatus::ExecuteFailed => state.stop(Stop::Overtaken),
        ExecutionStatus::Unknown(name) => {
            let stop = Stop::UnknownStatus { what: "change set's execution", name: name.clone() };
            state.remove(own, End::stopped(stop))
        }
    }
}

fn watch(state: &State, own: &ChangeSet) -> (State, Action) {
    let phase = Phase::Watching { own: own.clone(), begun: false, looks: 0 };
    state.at(phase, Action::DescribeStack { stack: Some(own.stack.clone()) })
}

fn executing(state: &State, own: &ChangeSet, observation: &Observation) -> (State, Action) {
    match observation {
        Observation::Accepted => watch(state, own),
        Observation::NotExecutable | Observation::ChangeSetGone => {
            let action = Action::DescribeChangeSet { stack: own.stack.clone(), change_set: own.arn.clone() };
            state.at(Phase::Doubting { own: own.clone() }, action)
        }
        Observation::Failed { error, maybe_acted: true } => {
            state.stop(Stop::WatchLost { error: error.clone() })
        }
        Observation::Failed { error, maybe_acted: false } => {
            state.remove(own, End::stopped(Stop::Call { error: error.clone() }))
        }
        Observation::Interrupted => state.stop(Stop::Unwatched),
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

fn doubting(state: &State, own: &ChangeSet, observation: &Observation) -> (State, Action) {
    match observation {
        Observation::ChangeSet { execution, .. } => match execution {
            ExecutionStatus::ExecuteInProgress
            | ExecutionStatus::ExecuteComplete
            | ExecutionStatus::ExecuteFailed => watch(state, own),
            ExecutionStatus::Available | ExecutionStatus::Unavailable | ExecutionStatus::Obsolete => {
                state.remove(own, End::stopped(Stop::Overtaken))
            }
            ExecutionStatus::Unknown(name) => {
                let what = "change set's execution";
                state.stop(Stop::UnknownStatus { what, name: name.clone() })
            }
        },
        // An executed change set may be gone at once: the stack's events tell whose it was.
        Observation::ChangeSetGone => watch(state, own),
        Observation::Failed { error, .. } => state.stop(Stop::WatchLost { error: error.clone() }),
        Observation::Interrupted => state.stop(Stop::Unwatched),
        other => (state.clone(), unexpected(state.name(), other)),
    }
}

fn watching(
    state: &State,
    own: &ChangeSet,
    begun: bool,
    looks: u8,
    observation: &Observation,
) -> (State, Action) {
    let sight = match observation {
        Observation::Waited => {
            return (state.clone(), Action::DescribeStack { stack: Some(own.stack.clone()) });
        }
        // Somebody who tells no tokens in events tells it here. What failed is not believed so: the stack may
        // still look as it did before.
        Observation::ChangeSet { execution: ExecutionStatus::ExecuteComplete, .. } => {
            let phase = Phase::Watching { own: own.clone(), begun: true, looks };
            return state.at(phase, Action::DescribeStack { stack: Some(own.stack.clone()) });
        }
        Observation::ChangeSet { .. } | Observation::ChangeSetGone => {
            return (state.clone(), Action::Wait(Awaited::Operation));
        }
        Observation::Stack(Some(sight)) => sight,
        Observation::Stack(None) => return state.stop(Stop::Vanished),
        Observation::Failed { error, .. } => return state.stop(Stop::WatchLost { error: error.clone() }),
        Observation::Interrupted => return state.stop(Stop::Unwatched),
        other => return (state.clone(), unexpected(state.name(), other)),
    };
    let was_in_review = own.kind == ChangeSetType::Create;
    let begun = begun
        || sight.own_event
        || sight.status.is_in_progress()
        || (was_in_review && sight.status != StackStatus::ReviewInProgress);
    // The service may still tell what was before the execution.
    let stale = !begun || sight.status == StackStatus::ReviewInProgress;
    if let StackStatus::Unknown(name) = &sight.status {
        return state.stop(Stop::UnknownStatus { what: "stack", name: name.clone() });
    }
    if stale {
        if looks >= STALE_LOOKS {
            return state.stop(Stop::NothingBegan { status: sight.status.clone() });
        }
        let phase = Phase::Watching { own: own.clone(), begun, looks: looks + 1 };
        let action = if !begun && looks % LOOKS_AT_CHANGE_SET == LOOKS_AT_CHANGE_SET - 1 {
            Action::DescribeChangeSet { stack: own.stack.clone(), change_set: own.arn.clone() }
        } else {
            Action::Wait(Awaited::Operation)
        };
        return state.at(phase, action);
    }
    let wait = || {
        let phase = Phase::Watching { own: own.clone(), begun, looks };
        state.at(phase, Action::Wait(Awaited::Operation))
    };
    let ended = |outcome| {
        let stop = Stop::Ended { status: sight.status.clone(), reason: sight.reason.clone() };
        state.end(End { outcome, stop: Some(stop) })
    };
    match &sight.status {
        StackStatus::CreateComplete | StackStatus::UpdateComplete | StackStatus::ImportComplete => {
            state.end(End::done(match own.kind {
                ChangeSetType::Create => Outcome::Created,
                ChangeSetType::Update => Outcome::Updated,
            }))
        }
        StackStatus::RollbackComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::ImportRollbackComplete => ended(Outcome::RolledBack),
        StackStatus::CreateFailed
        | StackStatus::UpdateFailed
        | StackStatus::RollbackFailed
        | StackStatus::DeleteFailed
        | StackStatus::UpdateRollbackFailed
        | StackStatus::ImportRollbackFailed => ended(Outcome::Failed),
        StackStatus::DeleteComplete => state.stop(Stop::Vanished),
        StackStatus::CreateInProgress
        | StackStatus::RollbackInProgress
        | StackStatus::DeleteInProgress
        | StackStatus::UpdateInProgress
        | StackStatus::UpdateCompleteCleanupInProgress
        | StackStatus::UpdateRollbackInProgress
        | StackStatus::UpdateRollbackCompleteCleanupInProgress
        | StackStatus::ImportInProgress
        | StackStatus::ImportRollbackInProgress => wait(),
        // Both were looked at above.
        StackStatus::ReviewInProgress | StackStatus::Unknown(_) => {
            (state.clone(), unexpected(state.name(), observation))
        }
    }
}
