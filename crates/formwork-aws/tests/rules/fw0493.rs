//! A name that DNS does not have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    Namespace::private("Shop Internal", &vpc).build(stack, "Names");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    Namespace::private("shop.internal", &vpc).build(stack, "Names");
}
