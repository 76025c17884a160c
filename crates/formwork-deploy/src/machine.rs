//! The pure state machine: what to do next, by what was seen last.
//!
//! [`step`] takes a state and an observation to the next state and an action. It reads no clock
//! and calls nobody: the engine carries out actions and observes what comes of them. Every action
//! is a call, a question, a wait or the end, so that nothing runs in circles for free. A process
//! that dies anywhere starts again at [`State::start`], and finds its way by what it sees.

mod action;
mod deploy;
mod destroy;
mod end;
mod observation;
mod refactor;
mod rollback;
#[cfg(test)]
mod tests;

pub use action::{Action, Awaited, Deletion};
pub use end::{Advice, End, Outcome, Stop};
pub use observation::{Observation, StackSight};

use crate::error::ServiceError;

/// How often a stack may look as if nothing had begun, after an operation was accepted.
const STALE_LOOKS: u8 = 30;
/// How often another's operation may come in between.
const OVERTAKEN: u8 = 5;

/// What is wanted of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intent {
    /// That it is as its template says.
    Deploy {
        /// Leave things as they are after a failure.
        disable_rollback: bool,
        /// Whether resources may have another logical id than in the stack.
        renames: Renames,
    },
    /// That it is gone.
    Destroy,
    /// That it is back at the last state that was well.
    RollBack,
}

/// Whether resources may have another logical id than in the stack, and what to do then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Renames {
    /// The template says nothing of other logical ids: there is nothing to look up.
    None,
    /// Rename them in the stack; what cannot be renamed stops the deployment.
    OrStop,
    /// Rename them in the stack; what cannot be renamed is replaced by the change set.
    OrReplace,
}

/// How much of an accepted operation has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Watch {
    /// The service has taken it on.
    accepted: bool,
    /// The stack shows it.
    begun: bool,
    /// How often the stack looked as if nothing had begun.
    looks: u8,
}

impl Watch {
    /// What is in progress already.
    const GOING_ON: Self = Self { accepted: true, begun: true, looks: 0 };

    fn accepted(self) -> Self {
        Self { accepted: true, ..self }
    }

    /// After a look that showed nothing new; `None` after too many.
    fn again(self) -> Option<Self> {
        (self.looks < STALE_LOOKS).then_some(Self { looks: self.looks + 1, ..self })
    }

    /// Why a call that failed now ends the operation.
    fn lost(self, error: &ServiceError, maybe_acted: bool) -> Stop {
        let error = error.clone();
        if self.accepted || maybe_acted { Stop::WatchLost { error } } else { Stop::Call { error } }
    }
}

/// How far an operation on one stack has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State(Phase);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Deploy(deploy::State),
    Destroy(destroy::State),
    RollBack(rollback::State),
    Ended(End),
}

impl State {
    /// Nothing is known yet.
    pub fn start(intent: Intent) -> Self {
        Self(match intent {
            Intent::Deploy { disable_rollback, renames } => {
                Phase::Deploy(deploy::State::start(disable_rollback, renames))
            }
            Intent::Destroy => Phase::Destroy(destroy::State::Start),
            Intent::RollBack => Phase::RollBack(rollback::State::Start),
        })
    }

    /// The name of the phase, for messages and transcripts.
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Phase::Deploy(state) => state.name(),
            Phase::Destroy(state) => state.name(),
            Phase::RollBack(state) => state.name(),
            Phase::Ended(_) => "ended",
        }
    }
}

/// What follows from an observation: the next state, and what to do there.
pub fn step(state: &State, observation: &Observation) -> (State, Action) {
    let (phase, action) = match &state.0 {
        Phase::Deploy(state) => {
            let (next, action) = deploy::step(state, observation);
            (Phase::Deploy(next), action)
        }
        Phase::Destroy(state) => {
            let (next, action) = destroy::step(state, observation);
            (Phase::Destroy(next), action)
        }
        Phase::RollBack(state) => {
            let (next, action) = rollback::step(state, observation);
            (Phase::RollBack(next), action)
        }
        Phase::Ended(end) => (Phase::Ended(end.clone()), Action::End(end.clone())),
    };
    match action {
        Action::End(end) => (State(Phase::Ended(end.clone())), Action::End(end)),
        action => (State(phase), action),
    }
}

/// Whether a refusal says that an operation is in progress, which a look just before did not show.
fn says_in_progress(message: &str) -> bool {
    message.contains("_IN_PROGRESS state")
}

/// The end of a step that no service takes: an answer to something else than was asked.
fn unexpected(state: &'static str, observation: &Observation) -> Action {
    Action::End(End::stopped(Stop::Unexpected { state, observation: observation.name() }))
}
