//! GRPC behind a listener without TLS.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let machines = Addresses::new(8080, ["10.0.32.10"]);
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    balancer.http(stack).forward_to(TargetGroup::http(&machines).grpc());
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let machines = Addresses::new(8080, ["10.0.32.10"]);
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let certificate =
        id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
    balancer.https(stack, certificate).forward_to(TargetGroup::http(&machines).grpc());
}
