//! [`Metric`]: something that CloudWatch measures.

use std::time::Duration;

use formwork_core::Expr;

#[cfg(feature = "load-balancing")]
use crate::load_balancer::{Application, TargetGroupHandle};

/// Something that CloudWatch measures: averaged over a minute, unless set otherwise.
#[derive(Debug, Clone)]
#[must_use]
pub struct Metric {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) statistic: &'static str,
    pub(crate) period: Duration,
    pub(crate) dimensions: Vec<(String, Expr<String>)>,
}

impl Metric {
    /// A metric of a namespace (`AWS/SQS`, `ApproximateNumberOfMessagesVisible`).
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            statistic: "Average",
            period: Duration::from_mins(1),
            dimensions: Vec::new(),
        }
    }

    /// The requests that each target behind a load balancer gets, in a minute: for steps. To hold the
    /// number, there is
    /// `track_requests`.
    #[cfg(feature = "load-balancing")]
    pub fn requests_per_target(targets: &TargetGroupHandle<Application>) -> Self {
        Self::new("AWS/ApplicationELB", "RequestCountPerTarget")
            .statistic("Sum")
            .dimension("TargetGroup", targets.full_name())
    }

    /// Which of the measured things.
    pub fn dimension(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.dimensions.push((name.into(), value.into()));
        self
    }

    /// How values of a period become one: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`.
    pub fn statistic(mut self, statistic: &'static str) -> Self {
        self.statistic = statistic;
        self
    }

    /// The length of a period: 10 or 30 seconds, or whole minutes.
    pub fn period(mut self, period: Duration) -> Self {
        self.period = period;
        self
    }
}
