//! [`AutoScalingGroup`]: a fleet of instances over several zones.

mod health;
mod lifecycle_hook;
mod mixed;
mod prediction;
mod schedule;
mod simple;
mod steps;
#[cfg(feature = "load-balancing")]
mod targets;
mod tracking;
mod update;
mod warm_pool;

use std::{marker::PhantomData, time::Duration};

use formwork_cfn::{
    autoscaling,
    autoscaling::auto_scaling_group::{
        InstanceMaintenancePolicy, LaunchTemplateSpecification, MetricsCollection, NotificationConfiguration,
    },
    ids,
};
use formwork_core::{Build, CreationPolicy, Expr, Finding, Handle, List, Scope, ScopeId, UpdatePolicy};

use self::update::Choice;
use crate::{
    capacity::{Capacity, Ranged},
    iam::RoleHandle,
    launch_template::{LaunchTemplateHandle, NetworkInterface},
    vpc::Subnets,
};

pub use health::{FleetEvent, FleetHealth, TerminationPolicy};
pub use lifecycle_hook::LifecycleHook;
pub use mixed::{MixedInstances, SpotAllocation};
pub use prediction::Prediction;
pub use schedule::Schedule;
pub use simple::SimpleScaling;
#[cfg(feature = "load-balancing")]
pub use targets::FleetPort;
pub use update::{FleetUpdate, InstanceRefresh};
pub use warm_pool::WarmPool;

pub(crate) use crate::scaling::seconds;
pub use crate::scaling::{Metric, StepScaling};

/// A fleet: instances from a launch template, spread over subnets, replaced when they fail.
///
/// See [`AWS::AutoScaling::AutoScalingGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html).
///
/// ```
/// use formwork_aws::auto_scaling::{AutoScalingGroup, InstanceRefresh, Schedule, StepScaling};
/// use formwork_aws::capacity::Capacity;
/// use formwork_aws::{image::{Architecture, Image}, launch_template::LaunchTemplate};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
///     .build(&mut stack, "Server");
/// let refresh = InstanceRefresh::new().healthy(100, 110);
/// let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(1, 10), refresh)
///     .build(&mut stack, "Fleet");
/// fleet.track_cpu(&mut stack, 70);
/// fleet.scale_in_steps(&mut stack, "Rush", StepScaling::on_cpu().above(85, 2).above(95, 4));
/// fleet.schedule(&mut stack, "Night", Schedule::cron("0 20 * * *").max(2));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A fleet of fixed capacity does not scale:
///
/// ```compile_fail
/// # use formwork_aws::{auto_scaling::{AutoScalingGroup, InstanceRefresh}, capacity::Capacity, launch_template::LaunchTemplateHandle, vpc::Subnets};
/// # fn fleet(subnets: &Subnets, template: &LaunchTemplateHandle, stack: &mut formwork_core::Scope<'_>) {
/// let refresh = InstanceRefresh::new();
/// let fleet = AutoScalingGroup::new(subnets, template, Capacity::fixed(3), refresh).build(stack, "Fleet");
/// fleet.track_cpu(stack, 70);
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a group is added to a stack by `build`"]
pub struct AutoScalingGroup<K> {
    subnets: Subnets,
    template: LaunchTemplateHandle,
    capacity: Capacity<K>,
    update: FleetUpdate,
    maintenance: Option<(u8, u8)>,
    grace: Duration,
    mixed: Option<MixedInstances>,
    warm_up: Option<Duration>,
    health: Vec<FleetHealth>,
    hooks: Vec<LifecycleHook>,
    notified: Vec<(Expr<String>, Vec<FleetEvent>)>,
    termination: Vec<TerminationPolicy>,
    lifetime: Option<Duration>,
    measured: bool,
    rebalanced: bool,
    protected: bool,
}

/// How long an instance may live, where that is limited.
const LIFETIME: std::ops::RangeInclusive<u64> = 86_400..=31_536_000;

/// How long a new instance is left alone by health checks, if nothing else is said.
const GRACE: Duration = Duration::from_mins(5);

impl<K> AutoScalingGroup<K> {
    /// A fleet in these subnets, and what becomes of its instances when the template changes.
    pub fn new(
        subnets: &Subnets,
        template: &LaunchTemplateHandle,
        capacity: Capacity<K>,
        update: impl Into<FleetUpdate>,
    ) -> Self {
        Self {
            subnets: subnets.clone(),
            template: template.clone(),
            capacity,
            update: update.into(),
            maintenance: None,
            grace: GRACE,
            mixed: None,
            warm_up: None,
            health: Vec::new(),
            hooks: Vec::new(),
            notified: Vec::new(),
            termination: Vec::new(),
            lifetime: None,
            measured: false,
            rebalanced: false,
            protected: false,
        }
    }

    /// Several instance types, on demand and spot, in place of the one of the launch template.
    pub fn mixed(mut self, instances: MixedInstances) -> Self {
        self.mixed = Some(instances);
        self
    }

    /// How many instances are in service, in percent of what is desired, when one is replaced for any
    /// reason: at least (0 to 100) and at most (100 to 200). Unless set, an unhealthy instance goes
    /// before its successor comes.
    pub fn healthy(mut self, least: u8, most: u8) -> Self {
        self.maintenance = Some((least, most));
        self
    }

    /// How long a new instance takes until it does its share: its load does not count before.
    pub fn warm_up(mut self, time: Duration) -> Self {
        self.warm_up = Some(time);
        self
    }

    /// What else than EC2 knows whether an instance is well. Behind a load balancer, that does.
    pub fn health_checks(mut self, checks: impl IntoIterator<Item = FleetHealth>) -> Self {
        self.health = checks.into_iter().collect();
        self
    }

    /// Has instances wait before they start their work, or before they go.
    pub fn lifecycle_hook(mut self, hook: LifecycleHook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// Tells a topic of SNS, by its ARN, what happens to instances.
    pub fn notify(
        mut self,
        topic: impl Into<Expr<ids::sns::TopicArn>>,
        events: impl IntoIterator<Item = FleetEvent>,
    ) -> Self {
        self.notified.push((topic.into().into(), events.into_iter().collect()));
        self
    }

    /// Which instance goes first when there are too many.
    pub fn termination_policies(mut self, policies: impl IntoIterator<Item = TerminationPolicy>) -> Self {
        self.termination = policies.into_iter().collect();
        self
    }

    /// Replaces instances that are so old: a day to a year.
    pub fn max_lifetime(mut self, age: Duration) -> Self {
        self.lifetime = Some(age);
        self
    }

    /// Measures how many instances there are in which state, every minute.
    pub fn measured(mut self) -> Self {
        self.measured = true;
        self
    }

    /// Replaces spot instances that are likely to be taken back before they are.
    pub fn capacity_rebalance(mut self) -> Self {
        self.rebalanced = true;
        self
    }

    /// Keeps scaling from taking instances away, until something says of each that it may go.
    pub fn protected_from_scale_in(mut self) -> Self {
        self.protected = true;
        self
    }

    /// How long a new instance is left alone by health checks: 5 minutes unless set.
    pub fn health_check_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Adds the fleet to a stack.
    ///
    /// Findings: a capacity that is no range (`FW0420`), no subnets (`FW0403`), more instances
    /// than addresses (`FW0441`), an update that cannot be (`FW0421`), a network interface that cannot be
    /// (`FW0429`), instance types that cannot be mixed (`FW0468`, `FW0469`, `FW0471`), a time that cannot be (`FW0472`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> AutoScalingGroupHandle<K> {
        let mut scope = scope.construct(id);
        self.capacity.check(&mut scope);
        self.subnets.require(1, "the fleet", &mut scope);
        self.subnets.require_addresses(self.capacity.most.into(), "the fleet", &mut scope);
        if self.subnets.len() > 1
            && self.template.network_interfaces().iter().any(NetworkInterface::has_subnet)
        {
            let message = "a network interface stands in one subnet, and the fleet in several";
            let hint = "leave the subnet of the interface out: it then stands beside the first one";
            scope.report(Finding::error("FW0429", message).hint(hint));
        }
        let launch = LaunchTemplateSpecification::new(self.template.template().latest_version_number())
            .launch_template_id(&self.template);
        let mut group = autoscaling::AutoScalingGroup::new(
            self.capacity.least.to_string(),
            self.capacity.most.to_string(),
        )
        .vpc_zone_identifier(self.subnets.ids())
        .health_check_grace_period(seconds(self.grace));
        let root_volumes = matches!(&self.update.0, Choice::Refresh(refresh) if refresh.root_volumes);
        let rolls = matches!(self.update.0, Choice::Rolling(_));
        group = if let Some(mixed) = self.mixed {
            let policy = mixed.into_property(&self.template, launch, root_volumes, &mut scope);
            group.mixed_instances_policy(policy)
        } else {
            if root_volumes {
                let message = "root volumes are replaced in fleets that mix instances alone";
                let hint = "say which types: `.mixed(MixedInstances::of([...]))`";
                scope.report(Finding::error("FW0421", message).hint(hint));
            }
            group.launch_template(launch)
        };
        if let Some((least, most)) = self.maintenance {
            update::check_healthy(least, most, &mut scope);
            let policy =
                InstanceMaintenancePolicy::new().min_healthy_percentage(least).max_healthy_percentage(most);
            group = group.instance_maintenance_policy(policy);
        }
        if let Some(time) = self.warm_up {
            group = group.default_instance_warmup(seconds(time));
        }
        if !self.health.is_empty() {
            group = group.health_check_type(health::names(&self.health));
        }
        if !self.hooks.is_empty() {
            let hooks: Vec<_> = self.hooks.into_iter().map(|hook| hook.into_property(&mut scope)).collect();
            group = group.lifecycle_hook_specification_list(Expr::list(hooks));
        }
        if !self.notified.is_empty() {
            let told = self.notified.into_iter().map(|(topic, events)| {
                let events = events.into_iter().map(FleetEvent::name);
                NotificationConfiguration::new([topic]).notification_types(Expr::<List<String>>::list(events))
            });
            group = group.notification_configurations(Expr::list(told));
        }
        if !self.termination.is_empty() {
            let policies = self.termination.into_iter().map(TerminationPolicy::name);
            group = group.termination_policies(Expr::<List<String>>::list(policies));
        }
        if let Some(age) = self.lifetime.map(|age| age.as_secs()) {
            if !LIFETIME.contains(&age) {
                let message = format!("instances live {age} seconds: a day to a year is possible");
                scope.report(Finding::error("FW0472", message));
            }
            group = group.max_instance_lifetime(i64::try_from(age).unwrap_or(i64::MAX));
        }
        if self.measured {
            group = group.metrics_collection([MetricsCollection::new("1Minute")]);
        }
        if self.rebalanced {
            group = group.capacity_rebalance(true);
        }
        if self.protected {
            group = group.new_instances_protected_from_scale_in(true);
        }
        for route in self.subnets.routes() {
            group = group.depends_on(*route);
        }
        group = match self.update.0 {
            Choice::Leave => group,
            Choice::Rolling(update) => group.update_policy(UpdatePolicy::auto_scaling_rolling_update(update)),
            Choice::Refresh(refresh) => {
                let refresh = refresh.into_policy(&mut scope);
                group.update_policy(UpdatePolicy::auto_scaling_instance_refresh(refresh))
            }
            Choice::NewFleet { signals, timeout } => group
                .creation_policy(CreationPolicy::signals(signals, timeout))
                .update_policy(UpdatePolicy::auto_scaling_replacing_update()),
        };
        // A size that scheduled scaling has changed is not put back by a deployment.
        group = group.update_policy(UpdatePolicy::ignore_unmodified_group_size_properties());
        let group = group.build(&mut scope, "AutoScalingGroup");
        AutoScalingGroupHandle {
            group,
            scope: scope.id(),
            template: self.template,
            #[cfg(feature = "container-instances")]
            subnets: self.subnets,
            protected: self.protected,
            rolls,
            capacity: PhantomData,
        }
    }
}

/// An [`AutoScalingGroup`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct AutoScalingGroupHandle<K> {
    group: Handle<autoscaling::AutoScalingGroup>,
    scope: ScopeId,
    template: LaunchTemplateHandle,
    #[cfg(feature = "container-instances")]
    subnets: Subnets,
    protected: bool,
    rolls: bool,
    capacity: PhantomData<K>,
}

impl<K> AutoScalingGroupHandle<K> {
    /// The group itself.
    pub const fn group(&self) -> &Handle<autoscaling::AutoScalingGroup> {
        &self.group
    }

    /// Whether scaling takes no instance away by itself.
    pub const fn is_protected_from_scale_in(&self) -> bool {
        self.protected
    }

    /// The security groups of its instances.
    #[cfg(feature = "container-instances")]
    pub(crate) fn security_groups(&self) -> &[crate::security_group::SecurityGroupHandle] {
        self.template.security_groups()
    }

    /// The role that instances act in, if there is one.
    pub const fn role(&self) -> Option<&RoleHandle> {
        self.template.role()
    }

    /// Where its instances are, and whether they have public addresses there.
    #[cfg(feature = "container-instances")]
    pub(crate) const fn place(&self) -> (&Subnets, bool) {
        (&self.subnets, self.template.public_address())
    }

    /// Keeps instances ready that have started already.
    ///
    /// Findings: a pool that cannot be, or that keeps old instances (`FW0409`).
    #[track_caller]
    pub fn warm_pool(&self, scope: &mut Scope<'_>, pool: WarmPool) {
        let mut scope = scope.reopen(self.scope);
        pool.build(self, &mut scope);
    }
}

impl AutoScalingGroupHandle<Ranged> {
    /// Adds or takes away instances in steps, each when a metric passes a threshold.
    ///
    /// Findings: no step, thresholds that overlap, a step that goes the wrong way (`FW0424`).
    #[track_caller]
    pub fn scale_in_steps(&self, scope: &mut Scope<'_>, id: &str, steps: StepScaling) {
        let mut scope = scope.reopen(self.scope);
        steps::build(steps, &self.group, &mut scope, id);
    }

    /// Adds or takes away instances when a metric passes a threshold, and then rests.
    #[track_caller]
    pub fn scale_once(&self, scope: &mut Scope<'_>, id: &str, scaling: SimpleScaling) {
        let mut scope = scope.reopen(self.scope);
        scaling.build(&self.group, &mut scope, id);
    }

    /// Starts instances before they are needed, by what the last two weeks were like.
    ///
    /// Findings: a time that cannot be (`FW0472`).
    #[track_caller]
    pub fn predict(&self, scope: &mut Scope<'_>, id: &str, prediction: Prediction) {
        let mut scope = scope.reopen(self.scope);
        prediction.build(&self.group, &mut scope, id);
    }

    /// Changes the size at times of day.
    ///
    /// Findings: a time that is none, or nothing that changes (`FW0425`).
    #[track_caller]
    pub fn schedule(&self, scope: &mut Scope<'_>, id: &str, schedule: Schedule) {
        let mut scope = scope.reopen(self.scope);
        schedule.build(&self.group, &mut scope, id);
    }
}

impl<K> From<&AutoScalingGroupHandle<K>> for Expr<ids::autoscaling::AutoScalingGroupName> {
    fn from(handle: &AutoScalingGroupHandle<K>) -> Self {
        Self::from(&handle.group)
    }
}
