//! How the number of a service's tasks follows a metric, or the time of day.

use formwork_cfn::{
    applicationautoscaling::{
        ScalableTarget, ScalingPolicy,
        scalable_target::ScalableTargetRequired,
        scaling_policy::{StepAdjustment, StepScalingPolicyConfiguration},
    },
    ecs,
};
use formwork_core::{Build, Expr, Handle, Scope, concat};

use super::{
    cluster::ClusterHandle, service_handle::ServiceHandle, service_schedule::ServiceSchedule,
    service_steps::ServiceSteps, tracking::Tracking,
};
use crate::{
    capacity::Ranged,
    load_balancer::{Application, TargetGroupHandle},
    scaling::{Metric, Step, seconds},
};

/// The range that a service's count moves in, one for all its policies.
pub(super) fn target(
    cluster: &ClusterHandle,
    service: &Handle<ecs::Service>,
    least: u32,
    most: u32,
    scope: &mut Scope<'_>,
) -> Handle<ScalableTarget> {
    let required = ScalableTargetRequired {
        resource_id: concat(["service/".into(), cluster.name(), "/".into(), service.name()]),
        service_namespace: "ecs".into(),
        scalable_dimension: "ecs:service:DesiredCount".into(),
        min_capacity: least.into(),
        max_capacity: most.into(),
    };
    ScalableTarget::new(required).build(scope, "ScalableTarget")
}

impl<P, D> ServiceHandle<P, Ranged, D> {
    /// Keeps the average CPU load near a share, in percent.
    #[track_caller]
    pub fn track_cpu(&self, scope: &mut Scope<'_>, percent: u8) {
        self.follow(scope, "TrackCpu", Tracking::cpu(percent));
    }

    /// Keeps the average memory in use near a share, in percent.
    #[track_caller]
    pub fn track_memory(&self, scope: &mut Scope<'_>, percent: u8) {
        self.follow(scope, "TrackMemory", Tracking::memory(percent));
    }

    /// Keeps the messages that wait in a queue, by its name, near a number for each task.
    ///
    /// Give it a range from 1: a service without tasks measures nothing that could be followed.
    #[track_caller]
    pub fn track_queue(
        &self,
        scope: &mut Scope<'_>,
        queue_name: impl Into<Expr<String>>,
        messages_per_task: u32,
    ) {
        self.follow(scope, "TrackQueue", Tracking::queue(queue_name, messages_per_task));
    }

    /// Keeps the requests that a task gets in a minute near a number.
    #[track_caller]
    pub fn track_requests(
        &self,
        scope: &mut Scope<'_>,
        targets: &TargetGroupHandle<Application>,
        a_minute: u32,
    ) {
        self.follow(scope, "TrackRequests", Tracking::requests(targets, a_minute));
    }

    /// Keeps any metric near a value. It has to fall when there are more tasks: a load for each task,
    /// not a total.
    #[track_caller]
    pub fn track(&self, scope: &mut Scope<'_>, id: &str, metric: &Metric, target: impl Into<f64>) {
        self.follow(scope, id, Tracking::metric(metric, target));
    }

    /// Keeps what is measured near a value, with what [`Tracking`] says of the times between changes.
    #[track_caller]
    pub fn follow(&self, scope: &mut Scope<'_>, id: &str, tracking: Tracking) {
        // A service of fixed capacity has no target, and no method that leads here.
        let Some(target) = &self.target else { return };
        let mut scope = scope.reopen(self.scope);
        let configuration = tracking.into_property(&self.cluster_name, &self.service);
        let name = format!("{}{id}", scope.path());
        ScalingPolicy::new(name, "TargetTrackingScaling")
            .scaling_target_id(target)
            .target_tracking_scaling_policy_configuration(configuration)
            .build(&mut scope, id);
    }

    /// Adds or takes away tasks in steps, each when a metric passes a threshold
    /// ([`StepScaling`](crate::scaling::StepScaling)).
    ///
    /// Findings: no step, thresholds that overlap, a step that changes nothing (`FW0424`).
    #[track_caller]
    pub fn scale_in_steps(&self, scope: &mut Scope<'_>, id: &str, steps: impl Into<ServiceSteps>) {
        let Some(target) = &self.target else { return };
        let mut scope = scope.reopen(self.scope);
        let (steps, cooldown) = steps.into().into_parts();
        steps.build(self.cpu_metric(), &mut scope, id, |scope, id, steps| {
            let mut configuration = StepScalingPolicyConfiguration::new()
                .adjustment_type("ChangeInCapacity")
                .metric_aggregation_type("Average")
                .step_adjustments(Expr::list(steps.into_iter().map(adjustment)));
            if let Some(cooldown) = cooldown {
                configuration = configuration.cooldown(seconds(cooldown));
            }
            let name = format!("{}{id}", scope.path());
            let policy = ScalingPolicy::new(name, "StepScaling")
                .scaling_target_id(target)
                .step_scaling_policy_configuration(configuration)
                .build(scope, id);
            (&policy).into()
        });
    }

    /// Changes the range at times of day.
    ///
    /// Findings: a time that is none, or nothing that changes (`FW0425`).
    #[track_caller]
    pub fn schedule(&self, scope: &mut Scope<'_>, id: &str, schedule: ServiceSchedule) {
        let Some(target) = &self.target else { return };
        let mut scope = scope.reopen(self.scope);
        let action = schedule.into_property(id, &mut scope);
        scope.change(target, |draft| draft.append("ScheduledActions", action));
    }
}

fn adjustment(step: Step) -> StepAdjustment {
    let mut adjustment = StepAdjustment::new(step.change);
    if let Some(lower) = step.lower {
        adjustment = adjustment.metric_interval_lower_bound(lower);
    }
    if let Some(upper) = step.upper {
        adjustment = adjustment.metric_interval_upper_bound(upper);
    }
    adjustment
}
