//! A placement group that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    PlacementGroup::partitions(8).build(stack, "Replicas");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    PlacementGroup::partitions(7).build(stack, "Replicas");
}
