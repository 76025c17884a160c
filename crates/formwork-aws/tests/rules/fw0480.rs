//! Capacity of a cluster, or shares of it, that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"));
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let capacity = ClusterCapacity::new(&cluster).build(stack, "Capacity");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(4))
        .capacity_shares([capacity.fargate().base(1), capacity.fargate_spot().base(1)])
        .build(stack, "Service");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"));
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let capacity = ClusterCapacity::new(&cluster).build(stack, "Capacity");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(4))
        .capacity_shares([capacity.fargate().base(1), capacity.fargate_spot().weight(3)])
        .build(stack, "Service");
}
