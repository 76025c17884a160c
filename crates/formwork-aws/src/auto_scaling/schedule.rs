//! [`Schedule`]: sizes by the time of day.

use formwork_cfn::autoscaling;
use formwork_core::{Build, Finding, Handle, Scope};

/// The fields of a time: minute, hour, day of the month, month, day of the week.
const FIELDS: usize = 5;

/// What the size of a fleet may be from some time on.
///
/// See [`AWS::AutoScaling::ScheduledAction`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-scheduledaction.html).
#[derive(Debug, Clone)]
#[must_use]
pub struct Schedule {
    recurrence: String,
    time_zone: Option<String>,
    least: Option<u32>,
    most: Option<u32>,
    desired: Option<u32>,
}

impl Schedule {
    /// At times in the form of cron (`0 20 * * MON-FRI`): minute, hour, day of the month, month,
    /// day of the week. In UTC, unless a time zone is set.
    pub fn cron(recurrence: impl Into<String>) -> Self {
        Self { recurrence: recurrence.into(), time_zone: None, least: None, most: None, desired: None }
    }

    /// The time zone of the times (`Europe/Zurich`).
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.time_zone = Some(zone.into());
        self
    }

    /// The lower end of the capacity from then on.
    pub fn min(mut self, instances: u32) -> Self {
        self.least = Some(instances);
        self
    }

    /// The upper end of the capacity from then on.
    pub fn max(mut self, instances: u32) -> Self {
        self.most = Some(instances);
        self
    }

    /// How many instances there are then, for scaling to go on from.
    pub fn desired(mut self, instances: u32) -> Self {
        self.desired = Some(instances);
        self
    }

    pub(crate) fn build(
        self,
        group: &Handle<autoscaling::AutoScalingGroup>,
        scope: &mut Scope<'_>,
        id: &str,
    ) {
        self.check(scope);
        let mut action = autoscaling::ScheduledAction::new(group).recurrence(self.recurrence);
        if let Some(zone) = self.time_zone {
            action = action.time_zone(zone);
        }
        if let Some(least) = self.least {
            action = action.min_size(least);
        }
        if let Some(most) = self.most {
            action = action.max_size(most);
        }
        if let Some(desired) = self.desired {
            action = action.desired_capacity(desired);
        }
        action.build(scope, id);
    }

    fn check(&self, scope: &mut Scope<'_>) {
        let fields = self.recurrence.split_ascii_whitespace();
        let sane =
            |field: &str| field.chars().all(|each| each.is_ascii_alphanumeric() || "*,-/?L#W".contains(each));
        if fields.clone().count() != FIELDS || !fields.clone().all(sane) {
            let message = format!("`{}` is not a time in the form of cron", self.recurrence);
            let hint = "minute, hour, day of the month, month, day of the week: `0 20 * * MON-FRI`";
            scope.report(Finding::error("FW0425", message).hint(hint));
        }
        if self.least.or(self.most).or(self.desired).is_none() {
            let finding = Finding::error("FW0425", "the schedule changes nothing");
            scope.report(finding.hint("say what: `.min(0)`, `.max(2)` or `.desired(1)`"));
        }
        if let (Some(least), Some(most)) = (self.least, self.most)
            && least > most
        {
            let message = format!("the schedule sets a capacity from {least} to {most}, which is no range");
            scope.report(Finding::error("FW0425", message));
        }
    }
}
