//! A port that a service offers has no name.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let image = ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
    let web = Container::new("web", image).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .offer("shop", "web")
        .build(stack, "Service");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let image = ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
    let web = Container::new("web", image).named_port("web", 80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .offer("shop", "web")
        .build(stack, "Service");
}
