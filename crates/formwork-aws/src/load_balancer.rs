//! [`ApplicationLoadBalancer`]: HTTP requests spread over healthy targets.

mod listener;
mod target_group;

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::load_balancer::LoadBalancerAttribute, ids,
};
use formwork_core::{Build, Expr, Handle, Scope, ScopeId};

use crate::{
    security_group::{Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{Subnets, VpcHandle},
};

pub use listener::{ListenerBuilder, ListenerHandle};
pub use target_group::{HealthCheck, Target, TargetGroupHandle};

/// The least number of zones that an application load balancer stands in.
const ZONES: usize = 2;
/// The addresses that each of its subnets has at least, for it to grow: those of a /27.
const ADDRESSES: u64 = 27;

/// An application load balancer, with a security group of its own.
///
/// Requests with invalid header fields are not passed on.
///
/// See [`AWS::ElasticLoadBalancingV2::LoadBalancer`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html).
///
/// ```
/// use formwork_aws::{load_balancer::ApplicationLoadBalancer, vpc::{NatPolicy, Tier, Vpc, Zones}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::public("Public"))
///     .build(&mut stack, "Network");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// balancer.http(&mut stack).respond(503, "back soon");
/// stack.output("Url", balancer.url());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer is added to a stack by `build`"]
pub struct ApplicationLoadBalancer {
    subnets: Subnets,
    scheme: &'static str,
    peers: Vec<Peer>,
    deletion_protection: bool,
}

impl ApplicationLoadBalancer {
    /// A balancer in the public subnets: everyone on the internet reaches its listeners.
    pub fn internet_facing(vpc: &VpcHandle) -> Self {
        Self {
            subnets: vpc.public(),
            scheme: "internet-facing",
            peers: vec![Peer::any_ipv4()],
            deletion_protection: false,
        }
    }

    /// A balancer in these subnets: only peers reach its listeners.
    pub fn internal(subnets: &Subnets) -> Self {
        Self { subnets: subnets.clone(), scheme: "internal", peers: Vec::new(), deletion_protection: false }
    }

    /// Lets a peer reach every listener, and nobody else but further ones: an internet-facing
    /// balancer is then closed to the rest of the internet.
    pub fn reachable_from(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.peers = peers.into_iter().collect();
        self
    }

    /// Refuses to be deleted until this is turned off.
    pub fn deletion_protection(mut self) -> Self {
        self.deletion_protection = true;
        self
    }

    /// Adds the balancer to a stack.
    ///
    /// Findings: subnets in fewer than two zones (`FW0403`), or too small ones (`FW0441`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> LoadBalancerHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(ZONES, "the load balancer", &mut scope);
        self.subnets.require_addresses_in_each(ADDRESSES, "the load balancer", &mut scope);
        let vpc = self.subnets.vpc_id();
        let description = format!("load balancer {}", scope.path());
        let group = SecurityGroup::new(vpc.clone(), description, Outbound::Anywhere).build(&mut scope, "");
        let attribute =
            |key: &str, value: bool| LoadBalancerAttribute::new().key(key).value(value.to_string());
        let mut balancer = elbv2::LoadBalancer::new()
            .type_("application")
            .scheme(self.scheme)
            .subnets(self.subnets.ids())
            .security_groups([&group])
            .load_balancer_attributes([
                attribute("routing.http.drop_invalid_header_fields.enabled", true),
                attribute("deletion_protection.enabled", self.deletion_protection),
            ]);
        for route in self.subnets.routes() {
            balancer = balancer.depends_on(*route);
        }
        let balancer = balancer.build(&mut scope, "LoadBalancer");
        LoadBalancerHandle { balancer, group, peers: self.peers, vpc, scope: scope.id() }
    }
}

/// An [`ApplicationLoadBalancer`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct LoadBalancerHandle {
    balancer: Handle<elbv2::LoadBalancer>,
    group: SecurityGroupHandle,
    peers: Vec<Peer>,
    vpc: Expr<ids::ec2::VpcId>,
    scope: ScopeId,
}

impl LoadBalancerHandle {
    /// The balancer itself.
    pub const fn load_balancer(&self) -> &Handle<elbv2::LoadBalancer> {
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

    /// `http://` and the name under which it answers.
    pub fn url(&self) -> Expr<String> {
        formwork_core::concat(["http://".into(), self.dns_name()])
    }

    /// A listener for HTTP on port 80. What it does is said next.
    #[track_caller]
    pub fn http<'scope>(&self, scope: &'scope mut Scope<'_>) -> ListenerBuilder<'scope> {
        self.http_on(scope, 80)
    }

    /// A listener for HTTP on any port.
    #[track_caller]
    pub fn http_on<'scope>(&self, scope: &'scope mut Scope<'_>, port: u16) -> ListenerBuilder<'scope> {
        ListenerBuilder::new(self, scope.reopen(self.scope), port, None)
    }

    /// A listener for HTTPS on port 443, with the ARN of its certificate.
    #[track_caller]
    pub fn https<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> ListenerBuilder<'scope> {
        ListenerBuilder::new(self, scope.reopen(self.scope), 443, Some(certificate.into()))
    }
}

impl From<&LoadBalancerHandle> for Expr<ids::elasticloadbalancingv2::LoadBalancerArn> {
    fn from(handle: &LoadBalancerHandle) -> Self {
        Self::from(&handle.balancer)
    }
}
