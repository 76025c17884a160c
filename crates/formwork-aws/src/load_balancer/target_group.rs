//! [`TargetGroup`]: targets, and how requests are spread over them.

use std::{collections::BTreeMap, marker::PhantomData, sync::Arc, time::Duration};

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::target_group::TargetGroupAttribute, ids,
};
use formwork_core::{Build, Expr, Finding, Handle, ResourceId, Scope, concat};

use super::{
    HealthCheck, HealthyTargets,
    balancer::Balancer,
    healthy_targets::Failover,
    protocol::{Application, PortProtocol, Tcp, TcpAndUdp, Tls, Udp},
    target::Target,
};
use crate::port::Port;

/// The version of the protocol that gRPC stands on.
pub(super) const GRPC: &str = "GRPC";
/// The times that a client may be sent to the same target for.
const STICKY: std::ops::RangeInclusive<u64> = 1..=604_800;
/// The times that a new target may be spared for.
const SLOW_START: std::ops::RangeInclusive<u64> = 30..=900;
/// The times that connections to a failing target may go on for.
const DRAINING: std::ops::RangeInclusive<u64> = 0..=360_000;
/// The attribute that says how long requests which run may go on.
const DELAY_KEY: &str = "deregistration_delay.timeout_seconds";
/// The longest time that requests which run may go on.
const DEREGISTRATION: u64 = 3600;

/// Targets, and how requests are spread over them. What it speaks is in its type, so that a listener
/// takes the groups that it can.
///
/// A target alone is enough where nothing more is to be said: `forward_to(&fleet.port(8080))`.
///
/// See [`AWS::ElasticLoadBalancingV2::TargetGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::load_balancer::{Addresses, ApplicationLoadBalancer, Stickiness, TargetGroup};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let machines = Addresses::new(8080, ["10.0.0.10", "10.0.0.11"]);
/// let shop = TargetGroup::http(&machines)
///     .sticky(Stickiness::application_cookie("basket", Duration::from_hours(1)))
///     .slow_start(Duration::from_mins(1))
///     .deregistration_delay(Duration::from_secs(20));
/// balancer.http(&mut stack).forward_to(shop);
/// # assert!(app.synthesize().is_ok());
/// ```
///
/// A listener for HTTP takes no TCP:
///
/// ```compile_fail
/// # use formwork_aws::load_balancer::{Addresses, ApplicationLoadBalancerHandle, TargetGroup};
/// # fn listen(balancer: &ApplicationLoadBalancerHandle, machines: &Addresses, stack: &mut formwork_core::Scope<'_>) {
/// balancer.http(stack).forward_to(TargetGroup::tcp(machines));
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a listener takes the group: `forward_to`"]
pub struct TargetGroup<P> {
    pub(super) target: Arc<dyn Target>,
    /// None for a function, which speaks nothing.
    protocol: Option<&'static str>,
    pub(super) version: Option<&'static str>,
    health_check: Option<HealthCheck>,
    attributes: BTreeMap<&'static str, String>,
    /// Below which targets of the zone are given up, and below which all targets are used.
    failover: [Option<HealthyTargets>; 2],
    findings: Vec<Finding>,
    kind: PhantomData<P>,
}

impl<P> Clone for TargetGroup<P> {
    fn clone(&self) -> Self {
        Self {
            target: Arc::clone(&self.target),
            protocol: self.protocol,
            version: self.version,
            health_check: self.health_check.clone(),
            attributes: self.attributes.clone(),
            failover: self.failover,
            findings: self.findings.clone(),
            kind: PhantomData,
        }
    }
}

/// How a client is sent to the same target again.
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::load_balancer::{Addresses, ApplicationLoadBalancer, Stickiness, TargetGroup};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let machines = Addresses::new(8080, ["10.0.0.10", "10.0.0.11"]);
/// let by_time = Stickiness::for_duration(Duration::from_hours(1));
/// balancer.http(&mut stack).forward_to(TargetGroup::http(&machines).sticky(by_time));
/// let by_basket = Stickiness::application_cookie("basket", Duration::from_hours(24));
/// balancer.http_on(&mut stack, 8080).forward_to(TargetGroup::http(&machines).sticky(by_basket));
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stickiness {
    /// The cookie that the application sets, if that decides.
    cookie: Option<String>,
    duration: Duration,
}

impl Stickiness {
    /// By a cookie of the balancer's own, for so long: a second to 7 days.
    pub const fn for_duration(duration: Duration) -> Self {
        Self { cookie: None, duration }
    }

    /// For as long as the application sets a cookie of this name, and so long at most.
    pub fn application_cookie(name: impl Into<String>, at_most: Duration) -> Self {
        Self { cookie: Some(name.into()), duration: at_most }
    }
}

/// How a balancer chooses among targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// One after the other, which is what balancers do where nothing is said.
    RoundRobin,
    /// The one with the fewest requests that run.
    LeastOutstandingRequests,
    /// At random, and fewer to those that answer worse.
    WeightedRandom,
}

impl<P> TargetGroup<P> {
    pub(super) fn of(target: Arc<dyn Target>, protocol: Option<&'static str>) -> Self {
        Self {
            health_check: target.health_check().cloned(),
            target,
            protocol,
            version: None,
            attributes: BTreeMap::new(),
            failover: [None; 2],
            findings: Vec::new(),
            kind: PhantomData,
        }
    }

    /// How the balancer knows that a target is well, in place of what the target says.
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health_check = Some(check);
        self
    }

    /// How long requests that run may go on when a target is taken out: 5 minutes unless set, an hour
    /// at most.
    #[track_caller]
    pub fn deregistration_delay(self, delay: Duration) -> Self {
        let range = 0..=DEREGISTRATION;
        self.seconds(DELAY_KEY, delay, range, "the deregistration delay")
    }

    /// Whether targets in other zones get requests too, in place of what the balancer says. Traffic
    /// between zones may cost money.
    pub fn cross_zone(self, across: bool) -> Self {
        self.attribute("load_balancing.cross_zone.enabled", across.to_string())
    }

    fn leaves_zone_below(mut self, healthy: HealthyTargets) -> Self {
        self.failover[0] = Some(healthy);
        self
    }

    fn uses_all_below(mut self, healthy: HealthyTargets) -> Self {
        self.failover[1] = Some(healthy);
        self
    }

    /// The attributes for when too few targets are well; reports (`FW0449`) what cannot be.
    fn failover(&self, scope: &mut Scope<'_>) -> Vec<(&'static str, String)> {
        let [zone, all] = self.failover;
        let said = zone.into_iter().chain(all);
        said.clone().for_each(|healthy| healthy.check(scope));
        if said.count() > 0 && self.protocol.is_none() {
            let message = "a function has no targets of which some are well";
            scope.report(Finding::error("FW0449", message));
        }
        if let Some((zone, all)) = zone.zip(all).filter(|(zone, all)| zone.is_below(*all)) {
            let message =
                format!("the zone is left below {zone}, and all targets are used below {all} already");
            let hint = "leave the zone at as many or more: clients would stay with targets that fail";
            scope.report(Finding::error("FW0449", message).hint(hint));
        }
        let zone = zone.map(|healthy| healthy.attributes(Failover::Dns)).unwrap_or_default();
        let all = all.map(|healthy| healthy.attributes(Failover::Routing)).unwrap_or_default();
        zone.into_iter().chain(all).collect()
    }

    /// Any [attribute](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html)
    /// of the group.
    pub fn attribute(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.attributes.insert(key, value.into());
        self
    }

    /// A time as an attribute; one that cannot be is reported when the group is built (`FW0462`).
    #[track_caller]
    fn seconds(
        mut self,
        key: &'static str,
        time: Duration,
        range: std::ops::RangeInclusive<u64>,
        what: &str,
    ) -> Self {
        let seconds = time.as_secs();
        if !range.contains(&seconds) {
            let message =
                format!("{what} is {seconds} seconds: {} to {} are possible", range.start(), range.end());
            self.findings.push(Finding::error("FW0462", message).at(std::panic::Location::caller()));
        }
        self.attribute(key, seconds.to_string())
    }
}

impl TargetGroup<Application> {
    /// Targets that speak HTTP.
    pub fn http<T: Target + Clone + 'static>(target: &T) -> Self {
        Self::of(Arc::new(target.clone()), Some("HTTP"))
    }

    /// Targets that speak HTTP within TLS. Their certificates are not looked at.
    pub fn https<T: Target + Clone + 'static>(target: &T) -> Self {
        Self::of(Arc::new(target.clone()), Some("HTTPS"))
    }

    /// A Lambda function that answers requests, by its handle or ARN. It gets the permission to be
    /// called by target groups of the account.
    #[cfg(feature = "lambda-targets")]
    pub fn function(function: impl Into<Expr<ids::lambda::FunctionArn>>) -> Self {
        Self::of(Arc::new(super::function_target::FunctionTarget(function.into())), None)
    }

    /// Speaks HTTP/2 with targets, where it would speak HTTP/1.1.
    pub fn http2(mut self) -> Self {
        self.version = Some("HTTP2");
        self
    }

    /// Speaks gRPC with targets. The listener has to be one for HTTPS.
    pub fn grpc(mut self) -> Self {
        self.version = Some(GRPC);
        self
    }

    /// Sends a client to the same target again.
    #[track_caller]
    pub fn sticky(mut self, stickiness: Stickiness) -> Self {
        let duration = stickiness.duration;
        let (kind, key) = match stickiness.cookie {
            Some(name) => {
                self = self.attribute("stickiness.app_cookie.cookie_name", name);
                ("app_cookie", "stickiness.app_cookie.duration_seconds")
            }
            None => ("lb_cookie", "stickiness.lb_cookie.duration_seconds"),
        };
        self.attribute("stickiness.enabled", "true").attribute("stickiness.type", kind).seconds(
            key,
            duration,
            STICKY,
            "the time that a client is sent to the same target for",
        )
    }

    /// Gives a new target its full share only after a while: 30 seconds to 15 minutes.
    #[track_caller]
    pub fn slow_start(self, time: Duration) -> Self {
        self.seconds("slow_start.duration_seconds", time, SLOW_START, "the slow start")
    }

    /// Names the zone no longer to clients that look the balancer up, while fewer of its targets are
    /// well: 1 unless set. Not for an application balancer behind a network one.
    ///
    /// See [target group health](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html).
    ///
    /// Findings: a number that cannot be, or fewer than [`TargetGroup::use_all_below`] (`FW0449`), when
    /// the group is added.
    pub fn leave_zone_below(self, healthy: HealthyTargets) -> Self {
        self.leaves_zone_below(healthy)
    }

    /// Passes on to all targets, well or not, while fewer are well: 1 unless set. It spares the ones
    /// that are left.
    ///
    /// Findings: a number that cannot be (`FW0449`), when the group is added.
    pub fn use_all_below(self, healthy: HealthyTargets) -> Self {
        self.uses_all_below(healthy)
    }

    /// How the balancer chooses among targets.
    pub fn algorithm(self, algorithm: Algorithm) -> Self {
        let name = match algorithm {
            Algorithm::RoundRobin => "round_robin",
            Algorithm::LeastOutstandingRequests => "least_outstanding_requests",
            Algorithm::WeightedRandom => "weighted_random",
        };
        self.attribute("load_balancing.algorithm.type", name)
    }
}

macro_rules! network {
    ($($protocol:ty, $method:ident, $words:literal;)*) => { $(
        impl TargetGroup<$protocol> {
            #[doc = concat!("Targets that speak ", $words, ".")]
            pub fn $method<T: Target + Clone + 'static>(target: &T) -> Self {
                Self::of(Arc::new(target.clone()), Some(<$protocol>::NAME))
            }

            /// Tells targets the address of the client, by a header of the proxy protocol 2.
            pub fn proxy_protocol(self) -> Self {
                self.attribute("proxy_protocol_v2.enabled", "true")
            }

            /// Whether packets come to targets with the address of the client, or with that of the
            /// balancer.
            pub fn preserve_client_address(self, preserved: bool) -> Self {
                self.attribute("preserve_client_ip.enabled", preserved.to_string())
            }

            /// Names the zone no longer to clients that look the balancer up, while fewer of its targets are
            /// well: 1 unless set.
            ///
            /// See [target group health](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html).
            ///
            /// Findings: a number that cannot be, or fewer than [`TargetGroup::use_all_below`] (`FW0449`), when
            /// the group is added.
            pub fn leave_zone_below(self, healthy: HealthyTargets) -> Self {
                self.leaves_zone_below(healthy)
            }

            /// Passes on to all targets, well or not, while fewer are well: 1 unless set. It spares the ones
            /// that are left.
            ///
            /// Findings: a number that cannot be (`FW0449`), when the group is added.
            pub fn use_all_below(self, healthy: HealthyTargets) -> Self {
                self.uses_all_below(healthy)
            }

            /// Sends an address to the same target again.
            pub fn sticky(self) -> Self {
                self.attribute("stickiness.enabled", "true").attribute("stickiness.type", "source_ip")
            }

            /// Ends connections that are still there when the deregistration delay is over.
            pub fn terminate_connections(self) -> Self {
                self.attribute("deregistration_delay.connection_termination.enabled", "true")
            }
        }
    )* };
}

network! {
    Tcp, tcp, "TCP";
    Tls, tls, "TLS over TCP";
    Udp, udp, "UDP";
    TcpAndUdp, tcp_and_udp, "TCP and UDP on one port";
}

impl TargetGroup<Tcp> {
    /// Lets connections to a target that fails go on for so long, 100 hours at most, where they would
    /// be ended at once.
    #[track_caller]
    pub fn drain_unhealthy(self, time: Duration) -> Self {
        let key = "target_health_state.unhealthy.draining_interval_seconds";
        self.attribute("target_health_state.unhealthy.connection_termination.enabled", "false").seconds(
            key,
            time,
            DRAINING,
            "the time that connections to a failing target go on for",
        )
    }

    pub(super) fn listener<S: super::ApplicationProtocol, T>(listener: &super::ListenerHandle<S, T>) -> Self {
        Self::of(Arc::new(super::listener_target::ListenerTarget::new(listener)), Some(Tcp::NAME))
    }
}

/// A target group that stands in a stack, behind a listener.
#[derive(Debug)]
pub struct TargetGroupHandle<P> {
    pub(super) group: Handle<elbv2::TargetGroup>,
    pub(super) balancer: Handle<elbv2::LoadBalancer>,
    pub(super) after: ResourceId,
    pub(super) kind: PhantomData<P>,
}

impl<P> Clone for TargetGroupHandle<P> {
    fn clone(&self) -> Self {
        let (group, balancer) = (self.group.clone(), self.balancer.clone());
        Self { group, balancer, after: self.after, kind: PhantomData }
    }
}

impl<P> TargetGroupHandle<P> {
    /// The group itself.
    pub const fn target_group(&self) -> &Handle<elbv2::TargetGroup> {
        &self.group
    }

    /// The listener or rule that passes requests on to it: what must stand before the group has a
    /// balancer.
    pub const fn after(&self) -> ResourceId {
        self.after
    }

    /// The last part of its ARN, as metrics name it.
    pub fn full_name(&self) -> Expr<String> {
        self.group.target_group_full_name()
    }
}

impl TargetGroupHandle<Application> {
    /// How scaling on requests names the group.
    pub fn resource_label(&self) -> Expr<String> {
        concat([self.balancer.load_balancer_full_name(), "/".into(), self.group.target_group_full_name()])
    }
}

impl<P> From<&TargetGroupHandle<P>> for Expr<ids::elasticloadbalancingv2::TargetGroupArn> {
    fn from(handle: &TargetGroupHandle<P>) -> Self {
        Self::from(&handle.group)
    }
}

impl<P> TargetGroup<P> {
    /// Adds the group without its targets, and lets the balancer reach these.
    pub(super) fn build(
        self,
        balancer: &Balancer,
        asks_for_path: bool,
        scope: &mut Scope<'_>,
        id: &str,
    ) -> Handle<elbv2::TargetGroup> {
        let failover = self.failover(scope);
        for finding in self.findings {
            scope.report(finding);
        }
        let port = self.target.port();
        let mut group = elbv2::TargetGroup::new().target_type(self.target.target_type());
        let check = self.health_check;
        if let Some(protocol) = self.protocol {
            let check = check
                .unwrap_or_else(|| if asks_for_path { HealthCheck::path("/") } else { HealthCheck::tcp() });
            check.check(asks_for_path, scope);
            group = check.apply(group.vpc_id(balancer.vpc.clone()).protocol(protocol).port(port));
            let each = self.target.found_at();
            if each.is_some() && check.own_port().is_none() {
                group = group.health_check_port("traffic-port");
            }
            let found = each.unwrap_or_else(|| Port::tcp(port));
            let ports = match protocol {
                "UDP" | "GENEVE" | "QUIC" => vec![found.by_udp()],
                "TCP_UDP" | "TCP_QUIC" => vec![found.by_udp(), found],
                _ => vec![found],
            };
            let asked = check.own_port().map(Port::tcp).or((protocol != "GENEVE").then_some(found));
            let probe = asked.filter(|asked| !ports.contains(asked));
            let groups = self.target.security_groups();
            balancer.reach(groups, self.target.is_guarded(), &ports, probe, port, scope);
        } else if let Some(check) = check {
            check.check(asks_for_path, scope);
            group = check.apply_to_function(group);
        }
        if let Some(version) = self.version {
            group = group.protocol_version(version);
        }
        let mut attributes = self.attributes;
        attributes.extend(failover);
        if let Some(delay) = self.target.deregistration_delay() {
            attributes.entry(DELAY_KEY).or_insert_with(|| {
                let seconds = delay.as_secs();
                if seconds > DEREGISTRATION {
                    let message = format!(
                        "the deregistration delay is {seconds} seconds: 0 to {DEREGISTRATION} are possible"
                    );
                    scope.report(Finding::error("FW0462", message));
                }
                seconds.to_string()
            });
        }
        if !attributes.is_empty() {
            let list =
                attributes.into_iter().map(|(key, value)| TargetGroupAttribute::new().key(key).value(value));
            group = group.target_group_attributes(Expr::list(list));
        }
        group.build(scope, id)
    }
}
