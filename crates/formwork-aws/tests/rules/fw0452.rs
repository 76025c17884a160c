//! UDP at a load balancer that answers by IPv6.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let names = NetworkLoadBalancer::internet_facing(&vpc).dual_stack().build(stack, "Names");
    names.udp(stack, 53).forward_to(&Addresses::new(53, ["10.0.0.10"]));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let names = NetworkLoadBalancer::internet_facing(&vpc).build(stack, "Names");
    names.udp(stack, 53).forward_to(&Addresses::new(53, ["10.0.0.10"]));
}
