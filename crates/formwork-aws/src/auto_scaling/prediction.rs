//! [`Prediction`]: instances before they are needed.

use std::time::Duration;

use formwork_cfn::{
    autoscaling,
    autoscaling::scaling_policy::{
        PredictiveScalingConfiguration, PredictiveScalingMetricSpecification,
        PredictiveScalingPredefinedMetricPair,
    },
};
use formwork_core::{Build, Expr, Finding, Handle, ResourceId, Scope};

use super::seconds;

/// Instances before they are needed, by what the last two weeks were like.
///
/// See [predictive scaling](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-predictive-scaling.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::auto_scaling::Prediction;
///
/// let mornings = Prediction::of_cpu(60).ahead(Duration::from_mins(10));
/// # let _ = mornings;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Prediction {
    pair: &'static str,
    target: f64,
    scales: bool,
    ahead: Option<Duration>,
    beyond: Option<u8>,
    /// What a balancer and its targets are called, and what puts them together.
    targets: Option<(Expr<String>, ResourceId)>,
}

impl Prediction {
    /// So that the average CPU load is near a share, in percent.
    pub fn of_cpu(percent: u8) -> Self {
        Self::of("ASGCPUUtilization", f64::from(percent))
    }

    /// So that the bytes that an instance receives in a minute are near a number.
    pub const fn of_network_in(bytes: f64) -> Self {
        Self::of("ASGNetworkIn", bytes)
    }

    /// So that the bytes that an instance sends in a minute are near a number.
    pub const fn of_network_out(bytes: f64) -> Self {
        Self::of("ASGNetworkOut", bytes)
    }

    /// So that the requests that an instance gets in a minute are near a number.
    #[cfg(feature = "load-balancing")]
    pub fn of_requests(
        targets: &crate::load_balancer::TargetGroupHandle<crate::load_balancer::Application>,
        a_minute: u32,
    ) -> Self {
        let mut prediction = Self::of("ALBRequestCount", f64::from(a_minute));
        prediction.targets = Some((targets.resource_label(), targets.after()));
        prediction
    }

    const fn of(pair: &'static str, target: f64) -> Self {
        Self { pair, target, scales: true, ahead: None, beyond: None, targets: None }
    }

    /// Predicts and does nothing, to see how good predictions are.
    pub fn forecast_only(mut self) -> Self {
        self.scales = false;
        self
    }

    /// Starts instances so long before they are needed: an hour at most.
    pub fn ahead(mut self, time: Duration) -> Self {
        self.ahead = Some(time);
        self
    }

    /// Goes beyond the upper end of the capacity where the prediction does, by so many percent of it.
    pub fn beyond_maximum(mut self, percent: u8) -> Self {
        self.beyond = Some(percent);
        self
    }

    pub(super) fn build(
        self,
        group: &Handle<autoscaling::AutoScalingGroup>,
        scope: &mut Scope<'_>,
        id: &str,
    ) {
        let mut pair = PredictiveScalingPredefinedMetricPair::new(self.pair);
        let (label, after) = self.targets.unzip();
        if let Some(label) = label {
            pair = pair.resource_label(label);
        }
        let metric =
            PredictiveScalingMetricSpecification::new(self.target).predefined_metric_pair_specification(pair);
        let mut configuration = PredictiveScalingConfiguration::new([metric]).mode(if self.scales {
            "ForecastAndScale"
        } else {
            "ForecastOnly"
        });
        if let Some(ahead) = self.ahead {
            if ahead > Duration::from_hours(1) {
                let message =
                    format!("instances start {} seconds ahead: an hour is possible", ahead.as_secs());
                scope.report(Finding::error("FW0472", message));
            }
            configuration = configuration.scheduling_buffer_time(seconds(ahead));
        }
        if let Some(percent) = self.beyond {
            configuration = configuration
                .max_capacity_breach_behavior("IncreaseMaxCapacity")
                .max_capacity_buffer(percent);
        }
        let mut policy = autoscaling::ScalingPolicy::new(group)
            .policy_type("PredictiveScaling")
            .predictive_scaling_configuration(configuration);
        if let Some(after) = after {
            // The service refuses the policy until the group is behind the balancer.
            policy = policy.depends_on(after);
        }
        policy.build(scope, id);
    }
}
