//! [`Appliances`]: machines that look into packets.

use std::{fmt, sync::Arc};

use formwork_core::Scope;

use super::{
    HealthCheck, TargetGroup,
    protocol::Geneve,
    target::{AttachedGroup, Target},
};
use crate::security_group::SecurityGroupHandle;

/// The port that appliances get packets on. It cannot be chosen.
const GENEVE_PORT: u16 = 6081;

impl TargetGroup<Geneve> {
    /// Machines that look into every packet. Since none of them need answer requests, how they are
    /// known to be well has to be said.
    pub fn appliances<T: Appliances + Clone + 'static>(appliances: &T, health_check: HealthCheck) -> Self {
        let group = Self::of(Arc::new(ApplianceTarget(appliances.clone())), Some("GENEVE"));
        group.health_check(health_check)
    }

    /// Sends what flows to another appliance when its own is taken out or fails: without it, flows end.
    pub fn rebalance(self) -> Self {
        self.attribute("target_failover.on_deregistration", "rebalance")
            .attribute("target_failover.on_unhealthy", "rebalance")
    }

    /// Sends all between two addresses to one appliance, where it would go by ports and protocol too.
    pub fn sticky_addresses(self) -> Self {
        self.attribute("stickiness.enabled", "true").attribute("stickiness.type", "source_ip_dest_ip")
    }
}

/// Machines that look into packets, behind a [`GatewayLoadBalancer`](super::GatewayLoadBalancer). They
/// have no port to choose.
pub trait Appliances: fmt::Debug {
    /// How appliances are named to the balancer: `instance` or `ip`.
    fn target_type(&self) -> &'static str;

    /// The security groups that appliances are in.
    fn security_groups(&self) -> &[SecurityGroupHandle];

    /// Puts appliances into the group.
    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup);
}

#[derive(Debug)]
struct ApplianceTarget<A>(A);

impl<A: Appliances> Target for ApplianceTarget<A> {
    fn target_type(&self) -> &'static str {
        self.0.target_type()
    }

    fn port(&self) -> u16 {
        GENEVE_PORT
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        self.0.security_groups()
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        self.0.attach(scope, group);
    }
}
