//! Healthy targets that cannot be enough.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(80, ["10.0.0.10", "10.0.0.11", "10.0.0.12"]);
    let group = TargetGroup::http(&machines)
        .leave_zone_below(HealthyTargets::count(1))
        .use_all_below(HealthyTargets::count(2));
    balancer.http(stack).forward_to(group);
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(80, ["10.0.0.10", "10.0.0.11", "10.0.0.12"]);
    let group = TargetGroup::http(&machines)
        .leave_zone_below(HealthyTargets::count(2))
        .use_all_below(HealthyTargets::count(1));
    balancer.http(stack).forward_to(group);
}
