//! [`Building`]: a network while its parts are made.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Finding, Handle, ResourceId, Scope, cidr, select};
use ipnet::Ipv4Net;

use super::{
    ANYWHERE, ANYWHERE_IPV6, Access, IPV4_WITHIN_IPV6, Ipv6Source, Tier, Vpc, VpcHandle, Zones, allocation,
    handle::{Ipv6Range, Network},
    name_tag,
    nat::Nat,
    subnets::{BuiltSubnet, BuiltTable, BuiltTier},
    usage::Usage,
};

/// The bits of an IPv6 address that name a host: EC2 takes no other subnets.
const IPV6_HOST_BITS: u8 = 64;
/// The prefix of a network's IPv6 range.
const IPV6_PREFIX: u8 = 56;

pub(super) struct Building<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) vpc: Handle<ec2::Vpc>,
    /// The range that subnets are cut from, then further ones with the resources that add them.
    ranges: Vec<(Ipv4Net, Option<ResourceId>)>,
    zones: &'a Zones,
    /// What adds the IPv6 range.
    ipv6: Option<ResourceId>,
    internet: Option<InternetGateway>,
    egress_only: Option<Handle<ec2::EgressOnlyInternetGateway>>,
    nat: Vec<Nat>,
    nat64: bool,
    tiers: Vec<BuiltTier>,
}

/// A zone for the subnets of a tier.
#[derive(Clone, Copy)]
struct Place<'a> {
    slot: u8,
    /// Among the zones that there are.
    position: usize,
    name: &'a Expr<String>,
}

impl Place<'_> {
    /// For ids.
    const fn number(self) -> u8 {
        self.slot.saturating_add(1)
    }
}

/// The internet gateway, and its attachment, which routes wait for.
struct InternetGateway {
    gateway: Handle<ec2::InternetGateway>,
    attachment: ResourceId,
}

impl<'a> Building<'a> {
    pub(super) fn new(mut scope: Scope<'a>, plan: &'a Vpc, ranges: Vec<Ipv4Net>) -> Self {
        let name = name_tag(&scope, "");
        let vpc = ec2::Vpc::new()
            .cidr_block(plan.range.as_str())
            .enable_dns_support(true)
            .enable_dns_hostnames(true)
            .tags([name])
            .build(&mut scope, "Vpc");
        let ranges = ranges.into_iter().enumerate().map(|(position, range)| {
            let block = (position > 0).then(|| {
                let block = ec2::VpcCidrBlock::new(&vpc).cidr_block(range.to_string());
                block.build(&mut scope, &format!("FurtherRange{position}")).id()
            });
            (range, block)
        });
        let ranges = ranges.collect();
        let ipv6 = plan.ipv6.as_ref().map(|source| {
            let block = ec2::VpcCidrBlock::new(&vpc);
            let block = match source {
                Ipv6Source::Amazon => block.amazon_provided_ipv6_cidr_block(true),
                Ipv6Source::Pool(pool) => block
                    .ipv6_ipam_pool_id(Expr::<String>::from(pool.clone()))
                    .ipv6_netmask_length(i64::from(IPV6_PREFIX)),
            };
            block.build(&mut scope, "Ipv6Range").id()
        });
        Self {
            scope,
            vpc,
            ranges,
            zones: &plan.zones,
            ipv6,
            internet: None,
            egress_only: None,
            nat: Vec::new(),
            nat64: plan.nat64,
            tiers: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> VpcHandle {
        let subnets = self.tiers.iter().flat_map(|tier| &tier.subnets);
        let taken: Vec<Ipv4Net> = subnets.filter_map(|subnet| subnet.range).collect();
        // Allocated ranges lie apart: one that is named is in the way of another.
        allocation::report_overlaps("the subnets", "of the network", &taken, &mut self.scope);
        VpcHandle(Network {
            id: Expr::from(&self.vpc),
            ipv6: self
                .ipv6
                .map(|block| Ipv6Range { range: select(0, self.vpc.ipv6_cidr_blocks()), block: Some(block) }),
            scope: self.scope.id(),
            name: self.scope.path().to_owned(),
            vpc: Some(self.vpc),
            ranges: self.ranges.into_iter().map(|(range, _)| range).collect(),
            tiers: self.tiers,
            usage: Usage::default(),
        })
    }

    pub(super) fn add_internet_gateway(&mut self) {
        let name = name_tag(&self.scope, "");
        let gateway = ec2::InternetGateway::new().tags([name]).build(&mut self.scope, "InternetGateway");
        let attachment = ec2::VpcGatewayAttachment::new(&self.vpc)
            .internet_gateway_id(&gateway)
            .build(&mut self.scope, "InternetGatewayAttachment");
        self.internet = Some(InternetGateway { gateway, attachment: attachment.id() });
    }

    pub(super) fn add_egress_only_gateway(&mut self) {
        let gateway = ec2::EgressOnlyInternetGateway::new(&self.vpc);
        let name = name_tag(&self.scope, "");
        self.egress_only = Some(gateway.tags([name]).build(&mut self.scope, "EgressOnlyInternetGateway"));
    }

    /// The first public tier, where gateways stand.
    pub(super) fn first_public(&self) -> Option<&BuiltTier> {
        self.tiers.iter().find(|tier| tier.access == Some(Access::Public))
    }

    /// All ranges of the network.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Ipv4Net> {
        self.ranges.iter().map(|(range, _)| *range)
    }

    /// The range that subnets are cut from.
    fn range(&self) -> Ipv4Net {
        self.ranges().next().unwrap_or_default()
    }

    pub(super) fn set_nat(&mut self, nat: Vec<Nat>) {
        self.nat = nat;
    }

    /// The subnet of a tier in a zone; both slots are in bounds or reported.
    fn subnet(&mut self, slot: u8, tier: &Tier, zone: Place<'_>) -> BuiltSubnet {
        let id = format!("{}Subnet{}", tier.name, zone.number());
        let range = if tier.ranges.is_empty() {
            allocation::subnet(self.range(), slot, zone.slot)
        } else {
            self.named_range(tier, zone.position)
        };
        let name = name_tag(&self.scope, &id);
        let mut subnet = ec2::Subnet::new(&self.vpc)
            .cidr_block(range.unwrap_or_default().to_string())
            .availability_zone(zone.name.clone())
            .map_public_ip_on_launch(false)
            .tags([name]);
        let block = range.and_then(|range| self.ranges.iter().find(|(known, _)| known.contains(&range)));
        if let Some((_, Some(block))) = block {
            subnet = subnet.depends_on(*block);
        }
        if let Some(block) = self.ipv6 {
            let all = allocation::TIER_SLOTS * allocation::ZONE_SLOTS;
            let whole = select(0, self.vpc.ipv6_cidr_blocks());
            let position = slot.saturating_mul(allocation::ZONE_SLOTS).saturating_add(zone.slot);
            let own: Expr<String> = select(position, cidr(whole, all, IPV6_HOST_BITS));
            subnet = subnet.ipv6_cidr_block(own).assign_ipv6_address_on_creation(true).depends_on(block);
        }
        if self.nat64 && tier.access == Access::Private {
            subnet = subnet.enable_dns64(true);
        }
        BuiltSubnet { id: Expr::from(&subnet.build(&mut self.scope, &id)), range, number: zone.number() }
    }

    /// The range that the tier names for a zone, or a finding.
    fn named_range(&mut self, tier: &Tier, position: usize) -> Option<Ipv4Net> {
        let Some(text) = tier.ranges.get(position) else {
            let message = format!(
                "the tier `{}` names {} ranges, and the network has more zones",
                tier.name,
                tier.ranges.len()
            );
            let hint = "name one for each zone";
            self.scope.report(Finding::error("FW0402", message).hint(hint));
            return None;
        };
        match allocation::whole_network(text) {
            Ok(range) => {
                if !self.ranges.iter().any(|(whole, _)| whole.contains(&range)) {
                    let message =
                        format!("the range `{range}` of the tier `{}` is not of the network", tier.name);
                    let hint = "take a part of the network's range, or add one: `.further_range(...)`";
                    self.scope.report(Finding::error("FW0401", message).hint(hint));
                }
                Some(range)
            }
            Err((message, hint)) => {
                self.scope.report(Finding::error("FW0401", message).hint(hint));
                None
            }
        }
    }

    fn route_table(&mut self, word: String) -> (Handle<ec2::RouteTable>, BuiltTable) {
        let name = name_tag(&self.scope, &word);
        let table = ec2::RouteTable::new(&self.vpc).tags([name]).build(&mut self.scope, &word);
        let id: Expr<ids::ec2::RouteTableId> = Expr::from(&table);
        (table, BuiltTable { id, word })
    }

    fn associate(
        &mut self,
        tier: &Tier,
        subnet: &BuiltSubnet,
        table: &Handle<ec2::RouteTable>,
    ) -> ResourceId {
        let id = format!("{}Subnet{}RouteTableAssociation", tier.name, subnet.number);
        ec2::SubnetRouteTableAssociation::new(table, subnet.id.clone()).build(&mut self.scope, &id).id()
    }

    /// One route table for all zones: their way out is the same.
    pub(super) fn add_public_tier(&mut self, slot: u8, tier: &Tier) {
        let (table, known) = self.route_table(format!("{}RouteTable", tier.name));
        let mut routes = Vec::new();
        if let Some(internet) = &self.internet {
            let route =
                || ec2::Route::new(&table).gateway_id(&internet.gateway).depends_on(internet.attachment);
            let id = format!("{}InternetRoute", tier.name);
            let built = route().destination_cidr_block(ANYWHERE).build(&mut self.scope, &id);
            routes.push(built.id());
            if let Some(block) = self.ipv6 {
                let id = format!("{}Ipv6InternetRoute", tier.name);
                let route = route().destination_ipv6_cidr_block(ANYWHERE_IPV6).depends_on(block);
                routes.push(route.build(&mut self.scope, &id).id());
            }
        }
        let mut subnets = Vec::new();
        for zone in places(self.zones) {
            let subnet = self.subnet(slot, tier, zone);
            routes.push(self.associate(tier, &subnet, &table));
            subnets.push(subnet);
        }
        self.tiers.push(BuiltTier {
            name: tier.name.clone(),
            access: Some(Access::Public),
            subnets,
            tables: vec![known],
            routes,
        });
    }

    /// A route table in every zone, so that another NAT policy changes routes and no tables.
    pub(super) fn add_inner_tier(&mut self, slot: u8, tier: &Tier) {
        let (mut subnets, mut tables, mut routes) = (Vec::new(), Vec::new(), Vec::new());
        for zone in places(self.zones) {
            let number = zone.number();
            let subnet = self.subnet(slot, tier, zone);
            let (table, known) = self.route_table(format!("{}RouteTable{number}", tier.name));
            routes.push(self.associate(tier, &subnet, &table));
            if tier.access == Access::Private {
                if let Some(nat) = self.nat.get(zone.position).or(self.nat.first()) {
                    let route = nat.aim(ec2::Route::new(&table).destination_cidr_block(ANYWHERE));
                    let id = format!("{}NatRoute{number}", tier.name);
                    routes.push(route.build(&mut self.scope, &id).id());
                    if self.nat64 {
                        let route = ec2::Route::new(&table).destination_ipv6_cidr_block(IPV4_WITHIN_IPV6);
                        let id = format!("{}Nat64Route{number}", tier.name);
                        routes.push(nat.aim(route).build(&mut self.scope, &id).id());
                    }
                }
                if let (Some(gateway), Some(block)) = (&self.egress_only, self.ipv6) {
                    let route = ec2::Route::new(&table)
                        .destination_ipv6_cidr_block(ANYWHERE_IPV6)
                        .egress_only_internet_gateway_id(gateway)
                        .depends_on(block);
                    let id = format!("{}Ipv6EgressRoute{number}", tier.name);
                    routes.push(route.build(&mut self.scope, &id).id());
                }
            }
            subnets.push(subnet);
            tables.push(known);
        }
        self.tiers.push(BuiltTier {
            name: tier.name.clone(),
            access: Some(tier.access),
            subnets,
            tables,
            routes,
        });
    }
}

/// The zones as places for subnets.
fn places(zones: &Zones) -> impl Iterator<Item = Place<'_>> {
    zones.iter().enumerate().map(|(position, (slot, name))| Place { slot, position, name })
}
