//! Target groups of another service than CodeDeploy deploys.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let service = |stack: &mut Stack<'_>, id: &str| {
        FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
            .code_deploy()
            .build(stack, id)
    };
    let shop = service(stack, "Shop");
    let admin = service(stack, "Admin");
    let shop_targets = shop.port(80).behind(balancer.http(stack));
    let admin_targets = admin.port(80).behind(balancer.http_on(stack, 8080));
    CodeDeployment::new(&shop, &admin_targets, TrafficShift::at_once()).build(stack, "Delivery");
    let _ = shop_targets;
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let service = |stack: &mut Stack<'_>, id: &str| {
        FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
            .code_deploy()
            .build(stack, id)
    };
    let shop = service(stack, "Shop");
    let admin = service(stack, "Admin");
    let shop_targets = shop.port(80).behind(balancer.http(stack));
    let admin_targets = admin.port(80).behind(balancer.http_on(stack, 8080));
    CodeDeployment::new(&shop, &shop_targets, TrafficShift::at_once()).build(stack, "Delivery");
    let _ = admin_targets;
}
