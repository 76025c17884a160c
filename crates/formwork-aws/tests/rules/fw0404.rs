//! A tier has no way to the internet, or its gateway no place.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
}
