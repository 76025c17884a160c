//! A blue/green deployment that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let deployment = BlueGreen::new(TrafficShift::canary(10, Duration::from_secs(90)));
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .blue_green(deployment)
        .build(stack, "Service");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let listener = balancer.http(stack).respond(404, "there is nothing here");
    service.port(80).behind(stack, "Web", &listener, 10, Requests::to_path(["/*"]));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let deployment = BlueGreen::new(TrafficShift::canary(10, Duration::from_mins(5)));
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .blue_green(deployment)
        .build(stack, "Service");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let listener = balancer.http(stack).respond(404, "there is nothing here");
    service.port(80).behind(stack, "Web", &listener, 10, Requests::to_path(["/*"]));
}
