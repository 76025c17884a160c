//! A volume that a task cannot have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image).mount(&TaskVolume::of_instance("data", "/data"), "/data");
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image).mount(&TaskVolume::scratch("data"), "/data");
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}
