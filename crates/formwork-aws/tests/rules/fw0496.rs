//! A service that CodeDeploy cannot deploy.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let names = Namespace::http("shop").build(stack, "Names");
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .connect(&names)
        .code_deploy()
        .build(stack, "Service");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let targets = service.port(80).behind(balancer.http(stack));
    CodeDeployment::new(&service, &targets, TrafficShift::at_once()).build(stack, "Delivery");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let names = Namespace::private("shop.internal", &vpc).build(stack, "Names");
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .discover(&names, "web")
        .code_deploy()
        .build(stack, "Service");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let targets = service.port(80).behind(balancer.http(stack));
    CodeDeployment::new(&service, &targets, TrafficShift::at_once()).build(stack, "Delivery");
}
