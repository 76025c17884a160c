//! [`Tracking`]: a metric that the number of a service's tasks follows.

use std::time::Duration;

use formwork_cfn::{
    applicationautoscaling::scaling_policy::{
        CustomizedMetricSpecification, MetricDimension, PredefinedMetricSpecification, TargetTrackingMetric,
        TargetTrackingMetricDataQuery, TargetTrackingMetricDimension, TargetTrackingMetricStat,
        TargetTrackingScalingPolicyConfiguration,
    },
    ecs,
};
use formwork_core::{Expr, Handle};

use crate::{
    load_balancer::{Application, TargetGroupHandle},
    scaling::{Metric, seconds},
};

/// A metric that the number of a service's tasks follows, and the value that it is kept near.
///
/// See [target tracking](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::{ecs::Tracking, scaling::Metric};
///
/// let load = Tracking::cpu(60).scale_in_cooldown(Duration::from_mins(10));
/// let waiting = Tracking::metric(&Metric::new("Shop", "WaitingPerTask"), 20).never_scale_in();
/// # let _ = (load, waiting);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Tracking {
    source: Source,
    target: f64,
    out_cooldown: Option<Duration>,
    in_cooldown: Option<Duration>,
    scales_in: bool,
}

#[derive(Debug, Clone)]
enum Source {
    Predefined(&'static str, Option<Expr<String>>),
    Metric(Metric),
    /// A queue, by its name.
    Queue(Expr<String>),
}

impl Tracking {
    /// The average CPU load, near a share in percent.
    pub fn cpu(percent: u8) -> Self {
        Self::of(Source::Predefined("ECSServiceAverageCPUUtilization", None), f64::from(percent))
    }

    /// The average memory in use, near a share in percent.
    pub fn memory(percent: u8) -> Self {
        Self::of(Source::Predefined("ECSServiceAverageMemoryUtilization", None), f64::from(percent))
    }

    /// The requests that a task gets in a minute.
    pub fn requests(targets: &TargetGroupHandle<Application>, a_minute: u32) -> Self {
        let label = Some(targets.resource_label());
        Self::of(Source::Predefined("ALBRequestCountPerTarget", label), f64::from(a_minute))
    }

    /// The messages that wait in a queue, by its name, for each task.
    pub fn queue(queue_name: impl Into<Expr<String>>, messages_per_task: u32) -> Self {
        Self::of(Source::Queue(queue_name.into()), f64::from(messages_per_task))
    }

    /// Any metric that falls when there are more tasks.
    pub fn metric(metric: &Metric, target: impl Into<f64>) -> Self {
        Self::of(Source::Metric(metric.clone()), target.into())
    }

    const fn of(source: Source, target: f64) -> Self {
        Self { source, target, out_cooldown: None, in_cooldown: None, scales_in: true }
    }

    /// How long tasks that came count before more come: 5 minutes unless set.
    pub const fn scale_out_cooldown(mut self, time: Duration) -> Self {
        self.out_cooldown = Some(time);
        self
    }

    /// How long no tasks go after some went: 5 minutes unless set.
    pub const fn scale_in_cooldown(mut self, time: Duration) -> Self {
        self.in_cooldown = Some(time);
        self
    }

    /// Adds tasks, and leaves it to other policies to take them away.
    pub const fn never_scale_in(mut self) -> Self {
        self.scales_in = false;
        self
    }

    pub(super) fn into_property(
        self,
        cluster_name: &Expr<String>,
        service: &Handle<ecs::Service>,
    ) -> TargetTrackingScalingPolicyConfiguration {
        let mut configuration = TargetTrackingScalingPolicyConfiguration::new(self.target);
        configuration = match self.source {
            Source::Predefined(name, label) => {
                let mut metric = PredefinedMetricSpecification::new(name);
                if let Some(label) = label {
                    metric = metric.resource_label(label);
                }
                configuration.predefined_metric_specification(metric)
            }
            Source::Metric(metric) => configuration.customized_metric_specification(customized(&metric)),
            Source::Queue(queue) => configuration.customized_metric_specification(backlog(
                queue,
                cluster_name.clone(),
                service.name(),
            )),
        };
        if let Some(time) = self.out_cooldown {
            configuration = configuration.scale_out_cooldown(seconds(time));
        }
        if let Some(time) = self.in_cooldown {
            configuration = configuration.scale_in_cooldown(seconds(time));
        }
        if self.scales_in { configuration } else { configuration.disable_scale_in(true) }
    }
}

fn customized(metric: &Metric) -> CustomizedMetricSpecification {
    let specification = CustomizedMetricSpecification::new()
        .namespace(metric.namespace.as_str())
        .metric_name(metric.name.as_str())
        .statistic(metric.statistic);
    if metric.dimensions.is_empty() {
        return specification;
    }
    let dimensions = metric.dimensions.iter();
    let dimensions = dimensions.map(|(name, value)| MetricDimension::new(name.as_str(), value.clone()));
    specification.dimensions(Expr::list(dimensions))
}

/// The messages that wait in a queue for each task.
fn backlog(
    queue_name: Expr<String>,
    cluster_name: Expr<String>,
    service_name: Expr<String>,
) -> CustomizedMetricSpecification {
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
    CustomizedMetricSpecification::new().metrics([
        query("waiting", TargetTrackingMetricStat::new().metric(waiting).stat("Average")),
        query("serving", TargetTrackingMetricStat::new().metric(serving).stat("SampleCount")),
        backlog,
    ])
}
