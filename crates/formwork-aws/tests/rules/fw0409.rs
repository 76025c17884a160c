//! A warm pool that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let image = Image::amazon_linux_2023(Architecture::X86_64);
    let template = LaunchTemplate::new(image, "m7i.large").build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
        .build(stack, "Fleet")
        .warm_pool(stack, WarmPool::hibernated());
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let image = Image::amazon_linux_2023(Architecture::X86_64);
    let template = LaunchTemplate::new(image, "m7i.large")
        .root_volume(Volume::gp3(30))
        .hibernation()
        .build(stack, "Web");
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, 8), InstanceRefresh::new())
        .build(stack, "Fleet")
        .warm_pool(stack, WarmPool::hibernated());
}
