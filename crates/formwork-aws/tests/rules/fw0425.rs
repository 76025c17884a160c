//! A schedule that is none.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
            .build(stack, "Fleet");
    fleet.schedule(stack, "Evening", Schedule::cron("at eight").max(2));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
            .build(stack, "Fleet");
    fleet.schedule(stack, "Evening", Schedule::cron("0 20 * * MON-FRI").max(2));
}
