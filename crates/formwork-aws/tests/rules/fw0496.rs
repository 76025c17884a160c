//! A service that CodeDeploy cannot deploy.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .connect("shop")
        .code_deploy()
        .build(stack, "Service");
    service.port(80).behind(balancer.http(stack));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .code_deploy()
        .build(stack, "Service");
    service.port(80).behind(balancer.http(stack));
}
