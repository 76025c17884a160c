//! Subnets that something needs are missing.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::isolated("Data"))
        .build(stack, "Network");
    ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public"))
        .tier(Tier::isolated("Data"))
        .build(stack, "Network");
    ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
}
