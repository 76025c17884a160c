//! Tags of a repository that cannot be left to change.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Repository::new().mutable_tags_like(["*-branch-*-*"]).build(stack, "Images");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Repository::new().mutable_tags_like(["branch-*"]).build(stack, "Images");
}
