//! Target groups of another service than CodeDeploy deploys.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let shop = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .code_deploy()
        .build(stack, "Shop");
    let tools = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .code_deploy()
        .build(stack, "Tools");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let to_shop = shop.port(80).behind(balancer.http(stack));
    let to_tools = tools.port(80).behind(balancer.http_on(stack, 8080));
    CodeDeployment::new(&shop, &to_tools, TrafficShift::at_once()).build(stack, "ShopDelivery");
    CodeDeployment::new(&tools, &to_shop, TrafficShift::at_once()).build(stack, "ToolsDelivery");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    let shop = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .code_deploy()
        .build(stack, "Shop");
    let tools = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
        .code_deploy()
        .build(stack, "Tools");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let to_shop = shop.port(80).behind(balancer.http(stack));
    let to_tools = tools.port(80).behind(balancer.http_on(stack, 8080));
    CodeDeployment::new(&shop, &to_shop, TrafficShift::at_once()).build(stack, "ShopDelivery");
    CodeDeployment::new(&tools, &to_tools, TrafficShift::at_once()).build(stack, "ToolsDelivery");
}
