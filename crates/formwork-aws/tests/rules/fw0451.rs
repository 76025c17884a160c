//! Servers for QUIC that share an id.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let group = SecurityGroup::new(&vpc, "servers of the shop", Outbound::Anywhere).build(stack, "Servers");
    let servers = QuicServers::addresses(443, [("10.0.32.10", 0x0a), ("10.0.36.10", 0x0a)]);
    let servers = servers.security_group(&group);

    let balancer = QuicLoadBalancer::internet_facing(&vpc).build(stack, "Edge");
    balancer.tcp_and_quic(stack, 443).forward_to(TargetGroup::tcp_and_quic(&servers));
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let group = SecurityGroup::new(&vpc, "servers of the shop", Outbound::Anywhere).build(stack, "Servers");
    let servers = QuicServers::addresses(443, [("10.0.32.10", 0x0a), ("10.0.36.10", 0x0b)]);
    let servers = servers.security_group(&group);

    let balancer = QuicLoadBalancer::internet_facing(&vpc).build(stack, "Edge");
    balancer.tcp_and_quic(stack, 443).forward_to(TargetGroup::tcp_and_quic(&servers));
}
