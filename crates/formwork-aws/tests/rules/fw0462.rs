//! A time that a load balancer or target group cannot have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    ApplicationLoadBalancer::internet_facing(&vpc)
        .idle_timeout(Duration::from_hours(2))
        .build(stack, "Balancer");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    use std::time::Duration;

    ApplicationLoadBalancer::internet_facing(&vpc)
        .idle_timeout(Duration::from_mins(2))
        .build(stack, "Balancer");
}
