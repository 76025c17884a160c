//! A time that a fleet cannot have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::fixed(2), InstanceRefresh::new())
        .max_lifetime(Duration::from_hours(8))
        .build(stack, "Fleet");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::fixed(2), InstanceRefresh::new())
        .max_lifetime(Duration::from_hours(7 * 24))
        .build(stack, "Fleet");
}
