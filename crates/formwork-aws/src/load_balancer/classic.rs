//! [`ClassicLoadBalancer`]: what load balancers were before 2016, for what still stands on them.

use std::time::Duration;

use formwork_cfn::{
    elasticloadbalancing as elb,
    elasticloadbalancing::load_balancer::{
        ConnectionDrainingPolicy, ConnectionSettings, HealthCheckRequired, LbCookieStickinessPolicy,
        Listeners,
    },
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, ScopeId};

use super::HealthCheck;
use crate::{
    port::Port,
    security_group::{Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{Subnets, VpcHandle},
};

/// The policy of clients that come back.
const STICKY: &str = "Sticky";

/// A classic load balancer, with a security group of its own, across all zones. New things stand on an
/// [`ApplicationLoadBalancer`](super::ApplicationLoadBalancer) or a
/// [`NetworkLoadBalancer`](super::NetworkLoadBalancer).
///
/// See [`AWS::ElasticLoadBalancing::LoadBalancer`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancing-loadbalancer.html).
///
/// ```
/// use formwork_aws::load_balancer::{ClassicListener, ClassicLoadBalancer, HealthCheck};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let check = HealthCheck::path("/health").port(8080);
/// ClassicLoadBalancer::internet_facing(&vpc, ClassicListener::http(80, 8080), check)
///     .listener(ClassicListener::tcp(2525, 25))
///     .build(&mut stack, "Legacy");
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer is added to a stack by `build`"]
pub struct ClassicLoadBalancer {
    subnets: Subnets,
    is_internal: bool,
    listeners: Vec<ClassicListener>,
    health_check: HealthCheck,
    peers: Vec<Peer>,
    sticky: Option<Duration>,
    drain: Option<Duration>,
    idle: Option<Duration>,
    #[cfg(feature = "access-logs")]
    logs: Option<super::AccessLogs>,
}

/// A port of the balancer, and the port of instances that it leads to.
#[derive(Debug, Clone)]
#[must_use]
pub struct ClassicListener {
    protocol: &'static str,
    port: u16,
    instance_protocol: &'static str,
    instance_port: u16,
    certificate: Option<Expr<ids::certificatemanager::CertificateArn>>,
}

impl ClassicListener {
    /// HTTP.
    pub const fn http(port: u16, instance_port: u16) -> Self {
        Self { protocol: "HTTP", port, instance_protocol: "HTTP", instance_port, certificate: None }
    }

    /// TCP.
    pub const fn tcp(port: u16, instance_port: u16) -> Self {
        Self { protocol: "TCP", port, instance_protocol: "TCP", instance_port, certificate: None }
    }

    /// HTTPS, which ends at the balancer: instances speak HTTP.
    pub fn https(
        port: u16,
        instance_port: u16,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> Self {
        let certificate = Some(certificate.into());
        Self { protocol: "HTTPS", port, instance_protocol: "HTTP", instance_port, certificate }
    }

    /// TLS, which ends at the balancer: instances speak TCP.
    pub fn tls(
        port: u16,
        instance_port: u16,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> Self {
        let certificate = Some(certificate.into());
        Self { protocol: "SSL", port, instance_protocol: "TCP", instance_port, certificate }
    }

    fn speaks_http(&self) -> bool {
        self.instance_protocol == "HTTP"
    }
}

impl ClassicLoadBalancer {
    /// A balancer in the public subnets: everyone on the internet reaches its listeners.
    pub fn internet_facing(vpc: &VpcHandle, listener: ClassicListener, health_check: HealthCheck) -> Self {
        Self { peers: vec![Peer::any_ipv4()], ..Self::of(&vpc.public(), false, listener, health_check) }
    }

    /// A balancer in these subnets: only peers reach its listeners.
    pub fn internal(subnets: &Subnets, listener: ClassicListener, health_check: HealthCheck) -> Self {
        Self::of(subnets, true, listener, health_check)
    }

    fn of(
        subnets: &Subnets,
        is_internal: bool,
        listener: ClassicListener,
        health_check: HealthCheck,
    ) -> Self {
        Self {
            subnets: subnets.one_in_each_zone(),
            is_internal,
            listeners: vec![listener],
            health_check,
            peers: Vec::new(),
            sticky: None,
            drain: None,
            idle: None,
            #[cfg(feature = "access-logs")]
            logs: None,
        }
    }

    /// A further listener.
    pub fn listener(mut self, listener: ClassicListener) -> Self {
        self.listeners.push(listener);
        self
    }

    /// Lets a peer reach every listener, and nobody else but further ones.
    pub fn reachable_from(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.peers = peers.into_iter().collect();
        self
    }

    /// Sends a client of HTTP to the same instance again, by a cookie of the balancer's own.
    pub fn sticky(mut self, duration: Duration) -> Self {
        self.sticky = Some(duration);
        self
    }

    /// How long requests that run may go on when an instance is taken out.
    pub fn connection_draining(mut self, time: Duration) -> Self {
        self.drain = Some(time);
        self
    }

    /// How long a connection may be silent: a minute unless set.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle = Some(timeout);
        self
    }

    /// Writes each request down. The bucket gets the policy that this needs.
    #[cfg(feature = "access-logs")]
    pub fn access_logs(mut self, logs: impl Into<super::AccessLogs>) -> Self {
        self.logs = Some(logs.into());
        self
    }

    /// Adds the balancer to a stack.
    ///
    /// Findings: no subnets (`FW0403`), a health check that cannot be (`FW0427`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ClassicLoadBalancerHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the load balancer", &mut scope);
        self.health_check.check(false, &mut scope);
        let description = format!("load balancer {}", scope.path());
        let group =
            SecurityGroup::new(self.subnets.vpc_id(), description, Outbound::Nowhere).build(&mut scope, "");
        for listener in &self.listeners {
            for peer in &self.peers {
                group.allow(&mut scope, peer.clone(), Port::tcp(listener.port));
            }
        }
        let ports: Vec<u16> = self.listeners.iter().map(|listener| listener.instance_port).collect();
        let asked = self.health_check.own_port().or_else(|| ports.first().copied()).unwrap_or_default();
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let listeners = self.listeners.iter().map(|listener| {
            let mut property = Listeners::new(
                listener.instance_port.to_string(),
                listener.port.to_string(),
                listener.protocol,
            )
            .instance_protocol(listener.instance_protocol);
            if let Some(certificate) = &listener.certificate {
                property = property.ssl_certificate_id(certificate.clone());
            }
            if self.sticky.is_some() && listener.speaks_http() {
                property = property.policy_names([STICKY]);
            }
            property
        });
        let check = self.health_check.classic(asked);
        let mut balancer = elb::LoadBalancer::new(Expr::list(listeners))
            .scheme(if self.is_internal { "internal" } else { "internet-facing" })
            .subnets(self.subnets.ids())
            .security_groups([&group])
            .cross_zone(true)
            .health_check(elb::load_balancer::HealthCheck::new(HealthCheckRequired {
                target: check.target.into(),
                interval: check.interval.into(),
                timeout: check.timeout.into(),
                healthy_threshold: check.healthy.into(),
                unhealthy_threshold: check.unhealthy.into(),
            }));
        if let Some(duration) = self.sticky {
            let policy = LbCookieStickinessPolicy::new()
                .policy_name(STICKY)
                .cookie_expiration_period(duration.as_secs().to_string());
            balancer = balancer.lb_cookie_stickiness_policy([policy]);
        }
        if let Some(time) = self.drain {
            balancer = balancer
                .connection_draining_policy(ConnectionDrainingPolicy::new(true).timeout(seconds(time)));
        }
        if let Some(timeout) = self.idle {
            balancer = balancer.connection_settings(ConnectionSettings::new(seconds(timeout)));
        }
        #[cfg(feature = "access-logs")]
        if let Some(logs) = self.logs {
            if let Some(policy) = logs.admit(super::access_logs::Writer::Application, &mut scope) {
                balancer = balancer.depends_on(policy);
            }
            let mut policy = elb::load_balancer::AccessLoggingPolicy::new(logs.bucket.clone(), true);
            if let Some(prefix) = &logs.prefix {
                policy = policy.s3_bucket_prefix(prefix.as_str());
            }
            balancer = balancer.access_logging_policy(policy);
        }
        for route in self.subnets.routes() {
            balancer = balancer.depends_on(*route);
        }
        let balancer = balancer.build(&mut scope, "LoadBalancer");
        ClassicLoadBalancerHandle { balancer, group, ports, asked, scope: scope.id() }
    }
}

/// What a classic balancer passes requests on to: a fleet.
pub trait ClassicTarget {
    /// The security groups that instances are in.
    fn security_groups(&self) -> &[SecurityGroupHandle];

    /// Puts instances behind the balancer.
    fn attach(&self, scope: &mut Scope<'_>, balancer: &Handle<elb::LoadBalancer>);
}

/// A [`ClassicLoadBalancer`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ClassicLoadBalancerHandle {
    balancer: Handle<elb::LoadBalancer>,
    group: SecurityGroupHandle,
    /// The ports of instances that listeners lead to.
    ports: Vec<u16>,
    /// The port that the health check asks on.
    asked: u16,
    scope: ScopeId,
}

impl ClassicLoadBalancerHandle {
    /// The balancer itself.
    pub const fn load_balancer(&self) -> &Handle<elb::LoadBalancer> {
        &self.balancer
    }

    /// The balancer's own security group.
    pub const fn security_group(&self) -> &SecurityGroupHandle {
        &self.group
    }

    /// The name under which it answers.
    pub fn dns_name(&self) -> Expr<String> {
        self.balancer.dns_name()
    }

    /// Passes requests on to a fleet, and lets the balancer reach it.
    ///
    /// Findings: instances in no security group (`FW0426`).
    #[track_caller]
    pub fn forward_to(&self, scope: &mut Scope<'_>, target: &impl ClassicTarget) {
        let mut scope = scope.reopen(self.scope);
        let groups = target.security_groups();
        if groups.is_empty() {
            let message = "nothing lets the load balancer reach its instances";
            let hint = "put them into a security group: `LaunchTemplate::security_group`";
            scope.report(Finding::error("FW0426", message).hint(hint));
        }
        for own in groups {
            for port in self.ports.iter().chain([&self.asked]) {
                own.allow(&mut scope, &self.group, Port::tcp(*port));
            }
        }
        target.attach(&mut scope, &self.balancer);
    }
}
