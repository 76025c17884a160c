//! What starts a task by itself, at a time or after an event, and what it needs for that.

use std::time::Duration;

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
/// How often a start is tried again at most.
const MOST_RETRIES: u16 = 185;
/// How long a start may be tried, in seconds.
const TRIED: std::ops::RangeInclusive<u64> = 60..=86_400;

/// A task that is to be started.
#[derive(Debug, Clone)]
pub(super) struct TaskRun<P> {
    cluster: ClusterHandle,
    task: TaskHandle<P>,
    subnets: Subnets,
    pub(super) count: u8,
    pub(super) command: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    /// Variables, each with its place in an event.
    pub(super) environment_of_event: Vec<(String, String)>,
    pub(super) shares: Option<Vec<CapacityShare<P>>>,
    pub(super) public_address: bool,
    pub(super) tries: Option<u16>,
    pub(super) tried: Duration,
}

/// The setters of what starts a [`TaskRun`], which it has as `run`.
macro_rules! task_run_setters {
    ($starter:ident) => {
        impl<P: super::platform::OwnAddress> $starter<P> {
            /// What the first container of the task runs, in place of what it runs else.
            pub fn command<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
                self.run.command = words.into_iter().map(Into::into).collect();
                self
            }

            /// A variable of the first container of the task, for these starts.
            pub fn environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.run.environment.push((name.into(), value.into()));
                self
            }

            /// How many tasks start at once: one unless set, ten at most.
            pub const fn count(mut self, tasks: u8) -> Self {
                self.run.count = tasks;
                self
            }

            /// What tasks run on, by shares: on Fargate Spot, say, or on one fleet of instances. Where it
            /// is not set, they run on Fargate, or on any instance of the cluster.
            pub fn capacity_shares(
                mut self,
                shares: impl IntoIterator<Item = super::cluster_capacity::CapacityShare<P>>,
            ) -> Self {
                self.run.shares = Some(shares.into_iter().collect());
                self
            }

            /// How often a start that failed is tried again: 185 times unless set, while there is time
            /// (`give_up_after`). A task that ran and failed is not started again.
            pub const fn retries(mut self, times: u16) -> Self {
                self.run.tries = Some(times);
                self
            }

            /// How long a start is tried, a minute to a day: an hour unless set, after which the next
            /// one is waited for.
            pub const fn give_up_after(mut self, time: std::time::Duration) -> Self {
                self.run.tried = time;
                self
            }
        }

        impl $starter<super::platform::Fargate> {
            /// Gives the task a public address. In public subnets it cannot pull its image without one.
            pub fn public_address(mut self) -> Self {
                self.run.public_address = true;
                self
            }
        }
    };
}

pub(super) use task_run_setters;

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
    /// What stands for places in an event there, each by its name.
    #[cfg_attr(not(feature = "event-tasks"), expect(dead_code, reason = "for rules"))]
    pub(super) paths: Vec<(String, String)>,
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
            environment_of_event: Vec::new(),
            shares: None,
            public_address: false,
            tries: None,
            tried: Duration::from_hours(1),
        }
    }

    /// Adds the security group and the role; `service` takes it.
    #[track_caller]
    pub(super) fn prepare(
        self,
        kind: &'static str,
        service: &str,
        actor: &str,
        scope: &mut Scope<'_>,
    ) -> Prepared<P> {
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
        if self.tries.is_some_and(|tries| tries > MOST_RETRIES) {
            let message = format!("a start is tried again {MOST_RETRIES} times at most");
            scope.report(Finding::error("FW0494", message));
        }
        if !TRIED.contains(&self.tried.as_secs()) {
            let message = format!("a start cannot be tried for {} seconds", self.tried.as_secs());
            scope.report(Finding::error("FW0494", message).hint("a minute to a day is possible"));
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
            .build(scope, actor);
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
            paths: self.paths(),
            shares: self.shares,
            role,
            after,
        }
    }

    fn overrides(&self) -> Option<String> {
        if self.command.is_empty() && self.environment.is_empty() && self.environment_of_event.is_empty() {
            return None;
        }
        let mut container = serde_json::Map::new();
        container.insert("name".to_owned(), self.task.first_container.clone().into());
        if !self.command.is_empty() {
            container.insert("command".to_owned(), self.command.clone().into());
        }
        let mark = |position: usize| format!("<event{position}>");
        let of_event = self.environment_of_event.iter().enumerate();
        let of_event = of_event.map(|(position, (name, _))| (name.clone(), mark(position)));
        let variables: Vec<_> = self.environment.iter().cloned().chain(of_event).collect();
        if !variables.is_empty() {
            let variables = variables.into_iter();
            let variables =
                variables.map(|(name, value)| serde_json::json!({ "name": name, "value": value }));
            container.insert("environment".to_owned(), variables.collect());
        }
        let mut text = serde_json::json!({ "containerOverrides": [container] }).to_string();
        for position in 0..self.environment_of_event.len() {
            // EventBridge puts a text where the mark stands, with quotes of its own.
            let mark = mark(position);
            text = text.replace(&format!("\"{mark}\""), &mark);
        }
        Some(text)
    }

    fn paths(&self) -> Vec<(String, String)> {
        let paths = self.environment_of_event.iter().enumerate();
        paths.map(|(position, (_, path))| (format!("event{position}"), path.clone())).collect()
    }
}
