//! [`WeightedTargets`]: several target groups that share what comes in.

use std::time::Duration;

use formwork_cfn::{elasticloadbalancingv2 as elbv2, ids};
use formwork_core::{Expr, Finding, Scope};

use super::{Forward, balancer::Balancer, forward::Opened, protocol::Application};

/// The shares that a target group may have.
const HIGHEST_WEIGHT: u16 = 999;
/// The target groups that one listener or rule spreads requests over.
const WEIGHTED_GROUPS: std::ops::RangeInclusive<usize> = 1..=5;
/// The longest time that a client may be sent to the same target group for.
const STICKY: std::ops::RangeInclusive<u64> = 1..=604_800;

/// Several target groups that share requests or connections by weights: a release to a few first, say.
/// `P` is what the listener passes on.
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::load_balancer::{Addresses, ApplicationLoadBalancer, NetworkLoadBalancer, WeightedTargets};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let (old, new) = (Addresses::new(80, ["10.0.0.10"]), Addresses::new(80, ["10.0.0.20"]));
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// balancer.http(&mut stack).forward_weighted(
///     WeightedTargets::new("Old", 95, &old).and("New", 5, &new).sticky(Duration::from_hours(1)),
/// );
/// let gate = NetworkLoadBalancer::internet_facing(&vpc).build(&mut stack, "Gate");
/// gate.tcp(&mut stack, 80).forward_weighted(WeightedTargets::new("Old", 95, &old).and("New", 5, &new));
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct WeightedTargets<P> {
    groups: Vec<(String, u16, Forward<P>)>,
    sticky: Option<Duration>,
}

impl<P> WeightedTargets<P> {
    /// A first group: its id, and its share of all weights, from 0 to 999.
    pub fn new(id: impl Into<String>, weight: u16, targets: impl Into<Forward<P>>) -> Self {
        Self { groups: Vec::new(), sticky: None }.and(id, weight, targets)
    }

    /// A further group; five are possible.
    pub fn and(mut self, id: impl Into<String>, weight: u16, targets: impl Into<Forward<P>>) -> Self {
        self.groups.push((id.into(), weight, targets.into()));
        self
    }

    /// Adds the groups.
    pub(super) fn open(
        self,
        balancer: &Balancer,
        asks_for_path: bool,
        scope: &mut Scope<'_>,
        word: &str,
    ) -> (Shares, Vec<Opened<P>>) {
        self.check(scope);
        let mut shares = Shares { groups: Vec::new(), sticky: self.sticky };
        let mut opened = Vec::new();
        for (id, weight, forward) in self.groups {
            let id = balancer.targets_id(&format!("{word}{id}"));
            let group = forward.open(balancer, asks_for_path, scope, &id);
            shares.groups.push((Expr::from(&group.group), weight));
            opened.push(group);
        }
        (shares, opened)
    }

    /// Reports what cannot be.
    fn check(&self, scope: &mut Scope<'_>) {
        if !WEIGHTED_GROUPS.contains(&self.groups.len()) {
            let message = format!(
                "requests are spread over {} target groups: {} are possible",
                self.groups.len(),
                WEIGHTED_GROUPS.end()
            );
            scope.report(Finding::error("FW0464", message));
        }
        if let Some((id, weight, _)) = self.groups.iter().find(|(_, weight, _)| *weight > HIGHEST_WEIGHT) {
            let message = format!("the weight of `{id}` is {weight}: 0 to {HIGHEST_WEIGHT} are possible");
            scope.report(Finding::error("FW0464", message));
        }
        if self.groups.iter().all(|(_, weight, _)| *weight == 0) {
            let finding = Finding::error("FW0464", "every target group has the weight 0");
            scope.report(finding.hint("give one of them a share: nothing would be passed on"));
        }
        if let Some(seconds) = self.sticky.map(|duration| duration.as_secs())
            && !STICKY.contains(&seconds)
        {
            let message = format!(
                "clients are sent to the same target group for {seconds} seconds: {} to {} are possible",
                STICKY.start(),
                STICKY.end()
            );
            scope.report(Finding::error("FW0464", message));
        }
    }
}

impl WeightedTargets<Application> {
    /// Sends a client to the same group again, for a second to 7 days.
    pub fn sticky(mut self, duration: Duration) -> Self {
        self.sticky = Some(duration);
        self
    }

    /// Reports gRPC behind a listener that does not speak HTTP/2.
    pub(super) fn check_version(&self, has_tls: bool, scope: &mut Scope<'_>) {
        for (_, _, forward) in &self.groups {
            forward.check_version(has_tls, scope);
        }
    }
}

/// The shares of groups that stand.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    groups: Vec<(Expr<ids::elasticloadbalancingv2::TargetGroupArn>, u16)>,
    sticky: Option<Duration>,
}

/// The shares in the types of a listener or of a rule.
macro_rules! shares {
    ($name:ident, $module:ident) => {
        pub(super) fn $name(self) -> elbv2::$module::ForwardConfig {
            use elbv2::$module::{ForwardConfig, TargetGroupStickinessConfig, TargetGroupTuple};
            let tuples = self
                .groups
                .into_iter()
                .map(|(group, weight)| TargetGroupTuple::new().target_group_arn(group).weight(weight));
            let config = ForwardConfig::new().target_groups(Expr::list(tuples));
            let Some(duration) = self.sticky else { return config };
            let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
            let sticky = TargetGroupStickinessConfig::new().enabled(true).duration_seconds(seconds);
            config.target_group_stickiness_config(sticky)
        }
    };
}

impl Shares {
    shares!(of_listener, listener);
    shares!(of_rule, listener_rule);
}
