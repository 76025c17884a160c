//! NAT64 without what it takes.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .nat64()
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .dual_stack()
        .nat64()
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
}
