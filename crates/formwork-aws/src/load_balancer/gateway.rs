//! [`GatewayLoadBalancer`]: appliances that look into packets on their way.

use formwork_cfn::{elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::listener::Action, ids};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{
    Forward, TargetGroupHandle,
    attributes::Attributes,
    balancer::{Balancer, Origin},
    protocol::Geneve,
};
use crate::vpc::Subnets;

/// The addresses that each of its subnets has at least.
const ADDRESSES: u64 = 8;

/// A gateway load balancer: firewalls and the like look into every packet on its way.
///
/// Packets come to it by the endpoints of an [`EndpointService`](super::EndpointService), to which
/// routes lead, and go to appliances wrapped in GENEVE. It has no security group: appliances let in the
/// ranges of its subnets.
///
/// See [gateway load balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/introduction.html).
///
/// ```
/// use formwork_aws::load_balancer::{EndpointService, GatewayLoadBalancer, HealthCheck, TargetGroup};
/// use formwork_aws::{auto_scaling::{AutoScalingGroup, InstanceRefresh}, capacity::Capacity, image::Image};
/// use formwork_aws::{launch_template::LaunchTemplate, security_group::{Outbound, SecurityGroup}};
/// use formwork_aws::vpc::{NatPolicy, RouteTarget, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("Inspection"))
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let inspection = vpc.tier("Inspection");
/// let group = SecurityGroup::new(&vpc, "firewalls", Outbound::Anywhere).build(&mut stack, "Firewalls");
/// let template = LaunchTemplate::new(Image::id("ami-0a1b2c3d"), "c7g.large")
///     .security_group(&group)
///     .build(&mut stack, "Firewall");
/// let firewalls = AutoScalingGroup::new(&inspection, &template, Capacity::fixed(2), InstanceRefresh::new())
///     .build(&mut stack, "Fleet");
/// let balancer = GatewayLoadBalancer::new(&inspection).build(&mut stack, "Inspector");
/// balancer.forward_to(&mut stack, TargetGroup::appliances(&firewalls, HealthCheck::tcp().port(8443)));
/// let service = EndpointService::of_gateway(&balancer).without_acceptance().build(&mut stack, "Service");
/// let endpoints = service.inspect(&mut stack, &inspection, "Inspection");
/// vpc.tier("App").route(&mut stack, "10.9.0.0/16", RouteTarget::endpoint(&endpoints[0]));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// Appliances have no port to choose:
///
/// ```compile_fail
/// # use formwork_aws::load_balancer::{Addresses, GatewayLoadBalancerHandle};
/// # fn listen(balancer: &GatewayLoadBalancerHandle, stack: &mut formwork_core::Scope<'_>) {
/// balancer.forward_to(stack, &Addresses::new(80, ["10.0.0.10"]));
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer is added to a stack by `build`"]
pub struct GatewayLoadBalancer {
    subnets: Subnets,
    attributes: Attributes,
}

impl GatewayLoadBalancer {
    /// A balancer in these subnets.
    pub fn new(subnets: &Subnets) -> Self {
        let mut attributes = Attributes::default();
        attributes.set("deletion_protection.enabled", "false");
        Self { subnets: subnets.clone(), attributes }
    }

    /// Spreads what comes to one zone over the appliances of all. Traffic between zones costs money.
    pub fn cross_zone(mut self) -> Self {
        self.attributes.set("load_balancing.cross_zone.enabled", "true");
        self
    }

    /// Refuses to be deleted until this is turned off.
    pub fn deletion_protection(mut self) -> Self {
        self.attributes.set("deletion_protection.enabled", "true");
        self
    }

    /// Adds the balancer to a stack.
    ///
    /// Findings: no subnets (`FW0403`), or too small ones (`FW0441`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> GatewayLoadBalancerHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the load balancer", &mut scope);
        self.subnets.require_addresses_in_each(ADDRESSES, "the load balancer", &mut scope);
        let balancer = elbv2::LoadBalancer::new().type_("gateway").subnets(self.subnets.ids());
        let balancer = self.attributes.apply(balancer, &mut scope).build(&mut scope, "LoadBalancer");
        GatewayLoadBalancerHandle(Balancer {
            handle: balancer,
            vpc: self.subnets.vpc_id(),
            origin: Origin::Ranges(self.subnets.ranges()),
            peers: Vec::new(),
            is_internal: false,
            scope: scope.id(),
        })
    }
}

/// A [`GatewayLoadBalancer`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct GatewayLoadBalancerHandle(Balancer);

impl GatewayLoadBalancerHandle {
    /// The balancer itself.
    pub const fn load_balancer(&self) -> &Handle<elbv2::LoadBalancer> {
        &self.0.handle
    }

    /// Has all packets go through appliances, and lets the balancer reach them.
    ///
    /// Findings: appliances in no security group, or subnets whose ranges are not known (`FW0426`), a
    /// health check that cannot be (`FW0427`).
    #[track_caller]
    pub fn forward_to(
        &self,
        scope: &mut Scope<'_>,
        appliances: impl Into<Forward<Geneve>>,
    ) -> TargetGroupHandle<Geneve> {
        let mut scope = scope.reopen(self.0.scope);
        let opened = appliances.into().open(&self.0, false, &mut scope, "Appliances");
        let action = Action::new("forward").target_group_arn(&opened.group);
        let listener = elbv2::Listener::new(&self.0.handle, [action]).build(&mut scope, "Listener");
        opened.attach(listener.id(), &mut scope)
    }
}

impl From<&GatewayLoadBalancerHandle> for Expr<ids::elasticloadbalancingv2::LoadBalancerArn> {
    fn from(handle: &GatewayLoadBalancerHandle) -> Self {
        Self::from(&handle.0.handle)
    }
}
