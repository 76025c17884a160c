//! Tasks that cannot move between zones.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .healthy_percent(50, 100)
        .zone_rebalancing(true)
        .build(stack, "Service");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .healthy_percent(50, 150)
        .zone_rebalancing(true)
        .build(stack, "Service");
}
