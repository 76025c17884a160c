//! A permission that names nothing.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let worker = Role::new(Principal::service("lambda.amazonaws.com")).build(stack, "Worker");
    worker.grant(stack, Permission::new(["SendMessage"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]));
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let worker = Role::new(Principal::service("lambda.amazonaws.com")).build(stack, "Worker");
    worker.grant(stack, Permission::new(["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]));
}
