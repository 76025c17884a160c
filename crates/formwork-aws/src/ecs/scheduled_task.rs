//! [`ScheduledTask`]: a task that starts at a time.

use formwork_cfn::{
    scheduler,
    scheduler::schedule::{
        AwsVpcConfiguration, EcsParameters, FlexibleTimeWindow, NetworkConfiguration, RetryPolicy, Target,
    },
};
use formwork_core::{Build, Expr, Handle, Scope, builder::AnyOf};

use super::{cluster::ClusterHandle, platform::Fargate, task::TaskHandle};
use crate::{
    iam::{Permission, PolicyCondition, Principal, Role},
    security_group::{Outbound, SecurityGroup, SecurityGroupHandle},
    vpc::Subnets,
};

/// Who takes the role of a schedule.
const SCHEDULER: &str = "scheduler.amazonaws.com";

/// A task on Fargate that starts at times, or once, and ends by itself.
///
/// The schedule acts in a role that may start this task in this cluster, and no more.
///
/// See [`AWS::Scheduler::Schedule`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html).
///
/// ```
/// use formwork_aws::{architecture::Architecture, logs::Retention};
/// use formwork_aws::ecs::{Cluster, Container, ContainerImage, FargateSize, FargateTask, ScheduledTask};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let report = Container::new("report", ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37"));
/// let task = FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneWeek, report)
///     .build(&mut stack, "Report");
/// ScheduledTask::cron("0 3 * * ? *", &cluster, &task, &vpc.private()).build(&mut stack, "Nightly");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a schedule is added to a stack by `build`"]
pub struct ScheduledTask {
    expression: String,
    time_zone: Option<String>,
    cluster: ClusterHandle,
    task: TaskHandle<Fargate>,
    subnets: Subnets,
}

impl ScheduledTask {
    /// Starts at the times of a `cron` expression of six fields (`0 3 * * ? *`), in UTC unless set.
    pub fn cron(
        fields: &str,
        cluster: &ClusterHandle,
        task: &TaskHandle<Fargate>,
        subnets: &Subnets,
    ) -> Self {
        Self::of(format!("cron({fields})"), cluster, task, subnets)
    }

    /// Starts again and again (`15 minutes`).
    pub fn every(
        interval: &str,
        cluster: &ClusterHandle,
        task: &TaskHandle<Fargate>,
        subnets: &Subnets,
    ) -> Self {
        Self::of(format!("rate({interval})"), cluster, task, subnets)
    }

    /// Starts once, at a time (`2030-01-31T03:00:00`), in UTC unless set.
    pub fn once_at(
        time: &str,
        cluster: &ClusterHandle,
        task: &TaskHandle<Fargate>,
        subnets: &Subnets,
    ) -> Self {
        Self::of(format!("at({time})"), cluster, task, subnets)
    }

    fn of(
        expression: String,
        cluster: &ClusterHandle,
        task: &TaskHandle<Fargate>,
        subnets: &Subnets,
    ) -> Self {
        let (cluster, task, subnets) = (cluster.clone(), task.clone(), subnets.clone());
        Self { expression, time_zone: None, cluster, task, subnets }
    }

    /// The time zone of the times (`Europe/Vienna`).
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.time_zone = Some(zone.into());
        self
    }

    /// Adds the schedule to a stack, with a security group of its own for the task, which is given.
    ///
    /// Findings: no subnets (`FW0403`), no way to images and logs (`FW0442`, a warning), a volume that
    /// only a service makes (`FW0438`).
    #[track_caller]
    pub fn build(
        self,
        scope: &mut Scope<'_>,
        id: &str,
    ) -> (Handle<scheduler::Schedule>, SecurityGroupHandle) {
        let mut scope = scope.construct(id);
        self.task.check_without_service(&mut scope);
        self.subnets.require(1, "the task", &mut scope);
        let kind = "AWS::Scheduler::Schedule";
        self.subnets.require_services(super::service::SERVICES, false, "the task", kind, &mut scope);
        let description = format!("task {}", scope.path());
        let group =
            SecurityGroup::new(self.subnets.vpc_id(), description, Outbound::Anywhere).build(&mut scope, "");
        let cluster: Expr<String> = self.cluster.cluster().arn().into();
        let definition: Expr<String> = self.task.task_definition().task_definition_arn().into();
        let here = PolicyCondition::arn_like("ecs:cluster", self.cluster.cluster().arn());
        let role = Role::new(Principal::service(SCHEDULER).for_this_account())
            .permission(Permission::new(["ecs:RunTask"], [definition.clone()]).when(here))
            .permission(
                [self.task.role(), self.task.execution_role()].map(|role| role.pass_to(super::task::TASKS)),
            )
            .build(&mut scope, "Scheduler");
        let network = AwsVpcConfiguration::new(self.subnets.ids())
            .security_groups([&group])
            .assign_public_ip("DISABLED");
        let task = EcsParameters::new(definition)
            .launch_type("FARGATE")
            .task_count(1.0)
            .network_configuration(NetworkConfiguration::new().awsvpc_configuration(network));
        let target = Target::new(cluster.cast::<AnyOf<_>>(), &role)
            .ecs_parameters(task)
            // A run that cannot start within an hour leaves the time to the next one.
            .retry_policy(RetryPolicy::new().maximum_event_age_in_seconds(3600.0));
        let mut schedule = scheduler::Schedule::new(self.expression, target, FlexibleTimeWindow::new("OFF"));
        if let Some(zone) = self.time_zone {
            schedule = schedule.schedule_expression_timezone(zone);
        }
        for after in self.task.let_in(&group, &mut scope) {
            schedule = schedule.depends_on(after);
        }
        for route in self.subnets.routes() {
            schedule = schedule.depends_on(*route);
        }
        (schedule.build(&mut scope, "Schedule"), group)
    }
}
