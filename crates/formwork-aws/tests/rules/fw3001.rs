//! Everyone in the internet can reach what is meant for few.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    SecurityGroup::new(&vpc, "the database", Outbound::Nowhere)
        .allow(Peer::any_ipv4(), Port::POSTGRESQL, "the programs")
        .build(stack, "Database");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let programs = SecurityGroup::new(&vpc, "the programs", Outbound::Anywhere).build(stack, "Programs");
    let database = SecurityGroup::new(&vpc, "the database", Outbound::Nowhere).build(stack, "Database");
    programs.allow(stack, &database, Port::POSTGRESQL);
}
