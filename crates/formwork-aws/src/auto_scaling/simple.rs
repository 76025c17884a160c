//! [`SimpleScaling`]: one change, and then a rest.

use std::time::Duration;

use formwork_cfn::{autoscaling, cloudwatch, cloudwatch::alarm::Dimension};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{Metric, seconds};

/// One change of the size when a metric passes a threshold, and then a rest. [`StepScaling`](super::StepScaling)
/// goes on while instances start, and is better where that matters.
///
/// See [simple scaling](https://docs.aws.amazon.com/autoscaling/ec2/userguide/simple-scaling-policies.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::auto_scaling::{Metric, SimpleScaling};
///
/// let queue = Metric::new("Shop", "OrdersWaiting");
/// let more = SimpleScaling::above(queue, 100, 1).rest(Duration::from_mins(5));
/// # let _ = more;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct SimpleScaling {
    metric: Metric,
    comparison: &'static str,
    threshold: f64,
    change: i64,
    rest: Duration,
    periods: u8,
}

impl SimpleScaling {
    /// Adds instances when a metric is at a threshold or above.
    pub fn above(metric: Metric, threshold: impl Into<f64>, instances: u32) -> Self {
        Self::of(metric, "GreaterThanOrEqualToThreshold", threshold.into(), i64::from(instances))
    }

    /// Takes instances away when a metric is at a threshold or below.
    pub fn below(metric: Metric, threshold: impl Into<f64>, instances: u32) -> Self {
        Self::of(metric, "LessThanOrEqualToThreshold", threshold.into(), -i64::from(instances))
    }

    const fn of(metric: Metric, comparison: &'static str, threshold: f64, change: i64) -> Self {
        Self { metric, comparison, threshold, change, rest: Duration::from_mins(5), periods: 2 }
    }

    /// How long nothing happens after a change: 5 minutes unless set.
    pub fn rest(mut self, rest: Duration) -> Self {
        self.rest = rest;
        self
    }

    /// For how many periods the metric must be there: 2 unless set.
    pub fn periods(mut self, periods: u8) -> Self {
        self.periods = periods;
        self
    }

    pub(super) fn build(
        self,
        group: &Handle<autoscaling::AutoScalingGroup>,
        scope: &mut Scope<'_>,
        id: &str,
    ) {
        let policy = autoscaling::ScalingPolicy::new(group)
            .policy_type("SimpleScaling")
            .adjustment_type("ChangeInCapacity")
            .scaling_adjustment(Expr::from_node(formwork_core::builder::Node::Integer(self.change)))
            .cooldown(self.rest.as_secs().to_string())
            .build(scope, id);
        let dimensions = self.metric.dimensions.iter();
        cloudwatch::Alarm::new(self.comparison)
            .namespace(self.metric.namespace.as_str())
            .metric_name(self.metric.name.as_str())
            .statistic(self.metric.statistic)
            .period(seconds(self.metric.period))
            .dimensions(Expr::list(
                dimensions.map(|(name, value)| Dimension::new(name.as_str(), value.clone())),
            ))
            .evaluation_periods(i64::from(self.periods))
            .threshold(self.threshold)
            .alarm_actions([&policy])
            .build(scope, &format!("{id}Alarm"));
    }
}
