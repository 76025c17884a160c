//! What should not be public stands in a public tier.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    rds::DbSubnetGroup::new(vpc.public().ids(), "the orders").build(stack, "Orders");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    rds::DbSubnetGroup::new(vpc.isolated().ids(), "the orders").build(stack, "Orders");
}
