//! TLS behind capacity that is reserved.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let gate = NetworkLoadBalancer::internet_facing(&vpc).reserve_capacity(5500).build(stack, "Gate");
    let certificate =
        id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
    gate.tls(stack, 443, certificate).forward_to(&Addresses::new(80, ["10.0.0.10"]));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let gate = NetworkLoadBalancer::internet_facing(&vpc).reserve_capacity(5500).build(stack, "Gate");
    gate.tcp(stack, 443).forward_to(&Addresses::new(443, ["10.0.0.10"]));
}
