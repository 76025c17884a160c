//! A name that DNS does not have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let names = Namespace::private("shop.internal", &vpc).build(stack, "Names");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(1))
        .discover(&names, "web server")
        .build(stack, "Service");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let names = Namespace::private("shop.internal", &vpc).build(stack, "Names");
    FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(1))
        .discover(&names, "web-server")
        .build(stack, "Service");
}
