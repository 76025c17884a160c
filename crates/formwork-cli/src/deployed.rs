//! The stacks as they are deployed.

use anyhow::Result;

use crate::{against::Before, failure::Failure, stack_state::StackState};

/// Reads what is deployed of these stacks.
pub(crate) fn deployed(new: &[StackState]) -> Result<Before> {
    let stacks = if new.len() == 1 { "stack" } else { "stacks" };
    let failure = Failure::new(format!("comparing with the deployed {stacks} is still to come"));
    Err(failure.hint("name the other side: `--against DIR`, `--against FILE` or `--against git:REV`").into())
}
