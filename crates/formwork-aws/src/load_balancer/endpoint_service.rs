//! [`EndpointService`]: what stands behind a balancer, offered to other networks.

use std::marker::PhantomData;

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Handle, Scope, ScopeId, concat, pseudo};

use super::{GatewayLoadBalancerHandle, Geneve, NetworkLoadBalancerHandle, Tcp};
use crate::vpc::Subnets;

/// A service that other networks, and other accounts, reach by an endpoint of their own (PrivateLink).
///
/// See [`AWS::EC2::VPCEndpointService`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpointservice.html).
///
/// ```
/// use formwork_aws::load_balancer::{EndpointService, NetworkLoadBalancer};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::isolated("App"))
/// #     .build(&mut stack, "Network");
/// let balancer = NetworkLoadBalancer::internal(&vpc.isolated()).build(&mut stack, "Balancer");
/// let service = EndpointService::of_network(&balancer)
///     .allow("arn:aws:iam::222222222222:root")
///     .build(&mut stack, "Service");
/// stack.output("ServiceName", service.name());
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a service is added to a stack by `build`"]
pub struct EndpointService<P> {
    balancer: Expr<ids::elasticloadbalancingv2::LoadBalancerArn>,
    is_gateway: bool,
    acceptance: bool,
    principals: Vec<Expr<String>>,
    kind: PhantomData<P>,
}

impl EndpointService<Tcp> {
    /// What a network load balancer spreads.
    pub fn of_network(balancer: &NetworkLoadBalancerHandle) -> Self {
        Self::of(balancer.into(), false)
    }
}

impl EndpointService<Geneve> {
    /// Appliances that packets of other networks go through.
    pub fn of_gateway(balancer: &GatewayLoadBalancerHandle) -> Self {
        Self::of(balancer.into(), true)
    }
}

impl<P> EndpointService<P> {
    const fn of(balancer: Expr<ids::elasticloadbalancingv2::LoadBalancerArn>, is_gateway: bool) -> Self {
        Self { balancer, is_gateway, acceptance: true, principals: Vec::new(), kind: PhantomData }
    }

    /// Lets somebody of another account make endpoints, by an ARN: `arn:aws:iam::222222222222:root` is
    /// whoever that account lets.
    pub fn allow(mut self, principal: impl Into<Expr<String>>) -> Self {
        self.principals.push(principal.into());
        self
    }

    /// Takes endpoints of all who may make some, where each would wait to be accepted by hand.
    pub fn without_acceptance(mut self) -> Self {
        self.acceptance = false;
        self
    }

    /// Adds the service to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> EndpointServiceHandle<P> {
        let mut scope = scope.construct(id);
        let service = ec2::VpcEndpointService::new().acceptance_required(self.acceptance);
        let service = if self.is_gateway {
            service.gateway_load_balancer_arns([Expr::<String>::from(self.balancer)])
        } else {
            service.network_load_balancer_arns([self.balancer])
        };
        let service = service.build(&mut scope, "EndpointService");
        if !self.principals.is_empty() {
            ec2::VpcEndpointServicePermissions::new(&service)
                .allowed_principals(self.principals)
                .build(&mut scope, "Permissions");
        }
        EndpointServiceHandle { service, scope: scope.id(), kind: PhantomData }
    }
}

/// An [`EndpointService`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct EndpointServiceHandle<P> {
    service: Handle<ec2::VpcEndpointService>,
    scope: ScopeId,
    kind: PhantomData<P>,
}

impl<P> EndpointServiceHandle<P> {
    /// The service itself.
    pub const fn service(&self) -> &Handle<ec2::VpcEndpointService> {
        &self.service
    }

    /// The name by which endpoints ask for it.
    pub fn name(&self) -> Expr<String> {
        let service = Expr::<String>::from(self.service.service_id());
        concat(["com.amazonaws.vpce.".into(), pseudo::region(), ".".into(), service])
    }
}

impl EndpointServiceHandle<Geneve> {
    /// Endpoints that lead packets through the appliances, one in each of these subnets. Routes lead
    /// to them: [`RouteTarget::endpoint`](crate::vpc::RouteTarget::endpoint).
    ///
    /// Findings: no subnets (`FW0403`).
    #[track_caller]
    pub fn inspect(
        &self,
        scope: &mut Scope<'_>,
        subnets: &Subnets,
        id: &str,
    ) -> Vec<Handle<ec2::VpcEndpoint>> {
        let mut scope = scope.reopen(self.scope);
        subnets.require(1, "the endpoint", &mut scope);
        subnets
            .named()
            .map(|(word, subnet)| {
                ec2::VpcEndpoint::new(subnets.vpc_id())
                    .vpc_endpoint_type("GatewayLoadBalancer")
                    .service_name(self.name())
                    .subnet_ids([subnet.clone()])
                    .build(&mut scope, &format!("{id}Endpoint{word}"))
            })
            .collect()
    }
}
