//! [`ServiceSteps`]: step scaling of a service, with the time between two changes.

use std::time::Duration;

use crate::scaling::StepScaling;

/// [`StepScaling`] of a service, with the time between two changes. Fleets have none: they ask how
/// long an instance warms up. Where nothing is to be said of it, a [`StepScaling`] is enough.
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::{ecs::ServiceSteps, scaling::StepScaling};
///
/// let rush = ServiceSteps::new(StepScaling::on_cpu().above(85, 2).above(95, 4))
///     .cooldown(Duration::from_mins(2));
/// # let _ = rush;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ServiceSteps {
    steps: StepScaling,
    cooldown: Option<Duration>,
}

impl ServiceSteps {
    /// These steps.
    pub fn new(steps: StepScaling) -> Self {
        Self { steps, cooldown: None }
    }

    /// How long nothing changes after a change: 5 minutes unless set. More tasks come meanwhile where
    /// a higher step asks for more.
    pub fn cooldown(mut self, time: Duration) -> Self {
        self.cooldown = Some(time);
        self
    }

    pub(super) fn into_parts(self) -> (StepScaling, Option<Duration>) {
        (self.steps, self.cooldown)
    }
}

impl From<StepScaling> for ServiceSteps {
    fn from(steps: StepScaling) -> Self {
        Self::new(steps)
    }
}
