//! Shares of requests that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let new_machines = Addresses::new(8080, ["10.0.32.20"]);
    let listener = balancer.http(stack).forward_to(&machines);
    let shares = WeightedTargets::new("Old", 0, &machines).and("New", 0, &new_machines);
    listener.rule(stack, "Shop", 10, Requests::to_path(["/shop/*"])).forward_weighted(shares);
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let new_machines = Addresses::new(8080, ["10.0.32.20"]);
    let listener = balancer.http(stack).forward_to(&machines);
    let shares = WeightedTargets::new("Old", 90, &machines).and("New", 10, &new_machines);
    listener.rule(stack, "Shop", 10, Requests::to_path(["/shop/*"])).forward_weighted(shares);
}
