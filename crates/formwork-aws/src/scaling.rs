//! What the scaling of fleets and of services has in common.

mod metric;
mod steps;

use std::time::Duration;

pub use metric::Metric;
pub(crate) use steps::Step;
pub use steps::StepScaling;

pub(crate) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
