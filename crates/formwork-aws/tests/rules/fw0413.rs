//! Someone who cannot take a role.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Role::new(Principal::service("lambda")).build(stack, "Worker");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Role::new(Principal::service("lambda.amazonaws.com")).build(stack, "Worker");
}
