//! A health check that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);
    balancer.http(stack).forward_to(TargetGroup::http(&machines).health_check(HealthCheck::path("health")));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);
    balancer.http(stack).forward_to(TargetGroup::http(&machines).health_check(HealthCheck::path("/health")));
}
