//! Subnets too small for what stands in them.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let vpc = Vpc::new("10.0.0.0/22", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 40), InstanceRefresh::new())
        .build(stack, "Fleet");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let vpc = Vpc::new("10.0.0.0/18", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 40), InstanceRefresh::new())
        .build(stack, "Fleet");
}
