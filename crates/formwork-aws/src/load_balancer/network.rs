//! [`NetworkLoadBalancer`]: connections and packets spread over healthy targets.

use formwork_cfn::{
    ec2, elasticloadbalancingv2 as elbv2,
    elasticloadbalancingv2::load_balancer::{MinimumLoadBalancerCapacity, SubnetMapping},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    attributes::Attributes,
    balancer::{Balancer, Origin},
    listener::TlsSettings,
    network_listener::NetworkListenerBuilder,
    protocol::{Tcp, TcpAndUdp, Tls, Udp},
};
use crate::{
    security_group::{Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{Subnets, VpcHandle},
};

/// The addresses that each of its subnets has at least.
pub(super) const ADDRESSES: u64 = 8;

/// A network load balancer, with a security group of its own: TCP, TLS and UDP, with one address in
/// each zone. For QUIC there is a [`QuicLoadBalancer`](super::QuicLoadBalancer).
///
/// See [`AWS::ElasticLoadBalancingV2::LoadBalancer`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html).
///
/// ```
/// use formwork_aws::{load_balancer::{Addresses, ApplicationLoadBalancer, NetworkLoadBalancer}, vpc::{NatPolicy, Tier, Vpc, Zones}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::public("Public"))
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let inner = ApplicationLoadBalancer::internal(&vpc.isolated()).build(&mut stack, "Inner");
/// let http = inner.http(&mut stack).respond(503, "back soon");
/// let edge = NetworkLoadBalancer::with_static_addresses(&vpc).build(&mut stack, "Edge");
/// edge.tcp(&mut stack, 80).forward_to_listener(&http);
/// edge.udp(&mut stack, 53).forward_to(&Addresses::new(53, ["10.0.2.10"]));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A listener for UDP takes no TCP:
///
/// ```compile_fail
/// # use formwork_aws::load_balancer::{Addresses, NetworkLoadBalancerHandle, TargetGroup};
/// # fn listen(balancer: &NetworkLoadBalancerHandle, machines: &Addresses, stack: &mut formwork_core::Scope<'_>) {
/// balancer.udp(stack, 53).forward_to(TargetGroup::tcp(machines));
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer is added to a stack by `build`"]
pub struct NetworkLoadBalancer {
    subnets: Subnets,
    addresses: StaticAddresses,
    peers: Vec<Peer>,
    dual_stack: bool,
    attributes: Attributes,
    capacity: Option<u32>,
}

/// The addresses that the balancer has in its subnets.
#[derive(Debug, Clone)]
enum StaticAddresses {
    /// Public ones that AWS chooses.
    Public,
    /// Elastic IPs that are made for it.
    NewElastic,
    /// Elastic IPs that are there.
    Elastic(Vec<Expr<ids::ec2::EipAllocationId>>),
    /// Those of the subnets that AWS chooses.
    Internal,
    /// Those of the subnets that the author chooses.
    Private(Vec<String>),
}

impl StaticAddresses {
    /// How many were said.
    fn count(&self) -> Option<usize> {
        match self {
            Self::Public | Self::NewElastic | Self::Internal => None,
            Self::Elastic(addresses) => Some(addresses.len()),
            Self::Private(addresses) => Some(addresses.len()),
        }
    }
}

impl NetworkLoadBalancer {
    /// A balancer in the public subnets: everyone on the internet reaches its listeners.
    pub fn internet_facing(vpc: &VpcHandle) -> Self {
        Self::of(vpc.public(), StaticAddresses::Public)
    }

    /// The same, with an Elastic IP in each zone, which others can write down.
    pub fn with_static_addresses(vpc: &VpcHandle) -> Self {
        Self::of(vpc.public(), StaticAddresses::NewElastic)
    }

    /// The same, with Elastic IPs that are there already, one for each public subnet.
    pub fn at_addresses<A: Into<Expr<ids::ec2::EipAllocationId>>>(
        vpc: &VpcHandle,
        addresses: impl IntoIterator<Item = A>,
    ) -> Self {
        let addresses = addresses.into_iter().map(Into::into).collect();
        Self::of(vpc.public(), StaticAddresses::Elastic(addresses))
    }

    /// A balancer in these subnets: only peers reach its listeners.
    pub fn internal(subnets: &Subnets) -> Self {
        Self::of(subnets.clone(), StaticAddresses::Internal)
    }

    /// The same, with an address of each subnet that is chosen here.
    pub fn internal_at<A: Into<String>>(subnets: &Subnets, addresses: impl IntoIterator<Item = A>) -> Self {
        let addresses = addresses.into_iter().map(Into::into).collect();
        Self::of(subnets.clone(), StaticAddresses::Private(addresses))
    }

    fn of(subnets: Subnets, addresses: StaticAddresses) -> Self {
        let mut attributes = Attributes::default();
        attributes.set("deletion_protection.enabled", "false");
        let peers = match addresses {
            StaticAddresses::Internal | StaticAddresses::Private(_) => Vec::new(),
            _ => vec![Peer::any_ipv4()],
        };
        Self { subnets, addresses, peers, dual_stack: false, attributes, capacity: None }
    }

    /// Lets a peer reach every listener, and nobody else but further ones.
    pub fn reachable_from(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.peers = peers.into_iter().collect();
        self
    }

    /// Answers by IPv6 too. Its subnets have to have it, and listeners for UDP cannot be (`FW0452`).
    pub fn dual_stack(mut self) -> Self {
        self.dual_stack = true;
        if self.peers.iter().any(Peer::is_everyone) {
            self.peers.push(Peer::any_ipv6());
        }
        self
    }

    /// Spreads what comes to one zone over the targets of all. Traffic between zones costs money.
    pub fn cross_zone(self) -> Self {
        self.attribute("load_balancing.cross_zone.enabled", "true")
    }

    /// Refuses to be deleted until this is turned off.
    pub fn deletion_protection(self) -> Self {
        self.attribute("deletion_protection.enabled", "true")
    }

    /// Keeps the balancer as large as so many capacity units (LCU) at least, for a rush that is known
    /// beforehand: a unit is 2.2 Mbit/s. It costs money for as long as it is set, and a
    /// deployment does not wait for it. Listeners for TLS cannot have it (`FW0448`).
    ///
    /// See [capacity reservations](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/capacity-unit-reservation.html).
    pub fn reserve_capacity(mut self, units: u32) -> Self {
        self.capacity = Some(units);
        self
    }

    /// Any [attribute](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html)
    /// of the balancer.
    pub fn attribute(mut self, key: &'static str, value: impl Into<Expr<String>>) -> Self {
        self.attributes.set(key, value);
        self
    }

    /// Writes down what TLS listeners take. The bucket gets the policy that this needs.
    #[cfg(feature = "access-logs")]
    pub fn access_logs(mut self, logs: impl Into<super::AccessLogs>) -> Self {
        self.attributes.log("access_logs.s3", logs.into(), super::access_logs::Writer::Network);
        self
    }

    /// Adds the balancer to a stack.
    ///
    /// Findings: no subnets (`FW0403`), too small ones (`FW0441`), addresses of another number than
    /// the subnets (`FW0467`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> NetworkLoadBalancerHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the load balancer", &mut scope);
        self.subnets.require_addresses_in_each(ADDRESSES, "the load balancer", &mut scope);
        if let Some(count) = self.addresses.count().filter(|count| *count != self.subnets.len()) {
            let message =
                format!("the load balancer has {count} addresses for {} subnets", self.subnets.len());
            scope.report(Finding::error("FW0467", message).hint("write one for each subnet, zone by zone"));
        }
        let vpc = self.subnets.vpc_id();
        let description = format!("load balancer {}", scope.path());
        let group = SecurityGroup::new(vpc.clone(), description, Outbound::Anywhere).build(&mut scope, "");
        let is_internal = matches!(self.addresses, StaticAddresses::Internal | StaticAddresses::Private(_));
        let mut balancer = elbv2::LoadBalancer::new()
            .type_("network")
            .scheme(if is_internal { "internal" } else { "internet-facing" })
            .security_groups([&group]);
        let mut elastic = Vec::new();
        let places: Vec<_> = self.subnets.iter().cloned().collect();
        balancer = match self.addresses {
            StaticAddresses::Public | StaticAddresses::Internal => balancer.subnets(self.subnets.ids()),
            StaticAddresses::NewElastic => {
                for (word, _) in self.subnets.named() {
                    let address = ec2::Eip::new().domain("vpc").build(&mut scope, &format!("Address{word}"));
                    elastic.push(address);
                }
                let mappings = places.into_iter().zip(&elastic);
                balancer.subnet_mappings(Expr::list(mappings.map(|(subnet, address)| {
                    SubnetMapping::new(subnet).allocation_id(address.allocation_id())
                })))
            }
            StaticAddresses::Elastic(addresses) => {
                let mappings = places.into_iter().zip(addresses);
                balancer.subnet_mappings(Expr::list(
                    mappings.map(|(subnet, address)| SubnetMapping::new(subnet).allocation_id(address)),
                ))
            }
            StaticAddresses::Private(addresses) => {
                let mappings = places.into_iter().zip(addresses);
                balancer.subnet_mappings(Expr::list(
                    mappings
                        .map(|(subnet, address)| SubnetMapping::new(subnet).private_ipv4_address(address)),
                ))
            }
        };
        if self.dual_stack {
            balancer = balancer.ip_address_type("dualstack");
        }
        if let Some(units) = self.capacity {
            let capacity = MinimumLoadBalancerCapacity::new(i64::from(units));
            balancer = balancer.minimum_load_balancer_capacity(capacity);
        }
        for route in self.subnets.routes() {
            balancer = balancer.depends_on(*route);
        }
        let balancer = self.attributes.apply(balancer, &mut scope).build(&mut scope, "LoadBalancer");
        let common = Balancer {
            handle: balancer,
            vpc,
            origin: Origin::Group(group.clone()),
            peers: self.peers,
            is_internal,
            scope: scope.id(),
        };
        NetworkLoadBalancerHandle { common, group, elastic }
    }
}

/// A [`NetworkLoadBalancer`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct NetworkLoadBalancerHandle {
    common: Balancer,
    group: SecurityGroupHandle,
    elastic: Vec<Handle<ec2::Eip>>,
}

impl NetworkLoadBalancerHandle {
    /// The balancer itself.
    pub const fn load_balancer(&self) -> &Handle<elbv2::LoadBalancer> {
        &self.common.handle
    }

    /// The balancer's own security group.
    pub const fn security_group(&self) -> &SecurityGroupHandle {
        &self.group
    }

    /// The name under which it answers.
    pub fn dns_name(&self) -> Expr<String> {
        self.common.handle.dns_name()
    }

    /// The Elastic IPs that were made for it, zone by zone.
    pub fn addresses(&self) -> &[Handle<ec2::Eip>] {
        &self.elastic
    }

    /// A listener for TCP. What it does is said next.
    #[track_caller]
    pub fn tcp<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
    ) -> NetworkListenerBuilder<'scope, Tcp> {
        NetworkListenerBuilder::new(self.common.clone(), scope.reopen(self.common.scope), port, None)
    }

    /// A listener for UDP.
    #[track_caller]
    pub fn udp<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
    ) -> NetworkListenerBuilder<'scope, Udp> {
        NetworkListenerBuilder::new(self.common.clone(), scope.reopen(self.common.scope), port, None)
    }

    /// A listener for TCP and UDP on one port.
    #[track_caller]
    pub fn tcp_and_udp<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
    ) -> NetworkListenerBuilder<'scope, TcpAndUdp> {
        NetworkListenerBuilder::new(self.common.clone(), scope.reopen(self.common.scope), port, None)
    }

    /// A listener for TLS, with its certificate of ACM, by a handle or ARN. Targets get what is within.
    ///
    /// ```
    /// use formwork_aws::load_balancer::{Addresses, ApplicationNegotiation, NetworkLoadBalancer, TargetGroup};
    /// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
    /// # use formwork_core::{App, id};
    ///
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
    /// #     .tier(Tier::public("Public"))
    /// #     .build(&mut stack, "Network");
    /// # let certificate = |name: &str| id(format!("arn:aws:acm:eu-west-1:111111111111:certificate/{name}"));
    /// let gate = NetworkLoadBalancer::internet_facing(&vpc).build(&mut stack, "Gate");
    /// let machines = Addresses::new(8080, ["10.0.0.10"]);
    /// gate.tls(&mut stack, 443, certificate("one"))
    ///     .certificate(certificate("two"))
    ///     .negotiate(ApplicationNegotiation::Http2Preferred)
    ///     .forward_to(TargetGroup::tcp(&machines).proxy_protocol());
    /// gate.tls(&mut stack, 8443, certificate("one")).forward_encrypted_to(&machines);
    /// # assert!(app.synthesize().is_ok());
    /// ```
    #[track_caller]
    pub fn tls<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> NetworkListenerBuilder<'scope, Tls> {
        let tls = TlsSettings::new(certificate.into());
        NetworkListenerBuilder::new(self.common.clone(), scope.reopen(self.common.scope), port, Some(tls))
    }
}

impl From<&NetworkLoadBalancerHandle> for Expr<ids::elasticloadbalancingv2::LoadBalancerArn> {
    fn from(handle: &NetworkLoadBalancerHandle) -> Self {
        Self::from(&handle.common.handle)
    }
}
