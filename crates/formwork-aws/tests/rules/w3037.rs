//! There is no such action.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Role::new(Principal::service("lambda.amazonaws.com"))
        .permission(Permission::new(["s3:GetObjekt"], ["arn:aws:s3:::orders/*"]))
        .build(stack, "Reader");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Role::new(Principal::service("lambda.amazonaws.com"))
        .permission(Permission::new(["s3:GetObject"], ["arn:aws:s3:::orders/*"]))
        .build(stack, "Reader");
}
