//! [`VpnGateway`]: the network's side of a VPN.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Handle, ResourceId, Scope};

use super::{RouteTarget, Subnets, VpcHandle, name_tag};

/// The network's side of VPN connections and of Direct Connect.
///
/// The gateway goes where a route's target does, and where a VPN connection wants one.
///
/// See [`AWS::EC2::VPNGateway`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpngateway.html).
///
/// ```
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, VpnGateway, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let vpn = VpnGateway::new(&vpc).propagate_to(&vpc.isolated()).build(&mut stack, "Vpn");
/// vpc.isolated().route(&mut stack, "192.168.0.0/16", &vpn);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a gateway is added to a stack by `build`"]
pub struct VpnGateway {
    vpc: VpcHandle,
    asn: Option<i64>,
    propagated: Option<Subnets>,
}

impl VpnGateway {
    /// A gateway of a network.
    pub fn new(vpc: &VpcHandle) -> Self {
        Self { vpc: vpc.clone(), asn: None, propagated: None }
    }

    /// The number of AWS's side for BGP: 64512 unless set.
    pub fn amazon_side_asn(mut self, asn: u32) -> Self {
        self.asn = Some(i64::from(asn));
        self
    }

    /// Puts the routes that the other side announces into the tables of these subnets.
    pub fn propagate_to(mut self, subnets: &Subnets) -> Self {
        self.propagated = Some(subnets.clone());
        self
    }

    /// Adds the gateway to a stack, attached to its network.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> VpnGatewayHandle {
        let mut scope = scope.construct(id);
        let tag = name_tag(&scope, "");
        let mut gateway = ec2::VpnGateway::new("ipsec.1").tags([tag]);
        if let Some(asn) = self.asn {
            gateway = gateway.amazon_side_asn(asn);
        }
        let gateway = gateway.build(&mut scope, "VpnGateway");
        let attachment = ec2::VpcGatewayAttachment::new(&self.vpc)
            .vpn_gateway_id(&gateway)
            .build(&mut scope, "VpnGatewayAttachment")
            .id();
        if let Some(subnets) = self.propagated {
            let tables = Expr::list(subnets.route_tables().cloned());
            ec2::VpnGatewayRoutePropagation::new(tables, &gateway)
                .depends_on(attachment)
                .build(&mut scope, "RoutePropagation");
        }
        VpnGatewayHandle { gateway, attachment }
    }
}

/// A [`VpnGateway`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct VpnGatewayHandle {
    gateway: Handle<ec2::VpnGateway>,
    attachment: ResourceId,
}

impl VpnGatewayHandle {
    /// The gateway itself.
    pub const fn gateway(&self) -> &Handle<ec2::VpnGateway> {
        &self.gateway
    }
}

impl From<&VpnGatewayHandle> for Expr<ids::ec2::VpnGatewayId> {
    fn from(handle: &VpnGatewayHandle) -> Self {
        Self::from(&handle.gateway)
    }
}

impl From<&VpnGatewayHandle> for RouteTarget {
    fn from(handle: &VpnGatewayHandle) -> Self {
        Self::gateway(&handle.gateway).after(handle.attachment)
    }
}
