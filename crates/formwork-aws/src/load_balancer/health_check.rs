//! [`HealthCheck`]: how a load balancer knows that a target is well.

use std::time::Duration;

use formwork_cfn::{elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::target_group::Matcher};
use formwork_core::{Finding, Scope};

/// How a load balancer knows that a target is well.
///
/// See [health checks](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::load_balancer::HealthCheck;
///
/// let web = HealthCheck::path("/health").codes("200-299").interval(Duration::from_secs(10));
/// let appliance = HealthCheck::tcp().port(8443);
/// # let _ = (web, appliance);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct HealthCheck {
    probe: Probe,
    codes: String,
    port: Option<u16>,
    interval: Duration,
    timeout: Duration,
    healthy: u8,
    unhealthy: u8,
}

/// How a target is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Probe {
    Connection,
    Http { protocol: &'static str, path: String },
    Grpc { path: String },
}

impl HealthCheck {
    /// Asks for a path every 15 seconds and waits 5 for status 200; 2 good answers make a target
    /// healthy, 3 bad ones unhealthy.
    pub fn path(path: impl Into<String>) -> Self {
        Self::of(Probe::Http { protocol: "HTTP", path: path.into() }, "200")
    }

    /// The same by HTTPS. The certificate of the target is not looked at.
    pub fn https_path(path: impl Into<String>) -> Self {
        Self::of(Probe::Http { protocol: "HTTPS", path: path.into() }, "200")
    }

    /// Calls a method of a gRPC service (`/grpc.health.v1.Health/Check`) and waits for status 0.
    pub fn grpc(method: impl Into<String>) -> Self {
        Self::of(Probe::Grpc { path: method.into() }, "0")
    }

    /// Opens a connection, and takes it for a good answer when that goes well. For network and
    /// gateway load balancers.
    pub fn tcp() -> Self {
        Self::of(Probe::Connection, "")
    }

    fn of(probe: Probe, codes: &str) -> Self {
        Self {
            probe,
            codes: codes.to_owned(),
            port: None,
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

    /// Asks on another port than the one that requests go to.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
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

    /// The port that is asked, if it is one of its own.
    pub(super) const fn own_port(&self) -> Option<u16> {
        self.port
    }

    /// Reports a check that cannot be.
    pub(super) fn check(&self, asks_for_path: bool, scope: &mut Scope<'_>) {
        let path = match &self.probe {
            Probe::Connection => None,
            Probe::Http { path, .. } | Probe::Grpc { path } => Some(path),
        };
        let mistake = if asks_for_path && path.is_none() {
            "an application load balancer asks by HTTP, and the health check opens a connection alone"
                .to_owned()
        } else if let Some(path) = path.filter(|path| !path.starts_with('/')) {
            format!("the path `{path}` of the health check does not begin with `/`")
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

    /// Sets what the check says.
    pub(super) fn apply(&self, mut group: elbv2::TargetGroup) -> elbv2::TargetGroup {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        group = match &self.probe {
            Probe::Connection => group.health_check_protocol("TCP"),
            Probe::Http { protocol, path } => group
                .health_check_protocol(*protocol)
                .health_check_path(path.as_str())
                .matcher(Matcher::new().http_code(self.codes.as_str())),
            Probe::Grpc { path } => group
                .health_check_protocol("HTTP")
                .health_check_path(path.as_str())
                .matcher(Matcher::new().grpc_code(self.codes.as_str())),
        };
        if let Some(port) = self.port {
            group = group.health_check_port(port.to_string());
        }
        group
            .health_check_interval_seconds(seconds(self.interval))
            .health_check_timeout_seconds(seconds(self.timeout))
            .healthy_threshold_count(self.healthy)
            .unhealthy_threshold_count(self.unhealthy)
    }

    /// The same, for a function: there is nothing to say of protocols.
    pub(super) fn apply_to_function(&self, group: elbv2::TargetGroup) -> elbv2::TargetGroup {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let group = group.health_check_enabled(true);
        let group = match &self.probe {
            Probe::Connection => group,
            Probe::Http { path, .. } | Probe::Grpc { path } => {
                group.health_check_path(path.as_str()).matcher(Matcher::new().http_code(self.codes.as_str()))
            }
        };
        group
            .health_check_interval_seconds(seconds(self.interval))
            .health_check_timeout_seconds(seconds(self.timeout))
            .healthy_threshold_count(self.healthy)
            .unhealthy_threshold_count(self.unhealthy)
    }

    /// The words of a classic balancer.
    #[cfg(feature = "classic-load-balancing")]
    pub(super) fn classic(&self, port: u16) -> ClassicCheck {
        let target = match &self.probe {
            Probe::Connection | Probe::Grpc { .. } => format!("TCP:{port}"),
            Probe::Http { protocol, path } => format!("{protocol}:{port}{path}"),
        };
        ClassicCheck {
            target,
            interval: self.interval.as_secs().to_string(),
            timeout: self.timeout.as_secs().to_string(),
            healthy: self.healthy.to_string(),
            unhealthy: self.unhealthy.to_string(),
        }
    }
}

/// A check as a classic balancer has it, all in text.
#[cfg(feature = "classic-load-balancing")]
pub(super) struct ClassicCheck {
    pub(super) target: String,
    pub(super) interval: String,
    pub(super) timeout: String,
    pub(super) healthy: String,
    pub(super) unhealthy: String,
}
