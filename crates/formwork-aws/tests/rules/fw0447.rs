//! A rewriting of requests that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    listener
        .rule(stack, "Shop", 10, Requests::to_path(["/shop/*", "/store/*"]))
        .rewrite_url("^/shop/", "/")
        .rewrite_url("^/store/", "/")
        .forward_to(&machines);
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    listener
        .rule(stack, "Shop", 10, Requests::to_path(["/shop/*", "/store/*"]))
        .rewrite_url("^/(shop|store)/", "/")
        .forward_to(&machines);
}
