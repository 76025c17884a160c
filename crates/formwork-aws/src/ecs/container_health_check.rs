//! [`ContainerHealthCheck`]: how a container is known to be well.

use std::{ops::RangeInclusive, time::Duration};

use formwork_cfn::ecs::task_definition::HealthCheck;
use formwork_core::{Expr, Finding, Scope};

/// The times between two checks, in seconds.
const INTERVAL: RangeInclusive<u64> = 5..=300;
/// The times that a check may take, in seconds.
const TIMEOUT: RangeInclusive<u64> = 2..=60;
/// How often a check may fail.
const RETRIES: RangeInclusive<u64> = 1..=10;
/// The times in which failures do not count, in seconds.
const START: RangeInclusive<u64> = 0..=300;

/// How a container is known to be well: by a command inside of it that succeeds.
///
/// See [`AWS::ECS::TaskDefinition HealthCheck`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-healthcheck.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::ecs::{Container, ContainerHealthCheck, ContainerImage};
///
/// let check = ContainerHealthCheck::shell("curl -fsS http://localhost:8080/health")
///     .interval(Duration::from_secs(10))
///     .retries(5)
///     .start_period(Duration::from_mins(2));
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"))
///     .health_check(check);
/// # let _ = web;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a container takes the check: `container.health_check(check)`"]
pub struct ContainerHealthCheck {
    command: Vec<Expr<String>>,
    interval: Duration,
    timeout: Duration,
    retries: u8,
    start_period: Option<Duration>,
}

impl ContainerHealthCheck {
    /// A command for the shell of the image.
    pub fn shell(command: impl Into<Expr<String>>) -> Self {
        Self::of(vec!["CMD-SHELL".into(), command.into()])
    }

    /// A program and its arguments, for an image without a shell.
    pub fn program<A: Into<Expr<String>>>(arguments: impl IntoIterator<Item = A>) -> Self {
        let start: Expr<String> = "CMD".into();
        Self::of(std::iter::once(start).chain(arguments.into_iter().map(Into::into)).collect())
    }

    const fn of(command: Vec<Expr<String>>) -> Self {
        Self {
            command,
            interval: Duration::from_secs(30),
            timeout: Duration::from_secs(5),
            retries: 3,
            start_period: None,
        }
    }

    /// The time between two checks: 30 seconds unless set, 5 seconds to 5 minutes.
    pub const fn interval(mut self, time: Duration) -> Self {
        self.interval = time;
        self
    }

    /// How long a check may take: 5 seconds unless set, 2 seconds to a minute.
    pub const fn timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    /// How many checks in a row may fail before the container is not well: 3 unless set, 1 to 10.
    pub const fn retries(mut self, checks: u8) -> Self {
        self.retries = checks;
        self
    }

    /// How long a new container may fail without it counting: not at all unless set, 5 minutes at
    /// most.
    pub const fn start_period(mut self, time: Duration) -> Self {
        self.start_period = Some(time);
        self
    }

    /// Reports (`FW0433`) numbers that the service refuses.
    pub(super) fn check(&self, container: &str, scope: &mut Scope<'_>) {
        let numbers = [
            ("waits between two health checks", Some(self.interval.as_secs()), INTERVAL, "seconds"),
            ("gives a health check", Some(self.timeout.as_secs()), TIMEOUT, "seconds"),
            ("lets the health check fail", Some(self.retries.into()), RETRIES, "times"),
            ("begins with", self.start_period.map(|time| time.as_secs()), START, "seconds of grace"),
        ];
        for (what, number, range, unit) in numbers {
            if let Some(number) = number.filter(|number| !range.contains(number)) {
                let message = format!("the container `{container}` {what} {number} {unit}");
                let hint = format!("{} to {} are possible", range.start(), range.end());
                scope.report(Finding::error("FW0433", message).hint(hint));
            }
        }
        if self.command.len() < 2 {
            let message = format!("the health check of the container `{container}` runs nothing");
            scope.report(Finding::error("FW0433", message));
        }
    }

    pub(super) fn into_property(self) -> HealthCheck {
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let check = HealthCheck::new()
            .command(self.command)
            .interval(seconds(self.interval))
            .timeout(seconds(self.timeout))
            .retries(self.retries);
        match self.start_period {
            Some(time) => check.start_period(seconds(time)),
            None => check,
        }
    }
}
