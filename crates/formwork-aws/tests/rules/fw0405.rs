//! A range of ports runs backwards.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    SecurityGroup::new(&vpc, "the web", Outbound::Anywhere)
        .allow(Peer::ipv4("10.0.0.0/16"), Port::tcp_range(8090, 8080), "the network")
        .build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    SecurityGroup::new(&vpc, "the web", Outbound::Anywhere)
        .allow(Peer::ipv4("10.0.0.0/16"), Port::tcp_range(8080, 8090), "the network")
        .build(stack, "Web");
}
