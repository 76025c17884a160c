//! Instances that cannot be mixed in a fleet.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let image = Image::amazon_linux_2023(Architecture::Arm64);
    let template = LaunchTemplate::new(image, "t4g.small").spot(Spot::new()).build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
        .mixed(MixedInstances::of(["t4g.small", "t4g.medium"]))
        .build(stack, "Fleet");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let image = Image::amazon_linux_2023(Architecture::Arm64);
    let template = LaunchTemplate::new(image, "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
        .mixed(MixedInstances::of(["t4g.small", "t4g.medium"]).on_demand(1, 0))
        .build(stack, "Fleet");
}
