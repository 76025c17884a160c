//! Addresses of another number than the subnets.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    NetworkLoadBalancer::internal_at(&vpc.private(), ["10.0.32.10"]).build(stack, "Balancer");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    NetworkLoadBalancer::internal_at(&vpc.private(), ["10.0.32.10", "10.0.36.10"]).build(stack, "Balancer");
}
