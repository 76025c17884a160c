//! A setting that the platform of a task does not have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image).system_control("vm.max_map_count", "262144");
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image).system_control("net.core.somaxconn", "4096");
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}
