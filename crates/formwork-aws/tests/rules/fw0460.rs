//! A priority of a rule that is taken, or cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    listener.rule(stack, "Health", 10, Requests::to_path(["/health"])).respond(200, "well");
    listener.rule(stack, "Old", 10, Requests::to_path(["/old/*"])).respond(410, "gone");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    listener.rule(stack, "Health", 10, Requests::to_path(["/health"])).respond(200, "well");
    listener.rule(stack, "Old", 20, Requests::to_path(["/old/*"])).respond(410, "gone");
}
