//! [`AutoScalingGroup`]: a fleet of instances over several zones.

mod metric;
mod schedule;
mod steps;
#[cfg(feature = "load-balancing")]
mod targets;

use std::{marker::PhantomData, time::Duration};

use formwork_cfn::{
    autoscaling,
    autoscaling::{
        auto_scaling_group::LaunchTemplateSpecification,
        scaling_policy::{PredefinedMetricSpecification, TargetTrackingConfiguration},
    },
    ids,
};
use formwork_core::{AutoScalingRollingUpdate, Build, Expr, Handle, Scope, ScopeId, UpdatePolicy};

use crate::{
    capacity::{Capacity, Ranged},
    iam::RoleHandle,
    launch_template::LaunchTemplateHandle,
    vpc::Subnets,
};

pub use metric::Metric;
pub use schedule::Schedule;
pub use steps::StepScaling;
#[cfg(feature = "load-balancing")]
pub use targets::FleetPort;

/// A fleet: instances from a launch template, spread over subnets, replaced when they fail.
///
/// See [`AWS::AutoScaling::AutoScalingGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html).
///
/// ```
/// use formwork_aws::{auto_scaling::{AutoScalingGroup, Schedule, StepScaling}, capacity::Capacity};
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
/// let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(1, 10))
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
/// # use formwork_aws::{auto_scaling::AutoScalingGroup, capacity::Capacity, launch_template::LaunchTemplateHandle, vpc::Subnets};
/// # fn fleet(subnets: &Subnets, template: &LaunchTemplateHandle, stack: &mut formwork_core::Scope<'_>) {
/// let fleet = AutoScalingGroup::new(subnets, template, Capacity::fixed(3)).build(stack, "Fleet");
/// fleet.track_cpu(stack, 70);
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a group is added to a stack by `build`"]
pub struct AutoScalingGroup<K> {
    subnets: Subnets,
    template: LaunchTemplateHandle,
    capacity: Capacity<K>,
    rolling_update: Option<AutoScalingRollingUpdate>,
    grace: Duration,
}

/// How long a new instance is left alone by health checks, if nothing else is said.
const GRACE: Duration = Duration::from_mins(5);

impl<K> AutoScalingGroup<K> {
    /// A fleet in these subnets.
    pub fn new(subnets: &Subnets, template: &LaunchTemplateHandle, capacity: Capacity<K>) -> Self {
        Self {
            subnets: subnets.clone(),
            template: template.clone(),
            capacity,
            rolling_update: None,
            grace: GRACE,
        }
    }

    /// Replaces instances in batches when the launch template changes. Without it, instances that
    /// run stay as they are.
    pub fn rolling_update(mut self, update: AutoScalingRollingUpdate) -> Self {
        self.rolling_update = Some(update);
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
    /// than addresses (`FW0441`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> AutoScalingGroupHandle<K> {
        let mut scope = scope.construct(id);
        self.capacity.check(&mut scope);
        self.subnets.require(1, "the fleet", &mut scope);
        self.subnets.require_addresses(self.capacity.most.into(), "the fleet", &mut scope);
        let launch = LaunchTemplateSpecification::new(self.template.template().latest_version_number())
            .launch_template_id(&self.template);
        let mut group = autoscaling::AutoScalingGroup::new(
            self.capacity.least.to_string(),
            self.capacity.most.to_string(),
        )
        .vpc_zone_identifier(self.subnets.ids())
        .launch_template(launch)
        .health_check_grace_period(seconds(self.grace));
        for route in self.subnets.routes() {
            group = group.depends_on(*route);
        }
        if let Some(update) = self.rolling_update {
            // A size that scheduled scaling has changed is not put back by a deployment.
            group = group
                .update_policy(UpdatePolicy::auto_scaling_rolling_update(update))
                .update_policy(UpdatePolicy::ignore_unmodified_group_size_properties());
        }
        let group = group.build(&mut scope, "AutoScalingGroup");
        AutoScalingGroupHandle { group, scope: scope.id(), template: self.template, capacity: PhantomData }
    }
}

pub(crate) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// An [`AutoScalingGroup`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct AutoScalingGroupHandle<K> {
    group: Handle<autoscaling::AutoScalingGroup>,
    scope: ScopeId,
    template: LaunchTemplateHandle,
    capacity: PhantomData<K>,
}

impl<K> AutoScalingGroupHandle<K> {
    /// The group itself.
    pub const fn group(&self) -> &Handle<autoscaling::AutoScalingGroup> {
        &self.group
    }

    /// The role that instances act in, if there is one.
    pub const fn role(&self) -> Option<&RoleHandle> {
        self.template.role()
    }
}

impl AutoScalingGroupHandle<Ranged> {
    /// Keeps the average CPU load near a share, in percent.
    #[track_caller]
    pub fn track_cpu(&self, scope: &mut Scope<'_>, percent: u8) {
        let metric = PredefinedMetricSpecification::new("ASGAverageCPUUtilization");
        self.track(scope, "TrackCpu", f64::from(percent), metric);
    }

    /// Keeps the bytes that an instance receives in a minute near a number.
    #[track_caller]
    pub fn track_network_in(&self, scope: &mut Scope<'_>, bytes: f64) {
        let metric = PredefinedMetricSpecification::new("ASGAverageNetworkIn");
        self.track(scope, "TrackNetworkIn", bytes, metric);
    }

    /// Keeps the bytes that an instance sends in a minute near a number.
    #[track_caller]
    pub fn track_network_out(&self, scope: &mut Scope<'_>, bytes: f64) {
        let metric = PredefinedMetricSpecification::new("ASGAverageNetworkOut");
        self.track(scope, "TrackNetworkOut", bytes, metric);
    }

    #[track_caller]
    pub(crate) fn track(
        &self,
        scope: &mut Scope<'_>,
        id: &str,
        target: f64,
        metric: PredefinedMetricSpecification,
    ) -> Handle<autoscaling::ScalingPolicy> {
        let mut scope = scope.reopen(self.scope);
        autoscaling::ScalingPolicy::new(&self.group)
            .policy_type("TargetTrackingScaling")
            .target_tracking_configuration(
                TargetTrackingConfiguration::new(target).predefined_metric_specification(metric),
            )
            .build(&mut scope, id)
    }

    /// Adds or takes away instances in steps, each when a metric passes a threshold.
    ///
    /// Findings: no step, thresholds that overlap, a step that goes the wrong way (`FW0424`).
    #[track_caller]
    pub fn scale_in_steps(&self, scope: &mut Scope<'_>, id: &str, steps: StepScaling) {
        let mut scope = scope.reopen(self.scope);
        steps.build(&self.group, &mut scope, id);
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
