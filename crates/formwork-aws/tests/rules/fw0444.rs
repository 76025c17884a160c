//! A route that is there already.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let firewall = || RouteTarget::network_interface(id("eni-0a1b2c3d4e5f60718"));
    vpc.private().route(stack, Destination::anywhere(), firewall());
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let firewall = || RouteTarget::network_interface(id("eni-0a1b2c3d4e5f60718"));
    vpc.private().route(stack, "192.168.0.0/16", firewall());
}
