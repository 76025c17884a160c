//! A capacity that is no range.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(5, 2), InstanceRefresh::new())
        .build(stack, "Fleet");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 5), InstanceRefresh::new())
        .build(stack, "Fleet");
}
