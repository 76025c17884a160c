//! Logs go through a router that the task has not.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let worker = Container::new("worker", image()).logs_through_router([("Name", "s3"), ("bucket", "logs")]);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, worker).build(stack, "Worker");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let worker = Container::new("worker", image()).logs_through_router([("Name", "s3"), ("bucket", "logs")]);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, worker)
        .container(Container::log_router(image()))
        .build(stack, "Worker");
}
