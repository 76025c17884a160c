//! A trust policy is too long, or nearly.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let mut role = Role::new(Principal::arn("arn:aws:iam::100000000000:role/reader"));
    for account in 100_000_000_001_u64..100_000_000_060 {
        role = role.trust(Principal::arn(format!("arn:aws:iam::{account}:role/reader")));
    }
    role.build(stack, "Reader");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Role::new(Principal::organization("o-a1b2c3d4e5")).build(stack, "Reader");
}
