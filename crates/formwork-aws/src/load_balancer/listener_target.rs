//! An application load balancer as the target of a network load balancer.

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::target_group::TargetDescription,
};
use formwork_core::{Handle, Scope};

use super::{
    ApplicationProtocol, HealthCheck, ListenerHandle,
    balancer::Origin,
    protocol::Https,
    target::{AttachedGroup, Target},
};
use crate::security_group::SecurityGroupHandle;

/// A listener of an application load balancer, to be given requests by a network load balancer.
#[derive(Debug, Clone)]
pub(super) struct ListenerTarget {
    balancer: Handle<elbv2::LoadBalancer>,
    listener: Handle<elbv2::Listener>,
    groups: Vec<SecurityGroupHandle>,
    port: u16,
    health_check: HealthCheck,
}

impl ListenerTarget {
    pub(super) fn new<S: ApplicationProtocol, T>(listener: &ListenerHandle<S, T>) -> Self {
        let groups = match &listener.balancer.origin {
            Origin::Group(group) => vec![group.clone()],
            Origin::Ranges(_) | Origin::Clients(_) => Vec::new(),
        };
        // Whatever the listener answers, it is there: what its targets say is for itself to know.
        let health_check = if S::NAME == Https::NAME {
            HealthCheck::https_path("/").codes("200-499")
        } else {
            HealthCheck::path("/").codes("200-499")
        };
        Self {
            balancer: listener.balancer.handle.clone(),
            listener: listener.listener().clone(),
            groups,
            port: listener.port,
            health_check,
        }
    }
}

impl Target for ListenerTarget {
    fn target_type(&self) -> &'static str {
        "alb"
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn health_check(&self) -> Option<&HealthCheck> {
        Some(&self.health_check)
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.groups
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        let target = TargetDescription::new(&self.balancer).port(self.port);
        scope.change(group.target_group(), |draft| {
            draft.append("Targets", target);
            // The service refuses a balancer that does not listen on the port.
            draft.depends_on(&self.listener);
        });
    }
}
