//! [`ServiceSchedule`]: how many tasks there may be, by the time of day.

use formwork_cfn::applicationautoscaling::scalable_target::{ScalableTargetAction, ScheduledAction};
use formwork_core::{Finding, Scope};

use super::times::Times;

/// How many tasks of a service there may be from some time on.
///
/// See [scheduled scaling](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html).
///
/// ```
/// use formwork_aws::ecs::ServiceSchedule;
///
/// let night = ServiceSchedule::cron("0 20 * * ? *").time_zone("Europe/Vienna").max(2);
/// let morning = ServiceSchedule::cron("0 6 ? * MON-FRI *").time_zone("Europe/Vienna").min(4).max(20);
/// # let _ = (night, morning);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ServiceSchedule {
    times: Times,
    least: Option<u32>,
    most: Option<u32>,
}

impl ServiceSchedule {
    /// At the times of a `cron` expression of six fields (`0 20 * * ? *`): minute, hour, day of the
    /// month, month, day of the week, year. One of the two days is `?`. In UTC unless a time zone is
    /// set.
    pub fn cron(fields: &str) -> Self {
        Self::of(Times::cron(fields))
    }

    /// Once, at a time (`2030-01-31T03:00:00`), in UTC unless a time zone is set.
    pub fn once_at(time: &str) -> Self {
        Self::of(Times::once_at(time))
    }

    const fn of(times: Times) -> Self {
        Self { times, least: None, most: None }
    }

    /// The time zone of the times (`Europe/Zurich`).
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.times = self.times.time_zone(zone.into());
        self
    }

    /// The lower end of the range from then on.
    pub const fn min(mut self, tasks: u32) -> Self {
        self.least = Some(tasks);
        self
    }

    /// The upper end of the range from then on.
    pub const fn max(mut self, tasks: u32) -> Self {
        self.most = Some(tasks);
        self
    }

    pub(super) fn into_property(self, id: &str, scope: &mut Scope<'_>) -> ScheduledAction {
        self.times.check(scope);
        let mut action = ScalableTargetAction::new();
        match (self.least, self.most) {
            (None, None) => {
                let finding = Finding::error("FW0425", "the schedule changes nothing");
                scope.report(finding.hint("say what: `.min(0)` or `.max(2)`"));
            }
            (Some(least), Some(most)) if least > most => {
                let message = format!("the schedule sets a range from {least} to {most}, which is none");
                scope.report(Finding::error("FW0425", message));
            }
            _ => {}
        }
        if let Some(least) = self.least {
            action = action.min_capacity(least);
        }
        if let Some(most) = self.most {
            action = action.max_capacity(most);
        }
        let (expression, zone) = self.times.into_parts();
        let mut scheduled = ScheduledAction::new(id, expression).scalable_target_action(action);
        if let Some(zone) = zone {
            scheduled = scheduled.timezone(zone);
        }
        scheduled
    }
}
