//! Routes: where a tier sends what is for an address.

use formwork_cfn::{ec2, ids};
use formwork_core::{
    Build, Expr, Finding, ResourceId, Scope,
    builder::{AnyOf, Textual},
};
use ipnet::Ipv6Net;

use super::{ANYWHERE, ANYWHERE_IPV6, IPV4_WITHIN_IPV6, Subnets, allocation};

/// The addresses that a route is about: an IPv4 or IPv6 range, or a prefix list.
#[derive(Debug, Clone)]
pub struct Destination(Addresses);

#[derive(Debug, Clone)]
enum Addresses {
    Range(String),
    /// An IPv6 range that is known when the stack is deployed.
    Ipv6(Expr<String>, String),
    PrefixList(Expr<ids::ec2::PrefixListId>, String),
}

impl Destination {
    /// Every IPv4 address that no other route is about.
    pub fn anywhere() -> Self {
        Self::from(ANYWHERE)
    }

    /// Every IPv6 address that no other route is about.
    pub fn anywhere_ipv6() -> Self {
        Self::from(ANYWHERE_IPV6)
    }

    /// An IPv6 range that is known when the stack is deployed, as one that AWS chooses, with a word for
    /// ids.
    pub fn ipv6(range: impl Into<Expr<String>>, word: impl Into<String>) -> Self {
        Self(Addresses::Ipv6(range.into(), word.into()))
    }

    /// The addresses of a prefix list, with a word for ids.
    pub fn prefix_list(list: impl Into<Expr<ids::ec2::PrefixListId>>, word: impl Into<String>) -> Self {
        Self(Addresses::PrefixList(list.into(), word.into()))
    }

    fn is_anywhere(&self) -> bool {
        matches!(&self.0, Addresses::Range(range) if range == ANYWHERE)
    }

    fn word(&self) -> String {
        match &self.0 {
            Addresses::Range(range) if range == ANYWHERE => "Anywhere".to_owned(),
            Addresses::Range(range) if range == ANYWHERE_IPV6 => "AnywhereIpv6".to_owned(),
            Addresses::Range(range) => {
                range.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { 'x' }).collect()
            }
            Addresses::Ipv6(_, word) | Addresses::PrefixList(_, word) => word.clone(),
        }
    }

    fn words(&self) -> String {
        match &self.0 {
            Addresses::Range(range) => format!("`{range}`"),
            Addresses::Ipv6(_, word) => format!("the IPv6 range `{word}`"),
            Addresses::PrefixList(_, word) => format!("the prefix list `{word}`"),
        }
    }

    /// The route with its destination, or what is wrong with that.
    fn aim(&self, route: ec2::Route) -> Result<ec2::Route, (String, String)> {
        Ok(match &self.0 {
            Addresses::PrefixList(list, _) => route.destination_prefix_list_id(list.clone()),
            Addresses::Ipv6(range, _) => route.destination_ipv6_cidr_block(range.clone()),
            Addresses::Range(text) if text.contains(':') => {
                let range = text.parse::<Ipv6Net>().ok().filter(|range| range.network() == range.addr());
                if range.is_none() {
                    let message = format!("`{text}` is not an IPv6 range");
                    return Err((message, "write an address and a prefix: `2001:db8::/32`".to_owned()));
                }
                route.destination_ipv6_cidr_block(text.as_str())
            }
            Addresses::Range(text) => {
                allocation::range(text)?;
                route.destination_cidr_block(text.as_str())
            }
        })
    }
}

impl From<&str> for Destination {
    fn from(range: &str) -> Self {
        Self(Addresses::Range(range.to_owned()))
    }
}

impl From<String> for Destination {
    fn from(range: String) -> Self {
        Self(Addresses::Range(range))
    }
}

/// Where a route leads.
///
/// ```
/// use formwork_aws::vpc::{NatPolicy, RouteTarget, Tier, Vpc, Zones};
/// use formwork_core::{App, id};
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let wide = "arn:aws:networkmanager::111111111111:core-network/core-network-0a1b2c3d4e5f60718";
/// vpc.isolated().route(&mut stack, "10.8.0.0/13", RouteTarget::core_network(wide));
/// vpc.isolated().route(&mut stack, "192.168.0.0/16", RouteTarget::peering(id("pcx-0a1b2c3d4e5f60718")));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// The id of something else does not compile:
///
/// ```compile_fail
/// # use formwork_aws::vpc::RouteTarget;
/// # use formwork_cfn::ec2;
/// # fn aim(nat: &formwork_core::Handle<ec2::NatGateway>) -> RouteTarget {
/// RouteTarget::carrier_gateway(nat)
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RouteTarget {
    property: &'static str,
    target: Expr<String>,
    waits_for: Vec<ResourceId>,
}

impl RouteTarget {
    fn new<T: Textual>(property: &'static str, target: impl Into<Expr<T>>) -> Self {
        Self::text(property, target.into())
    }

    fn text(property: &'static str, target: impl Into<Expr<String>>) -> Self {
        Self { property, target: target.into(), waits_for: Vec::new() }
    }

    /// An internet gateway, or a VPN gateway.
    pub fn gateway(gateway: impl Into<Expr<AnyOf<ids::any::InternetGatewayIdOrVpnGatewayId>>>) -> Self {
        Self::new("GatewayId", gateway)
    }

    /// An egress-only internet gateway, for IPv6.
    pub fn egress_only_gateway(gateway: impl Into<Expr<ids::ec2::EgressOnlyInternetGatewayId>>) -> Self {
        Self::new("EgressOnlyInternetGatewayId", gateway)
    }

    /// A NAT gateway.
    pub fn nat_gateway(gateway: impl Into<Expr<ids::ec2::NatGatewayId>>) -> Self {
        Self::new("NatGatewayId", gateway)
    }

    /// A peering with another network.
    pub fn peering(peering: impl Into<Expr<ids::ec2::VpcPeeringConnectionId>>) -> Self {
        Self::new("VpcPeeringConnectionId", peering)
    }

    /// A transit gateway, to which the network is attached.
    pub fn transit_gateway(gateway: impl Into<Expr<ids::ec2::TransitGatewayId>>) -> Self {
        Self::new("TransitGatewayId", gateway)
    }

    /// A carrier gateway, for subnets in a Wavelength zone.
    pub fn carrier_gateway(gateway: impl Into<Expr<ids::ec2::CarrierGatewayId>>) -> Self {
        Self::new("CarrierGatewayId", gateway)
    }

    /// A local gateway of an Outpost, by its id (`lgw-...`).
    pub fn local_gateway(gateway: impl Into<Expr<String>>) -> Self {
        Self::text("LocalGatewayId", gateway)
    }

    /// A core network of Cloud WAN, by its ARN, to which the network is attached.
    pub fn core_network(arn: impl Into<Expr<String>>) -> Self {
        Self::text("CoreNetworkArn", arn)
    }

    /// A network of Oracle Database@AWS, by its ARN, with which the network is peered.
    pub fn oracle_network(arn: impl Into<Expr<String>>) -> Self {
        Self::text("OdbNetworkArn", arn)
    }

    /// The endpoint of a gateway load balancer.
    pub fn endpoint(endpoint: impl Into<Expr<ids::ec2::VpcEndpointId>>) -> Self {
        Self::new("VpcEndpointId", endpoint)
    }

    /// An instance that routes: its source/destination check is off.
    pub fn instance(instance: impl Into<Expr<ids::ec2::InstanceId>>) -> Self {
        Self::new("InstanceId", instance)
    }

    /// A network interface that routes: its source/destination check is off.
    pub fn network_interface(interface: impl Into<Expr<ids::ec2::NetworkInterfaceId>>) -> Self {
        Self::new("NetworkInterfaceId", interface)
    }

    /// The route is made after this: an attachment that the target cannot be used without.
    pub fn after(mut self, resource: impl Into<ResourceId>) -> Self {
        self.waits_for.push(resource.into());
        self
    }
}

impl Subnets {
    /// Adds a route to every route table of these subnets. In another stack than the network's, the
    /// routes stand in that stack.
    ///
    /// Findings: a destination that is no range (`FW0401`), the same destination twice (`FW0444`),
    /// no route table (`FW0403`).
    #[track_caller]
    pub fn route(
        &self,
        scope: &mut Scope<'_>,
        destination: impl Into<Destination>,
        target: impl Into<RouteTarget>,
    ) {
        let (destination, target) = (destination.into(), target.into());
        let mut scope = match self.scope {
            Some(network) => scope.reopen(network),
            None => scope.construct(""),
        };
        if self.route_tables().next().is_none() {
            let message =
                format!("a route to {} needs {} with route tables", destination.words(), self.wanted);
            scope.report(Finding::error("FW0403", message));
        }
        for tier in &self.tiers {
            if destination.is_anywhere() {
                self.usage.add_way_out(&tier.name);
            }
            for table in &tier.tables {
                let id = format!("{}To{}", table.word, destination.word());
                if scope.contains(&id) || leads_out_already(&scope, &table.word, &tier.name, &destination) {
                    let message =
                        format!("the tier `{}` has a route to {} already", tier.name, destination.words());
                    scope.report(Finding::error("FW0444", message).hint("a route table takes one of them"));
                    break;
                }
                let mut route = match destination.aim(ec2::Route::new(table.id.clone())) {
                    Ok(route) => route,
                    Err((message, hint)) => {
                        scope.report(Finding::error("FW0401", message).hint(hint));
                        return;
                    }
                };
                for resource in &target.waits_for {
                    route = route.depends_on(*resource);
                }
                route.draft(|draft| draft.put(target.property, target.target.clone())).build(&mut scope, &id);
            }
        }
    }
}

/// Whether the network itself made the route.
fn leads_out_already(scope: &Scope<'_>, table: &str, tier: &str, destination: &Destination) -> bool {
    let (inner, public) = match destination.word().as_str() {
        "Anywhere" => ("NatRoute", "InternetRoute"),
        "AnywhereIpv6" => ("Ipv6EgressRoute", "Ipv6InternetRoute"),
        _ if matches!(&destination.0, Addresses::Range(range) if range == IPV4_WITHIN_IPV6) => {
            ("Nat64Route", "Nat64Route")
        }
        _ => return false,
    };
    let number = table.rsplit("RouteTable").next().unwrap_or_default();
    scope.contains(&format!("{tier}{inner}{number}")) || scope.contains(&format!("{tier}{public}"))
}
