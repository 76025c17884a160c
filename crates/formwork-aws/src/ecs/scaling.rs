//! How the number of a service's tasks follows a metric.

use formwork_cfn::{
    applicationautoscaling::{
        ScalableTarget, ScalingPolicy,
        scalable_target::ScalableTargetRequired,
        scaling_policy::{PredefinedMetricSpecification, TargetTrackingScalingPolicyConfiguration},
    },
    ecs,
};
use formwork_core::{Build, Expr, Handle, Scope, concat};

use super::cluster::ClusterHandle;

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

/// Adds a policy. A service of fixed capacity has no target, and no method that leads here.
pub(super) fn track(
    target: Option<&Handle<ScalableTarget>>,
    scope: &mut Scope<'_>,
    id: &str,
    metric: &'static str,
    value: f64,
    label: Option<Expr<String>>,
) {
    let Some(target) = target else { return };
    let mut specification = PredefinedMetricSpecification::new(metric);
    if let Some(label) = label {
        specification = specification.resource_label(label);
    }
    let name = format!("{}{id}", scope.path());
    ScalingPolicy::new(name, "TargetTrackingScaling")
        .scaling_target_id(target)
        .target_tracking_scaling_policy_configuration(
            TargetTrackingScalingPolicyConfiguration::new(value)
                .predefined_metric_specification(specification),
        )
        .build(scope, id);
}
