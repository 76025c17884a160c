//! Address ranges that overlap.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let shop = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::isolated("Data"))
        .build(stack, "Shop");
    let tools = Vpc::new("10.0.128.0/17", Zones::first(2), NatPolicy::None)
        .tier(Tier::isolated("Data"))
        .build(stack, "Tools");
    Peering::new(&shop, &tools).build(stack, "ShopToTools");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let shop = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::isolated("Data"))
        .build(stack, "Shop");
    let tools = Vpc::new("10.1.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::isolated("Data"))
        .build(stack, "Tools");
    Peering::new(&shop, &tools).build(stack, "ShopToTools");
}
