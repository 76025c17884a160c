//! Healthy targets that cannot be enough.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10", "10.0.32.11", "10.0.36.10", "10.0.36.11"]);

    let targets = TargetGroup::http(&machines)
        .leave_zone_below(HealthyTargets::percent(25))
        .use_all_below(HealthyTargets::percent(50));
    balancer.http(stack).forward_to(targets);
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10", "10.0.32.11", "10.0.36.10", "10.0.36.11"]);

    let targets = TargetGroup::http(&machines)
        .leave_zone_below(HealthyTargets::percent(50))
        .use_all_below(HealthyTargets::percent(25));
    balancer.http(stack).forward_to(targets);
}
