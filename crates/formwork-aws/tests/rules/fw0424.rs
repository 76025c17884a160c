//! Steps of scaling that make no sense.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
            .build(stack, "Fleet");
    fleet.scale_in_steps(stack, "Load", StepScaling::on_cpu().above(50, 2).below(60, 1));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
            .build(stack, "Fleet");
    fleet.scale_in_steps(stack, "Load", StepScaling::on_cpu().above(70, 2).below(30, 1));
}
