//! How the number of a service's tasks follows a metric.

use formwork_cfn::applicationautoscaling::{
    ScalableTarget, ScalingPolicy,
    scalable_target::ScalableTargetRequired,
    scaling_policy::{PredefinedMetricSpecification, TargetTrackingScalingPolicyConfiguration},
};
use formwork_core::{Build, Expr, Scope, concat};

use super::service::FargateServiceHandle;
use crate::capacity::Ranged;

/// The resource that holds the range, one for all policies of a service.
const TARGET: &str = "ScalableTarget";

pub(super) fn track(
    service: &FargateServiceHandle<Ranged>,
    scope: &mut Scope<'_>,
    id: &str,
    metric: &'static str,
    target: f64,
    label: Option<Expr<String>>,
) {
    let known = scope.find(TARGET);
    let scalable = known.unwrap_or_else(|| {
        let required = ScalableTargetRequired {
            resource_id: concat([
                "service/".into(),
                service.cluster.name(),
                "/".into(),
                service.service.name(),
            ]),
            service_namespace: "ecs".into(),
            scalable_dimension: "ecs:service:DesiredCount".into(),
            min_capacity: service.least.into(),
            max_capacity: service.most.into(),
        };
        ScalableTarget::new(required).build(scope, TARGET).id()
    });
    let mut specification = PredefinedMetricSpecification::new(metric);
    if let Some(label) = label {
        specification = specification.resource_label(label);
    }
    let name = format!("{}{id}", scope.path());
    ScalingPolicy::new(name, "TargetTrackingScaling")
        .scaling_target_id(scalable.reference())
        .target_tracking_scaling_policy_configuration(
            TargetTrackingScalingPolicyConfiguration::new(target)
                .predefined_metric_specification(specification),
        )
        .build(scope, id);
}
