//! Servers for QUIC that share an id.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let servers = QuicServers::addresses(443, [("10.0.0.10", 7), ("10.0.0.11", 7)]);
    let balancer = QuicLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    balancer.tcp_and_quic(stack, 443).forward_to(TargetGroup::tcp_and_quic(&servers));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let servers = QuicServers::addresses(443, [("10.0.0.10", 7), ("10.0.0.11", 8)]);
    let balancer = QuicLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    balancer.tcp_and_quic(stack, 443).forward_to(TargetGroup::tcp_and_quic(&servers));
}
