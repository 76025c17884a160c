//! A volume that a service does not make for a task.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image)
        .mount(&TaskVolume::managed("index", Volume::gp3(100)), "/index")
        .mount(&TaskVolume::managed("cache", Volume::gp3(20)), "/cache");
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let api = Container::new("api", image)
        .mount(&TaskVolume::managed("index", Volume::gp3(100)), "/index")
        .mount(&TaskVolume::scratch("cache"), "/cache");
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}
