//! [`HealthyTargets`]: how many targets are enough.

use std::fmt;

use formwork_core::{Finding, Scope};

/// How many targets of a group are well, as a number, a part of all, or both: then neither may be
/// missed. They are those of one zone, unless the group spreads requests over zones.
///
/// ```
/// use formwork_aws::load_balancer::{Addresses, HealthyTargets, TargetGroup};
///
/// let machines = Addresses::new(80, ["10.0.0.10", "10.0.0.11", "10.0.4.10", "10.0.4.11"]);
/// let careful = TargetGroup::http(&machines)
///     .leave_zone_below(HealthyTargets::percent(50))
///     .use_all_below(HealthyTargets::count(1));
/// # let _ = careful;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct HealthyTargets {
    count: Option<u16>,
    percent: Option<u8>,
}

/// What a balancer does when fewer targets are well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failover {
    Dns,
    Routing,
}

impl HealthyTargets {
    /// So many targets.
    pub const fn count(targets: u16) -> Self {
        Self { count: Some(targets), percent: None }
    }

    /// So many of a hundred targets.
    pub const fn percent(percent: u8) -> Self {
        Self { count: None, percent: Some(percent) }
    }

    /// So many of a hundred targets as well.
    pub const fn and_percent(mut self, percent: u8) -> Self {
        self.percent = Some(percent);
        self
    }

    /// The attributes that say this.
    pub(super) fn attributes(self, failover: Failover) -> Vec<(&'static str, String)> {
        let [count, percent] = match failover {
            Failover::Dns => [
                "target_group_health.dns_failover.minimum_healthy_targets.count",
                "target_group_health.dns_failover.minimum_healthy_targets.percentage",
            ],
            Failover::Routing => [
                "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
                "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
            ],
        };
        let mut all = Vec::new();
        if let Some(targets) = self.count {
            all.push((count, targets.to_string()));
        }
        if let Some(part) = self.percent {
            all.push((percent, part.to_string()));
        }
        all
    }

    /// Reports (`FW0449`) numbers that cannot be.
    pub(super) fn check(self, scope: &mut Scope<'_>) {
        if self.count == Some(0) {
            scope.report(Finding::error("FW0449", "0 healthy targets cannot be too few: 1 is the least"));
        }
        if let Some(percent) = self.percent.filter(|percent| !(1..=100).contains(percent)) {
            let message = format!("{percent} of a hundred targets cannot be: 1 to 100 are possible");
            scope.report(Finding::error("FW0449", message));
        }
    }

    /// Whether this many is fewer than the other, where both say the same thing.
    pub(super) fn is_below(self, other: Self) -> bool {
        let below =
            |own: Option<u16>, other: Option<u16>| own.zip(other).is_some_and(|(own, other)| own < other);
        below(self.count, other.count) || below(self.percent.map(u16::from), other.percent.map(u16::from))
    }
}

impl fmt::Display for HealthyTargets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.count, self.percent) {
            (Some(count), Some(percent)) => write!(formatter, "{count} targets or {percent} %"),
            (Some(count), None) => write!(formatter, "{count} targets"),
            (None, percent) => write!(formatter, "{} %", percent.unwrap_or_default()),
        }
    }
}
