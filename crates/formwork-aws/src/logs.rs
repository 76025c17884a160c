//! [`LogGroup`]: where logs are kept, and for how long.

use formwork_cfn::{ids, logs};
use formwork_core::{Build, DeletionPolicy, Expr, Handle, Scope, UpdateReplacePolicy};

use crate::iam::Permission;

/// How long logs are kept. What is kept longer costs more, which is why it is always said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retention {
    /// One day.
    OneDay,
    /// Three days.
    ThreeDays,
    /// A week.
    OneWeek,
    /// Two weeks.
    TwoWeeks,
    /// 30 days.
    OneMonth,
    /// 60 days.
    TwoMonths,
    /// 90 days.
    ThreeMonths,
    /// 180 days.
    SixMonths,
    /// 365 days.
    OneYear,
    /// 731 days.
    TwoYears,
    /// 1,827 days.
    FiveYears,
    /// 3,653 days.
    TenYears,
    /// Until somebody deletes them.
    Forever,
}

impl Retention {
    /// The days as the service counts them; none for ever.
    const fn days(self) -> Option<i64> {
        Some(match self {
            Self::OneDay => 1,
            Self::ThreeDays => 3,
            Self::OneWeek => 7,
            Self::TwoWeeks => 14,
            Self::OneMonth => 30,
            Self::TwoMonths => 60,
            Self::ThreeMonths => 90,
            Self::SixMonths => 180,
            Self::OneYear => 365,
            Self::TwoYears => 731,
            Self::FiveYears => 1827,
            Self::TenYears => 3653,
            Self::Forever => return None,
        })
    }
}

/// A log group. It goes away with its stack, unless it is retained.
///
/// See [`AWS::Logs::LogGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html).
///
/// ```
/// use formwork_aws::logs::{LogGroup, Retention};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let logs = LogGroup::new(Retention::OneMonth).build(&mut stack, "Requests");
/// stack.output("Logs", logs.name());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a log group is added to a stack by `build`"]
pub struct LogGroup {
    retention: Retention,
    retained: bool,
}

impl LogGroup {
    /// A log group that keeps what it gets for this long.
    pub const fn new(retention: Retention) -> Self {
        Self { retention, retained: false }
    }

    /// Keeps the group and its logs when the stack lets go of it.
    pub const fn retained(mut self) -> Self {
        self.retained = true;
        self
    }

    /// Adds the group to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> LogGroupHandle {
        let mut scope = scope.construct(id);
        let (deletion, replacement) = if self.retained {
            (DeletionPolicy::Retain, UpdateReplacePolicy::Retain)
        } else {
            (DeletionPolicy::Delete, UpdateReplacePolicy::Delete)
        };
        let mut group = logs::LogGroup::new().deletion_policy(deletion).update_replace_policy(replacement);
        if let Some(days) = self.retention.days() {
            group = group.retention_in_days(days);
        }
        LogGroupHandle { group: group.build(&mut scope, "LogGroup") }
    }
}

/// A [`LogGroup`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct LogGroupHandle {
    group: Handle<logs::LogGroup>,
}

impl LogGroupHandle {
    /// The group itself.
    pub const fn log_group(&self) -> &Handle<logs::LogGroup> {
        &self.group
    }

    /// The name.
    pub fn name(&self) -> Expr<String> {
        self.group.log_group_name().into()
    }

    /// Lets somebody write to it.
    pub fn write(&self) -> Permission {
        Permission::new(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [Expr::<String>::from(self.group.arn())],
        )
    }
}

impl From<&LogGroupHandle> for Expr<ids::logs::LogGroupName> {
    fn from(handle: &LogGroupHandle) -> Self {
        handle.group.log_group_name()
    }
}
