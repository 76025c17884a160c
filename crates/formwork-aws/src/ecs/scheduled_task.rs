//! [`ScheduledTask`]: a task that starts at a time.

use formwork_cfn::{
    ids, scheduler,
    scheduler::schedule::{
        AwsVpcConfiguration, CapacityProviderStrategyItem, DeadLetterConfig, EcsParameters,
        FlexibleTimeWindow, NetworkConfiguration, RetryPolicy, Target,
    },
};
use formwork_core::{Build, Expr, Handle, Scope, builder::AnyOf};

use super::{
    cluster::ClusterHandle,
    platform::OwnAddress,
    task::TaskHandle,
    task_run::{TaskRun, task_run_setters},
    times::Times,
};
use crate::{grants::QueueGrants, security_group::SecurityGroupHandle, vpc::Subnets};

/// Who takes the role of a schedule.
const SCHEDULER: &str = "scheduler.amazonaws.com";

/// A task that starts at times, or once, and ends by itself: on Fargate, or on instances of the
/// cluster.
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
/// ScheduledTask::cron("0 3 * * ? *", &cluster, &task, &vpc.private())
///     .time_zone("Europe/Vienna")
///     .command(["report", "--all"])
///     .build(&mut stack, "Nightly");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a schedule is added to a stack by `build`"]
pub struct ScheduledTask<P> {
    times: Times,
    run: TaskRun<P>,
    failures: Option<Expr<ids::sqs::QueueArn>>,
}

task_run_setters!(ScheduledTask);

impl<P: OwnAddress> ScheduledTask<P> {
    /// Starts at the times of a `cron` expression of six fields (`0 3 * * ? *`), in UTC unless set.
    pub fn cron(fields: &str, cluster: &ClusterHandle, task: &TaskHandle<P>, subnets: &Subnets) -> Self {
        Self::of(Times::cron(fields), cluster, task, subnets)
    }

    /// Starts again and again (`15 minutes`).
    pub fn every(interval: &str, cluster: &ClusterHandle, task: &TaskHandle<P>, subnets: &Subnets) -> Self {
        Self::of(Times::every(interval), cluster, task, subnets)
    }

    /// Starts once, at a time (`2030-01-31T03:00:00`), in UTC unless set.
    pub fn once_at(time: &str, cluster: &ClusterHandle, task: &TaskHandle<P>, subnets: &Subnets) -> Self {
        Self::of(Times::once_at(time), cluster, task, subnets)
    }

    fn of(times: Times, cluster: &ClusterHandle, task: &TaskHandle<P>, subnets: &Subnets) -> Self {
        let run = TaskRun::new(cluster, task, subnets);
        Self { times, run, failures: None }
    }

    /// The time zone of the times (`Europe/Vienna`).
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.times = self.times.time_zone(zone.into());
        self
    }

    /// Puts the starts that failed for good into a queue of SQS. The schedule gets the right to.
    pub fn failures_to(mut self, queue: &impl QueueGrants) -> Self {
        self.failures = Some(queue.queue());
        self
    }

    /// Adds the schedule to a stack, with a security group of its own for the task, which is given.
    ///
    /// Findings: no subnets (`FW0403`), a time that is none (`FW0425`), no way to images and logs
    /// (`FW0442`, a warning), shares of capacity that cannot be (`FW0480`), a number or a time that
    /// cannot be (`FW0494`), a volume that only a service makes (`FW0438`).
    #[track_caller]
    pub fn build(
        self,
        scope: &mut Scope<'_>,
        id: &str,
    ) -> (Handle<scheduler::Schedule>, SecurityGroupHandle) {
        let mut scope = scope.construct(id);
        self.times.check(&mut scope);
        let (tries, tried) = (self.run.tries, self.run.tried);
        let started = self.run.prepare("AWS::Scheduler::Schedule", SCHEDULER, "Scheduler", &mut scope);
        if let Some(queue) = &self.failures {
            started.role.grant(&mut scope, [queue.send()]);
        }
        let mut network = AwsVpcConfiguration::new(started.subnets).security_groups([&started.group]);
        if let Some(public) = started.public_address {
            network = network.assign_public_ip(if public { "ENABLED" } else { "DISABLED" });
        }
        let mut task = EcsParameters::new(started.definition)
            .task_count(f64::from(started.count))
            .network_configuration(NetworkConfiguration::new().awsvpc_configuration(network));
        task = match started.shares {
            None => task.launch_type(P::NAME),
            Some(shares) => task.capacity_provider_strategy(Expr::list(shares.into_iter().map(|share| {
                let (provider, base, weight) = share.into_parts();
                CapacityProviderStrategyItem::new(provider).base(f64::from(base)).weight(f64::from(weight))
            }))),
        };
        let seconds = u32::try_from(tried.as_secs()).unwrap_or(u32::MAX);
        let mut retries = RetryPolicy::new().maximum_event_age_in_seconds(f64::from(seconds));
        if let Some(tries) = tries {
            retries = retries.maximum_retry_attempts(f64::from(tries));
        }
        let mut target = Target::new(started.cluster.cast::<AnyOf<_>>(), &started.role)
            .ecs_parameters(task)
            .retry_policy(retries);
        if let Some(overrides) = started.overrides {
            target = target.input(overrides);
        }
        if let Some(queue) = self.failures {
            target = target.dead_letter_config(DeadLetterConfig::new().arn(queue));
        }
        let (expression, zone) = self.times.into_parts();
        let mut schedule = scheduler::Schedule::new(expression, target, FlexibleTimeWindow::new("OFF"));
        if let Some(zone) = zone {
            schedule = schedule.schedule_expression_timezone(zone);
        }
        for after in started.after {
            schedule = schedule.depends_on(after);
        }
        (schedule.build(&mut scope, "Schedule"), started.group)
    }
}
