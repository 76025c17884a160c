//! [`QuicLoadBalancer`]: QUIC spread over healthy servers.

use std::{collections::BTreeSet, sync::Arc};

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::target_group::TargetDescription, ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, builder::AnyOf};

use super::{
    HealthCheck, NetworkListenerBuilder, TargetGroup,
    attributes::Attributes,
    balancer::{Balancer, Origin},
    listener::TlsSettings,
    network::ADDRESSES,
    protocol::{NetworkProtocol, Quic, Tcp, TcpAndQuic, Tls},
    target::{AttachedGroup, Target},
};
use crate::{
    security_group::{Peer, SecurityGroupHandle},
    vpc::{Subnets, VpcHandle},
};

/// A network load balancer for QUIC, on which HTTP/3 stands: a client that changes its network, as from
/// Wi-Fi to mobile, stays with its server.
///
/// The service gives such a balancer no security group, IPv4 alone, one listener for QUIC and none for
/// other UDP. So servers let in clients themselves, which their security groups are told here.
///
/// See [listeners](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html).
///
/// ```
/// use formwork_aws::load_balancer::{QuicLoadBalancer, QuicServers, TargetGroup};
/// use formwork_aws::security_group::{Outbound, SecurityGroup};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let group = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere).build(&mut stack, "Servers");
/// let servers = QuicServers::addresses(443, [("10.0.0.10", 0x0a), ("10.0.4.10", 0x0b)]).security_group(&group);
/// let balancer = QuicLoadBalancer::internet_facing(&vpc).build(&mut stack, "Edge");
/// stack.output("Name", balancer.dns_name());
/// balancer.tcp_and_quic(&mut stack, 443).forward_to(TargetGroup::tcp_and_quic(&servers));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A second listener for QUIC cannot be:
///
/// ```compile_fail
/// # use formwork_aws::load_balancer::{Quic, QuicLoadBalancerHandle, TargetGroup};
/// # fn listen(balancer: QuicLoadBalancerHandle, servers: TargetGroup<Quic>, stack: &mut formwork_core::Scope<'_>) {
/// balancer.quic(stack, 443).forward_to(&servers);
/// balancer.quic(stack, 8443).forward_to(&servers);
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer is added to a stack by `build`"]
pub struct QuicLoadBalancer {
    subnets: Subnets,
    is_internal: bool,
    peers: Vec<Peer>,
    attributes: Attributes,
}

impl QuicLoadBalancer {
    /// A balancer in the public subnets: everyone on the internet reaches its servers.
    pub fn internet_facing(vpc: &VpcHandle) -> Self {
        Self::of(vpc.public(), false, vec![Peer::any_ipv4()])
    }

    /// A balancer in these subnets: only peers reach its servers.
    pub fn internal(subnets: &Subnets) -> Self {
        Self::of(subnets.clone(), true, Vec::new())
    }

    fn of(subnets: Subnets, is_internal: bool, peers: Vec<Peer>) -> Self {
        let mut attributes = Attributes::default();
        attributes.set("deletion_protection.enabled", "false");
        Self { subnets, is_internal, peers, attributes }
    }

    /// Lets these peers reach the servers, and nobody else.
    pub fn reachable_from(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.peers = peers.into_iter().collect();
        self
    }

    /// Spreads what comes to one zone over the servers of all. Traffic between zones costs money.
    pub fn cross_zone(self) -> Self {
        self.attribute("load_balancing.cross_zone.enabled", "true")
    }

    /// Refuses to be deleted until this is turned off.
    pub fn deletion_protection(self) -> Self {
        self.attribute("deletion_protection.enabled", "true")
    }

    /// Any [attribute](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html)
    /// of the balancer.
    pub fn attribute(mut self, key: &'static str, value: impl Into<Expr<String>>) -> Self {
        self.attributes.set(key, value);
        self
    }

    /// Adds the balancer to a stack.
    ///
    /// Findings: no subnets (`FW0403`), too small ones (`FW0441`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> QuicLoadBalancerHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the load balancer", &mut scope);
        self.subnets.require_addresses_in_each(ADDRESSES, "the load balancer", &mut scope);
        let mut balancer = elbv2::LoadBalancer::new()
            .type_("network")
            .scheme(if self.is_internal { "internal" } else { "internet-facing" })
            .subnets(self.subnets.ids());
        for route in self.subnets.routes() {
            balancer = balancer.depends_on(*route);
        }
        let balancer = self.attributes.apply(balancer, &mut scope).build(&mut scope, "LoadBalancer");
        QuicLoadBalancerHandle(Balancer {
            handle: balancer,
            vpc: self.subnets.vpc_id(),
            origin: Origin::Clients(self.subnets.ranges()),
            peers: self.peers,
            is_internal: self.is_internal,
            scope: scope.id(),
        })
    }
}

/// A [`QuicLoadBalancer`] that stands in a stack. It goes with its listener for QUIC, since there is one:
/// what else is wanted of it comes before.
#[derive(Debug)]
pub struct QuicLoadBalancerHandle(Balancer);

impl QuicLoadBalancerHandle {
    /// The balancer itself.
    pub const fn load_balancer(&self) -> &Handle<elbv2::LoadBalancer> {
        &self.0.handle
    }

    /// The name under which it answers.
    pub fn dns_name(&self) -> Expr<String> {
        self.0.handle.dns_name()
    }

    /// The listener for QUIC. What it does is said next.
    #[track_caller]
    pub fn quic<'scope>(
        self,
        scope: &'scope mut Scope<'_>,
        port: u16,
    ) -> NetworkListenerBuilder<'scope, Quic> {
        self.listen(scope, port, None)
    }

    /// The listener for QUIC, and for TCP on the same port: clients try both.
    #[track_caller]
    pub fn tcp_and_quic<'scope>(
        self,
        scope: &'scope mut Scope<'_>,
        port: u16,
    ) -> NetworkListenerBuilder<'scope, TcpAndQuic> {
        self.listen(scope, port, None)
    }

    /// A listener for TCP.
    #[track_caller]
    pub fn tcp<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
    ) -> NetworkListenerBuilder<'scope, Tcp> {
        self.listen(scope, port, None)
    }

    /// A listener for TLS, with its certificate of ACM, by a handle or ARN.
    #[track_caller]
    pub fn tls<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> NetworkListenerBuilder<'scope, Tls> {
        self.listen(scope, port, Some(TlsSettings::new(certificate.into())))
    }

    #[track_caller]
    fn listen<'scope, P: NetworkProtocol>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
        tls: Option<TlsSettings>,
    ) -> NetworkListenerBuilder<'scope, P> {
        NetworkListenerBuilder::new(self.0.clone(), scope.reopen(self.0.scope), port, tls)
    }
}

impl From<&QuicLoadBalancerHandle> for Expr<ids::elasticloadbalancingv2::LoadBalancerArn> {
    fn from(handle: &QuicLoadBalancerHandle) -> Self {
        Self::from(&handle.0.handle)
    }
}

/// A port of servers that speak QUIC. Each has an id of its own, which it writes into what it tells
/// clients, so that the balancer knows it again.
#[derive(Debug, Clone)]
#[must_use = "a target group takes the servers"]
pub struct QuicServers {
    port: u16,
    target_type: &'static str,
    all: Vec<(Expr<AnyOf<ids::any::TargetGroupTarget>>, u64)>,
    groups: Vec<SecurityGroupHandle>,
}

impl QuicServers {
    /// Servers of the network by their addresses, each with its id.
    pub fn addresses<A: Into<Expr<String>>>(port: u16, servers: impl IntoIterator<Item = (A, u64)>) -> Self {
        let all = servers.into_iter().map(|(address, id)| (address.into().cast(), id)).collect();
        Self { port, target_type: "ip", all, groups: Vec::new() }
    }

    /// Servers on instances, each with its id.
    pub fn instances<I: Into<Expr<ids::ec2::InstanceId>>>(
        port: u16,
        servers: impl IntoIterator<Item = (I, u64)>,
    ) -> Self {
        let all = servers.into_iter().map(|(instance, id)| (instance.into().into(), id)).collect();
        Self { port, target_type: "instance", all, groups: Vec::new() }
    }

    /// The security group that the servers are in: it lets clients in, and the balancer.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.groups.push(group.clone());
        self
    }
}

impl Target for QuicServers {
    fn target_type(&self) -> &'static str {
        self.target_type
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.groups
    }

    fn is_guarded(&self) -> bool {
        self.target_type == "instance"
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        let mut known = BTreeSet::new();
        if let Some((_, id)) = self.all.iter().find(|(_, id)| !known.insert(*id)) {
            let message = format!("two servers for QUIC have the id {id:#x}");
            let hint = "give each an id of its own: clients would lose theirs";
            scope.report(Finding::error("FW0451", message).hint(hint));
        }
        scope.change(group.target_group(), |draft| {
            for (server, id) in &self.all {
                let target = TargetDescription::new(server.clone());
                draft.append("Targets", target.port(self.port).quic_server_id(format!("{id:#018x}")));
            }
        });
    }
}

impl TargetGroup<Quic> {
    /// Servers that speak QUIC alone. Since they answer no TCP on their port, how they are known to be
    /// well has to be said.
    pub fn quic(servers: &QuicServers, health_check: HealthCheck) -> Self {
        Self::of(Arc::new(servers.clone()), Some(Quic::NAME)).health_check(health_check)
    }
}

impl TargetGroup<TcpAndQuic> {
    /// Servers that speak TCP and QUIC on one port.
    pub fn tcp_and_quic(servers: &QuicServers) -> Self {
        Self::of(Arc::new(servers.clone()), Some(TcpAndQuic::NAME))
    }
}
