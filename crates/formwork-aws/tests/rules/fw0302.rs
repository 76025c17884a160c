//! Policies are too long, or nearly.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let queues = (0..150).map(|number| format!("arn:aws:sqs:eu-west-1:111111111111:orders-{number}"));
    ManagedPolicy::new(Permission::new(["sqs:SendMessage"], queues)).build(stack, "Send");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let queues = ["arn:aws:sqs:eu-west-1:111111111111:orders-*"];
    ManagedPolicy::new(Permission::new(["sqs:SendMessage"], queues)).build(stack, "Send");
}
