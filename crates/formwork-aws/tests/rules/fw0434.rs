//! Limits of containers that the task has not.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image).memory_limit(1024);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image).memory_limit(512);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}
