//! A condition key does not come with the action.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let orders = ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"];
    let this_year = PolicyCondition::string_like("s3:prefix", "2026/*");
    let read = Permission::new(["s3:GetObject", "s3:ListBucket"], orders).when(this_year);
    Role::new(Principal::service("lambda.amazonaws.com")).permission(read).build(stack, "Reader");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let this_year = PolicyCondition::string_like("s3:prefix", "2026/*");
    let list = Permission::new(["s3:ListBucket"], ["arn:aws:s3:::orders"]).when(this_year);
    let read = Permission::new(["s3:GetObject"], ["arn:aws:s3:::orders/2026/*"]);
    Role::new(Principal::service("lambda.amazonaws.com")).permission([list, read]).build(stack, "Reader");
}
