//! A container that waits for what never comes.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image()).after("proxy", ContainerState::Healthy);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api)
        .container(Container::new("proxy", image()))
        .build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image()).after("proxy", ContainerState::Healthy);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api)
        .container(Container::new("proxy", image()).health_command("true"))
        .build(stack, "Api");
}
