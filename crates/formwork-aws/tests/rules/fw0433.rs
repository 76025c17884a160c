//! A time or number of a container that the service refuses.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    use std::time::Duration;

    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let check =
        ContainerHealthCheck::shell("wget -qO- http://localhost/health").interval(Duration::from_secs(1));
    let api = Container::new("api", image).health_check(check);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    use std::time::Duration;

    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let check =
        ContainerHealthCheck::shell("wget -qO- http://localhost/health").interval(Duration::from_secs(10));
    let api = Container::new("api", image).health_check(check);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}
