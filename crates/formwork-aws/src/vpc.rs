//! [`Vpc`]: a network over several availability zones.

mod allocation;
mod building;
mod databases;
mod dhcp_options;
mod endpoint;
#[cfg(feature = "flow-logs")]
mod flow_logs;
mod handle;
mod imported;
mod nat;
mod network_acl;
mod peering;
mod route;
mod subnets;
mod tier;
mod transit_gateway;
mod usage;
mod vpn_gateway;
mod zones;

use formwork_cfn::ids;
use formwork_core::{Expr, Finding, Scope, Tag, concat, pseudo};
use ipnet::Ipv4Net;

use building::Building;
use tier::Access;

pub use allocation::{TIER_SLOTS, ZONE_SLOTS};
pub use dhcp_options::DhcpOptions;
pub use endpoint::{GatewayEndpoint, InterfaceEndpoint};
#[cfg(feature = "flow-logs")]
pub use flow_logs::{FlowLogDestination, FlowLogs};
pub use handle::VpcHandle;
pub use imported::ImportedVpc;
pub use nat::{NatInstance, NatPolicy};
pub use network_acl::{AclRule, NetworkAcl};
pub use peering::Peering;
pub use route::{Destination, RouteTarget};
pub use subnets::Subnets;
pub use tier::Tier;
pub use transit_gateway::{TransitGatewayAttachment, TransitGatewayAttachmentHandle};
pub use vpn_gateway::{VpnGateway, VpnGatewayHandle};
pub use zones::Zones;

/// A network: its VPC, its tiers of subnets, their routes, and the gateways that these need.
///
/// The range of each subnet follows from the slot of its tier and the slot of its zone
/// ([`TIER_SLOTS`] times [`ZONE_SLOTS`] equal parts), so that adding a tier or a zone at the end moves
/// no subnet, and with slots that are written down ([`Tier::slot`], [`Zones::at`]) none that is added or
/// given up anywhere does. DNS support and DNS host names are on.
///
/// See [`AWS::EC2::VPC`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html).
///
/// ```
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .tier(Tier::isolated("Data"))
///     .build(&mut stack, "Network");
/// assert_eq!(vpc.private().len(), 2);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a network is added to a stack by `build`"]
pub struct Vpc {
    range: String,
    zones: Zones,
    nat: NatPolicy,
    nat_addresses: Vec<Expr<ids::ec2::EipAllocationId>>,
    tiers: Vec<Tier>,
    further_ranges: Vec<String>,
    ipv6: Option<Ipv6Source>,
    nat64: bool,
}

/// Where a network has its IPv6 range from.
#[derive(Debug, Clone)]
enum Ipv6Source {
    Amazon,
    Pool(Expr<ids::ec2::IpamPoolId>),
}

impl Vpc {
    /// A network without tiers. The range is an IPv4 range with a prefix from /16 to /22.
    pub fn new(range: impl Into<String>, zones: Zones, nat: NatPolicy) -> Self {
        Self {
            range: range.into(),
            zones,
            nat,
            nat_addresses: Vec::new(),
            tiers: Vec::new(),
            further_ranges: Vec::new(),
            ipv6: None,
            nat64: false,
        }
    }

    /// Adds a tier.
    pub fn tier(mut self, tier: Tier) -> Self {
        self.tiers.push(tier);
        self
    }

    /// Adds a further IPv4 range, for tiers that name their own ranges ([`Tier::ranges`]). Ranges
    /// that exist are never moved: a network grows by this.
    pub fn further_range(mut self, range: impl Into<String>) -> Self {
        self.further_ranges.push(range.into());
        self
    }

    /// Gives the network and every subnet an IPv6 range beside the IPv4 one. Public tiers route IPv6
    /// to the internet gateway; private ones reach out by an egress-only internet gateway, which
    /// costs nothing and lets nobody in.
    pub fn dual_stack(mut self) -> Self {
        self.ipv6 = Some(Ipv6Source::Amazon);
        self
    }

    /// The same, with an IPv6 range of a pool (IPAM): one of /56 that nobody else of the pool has.
    pub fn dual_stack_from(mut self, pool: impl Into<Expr<ids::ec2::IpamPoolId>>) -> Self {
        self.ipv6 = Some(Ipv6Source::Pool(pool.into()));
        self
    }

    /// Lets private tiers reach what has IPv4 addresses alone by IPv6 (NAT64): names without an IPv6
    /// address get one (DNS64), and the NAT gateway speaks for them. For what has no IPv4 address
    /// itself; traffic goes through the gateway, by its price.
    ///
    /// ```
    /// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
    /// use formwork_core::App;
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("network");
    /// Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::OnePerZone)
    ///     .dual_stack()
    ///     .nat64()
    ///     .tier(Tier::public("Public"))
    ///     .tier(Tier::private("App"))
    ///     .build(&mut stack, "Network");
    /// assert!(app.synthesize().is_ok());
    /// ```
    ///
    /// Findings: no IPv6 range or no NAT gateway (`FW0450`), when the network is built.
    pub fn nat64(mut self) -> Self {
        self.nat64 = true;
        self
    }

    /// Takes these Elastic IPs for the NAT gateways or instances, zone by zone, instead of new ones:
    /// for partners who let certain addresses in.
    pub fn nat_addresses<A: Into<Expr<ids::ec2::EipAllocationId>>>(
        mut self,
        addresses: impl IntoIterator<Item = A>,
    ) -> Self {
        self.nat_addresses = addresses.into_iter().map(Into::into).collect();
        self
    }

    /// A network that stands already, by its id and range. It is added to by the same methods as
    /// one that is built here.
    pub fn import(id: impl Into<Expr<String>>, range: impl Into<String>) -> ImportedVpc {
        ImportedVpc::new(id, range)
    }

    /// Adds the network to a stack.
    ///
    /// Findings: a range that is none or does not fit (`FW0401`), more tiers or zones than there
    /// are slots, or a slot taken twice (`FW0402`), a private tier without a NAT gateway, or a NAT
    /// gateway without a public tier (`FW0404`), ranges that overlap (`FW0440`), NAT64 that cannot be
    /// (`FW0450`). Subnet groups of
    /// databases that stand in the same scope and name public subnets are found as well (`FW0443`, a
    /// warning).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> VpcHandle {
        let network = self.construct(scope, id);
        scope.aspect(network.find_databases());
        network
    }

    #[track_caller]
    fn construct(self, scope: &mut Scope<'_>, id: &str) -> VpcHandle {
        let mut scope = scope.construct(id);
        let allocates = self.tiers.is_empty() || self.tiers.iter().any(|tier| tier.ranges.is_empty());
        let read = if allocates { allocation::network } else { allocation::whole_network };
        let range = read(&self.range);
        let is_known = range.is_ok();
        let mut ranges = vec![range.unwrap_or_else(|(message, hint)| {
            scope.report(Finding::error("FW0401", message).hint(hint));
            Ipv4Net::default()
        })];
        for further in &self.further_ranges {
            match allocation::whole_network(further) {
                Ok(further) => ranges.push(further),
                Err((message, hint)) => scope.report(Finding::error("FW0401", message).hint(hint)),
            }
        }
        if is_known {
            allocation::report_overlaps("the ranges", "of the network", &ranges, &mut scope);
        }
        let tiers = self.slots(&mut scope);
        self.check_egress(&mut scope);
        self.check_nat64(&mut scope);
        let mut network = Building::new(scope, &self, ranges);
        if tiers.iter().any(|(_, tier)| tier.access == Access::Public) {
            network.add_internet_gateway();
        }
        if self.ipv6.is_some() && tiers.iter().any(|(_, tier)| tier.access == Access::Private) {
            network.add_egress_only_gateway();
        }
        // Public tiers first: the others' ways out lead through them.
        for (slot, tier) in tiers.iter().filter(|(_, tier)| tier.access == Access::Public) {
            network.add_public_tier(*slot, tier);
        }
        if tiers.iter().any(|(_, tier)| tier.access == Access::Private) {
            network.add_nat(&self.nat, &self.nat_addresses);
        }
        for (slot, tier) in tiers.iter().filter(|(_, tier)| tier.access != Access::Public) {
            network.add_inner_tier(*slot, tier);
        }
        network.finish()
    }

    /// The tiers with their slots, as far as there is one for each.
    fn slots(&self, scope: &mut Scope<'_>) -> Vec<(u8, Tier)> {
        self.zones.check(scope);
        let mut taken: Vec<(u8, Tier)> = Vec::new();
        for (position, tier) in (0_u8..).zip(&self.tiers) {
            let slot = tier.slot.unwrap_or(position);
            if slot >= TIER_SLOTS {
                let message = format!(
                    "the tier `{}` has slot {slot}, and slots go from 0 to {}",
                    tier.name,
                    TIER_SLOTS - 1
                );
                scope.report(Finding::error("FW0402", message));
            } else if let Some((_, other)) = taken.iter().find(|(known, _)| *known == slot) {
                let message = format!("the tiers `{}` and `{}` both have slot {slot}", other.name, tier.name);
                let hint = "give each its own: `Tier::private(\"App\").slot(1)`";
                scope.report(Finding::error("FW0402", message).hint(hint));
            } else {
                taken.push((slot, tier.clone()));
            }
        }
        taken
    }

    fn check_nat64(&self, scope: &mut Scope<'_>) {
        let has_gateway = matches!(self.nat, NatPolicy::One | NatPolicy::OnePerZone);
        if self.nat64 && (self.ipv6.is_none() || !has_gateway) {
            let message = "NAT64 takes an IPv6 range and a NAT gateway, and the network has not both";
            let hint = "add `.dual_stack()`, and take `NatPolicy::One` or `NatPolicy::OnePerZone`";
            scope.report(Finding::error("FW0450", message).hint(hint));
        }
    }

    fn check_egress(&self, scope: &mut Scope<'_>) {
        let Some(private) = self.tiers.iter().find(|tier| tier.access == Access::Private) else { return };
        let finding = if self.nat == NatPolicy::None {
            Finding::error(
                "FW0404",
                format!("the private tier `{}` has no way to the internet", private.name),
            )
            .hint("choose `NatPolicy::One` or `NatPolicy::OnePerZone`, or make it `Tier::isolated`")
        } else if self.tiers.iter().any(|tier| tier.access == Access::Public) {
            return;
        } else {
            let message = format!(
                "the NAT gateway of the private tier `{}` has no public tier to stand in",
                private.name
            );
            Finding::error("FW0404", message).hint("add one: `.tier(Tier::public(\"Public\"))`")
        };
        scope.report(finding);
    }
}

/// The name that people see of what a construct makes.
pub(crate) fn name_tag(scope: &Scope<'_>, id: &str) -> Tag {
    Tag::new("Name", concat([pseudo::stack_name(), format!("/{}{id}", scope.path()).into()]))
}

/// Every IPv4 address.
pub(crate) const ANYWHERE: &str = "0.0.0.0/0";
/// The IPv6 addresses that stand for IPv4 ones (NAT64).
const IPV4_WITHIN_IPV6: &str = "64:ff9b::/96";
/// Every IPv6 address.
pub(crate) const ANYWHERE_IPV6: &str = "::/0";
