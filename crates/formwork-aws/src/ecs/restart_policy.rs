//! [`RestartPolicy`]: a container that is started again when it ends.

use std::{ops::RangeInclusive, time::Duration};

use formwork_cfn::ecs::task_definition::RestartPolicy as RestartPolicyProperty;
use formwork_core::{Expr, Finding, Scope};

/// The times that a container has to run before it is started again, in seconds.
const PERIOD: RangeInclusive<u64> = 60..=1800;
/// The most exit codes that end a container for good.
const MOST_CODES: usize = 50;

/// A container that is started again when it ends, while the task goes on.
///
/// See [`AWS::ECS::TaskDefinition RestartPolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-restartpolicy.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::ecs::{Container, ContainerImage, RestartPolicy};
///
/// let agent = Container::new("agent", ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37"))
///     .restart(RestartPolicy::after(Duration::from_mins(5)).unless_exit_codes([0]));
/// # let _ = agent;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a container takes the policy: `container.restart(policy)`"]
pub struct RestartPolicy {
    period: Duration,
    ignored: Vec<i64>,
}

impl RestartPolicy {
    /// It is started again when it has run for this long at least: 1 to 30 minutes. One that ends
    /// sooner is not started again, and ends the task where it is essential.
    pub const fn after(time: Duration) -> Self {
        Self { period: time, ignored: Vec::new() }
    }

    /// It is not started again when it ends with one of these codes.
    pub fn unless_exit_codes(mut self, codes: impl IntoIterator<Item = u8>) -> Self {
        self.ignored.extend(codes.into_iter().map(i64::from));
        self
    }

    /// Reports (`FW0433`) a policy that the service refuses.
    pub(super) fn check(&self, container: &str, scope: &mut Scope<'_>) {
        let seconds = self.period.as_secs();
        if !PERIOD.contains(&seconds) {
            let message = format!("the container `{container}` starts again after {seconds} seconds");
            let hint = format!("{} to {} are possible", PERIOD.start(), PERIOD.end());
            scope.report(Finding::error("FW0433", message).hint(hint));
        }
        if self.ignored.len() > MOST_CODES {
            let message =
                format!("the container `{container}` ends for good with {} exit codes", self.ignored.len());
            let hint = format!("{MOST_CODES} are the most");
            scope.report(Finding::error("FW0433", message).hint(hint));
        }
    }

    pub(super) fn into_property(self) -> RestartPolicyProperty {
        let seconds = i64::try_from(self.period.as_secs()).unwrap_or(i64::MAX);
        let policy = RestartPolicyProperty::new().enabled(true).restart_attempt_period(seconds);
        if self.ignored.is_empty() {
            return policy;
        }
        policy.ignored_exit_codes(Expr::list(self.ignored))
    }
}
