//! Taking away what was made on the way to a change set that is not executed.

use crate::{error::ServiceError, service::ChangeSetType, status::StackStatus};

use super::{
    super::{Action, Awaited, Deletion, End, Observation, STALE_LOOKS, Stop, unexpected},
    Phase, State,
};

/// The steps of taking away what was made on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Removal {
    /// The own change set.
    ChangeSet { kind: ChangeSetType, stack: Option<String> },
    /// Whether the stack is an empty one.
    Looking,
    /// Whether it has other change sets.
    Listing { stack: String, empty: bool },
    /// Failed change sets that an earlier process left.
    Leftovers { stack: String, rest: Vec<String>, empty: bool },
    /// The empty stack.
    Stack { stack: String, looks: u8 },
}

/// Takes away what was made on the way. What goes wrong here does not hide how it ended.
pub(super) fn removing(
    state: &State,
    removal: &Removal,
    end: &End,
    observation: &Observation,
) -> (State, Action) {
    match observation {
        // It would be well but for what is left behind, which the same again takes away. Who may not
        // delete it will never be able to, and is told.
        Observation::Failed { error, .. }
            if matches!(removal, Removal::ChangeSet { .. })
                && end.stop.is_none()
                && !matches!(error, ServiceError::AccessDenied { .. }) =>
        {
            return state.stop(Stop::Call { error: error.clone() });
        }
        Observation::Failed { .. } | Observation::Interrupted => return state.end(end.clone()),
        _ => {}
    }
    let at = |removal: Removal, action| state.at(Phase::Removing(removal, end.clone()), action);
    match (removal, observation) {
        (Removal::ChangeSet { kind, stack }, Observation::ChangeSetDeleted) => match (kind, stack) {
            (ChangeSetType::Create, stack) => {
                at(Removal::Looking, Action::DescribeStack { stack: stack.clone() })
            }
            (ChangeSetType::Update, Some(stack)) if end.stop.is_none() => {
                let removal = Removal::Listing { stack: stack.clone(), empty: false };
                at(removal, Action::ListChangeSets { stack: stack.clone() })
            }
            (ChangeSetType::Update, _) => state.end(end.clone()),
        },
        (Removal::Looking, Observation::Stack(Some(sight)))
            if sight.status == StackStatus::ReviewInProgress =>
        {
            let removal = Removal::Listing { stack: sight.arn.clone(), empty: true };
            at(removal, Action::ListChangeSets { stack: sight.arn.clone() })
        }
        (Removal::Listing { stack, empty }, Observation::ChangeSets { leftover, others }) => {
            next_leftover(state, stack, leftover, *empty && *others == 0, end)
        }
        (Removal::Leftovers { stack, rest, empty }, Observation::ChangeSetDeleted) => {
            next_leftover(state, stack, rest, *empty, end)
        }
        (Removal::Stack { stack, .. }, Observation::Accepted | Observation::Waited) => {
            (state.clone(), Action::DescribeStack { stack: Some(stack.clone()) })
        }
        (Removal::Stack { stack, looks }, Observation::Stack(Some(sight)))
            if sight.status != StackStatus::DeleteComplete && *looks < STALE_LOOKS =>
        {
            let removal = Removal::Stack { stack: stack.clone(), looks: looks + 1 };
            at(removal, Action::Wait(Awaited::Deletion))
        }
        // It is gone, or somebody deployed into it.
        (Removal::Stack { .. } | Removal::Looking, Observation::Stack(_)) => state.end(end.clone()),
        (_, other) => (state.clone(), unexpected(state.name(), other)),
    }
}

/// The next failed change set that an earlier process left, and then the stack, if it holds nothing.
fn next_leftover(state: &State, stack: &str, leftover: &[String], empty: bool, end: &End) -> (State, Action) {
    let stack = stack.to_owned();
    let (removal, action) = match leftover.split_first() {
        Some((first, rest)) => (
            Removal::Leftovers { stack: stack.clone(), rest: rest.to_vec(), empty },
            Action::DeleteChangeSet { stack: Some(stack), change_set: Some(first.clone()) },
        ),
        None if empty => (
            Removal::Stack { stack: stack.clone(), looks: 0 },
            Action::DeleteStack { stack, why: Deletion::Empty, retain: Vec::new(), force: false },
        ),
        None => return state.end(end.clone()),
    };
    state.at(Phase::Removing(removal, end.clone()), action)
}
