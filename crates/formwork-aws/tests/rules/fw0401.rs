//! An address range that is none.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Vpc::new("10.0.1.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public"))
        .build(stack, "Network");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public"))
        .build(stack, "Network");
}
