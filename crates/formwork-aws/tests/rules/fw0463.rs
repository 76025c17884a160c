//! A redirect that leads nowhere else.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    let old = Requests::to_path(["/old/*"]);
    listener.rule(stack, "Old", 10, old).redirect(Redirect::permanent().path("new"));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.32.10"]);

    let listener = balancer.http(stack).forward_to(&machines);
    let old = Requests::to_path(["/old/*"]);
    listener.rule(stack, "Old", 10, old).redirect(Redirect::permanent().path("/new"));
}
