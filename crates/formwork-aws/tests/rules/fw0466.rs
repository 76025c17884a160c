//! Conditions that a rule cannot have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    let assets = Requests::to_path(["images/*", "styles/*"]);
    listener.rule(stack, "Assets", 10, assets).respond(404, "not here");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    let assets = Requests::to_path(["/images/*", "/styles/*"]);
    listener.rule(stack, "Assets", 10, assets).respond(404, "not here");
}
