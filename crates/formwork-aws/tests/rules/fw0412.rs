//! A condition that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let office = PolicyCondition::ip_address(ConditionKey::SOURCE_IP, "203.0.113.0/33");
    Role::new(Principal::service("lambda.amazonaws.com"))
        .permission(Permission::new(["s3:GetObject"], ["arn:aws:s3:::orders/*"]).when(office))
        .build(stack, "Reader");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let office = PolicyCondition::ip_address(ConditionKey::SOURCE_IP, "203.0.113.0/24");
    Role::new(Principal::service("lambda.amazonaws.com"))
        .permission(Permission::new(["s3:GetObject"], ["arn:aws:s3:::orders/*"]).when(office))
        .build(stack, "Reader");
}
