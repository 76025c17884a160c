//! [`StepScaling`]: instances added or taken away in steps.

use formwork_cfn::{
    autoscaling, autoscaling::scaling_policy::StepAdjustment, cloudwatch, cloudwatch::alarm::Dimension,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{metric::Metric, seconds};

/// Instances added above thresholds of a metric, and taken away below others.
///
/// See [step scaling](https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html).
#[derive(Debug, Clone)]
#[must_use]
pub struct StepScaling {
    metric: Metric,
    of_fleet: bool,
    above: Vec<Step>,
    below: Vec<Step>,
    periods: u8,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    threshold: f64,
    change: i32,
}

impl StepScaling {
    /// Steps on the average CPU load of the fleet, in percent.
    pub fn on_cpu() -> Self {
        Self { of_fleet: true, ..Self::on(Metric::new("AWS/EC2", "CPUUtilization")) }
    }

    /// Steps on any metric.
    pub fn on(metric: Metric) -> Self {
        Self { metric, of_fleet: false, above: Vec::new(), below: Vec::new(), periods: 2 }
    }

    /// Adds instances while the metric is at a threshold or above.
    pub fn above(mut self, threshold: impl Into<f64>, instances: u32) -> Self {
        let change = i32::try_from(instances).unwrap_or(i32::MAX);
        self.above.push(Step { threshold: threshold.into(), change });
        self
    }

    /// Takes instances away while the metric is at a threshold or below.
    pub fn below(mut self, threshold: impl Into<f64>, instances: u32) -> Self {
        let change = i32::try_from(instances).map_or(i32::MIN, |instances| -instances);
        self.below.push(Step { threshold: threshold.into(), change });
        self
    }

    /// For how many periods the metric must be there: 2 unless set.
    pub fn periods(mut self, periods: u8) -> Self {
        self.periods = periods;
        self
    }

    pub(crate) fn build(
        mut self,
        group: &Handle<autoscaling::AutoScalingGroup>,
        scope: &mut Scope<'_>,
        id: &str,
    ) {
        self.above.sort_by(|left, right| left.threshold.total_cmp(&right.threshold));
        self.below.sort_by(|left, right| right.threshold.total_cmp(&left.threshold));
        if !self.check(scope) {
            return;
        }
        if self.of_fleet {
            let name = Expr::<String>::from(group.reference());
            self.metric.dimensions.push(("AutoScalingGroupName".to_owned(), name));
        }
        for (steps, comparison, word) in [
            (&self.above, "GreaterThanOrEqualToThreshold", "Above"),
            (&self.below, "LessThanOrEqualToThreshold", "Below"),
        ] {
            let Some(first) = steps.first() else { continue };
            let policy = autoscaling::ScalingPolicy::new(group)
                .policy_type("StepScaling")
                .adjustment_type("ChangeInCapacity")
                .metric_aggregation_type("Average")
                .step_adjustments(adjustments(steps))
                .build(scope, &format!("{id}{word}"));
            let dimensions = self.metric.dimensions.iter();
            cloudwatch::Alarm::new(comparison)
                .namespace(self.metric.namespace.as_str())
                .metric_name(self.metric.name.as_str())
                .statistic(self.metric.statistic)
                .period(seconds(self.metric.period))
                .dimensions(Expr::list(
                    dimensions.map(|(name, value)| Dimension::new(name.as_str(), value.clone())),
                ))
                .evaluation_periods(i64::from(self.periods))
                .threshold(first.threshold)
                .alarm_actions([&policy])
                .build(scope, &format!("{id}{word}Alarm"));
        }
    }

    /// Whether the steps make sense; reports where they do not.
    fn check(&self, scope: &mut Scope<'_>) -> bool {
        let mistake = if self.above.is_empty() && self.below.is_empty() {
            Some(("the scaling has no step".to_owned(), "add one: `.above(80, 2)`"))
        } else if let (Some(high), Some(low)) = (self.above.first(), self.below.first())
            && low.threshold >= high.threshold
        {
            let message = format!("instances go below {} and come above {}", low.threshold, high.threshold);
            Some((message, "leave room between the two, or the fleet swings"))
        } else if let Some(step) = self.above.iter().chain(&self.below).find(|step| step.change == 0) {
            Some((format!("the step at {} changes nothing", step.threshold), "add or take away at least one"))
        } else {
            let twice = |steps: &[Step]| {
                steps
                    .windows(2)
                    .find(|pair| pair[0].threshold.total_cmp(&pair[1].threshold).is_eq())
                    .map(|pair| pair[0])
            };
            let twice = twice(&self.above).or_else(|| twice(&self.below));
            twice
                .map(|step| (format!("two steps begin at {}", step.threshold), "give each its own threshold"))
        };
        let sane = mistake.is_none();
        if let Some((message, hint)) = mistake {
            scope.report(Finding::error("FW0424", message).hint(hint));
        }
        sane
    }
}

/// The steps as distances from the alarm's threshold, which is the first one.
fn adjustments(steps: &[Step]) -> Vec<StepAdjustment> {
    let origin = steps.first().map_or(0.0, |first| first.threshold);
    let upwards = steps.first().is_some_and(|first| first.change > 0);
    let mut adjustments = Vec::with_capacity(steps.len());
    for (position, step) in steps.iter().enumerate() {
        let near = step.threshold - origin;
        let far = steps.get(position + 1).map(|next| next.threshold - origin);
        let mut adjustment = StepAdjustment::new(i64::from(step.change));
        if upwards {
            adjustment = adjustment.metric_interval_lower_bound(near);
            if let Some(far) = far {
                adjustment = adjustment.metric_interval_upper_bound(far);
            }
        } else {
            adjustment = adjustment.metric_interval_upper_bound(near);
            if let Some(far) = far {
                adjustment = adjustment.metric_interval_lower_bound(far);
            }
        }
        adjustments.push(adjustment);
    }
    adjustments
}
