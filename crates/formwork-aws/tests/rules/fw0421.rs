//! An update of a fleet that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let update = InstanceRefresh::new().healthy(50, 200);
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::fixed(4), update).build(stack, "Fleet");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let update = InstanceRefresh::new().healthy(100, 200);
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::fixed(4), update).build(stack, "Fleet");
}
