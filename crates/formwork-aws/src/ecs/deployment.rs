//! How the tasks of a service are replaced when it changes.

use formwork_cfn::{
    ecs::service::{DeploymentAlarms, DeploymentCircuitBreaker, DeploymentConfiguration},
    ids,
};
use formwork_core::{Expr, Finding, Scope};

use super::blue_green::BlueGreen;
use crate::iam::RoleHandle;

/// New tasks take the place of old ones, a few at a time: how services are deployed where nothing
/// else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rolling {}

/// How many tasks run while they are replaced, in percent of the desired count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Healthy {
    pub(super) least: u32,
    pub(super) most: u32,
}

/// What replaces them.
#[derive(Debug, Clone)]
pub(super) enum Strategy {
    Rolling,
    BlueGreen(BlueGreen),
    /// By CodeDeploy, from outside.
    #[cfg(feature = "code-deploy")]
    CodeDeploy,
}

/// What is said of the deployments of a service.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) healthy: Healthy,
    pub(super) circuit_breaker: bool,
    pub(super) strategy: Strategy,
    pub(super) alarms: Vec<Expr<ids::cloudwatch::AlarmName>>,
}

impl Deployment {
    pub(super) const fn new() -> Self {
        Self {
            healthy: Healthy { least: 100, most: 200 },
            circuit_breaker: true,
            strategy: Strategy::Rolling,
            alarms: Vec::new(),
        }
    }

    /// Reports (`FW0490`) a deployment that can replace no task.
    pub(super) fn check(&self, tasks: u32, scope: &mut Scope<'_>) {
        let Healthy { least, most } = self.healthy;
        let possible = "at least 0 to 100 % of the tasks run, and at most 100 % or more";
        if least > 100 || most < 100 {
            let message = format!("a deployment that keeps {least} to {most} % of the tasks cannot be");
            scope.report(Finding::error("FW0490", message).hint(possible));
            return;
        }
        // The service rounds the lower number up, and the higher one down.
        let count = u64::from(tasks.max(1));
        let (kept, allowed) = ((count * u64::from(least)).div_ceil(100), count * u64::from(most) / 100);
        if kept >= count && allowed <= count {
            let noun = if count == 1 { "task" } else { "tasks" };
            let message =
                format!("{least} to {most} % of {count} {noun} is {count}: no task could be replaced");
            let hint =
                "let more run meanwhile, `.healthy_percent(100, 200)`, or fewer, `.healthy_percent(0, 100)`";
            scope.report(Finding::error("FW0490", message).hint(hint));
        }
    }

    /// Adds the role that the deployment acts in, where it needs one.
    pub(super) fn role(&self, scope: &mut Scope<'_>) -> Option<RoleHandle> {
        match &self.strategy {
            Strategy::Rolling => None,
            #[cfg(feature = "code-deploy")]
            Strategy::CodeDeploy => None,
            Strategy::BlueGreen(deployment) => Some(deployment.role(scope)),
        }
    }

    pub(super) fn into_property(
        self,
        role: Option<&RoleHandle>,
        scope: &mut Scope<'_>,
    ) -> DeploymentConfiguration {
        let mut configuration = DeploymentConfiguration::new()
            .minimum_healthy_percent(self.healthy.least)
            .maximum_percent(self.healthy.most);
        configuration = match (self.strategy, role) {
            // Its circuit breaker and its alarms are CodeDeploy's own.
            #[cfg(feature = "code-deploy")]
            (Strategy::CodeDeploy, _) => return configuration,
            (Strategy::BlueGreen(deployment), Some(role)) => deployment.apply(role, configuration, scope),
            _ => configuration.deployment_circuit_breaker(DeploymentCircuitBreaker::new(
                self.circuit_breaker,
                self.circuit_breaker,
            )),
        };
        if self.alarms.is_empty() {
            return configuration;
        }
        configuration.alarms(DeploymentAlarms::new(Expr::list(self.alarms), true, true))
    }
}
