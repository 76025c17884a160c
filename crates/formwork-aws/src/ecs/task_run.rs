//! What starts a task by itself, at a time or after an event, and what it needs for that.

use formwork_cfn::ids;
use formwork_core::{Expr, Finding, List, ResourceId, Scope};

use super::{
    cluster::ClusterHandle,
    cluster_capacity::{self, CapacityShare},
    platform::{Fargate, OwnAddress, Platform},
    task::{TASKS, TaskHandle},
};
use crate::{
    iam::{Permission, PolicyCondition, Principal, Role, RoleHandle},
    security_group::{Outbound, SecurityGroup, SecurityGroupHandle},
    vpc::Subnets,
};

/// The tasks that may start at once.
const COUNT: std::ops::RangeInclusive<u8> = 1..=10;

/// A task that is to be started.
#[derive(Debug, Clone)]
pub(super) struct TaskRun<P> {
    cluster: ClusterHandle,
    task: TaskHandle<P>,
    subnets: Subnets,
    pub(super) count: u8,
    pub(super) command: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) shares: Option<Vec<CapacityShare<P>>>,
    pub(super) public_address: bool,
}

/// What the target of a schedule or a rule is made of.
pub(super) struct Prepared<P> {
    pub(super) cluster: Expr<String>,
    pub(super) definition: Expr<String>,
    pub(super) subnets: Expr<List<ids::ec2::SubnetId>>,
    pub(super) group: SecurityGroupHandle,
    /// None on instances, where it cannot be asked for.
    pub(super) public_address: Option<bool>,
    pub(super) count: u8,
    pub(super) shares: Option<Vec<CapacityShare<P>>>,
    /// What containers get in place of their own, in JSON.
    pub(super) overrides: Option<String>,
    /// The role that may start this task in this cluster, and no more.
    pub(super) role: RoleHandle,
    /// What must stand before the first task starts.
    pub(super) after: Vec<ResourceId>,
}

impl<P: OwnAddress> TaskRun<P> {
    pub(super) fn new(cluster: &ClusterHandle, task: &TaskHandle<P>, subnets: &Subnets) -> Self {
        Self {
            cluster: cluster.clone(),
            task: task.clone(),
            subnets: subnets.clone(),
            count: 1,
            command: Vec::new(),
            environment: Vec::new(),
            shares: None,
            public_address: false,
        }
    }

    /// Adds the security group and the role; `service` takes it.
    #[track_caller]
    pub(super) fn prepare(self, kind: &'static str, service: &str, scope: &mut Scope<'_>) -> Prepared<P> {
        self.task.check_without_service(scope);
        self.subnets.require(1, "the task", scope);
        let on_fargate = P::NAME == Fargate::NAME;
        if on_fargate {
            let services = super::service::SERVICES;
            self.subnets.require_services(services, self.public_address, "the task", kind, scope);
        }
        if !COUNT.contains(&self.count) {
            let message = format!("{} tasks cannot start at once", self.count);
            scope.report(Finding::error("FW0494", message).hint("1 to 10 is possible"));
        }
        let mut after = Vec::new();
        if let Some(shares) = &self.shares {
            cluster_capacity::check(shares, scope);
            after.extend(shares.iter().map(CapacityShare::after));
        }
        let description = format!("task {}", scope.path());
        let group =
            SecurityGroup::new(self.subnets.vpc_id(), description, Outbound::Anywhere).build(scope, "");
        let definition: Expr<String> = self.task.task_definition().task_definition_arn().into();
        let here = PolicyCondition::arn_like("ecs:cluster", self.cluster.cluster().arn());
        let role = Role::new(Principal::service(service).for_this_account())
            .permission(Permission::new(["ecs:RunTask"], [definition.clone()]).when(here))
            .permission([self.task.role(), self.task.execution_role()].map(|role| role.pass_to(TASKS)))
            .build(scope, "Scheduler");
        after.extend(self.task.let_in(&group, scope));
        after.extend(self.subnets.routes().copied());
        Prepared {
            cluster: self.cluster.cluster().arn().into(),
            definition,
            subnets: self.subnets.ids(),
            group,
            public_address: on_fargate.then_some(self.public_address),
            count: self.count,
            overrides: self.overrides(),
            shares: self.shares,
            role,
            after,
        }
    }

    fn overrides(&self) -> Option<String> {
        if self.command.is_empty() && self.environment.is_empty() {
            return None;
        }
        let mut container = serde_json::Map::new();
        container.insert("name".to_owned(), self.task.first_container.clone().into());
        if !self.command.is_empty() {
            container.insert("command".to_owned(), self.command.clone().into());
        }
        if !self.environment.is_empty() {
            let variables = self.environment.iter();
            let variables =
                variables.map(|(name, value)| serde_json::json!({ "name": name, "value": value }));
            container.insert("environment".to_owned(), variables.collect());
        }
        Some(serde_json::json!({ "containerOverrides": [container] }).to_string())
    }
}
