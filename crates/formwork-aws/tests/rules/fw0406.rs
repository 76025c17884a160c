//! A description that EC2 refuses.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    SecurityGroup::new(&vpc, "caf\u{e9} <web>", Outbound::Anywhere).build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    SecurityGroup::new(&vpc, "the web servers of the cafe", Outbound::Anywhere).build(stack, "Web");
}
