//! [`EventTask`]: a task that starts when something has happened.

use formwork_cfn::{
    events,
    events::rule::{
        AwsVpcConfiguration, CapacityProviderStrategyItem, EcsParameters, InputTransformer,
        NetworkConfiguration, RetryPolicy, Target,
    },
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Json, Scope, builder::AnyOf};

use super::{
    cluster::ClusterHandle,
    platform::OwnAddress,
    task::TaskHandle,
    task_run::{TaskRun, task_run_setters},
};
use crate::{security_group::SecurityGroupHandle, vpc::Subnets};

/// Who takes the role of a rule.
const EVENTS: &str = "events.amazonaws.com";

/// A task that starts when an event comes to a bus of EventBridge, and ends by itself: on Fargate, or
/// on instances of the cluster.
///
/// The rule acts in a role that may start this task in this cluster, and no more.
///
/// See [`AWS::Events::Rule`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html).
///
/// ```
/// use formwork_aws::{architecture::Architecture, logs::Retention};
/// use formwork_aws::ecs::{Cluster, Container, ContainerImage, EventTask, FargateSize, FargateTask};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::{App, Object};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let convert = Container::new("convert", ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37"));
/// let task = FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneWeek, convert)
///     .build(&mut stack, "Convert");
/// let uploads = Object::new().with("source", ["aws.s3"]).with("detail-type", ["Object Created"]);
/// EventTask::new(uploads, &cluster, &task, &vpc.private())
///     .environment_from("KEY", "$.detail.object.key")
///     .build(&mut stack, "Uploaded");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a rule is added to a stack by `build`"]
pub struct EventTask<P> {
    pattern: Expr<Json>,
    bus: Option<Expr<AnyOf<ids::any::EventBusArnOrEventBusName>>>,
    run: TaskRun<P>,
}

task_run_setters!(EventTask);

impl<P: OwnAddress> EventTask<P> {
    /// Starts for each event that has what the pattern says, as
    /// [EventBridge](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)
    /// reads it.
    pub fn new(
        pattern: impl Into<Expr<Json>>,
        cluster: &ClusterHandle,
        task: &TaskHandle<P>,
        subnets: &Subnets,
    ) -> Self {
        let run = TaskRun::new(cluster, task, subnets);
        Self { pattern: pattern.into(), bus: None, run }
    }

    /// The bus that events come to, by its handle, ARN or name: the one of the account unless set,
    /// where AWS puts its own.
    pub fn bus(mut self, bus: impl Into<Expr<AnyOf<ids::any::EventBusArnOrEventBusName>>>) -> Self {
        self.bus = Some(bus.into());
        self
    }

    /// A variable of the first container of the task, with a text from the event: where it stands
    /// there, as `$.detail.object.key`.
    pub fn environment_from(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.run.environment_of_event.push((name.into(), path.into()));
        self
    }

    /// Adds the rule to a stack, with a security group of its own for the task, which is given.
    ///
    /// Findings: no subnets (`FW0403`), no way to images and logs (`FW0442`, a warning), a volume that
    /// only a service makes (`FW0438`), shares of capacity that cannot be (`FW0480`), a number, a time
    /// or a path that cannot be (`FW0494`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> (Handle<events::Rule>, SecurityGroupHandle) {
        let mut scope = scope.construct(id);
        self.check(&mut scope);
        let (tries, tried) = (self.run.tries, self.run.tried);
        let started = self.run.prepare("AWS::Events::Rule", EVENTS, "Starter", &mut scope);
        let mut network = AwsVpcConfiguration::new(started.subnets).security_groups([&started.group]);
        if let Some(public) = started.public_address {
            network = network.assign_public_ip(if public { "ENABLED" } else { "DISABLED" });
        }
        let mut task = EcsParameters::new(started.definition.cast::<ids::ecs::TaskDefinitionArn>())
            .task_count(i64::from(started.count))
            .network_configuration(NetworkConfiguration::new().aws_vpc_configuration(network));
        task = match started.shares {
            None => task.launch_type(P::NAME),
            Some(shares) => task.capacity_provider_strategy(Expr::list(shares.into_iter().map(|share| {
                let (provider, base, weight) = share.into_parts();
                CapacityProviderStrategyItem::new(provider).base(base).weight(weight)
            }))),
        };
        let mut retries = RetryPolicy::new().maximum_event_age_in_seconds(crate::scaling::seconds(tried));
        if let Some(tries) = tries {
            retries = retries.maximum_retry_attempts(i64::from(tries));
        }
        let mut target = Target::new(started.cluster.cast::<AnyOf<_>>(), "Task")
            .role_arn(&started.role)
            .ecs_parameters(task)
            .retry_policy(retries);
        if let Some(overrides) = started.overrides {
            target = if started.paths.is_empty() {
                target.input(overrides)
            } else {
                let paths = Expr::map(started.paths);
                target.input_transformer(InputTransformer::new(overrides).input_paths_map(paths))
            };
        }
        let mut rule = events::Rule::new().event_pattern(self.pattern).targets([target]);
        if let Some(bus) = self.bus {
            rule = rule.event_bus_name(bus);
        }
        for after in started.after {
            rule = rule.depends_on(after);
        }
        (rule.build(&mut scope, "Rule"), started.group)
    }

    /// Reports (`FW0494`) what a rule does not take.
    fn check(&self, scope: &mut Scope<'_>) {
        for (name, path) in &self.run.environment_of_event {
            if !path.starts_with("$.") {
                let message = format!("`{path}`, which `{name}` shall be, is no place in an event");
                scope.report(
                    Finding::error("FW0494", message).hint("it begins with `$.`: `$.detail.object.key`"),
                );
            }
        }
    }
}
