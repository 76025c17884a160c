//! How the number of a service's tasks follows a metric.

use formwork_cfn::{
    applicationautoscaling::{
        ScalableTarget, ScalingPolicy,
        scalable_target::ScalableTargetRequired,
        scaling_policy::{
            CustomizedMetricSpecification, PredefinedMetricSpecification, TargetTrackingMetric,
            TargetTrackingMetricDataQuery, TargetTrackingMetricDimension, TargetTrackingMetricStat,
            TargetTrackingScalingPolicyConfiguration,
        },
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

/// Follows the messages that wait in a queue for each task.
pub(super) fn track_queue(
    target: Option<&Handle<ScalableTarget>>,
    scope: &mut Scope<'_>,
    queue_name: Expr<String>,
    (cluster_name, service_name): (Expr<String>, Expr<String>),
    messages: u32,
) {
    let Some(target) = target else { return };
    let query = |id: &'static str, stat: TargetTrackingMetricStat| {
        TargetTrackingMetricDataQuery::new().id(id).metric_stat(stat).return_data(false)
    };
    let dimension = |name: &'static str, value: Expr<String>| {
        TargetTrackingMetricDimension::new().name(name).value(value)
    };
    let waiting = TargetTrackingMetric::new()
        .namespace("AWS/SQS")
        .metric_name("ApproximateNumberOfMessagesVisible")
        .dimensions([dimension("QueueName", queue_name)]);
    // Every task measures its load once a minute: as many samples as tasks run, without the price of
    // Container Insights.
    let serving = TargetTrackingMetric::new()
        .namespace("AWS/ECS")
        .metric_name("CPUUtilization")
        .dimensions([dimension("ClusterName", cluster_name), dimension("ServiceName", service_name)]);
    let backlog = TargetTrackingMetricDataQuery::new()
        .id("backlog")
        .expression("waiting / IF(serving > 0, serving, 1)")
        .label("messages that wait for each task")
        .return_data(true);
    let specification = CustomizedMetricSpecification::new().metrics([
        query("waiting", TargetTrackingMetricStat::new().metric(waiting).stat("Average")),
        query("serving", TargetTrackingMetricStat::new().metric(serving).stat("SampleCount")),
        backlog,
    ]);
    let name = format!("{}TrackQueue", scope.path());
    ScalingPolicy::new(name, "TargetTrackingScaling")
        .scaling_target_id(target)
        .target_tracking_scaling_policy_configuration(
            TargetTrackingScalingPolicyConfiguration::new(f64::from(messages))
                .customized_metric_specification(specification),
        )
        .build(scope, "TrackQueue");
}
