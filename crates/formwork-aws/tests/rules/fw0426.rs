//! A load balancer cannot reach its targets.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small").build(stack, "Web");
    let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::fixed(2), InstanceRefresh::new())
        .build(stack, "Fleet");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    balancer.http(stack).forward_to(&fleet.port(8080));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let group = SecurityGroup::new(&vpc, "the web servers", Outbound::Anywhere).build(stack, "Servers");
    let template = LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small")
        .security_group(&group)
        .build(stack, "Web");
    let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::fixed(2), InstanceRefresh::new())
        .build(stack, "Fleet");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    balancer.http(stack).forward_to(&fleet.port(8080));
}
