//! Tiers or zones without a slot.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public").slot(1))
        .tier(Tier::isolated("Data").slot(1))
        .build(stack, "Network");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public").slot(0))
        .tier(Tier::isolated("Data").slot(1))
        .build(stack, "Network");
}
