//! [`ServicePort`]: a port of the tasks of a service, for a load balancer.

use std::time::Duration;

use formwork_cfn::{ecs, ecs::service::LoadBalancer};
use formwork_core::{Expr, Finding, Handle, Scope};

use super::network_mode::NetworkMode;
use crate::{
    load_balancer::{AttachedGroup, Target, TargetSettings, target_settings},
    port::Port,
    security_group::SecurityGroupHandle,
};

/// A port of the tasks of a service.
#[derive(Debug, Clone)]
#[must_use = "a load balancer takes the port: `balancer.http(stack).forward_to(&service.port(8080))`"]
pub struct ServicePort {
    pub(super) service: Handle<ecs::Service>,
    pub(super) groups: Vec<SecurityGroupHandle>,
    pub(super) grace: Duration,
    pub(super) container: Option<String>,
    pub(super) network: NetworkMode,
    pub(super) found_at: Option<Port>,
    pub(super) port: u16,
    pub(super) settings: TargetSettings,
}

target_settings!(ServicePort);

impl Target for ServicePort {
    fn target_type(&self) -> &'static str {
        self.network.target_type()
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn found_at(&self) -> Option<Port> {
        self.found_at
    }

    fn settings(&self) -> Option<&TargetSettings> {
        Some(&self.settings)
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.groups
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        let Some(balancer) = self.balanced(scope) else { return };
        let balancer = balancer.target_group_arn(group.target_group());
        let grace = i64::try_from(self.grace.as_secs()).unwrap_or(i64::MAX);
        scope.change(&self.service, |draft| {
            draft.append("LoadBalancers", balancer);
            draft.put("HealthCheckGracePeriodSeconds", Expr::<i64>::from(grace));
            // The service refuses a target group that no listener has.
            draft.depends_on(group.after());
        });
    }
}

impl ServicePort {
    /// The container that a balancer sends requests to; reports (`FW0432`) where none listens.
    #[track_caller]
    pub(super) fn balanced(&self, scope: &mut Scope<'_>) -> Option<LoadBalancer> {
        let Some(container) = &self.container else {
            let message = format!("no container of the task listens on port {}", self.port);
            let hint = format!("say so: `Container::new(...).port({})`", self.port);
            scope.report(Finding::error("FW0432", message).hint(hint));
            return None;
        };
        Some(LoadBalancer::new().container_name(container.as_str()).container_port(self.port))
    }
}
