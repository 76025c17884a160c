//! [`Target`]: what a load balancer passes requests on to, and how it knows that it is well.

use std::time::Duration;

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2,
    elasticloadbalancingv2::target_group::{Matcher, TargetGroupAttribute},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, concat};

use crate::security_group::SecurityGroupHandle;

/// How a load balancer knows that a target is well.
///
/// See [health checks](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct HealthCheck {
    path: String,
    codes: String,
    interval: Duration,
    timeout: Duration,
    healthy: u8,
    unhealthy: u8,
}

impl HealthCheck {
    /// Asks for a path every 15 seconds and waits 5 for status 200; 2 good answers make a target
    /// healthy, 3 bad ones unhealthy.
    pub fn path(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            codes: "200".to_owned(),
            interval: Duration::from_secs(15),
            timeout: Duration::from_secs(5),
            healthy: 2,
            unhealthy: 3,
        }
    }

    /// The statuses that are good answers (`200-299`).
    pub fn codes(mut self, codes: impl Into<String>) -> Self {
        self.codes = codes.into();
        self
    }

    /// The time between questions: 5 to 300 seconds.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// The time that an answer may take: 2 to 120 seconds, less than the interval.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many answers in a row make a target healthy, and unhealthy: 2 to 10 each.
    pub fn thresholds(mut self, healthy: u8, unhealthy: u8) -> Self {
        (self.healthy, self.unhealthy) = (healthy, unhealthy);
        self
    }

    fn check(&self, scope: &mut Scope<'_>) {
        let mistake = if !self.path.starts_with('/') {
            format!("the path `{}` of the health check does not begin with `/`", self.path)
        } else if !(5..=300).contains(&self.interval.as_secs()) {
            format!("the health check asks every {} seconds: 5 to 300 are possible", self.interval.as_secs())
        } else if !(2..=120).contains(&self.timeout.as_secs()) || self.timeout >= self.interval {
            let (timeout, interval) = (self.timeout.as_secs(), self.interval.as_secs());
            format!(
                "the health check waits {timeout} seconds of {interval}: 2 to 120 are possible, and fewer than the interval"
            )
        } else if !(2..=10).contains(&self.healthy) || !(2..=10).contains(&self.unhealthy) {
            format!(
                "the thresholds of the health check are {} and {}: 2 to 10 are possible",
                self.healthy, self.unhealthy
            )
        } else {
            return;
        };
        scope.report(Finding::error("FW0427", mistake));
    }
}

/// What a load balancer passes requests on to: a port of a fleet, of a service.
pub trait Target {
    /// How targets are named to the balancer: `instance` or `ip`.
    fn target_type(&self) -> &'static str;

    /// The port that targets listen on, by HTTP.
    fn port(&self) -> u16;

    /// How the balancer knows that a target is well.
    fn health_check(&self) -> &HealthCheck;

    /// How long requests that run may go on when a target is taken out, if it is said.
    fn deregistration_delay(&self) -> Option<Duration>;

    /// The security groups that targets are in.
    fn security_groups(&self) -> &[SecurityGroupHandle];

    /// Puts targets into the group.
    fn attach(&self, scope: &mut Scope<'_>, group: &TargetGroupHandle);
}

pub(super) fn build_target_group(
    target: &impl Target,
    vpc: &Expr<ids::ec2::VpcId>,
    scope: &mut Scope<'_>,
    id: &str,
) -> Handle<elbv2::TargetGroup> {
    let check = target.health_check();
    check.check(scope);
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let mut group = elbv2::TargetGroup::new()
        .vpc_id(vpc.clone())
        .target_type(target.target_type())
        .protocol("HTTP")
        .port(target.port())
        .health_check_protocol("HTTP")
        .health_check_path(check.path.as_str())
        .health_check_interval_seconds(seconds(check.interval))
        .health_check_timeout_seconds(seconds(check.timeout))
        .healthy_threshold_count(check.healthy)
        .unhealthy_threshold_count(check.unhealthy)
        .matcher(Matcher::new().http_code(check.codes.as_str()));
    if let Some(delay) = target.deregistration_delay() {
        let delay = delay.as_secs().to_string();
        let attribute = TargetGroupAttribute::new().key("deregistration_delay.timeout_seconds").value(delay);
        group = group.target_group_attributes([attribute]);
    }
    group.build(scope, id)
}

/// A target group that stands in a stack, behind a listener.
#[derive(Debug, Clone)]
pub struct TargetGroupHandle {
    pub(super) group: Handle<elbv2::TargetGroup>,
    pub(super) balancer: Handle<elbv2::LoadBalancer>,
    pub(super) listener: Handle<elbv2::Listener>,
}

impl TargetGroupHandle {
    /// The group itself.
    pub const fn target_group(&self) -> &Handle<elbv2::TargetGroup> {
        &self.group
    }

    /// The listener that passes requests on to it.
    pub const fn listener(&self) -> &Handle<elbv2::Listener> {
        &self.listener
    }

    /// How scaling on requests names the group.
    pub fn resource_label(&self) -> Expr<String> {
        concat([self.balancer.load_balancer_full_name(), "/".into(), self.group.target_group_full_name()])
    }
}

impl From<&TargetGroupHandle> for Expr<ids::elasticloadbalancingv2::TargetGroupArn> {
    fn from(handle: &TargetGroupHandle) -> Self {
        Self::from(&handle.group)
    }
}
