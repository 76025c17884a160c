//! [`LifecycleHook`]: instances that wait before they start their work, or before they go.

use std::time::Duration;

use formwork_cfn::{autoscaling::auto_scaling_group::LifecycleHookSpecification, ids};
use formwork_core::{Expr, Finding, Scope, builder::AnyOf};

use super::seconds;
use crate::iam::{Permission, Principal, Role};

/// How long an instance may wait.
const WAIT: std::ops::RangeInclusive<u64> = 30..=7200;

/// Instances wait before they start their work, or before they go, until somebody says that all is done
/// (`CompleteLifecycleAction`) or the time is over.
///
/// See [lifecycle hooks](https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::auto_scaling::LifecycleHook;
///
/// let save = LifecycleHook::before_termination("save-workspace", Duration::from_mins(10)).then_go_on();
/// # let _ = save;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a fleet takes the hook: `AutoScalingGroup::lifecycle_hook`"]
pub struct LifecycleHook {
    name: String,
    transition: &'static str,
    wait: Duration,
    result: &'static str,
    notified: Option<Notified>,
    metadata: Option<String>,
}

/// What hears of an instance that waits.
#[derive(Debug, Clone)]
struct Notified {
    target: Expr<AnyOf<ids::any::TopicArnOrQueueArn>>,
    action: &'static str,
}

impl LifecycleHook {
    /// Before a new instance starts its work. One for which nothing is said in time goes away.
    pub fn after_launch(name: impl Into<String>, wait: Duration) -> Self {
        Self::of(name.into(), "autoscaling:EC2_INSTANCE_LAUNCHING", wait)
    }

    /// Before an instance goes.
    pub fn before_termination(name: impl Into<String>, wait: Duration) -> Self {
        Self::of(name.into(), "autoscaling:EC2_INSTANCE_TERMINATING", wait)
    }

    const fn of(name: String, transition: &'static str, wait: Duration) -> Self {
        Self { name, transition, wait, result: "ABANDON", notified: None, metadata: None }
    }

    /// Goes on when nothing is said in time: a new instance starts its work, other hooks of one that
    /// goes are waited for.
    pub fn then_go_on(mut self) -> Self {
        self.result = "CONTINUE";
        self
    }

    /// Tells a topic of SNS, by its ARN, with a role that may publish to it.
    pub fn tell_topic(mut self, topic: impl Into<Expr<ids::sns::TopicArn>>) -> Self {
        self.notified = Some(Notified { target: topic.into().into(), action: "sns:Publish" });
        self
    }

    /// Tells a queue of SQS, by its ARN, with a role that may send to it.
    pub fn tell_queue(mut self, queue: impl Into<Expr<ids::sqs::QueueArn>>) -> Self {
        self.notified = Some(Notified { target: queue.into().into(), action: "sqs:SendMessage" });
        self
    }

    /// What is told besides.
    pub fn metadata(mut self, text: impl Into<String>) -> Self {
        self.metadata = Some(text.into());
        self
    }

    pub(super) fn into_property(self, scope: &mut Scope<'_>) -> LifecycleHookSpecification {
        if !WAIT.contains(&self.wait.as_secs()) {
            let message = format!(
                "the lifecycle hook `{}` waits {} seconds: {} to {} are possible",
                self.name,
                self.wait.as_secs(),
                WAIT.start(),
                WAIT.end()
            );
            scope.report(Finding::error("FW0472", message));
        }
        let word: String =
            self.name.split(|each: char| !each.is_ascii_alphanumeric()).map(capitalized).collect();
        let mut hook = LifecycleHookSpecification::new(self.name, self.transition)
            .heartbeat_timeout(seconds(self.wait))
            .default_result(self.result);
        if let Some(notified) = self.notified {
            let target = notified.target;
            let permission = Permission::new([notified.action], [target.clone().cast::<String>()]);
            let role = Role::new(Principal::service("autoscaling.amazonaws.com"))
                .permission(permission)
                .build(scope, &format!("{word}Teller"));
            hook = hook.notification_target_arn(target).role_arn(&role);
        }
        match self.metadata {
            Some(text) => hook.notification_metadata(text),
            None => hook,
        }
    }
}

/// A word with a capital letter.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
