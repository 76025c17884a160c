//! A rewriting of requests that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let listener = balancer.http(stack).respond(404, "nothing here");
    listener
        .rule(stack, "Old", 10, Requests::to_path(["/old/*"]))
        .rewrite_url("^/old(?=/)", "")
        .forward_to(&Addresses::new(80, ["10.0.0.10"]));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let listener = balancer.http(stack).respond(404, "nothing here");
    listener
        .rule(stack, "Old", 10, Requests::to_path(["/old/*"]))
        .rewrite_url("^/old/(.*)$", "/$1")
        .forward_to(&Addresses::new(80, ["10.0.0.10"]));
}
