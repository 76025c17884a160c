//! A blue/green deployment that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let shift = TrafficShift::canary(10, Duration::from_secs(90));
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(1))
        .blue_green(BlueGreen::new(shift))
        .build(stack, "Service");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let shift = TrafficShift::canary(10, Duration::from_mins(2));
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(1))
        .blue_green(BlueGreen::new(shift))
        .build(stack, "Service");
}
