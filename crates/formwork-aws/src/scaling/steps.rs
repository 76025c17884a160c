//! [`StepScaling`]: instances or tasks added or taken away in steps.

use formwork_cfn::{cloudwatch, cloudwatch::alarm::Dimension, ids};
use formwork_core::{Build, Expr, Finding, Scope, builder::AnyOf};

use super::{Metric, seconds};

/// Instances of a fleet, or tasks of a service, that are added above thresholds of a metric, and taken
/// away below others.
///
/// See step scaling [of fleets](https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html)
/// and [of services](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html).
#[derive(Debug, Clone)]
#[must_use]
pub struct StepScaling {
    /// The load of what is scaled itself, where none is said.
    metric: Option<Metric>,
    above: Vec<Threshold>,
    below: Vec<Threshold>,
    periods: u8,
}

#[derive(Debug, Clone, Copy)]
struct Threshold {
    value: f64,
    change: i32,
}

/// One change, in distances from the threshold of the alarm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) lower: Option<f64>,
    pub(crate) upper: Option<f64>,
    pub(crate) change: i64,
}

/// The changes of one direction, for a policy.
type Steps = Vec<Step>;

impl StepScaling {
    /// Steps on the average CPU load of the fleet or service, in percent.
    pub fn on_cpu() -> Self {
        Self { metric: None, above: Vec::new(), below: Vec::new(), periods: 2 }
    }

    /// Steps on any metric.
    pub fn on(metric: Metric) -> Self {
        Self { metric: Some(metric), ..Self::on_cpu() }
    }

    /// Adds instances or tasks while the metric is at a threshold or above.
    pub fn above(mut self, threshold: impl Into<f64>, count: u32) -> Self {
        let change = i32::try_from(count).unwrap_or(i32::MAX);
        self.above.push(Threshold { value: threshold.into(), change });
        self
    }

    /// Takes instances or tasks away while the metric is at a threshold or below.
    pub fn below(mut self, threshold: impl Into<f64>, count: u32) -> Self {
        let change = i32::try_from(count).map_or(i32::MIN, |count| -count);
        self.below.push(Threshold { value: threshold.into(), change });
        self
    }

    /// For how many periods the metric must be there: 2 unless set.
    pub fn periods(mut self, periods: u8) -> Self {
        self.periods = periods;
        self
    }

    /// Adds a policy for each direction, and the alarm that calls it.
    pub(crate) fn build(
        mut self,
        own_load: Metric,
        scope: &mut Scope<'_>,
        id: &str,
        policy: impl Fn(&mut Scope<'_>, &str, Steps) -> Expr<AnyOf<ids::any::AlarmAction>>,
    ) {
        self.above.sort_by(|left, right| left.value.total_cmp(&right.value));
        self.below.sort_by(|left, right| right.value.total_cmp(&left.value));
        if !self.check(scope) {
            return;
        }
        let metric = self.metric.unwrap_or(own_load);
        for (thresholds, comparison, word) in [
            (&self.above, "GreaterThanOrEqualToThreshold", "Above"),
            (&self.below, "LessThanOrEqualToThreshold", "Below"),
        ] {
            let Some(first) = thresholds.first() else { continue };
            let action = policy(scope, &format!("{id}{word}"), steps(thresholds));
            let dimensions = metric.dimensions.iter();
            cloudwatch::Alarm::new(comparison)
                .namespace(metric.namespace.as_str())
                .metric_name(metric.name.as_str())
                .statistic(metric.statistic)
                .period(seconds(metric.period))
                .dimensions(Expr::list(
                    dimensions.map(|(name, value)| Dimension::new(name.as_str(), value.clone())),
                ))
                .evaluation_periods(i64::from(self.periods))
                .threshold(first.value)
                .alarm_actions([action])
                .build(scope, &format!("{id}{word}Alarm"));
        }
    }

    /// Whether the steps make sense; reports where they do not.
    fn check(&self, scope: &mut Scope<'_>) -> bool {
        let mistake = if self.above.is_empty() && self.below.is_empty() {
            Some(("the scaling has no step".to_owned(), "add one: `.above(80, 2)`"))
        } else if let (Some(high), Some(low)) = (self.above.first(), self.below.first())
            && low.value >= high.value
        {
            let message = format!("the size goes down below {} and up above {}", low.value, high.value);
            Some((message, "leave room between the two, or the size swings"))
        } else if let Some(step) = self.above.iter().chain(&self.below).find(|step| step.change == 0) {
            Some((format!("the step at {} changes nothing", step.value), "add or take away at least one"))
        } else {
            let twice = |steps: &[Threshold]| {
                steps
                    .windows(2)
                    .find(|pair| pair[0].value.total_cmp(&pair[1].value).is_eq())
                    .map(|pair| pair[0])
            };
            let twice = twice(&self.above).or_else(|| twice(&self.below));
            twice.map(|step| (format!("two steps begin at {}", step.value), "give each its own threshold"))
        };
        let sane = mistake.is_none();
        if let Some((message, hint)) = mistake {
            scope.report(Finding::error("FW0424", message).hint(hint));
        }
        sane
    }
}

/// The steps as distances from the alarm's threshold, which is the first one.
fn steps(thresholds: &[Threshold]) -> Steps {
    let origin = thresholds.first().map_or(0.0, |first| first.value);
    let upwards = thresholds.first().is_some_and(|first| first.change > 0);
    let mut steps = Vec::with_capacity(thresholds.len());
    for (position, threshold) in thresholds.iter().enumerate() {
        let near = Some(threshold.value - origin);
        let far = thresholds.get(position + 1).map(|next| next.value - origin);
        let (lower, upper) = if upwards { (near, far) } else { (far, near) };
        steps.push(Step { lower, upper, change: i64::from(threshold.change) });
    }
    steps
}
