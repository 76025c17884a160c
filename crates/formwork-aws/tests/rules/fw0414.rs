//! A session of no possible length.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    use std::time::Duration;

    Role::new(Principal::account("111111111111"))
        .longest_session(Duration::from_mins(15))
        .build(stack, "Operator");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    use std::time::Duration;

    Role::new(Principal::account("111111111111"))
        .longest_session(Duration::from_hours(4))
        .build(stack, "Operator");
}
