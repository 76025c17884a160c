//! A rule of a network ACL that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    NetworkAcl::new(&vpc, &vpc.isolated())
        .inbound(AclRule::allow(100, Port::POSTGRESQL, "10.0.0.0/16"))
        .inbound(AclRule::deny(100, Port::ALL, "0.0.0.0/0"))
        .build(stack, "Databases");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    NetworkAcl::new(&vpc, &vpc.isolated())
        .inbound(AclRule::allow(100, Port::POSTGRESQL, "10.0.0.0/16"))
        .inbound(AclRule::deny(200, Port::ALL, "0.0.0.0/0"))
        .build(stack, "Databases");
}
