//! A fleet that keeps a metric near a value.

use formwork_cfn::{
    autoscaling,
    autoscaling::scaling_policy::{
        CustomizedMetricSpecification, Metric as TrackedMetric, MetricDimension,
        PredefinedMetricSpecification, TargetTrackingConfiguration, TargetTrackingMetricDataQuery,
        TargetTrackingMetricStat,
    },
};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{AutoScalingGroupHandle, Metric};
use crate::capacity::Ranged;

impl AutoScalingGroupHandle<Ranged> {
    /// Keeps the average CPU load near a share, in percent.
    #[track_caller]
    pub fn track_cpu(&self, scope: &mut Scope<'_>, percent: u8) {
        let metric = PredefinedMetricSpecification::new("ASGAverageCPUUtilization");
        self.track_predefined(scope, "TrackCpu", f64::from(percent), metric);
    }

    /// Keeps the bytes that an instance receives in a minute near a number.
    #[track_caller]
    pub fn track_network_in(&self, scope: &mut Scope<'_>, bytes: f64) {
        let metric = PredefinedMetricSpecification::new("ASGAverageNetworkIn");
        self.track_predefined(scope, "TrackNetworkIn", bytes, metric);
    }

    /// Keeps the bytes that an instance sends in a minute near a number.
    #[track_caller]
    pub fn track_network_out(&self, scope: &mut Scope<'_>, bytes: f64) {
        let metric = PredefinedMetricSpecification::new("ASGAverageNetworkOut");
        self.track_predefined(scope, "TrackNetworkOut", bytes, metric);
    }

    /// Keeps any metric near a value. It has to fall when there are more instances: a load for each
    /// instance, not a total.
    #[track_caller]
    pub fn track(&self, scope: &mut Scope<'_>, id: &str, metric: &Metric, target: impl Into<f64>) {
        let mut specification = CustomizedMetricSpecification::new()
            .namespace(metric.namespace.as_str())
            .metric_name(metric.name.as_str())
            .statistic(metric.statistic);
        if !metric.dimensions.is_empty() {
            specification = specification.dimensions(dimensions(metric));
        }
        let configuration =
            TargetTrackingConfiguration::new(target.into()).customized_metric_specification(specification);
        self.add_policy(scope, id, configuration);
    }

    /// Keeps the messages that wait in a queue of SQS, for each instance, near a number: how long a
    /// message may wait, divided by how long one takes. The queue goes by its name.
    #[track_caller]
    pub fn track_queue(
        &self,
        scope: &mut Scope<'_>,
        id: &str,
        queue: impl Into<Expr<String>>,
        messages_per_instance: u32,
    ) {
        let waiting = Metric::new("AWS/SQS", "ApproximateNumberOfMessagesVisible")
            .dimension("QueueName", queue)
            .statistic("Sum");
        let group = Expr::<String>::from(self.group().reference());
        let serving = Metric::new("AWS/AutoScaling", "GroupInServiceInstances")
            .dimension("AutoScalingGroupName", group)
            .statistic("Average");
        let query = |name: &'static str, metric: &Metric| {
            let tracked = TrackedMetric::new(metric.name.as_str(), metric.namespace.as_str())
                .dimensions(dimensions(metric));
            TargetTrackingMetricDataQuery::new(name)
                .metric_stat(TargetTrackingMetricStat::new(tracked, metric.statistic))
                .return_data(false)
        };
        // A fleet of none would divide by nothing, and never come back.
        let backlog = TargetTrackingMetricDataQuery::new("backlog")
            .expression("waiting / IF(serving > 0, serving, 1)")
            .label("messages that wait for each instance")
            .return_data(true);
        let specification = CustomizedMetricSpecification::new().metrics([
            query("waiting", &waiting),
            query("serving", &serving),
            backlog,
        ]);
        let configuration = TargetTrackingConfiguration::new(f64::from(messages_per_instance))
            .customized_metric_specification(specification);
        self.add_policy(scope, id, configuration);
        // How many instances there are is measured for those who ask.
        let mut scope = scope.reopen(self.scope);
        scope.change(self.group(), |draft| {
            let collection = autoscaling::auto_scaling_group::MetricsCollection::new("1Minute");
            if draft.properties().get("MetricsCollection").is_none() {
                draft.append("MetricsCollection", collection.metrics(["GroupInServiceInstances"]));
            }
        });
    }

    #[track_caller]
    pub(crate) fn track_predefined(
        &self,
        scope: &mut Scope<'_>,
        id: &str,
        target: f64,
        metric: PredefinedMetricSpecification,
    ) -> Handle<autoscaling::ScalingPolicy> {
        let configuration = TargetTrackingConfiguration::new(target).predefined_metric_specification(metric);
        self.add_policy(scope, id, configuration)
    }

    #[track_caller]
    fn add_policy(
        &self,
        scope: &mut Scope<'_>,
        id: &str,
        configuration: TargetTrackingConfiguration,
    ) -> Handle<autoscaling::ScalingPolicy> {
        let mut scope = scope.reopen(self.scope);
        autoscaling::ScalingPolicy::new(self.group())
            .policy_type("TargetTrackingScaling")
            .target_tracking_configuration(configuration)
            .build(&mut scope, id)
    }
}

fn dimensions(metric: &Metric) -> Expr<formwork_core::List<MetricDimension>> {
    let all = metric.dimensions.iter();
    Expr::list(all.map(|(name, value)| MetricDimension::new(name.as_str(), value.clone())))
}
