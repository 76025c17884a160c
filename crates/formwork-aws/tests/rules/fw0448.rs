//! TLS behind capacity that is reserved.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let certificate = "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666";
    let gate = NetworkLoadBalancer::internet_facing(&vpc).reserve_capacity(5500).build(stack, "Gate");
    let machines = Addresses::new(8443, ["10.0.32.10"]);

    gate.tls(stack, 443, id(certificate)).forward_to(&machines);
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let gate = NetworkLoadBalancer::internet_facing(&vpc).reserve_capacity(5500).build(stack, "Gate");
    let machines = Addresses::new(8443, ["10.0.32.10"]);

    gate.tcp(stack, 443).forward_to(&machines);
}
