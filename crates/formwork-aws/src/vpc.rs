//! [`Vpc`]: a network over several availability zones.

mod allocation;
mod subnets;
mod tier;
mod zones;

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Finding, Handle, ResourceId, Scope, Tag, concat, pseudo};
use ipnet::Ipv4Net;

use tier::Access;

pub use allocation::{TIER_SLOTS, ZONE_SLOTS};
pub use subnets::Subnets;
pub use tier::Tier;
pub use zones::Zones;

/// How private tiers reach the internet. A NAT gateway costs money for every hour that it stands
/// and for every byte, which is why nobody chooses for the author.
///
/// See [NAT gateways](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NatPolicy {
    /// Not at all: a private tier is then an error, an isolated one is meant.
    None,
    /// By one gateway in the first zone: when that zone fails, no zone reaches the internet, and
    /// traffic from other zones is charged for crossing.
    One,
    /// By a gateway in every zone.
    OnePerZone,
}

/// A network: its VPC, its tiers of subnets, their routes, and the gateways that these need.
///
/// The range of each subnet follows from the slot of its tier and the slot of its zone
/// ([`TIER_SLOTS`] times [`ZONE_SLOTS`] equal parts), so that adding a tier at the end, or a zone,
/// moves no subnet. DNS support and DNS host names are on.
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
/// assert_eq!(vpc.private().iter().len(), 2);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a network is added to a stack by `build`"]
pub struct Vpc {
    range: String,
    zones: Zones,
    nat: NatPolicy,
    tiers: Vec<Tier>,
}

impl Vpc {
    /// A network without tiers. The range is an IPv4 range with a prefix from /16 to /22.
    pub fn new(range: impl Into<String>, zones: Zones, nat: NatPolicy) -> Self {
        Self { range: range.into(), zones, nat, tiers: Vec::new() }
    }

    /// Adds a tier.
    pub fn tier(mut self, tier: Tier) -> Self {
        self.tiers.push(tier);
        self
    }

    /// Adds the network to a stack.
    ///
    /// Findings: a range that is none or does not fit (`FW0401`), more tiers or zones than there
    /// are slots, or a slot taken twice (`FW0402`), a private tier without a NAT gateway, or a NAT
    /// gateway without a public tier (`FW0404`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> VpcHandle {
        let mut scope = scope.construct(id);
        let range = allocation::network(&self.range).unwrap_or_else(|(message, hint)| {
            scope.report(Finding::error("FW0401", message).hint(hint));
            Ipv4Net::default()
        });
        let tiers = self.slots(&mut scope);
        self.check_egress(&mut scope);
        let name = name_tag(&scope, "");
        let vpc = ec2::Vpc::new()
            .cidr_block(self.range.as_str())
            .enable_dns_support(true)
            .enable_dns_hostnames(true)
            .tags([name])
            .build(&mut scope, "Vpc");
        let mut network = Building { scope, vpc, range, zones: &self.zones };
        let mut built: Vec<BuiltTier> = Vec::with_capacity(tiers.len());
        let gateway =
            tiers.iter().any(|(_, tier)| tier.access == Access::Public).then(|| network.internet_gateway());
        // Public tiers first: the others' ways out lead through them.
        for (slot, tier) in tiers.iter().filter(|(_, tier)| tier.access == Access::Public) {
            if let Some(gateway) = &gateway {
                built.push(network.public_tier(*slot, tier, gateway));
            }
        }
        let gateways = match built.first() {
            Some(public) if tiers.iter().any(|(_, tier)| tier.access == Access::Private) => {
                let public = public.clone();
                network.nat_gateways(self.nat, &public)
            }
            _ => Vec::new(),
        };
        for (slot, tier) in tiers.iter().filter(|(_, tier)| tier.access != Access::Public) {
            built.push(network.inner_tier(*slot, tier, &gateways));
        }
        VpcHandle { vpc: network.vpc, tiers: built }
    }

    /// The tiers with their slots, as far as there is one for each.
    fn slots(&self, scope: &mut Scope<'_>) -> Vec<(u8, Tier)> {
        if self.zones.iter().len() > usize::from(ZONE_SLOTS) {
            let message = format!(
                "a network spans {} zones at most, and {} are given",
                ZONE_SLOTS,
                self.zones.iter().len()
            );
            scope.report(Finding::error("FW0402", message));
        }
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

fn name_tag(scope: &Scope<'_>, id: &str) -> Tag {
    Tag::new("Name", concat([pseudo::stack_name(), format!("/{}{id}", scope.path()).into()]))
}

/// Everything from anywhere.
const ANYWHERE: &str = "0.0.0.0/0";

/// A network while its parts are made.
struct Building<'a> {
    scope: Scope<'a>,
    vpc: Handle<ec2::Vpc>,
    range: Ipv4Net,
    zones: &'a Zones,
}

/// The internet gateway, and its attachment, which routes wait for.
struct InternetGateway {
    gateway: Handle<ec2::InternetGateway>,
    attachment: ResourceId,
}

impl Building<'_> {
    fn internet_gateway(&mut self) -> InternetGateway {
        let name = name_tag(&self.scope, "");
        let gateway = ec2::InternetGateway::new().tags([name]).build(&mut self.scope, "InternetGateway");
        let attachment = ec2::VpcGatewayAttachment::new(&self.vpc)
            .internet_gateway_id(&gateway)
            .build(&mut self.scope, "InternetGatewayAttachment");
        InternetGateway { gateway, attachment: attachment.id() }
    }

    /// The subnet of a tier in a zone; both slots are in bounds or reported.
    fn subnet(&mut self, slot: u8, tier: &Tier, zone: u8, zone_name: &Expr<String>) -> Handle<ec2::Subnet> {
        let id = format!("{}Subnet{}", tier.name, zone + 1);
        let range = allocation::subnet(self.range, slot, zone).unwrap_or_default();
        let name = name_tag(&self.scope, &id);
        ec2::Subnet::new(&self.vpc)
            .cidr_block(range.to_string())
            .availability_zone(zone_name.clone())
            .map_public_ip_on_launch(false)
            .tags([name])
            .build(&mut self.scope, &id)
    }

    fn route_table(&mut self, id: &str) -> Handle<ec2::RouteTable> {
        let name = name_tag(&self.scope, id);
        ec2::RouteTable::new(&self.vpc).tags([name]).build(&mut self.scope, id)
    }

    fn associate(
        &mut self,
        tier: &Tier,
        zone: u8,
        subnet: &Handle<ec2::Subnet>,
        table: &Handle<ec2::RouteTable>,
    ) -> ResourceId {
        let id = format!("{}Subnet{}RouteTableAssociation", tier.name, zone + 1);
        ec2::SubnetRouteTableAssociation::new(table, subnet).build(&mut self.scope, &id).id()
    }

    /// One route table for all zones: their way out is the same.
    fn public_tier(&mut self, slot: u8, tier: &Tier, gateway: &InternetGateway) -> BuiltTier {
        let table = self.route_table(&format!("{}RouteTable", tier.name));
        let route = ec2::Route::new(&table)
            .destination_cidr_block(ANYWHERE)
            .gateway_id(&gateway.gateway)
            .depends_on(gateway.attachment)
            .build(&mut self.scope, &format!("{}InternetRoute", tier.name));
        let mut built = BuiltTier::new(tier, route.id());
        for (zone, name) in (0_u8..).zip(self.zones.iter()) {
            let subnet = self.subnet(slot, tier, zone, name);
            built.routes.push(self.associate(tier, zone, &subnet, &table));
            built.subnets.push(subnet);
        }
        built
    }

    fn nat_gateways(&mut self, policy: NatPolicy, public: &BuiltTier) -> Vec<Handle<ec2::NatGateway>> {
        let count = match policy {
            NatPolicy::None => 0,
            NatPolicy::One => 1,
            NatPolicy::OnePerZone => public.subnets.len(),
        };
        let mut gateways = Vec::with_capacity(count);
        for (zone, subnet) in public.subnets.iter().take(count).enumerate() {
            let id = format!("NatGateway{}", zone + 1);
            let address_id = format!("{id}Address");
            let (name, address_name) = (name_tag(&self.scope, &id), name_tag(&self.scope, &address_id));
            let address =
                ec2::Eip::new().domain("vpc").tags([address_name]).build(&mut self.scope, &address_id);
            let mut gateway =
                ec2::NatGateway::new().subnet_id(subnet).allocation_id(address.allocation_id()).tags([name]);
            for route in &public.routes {
                gateway = gateway.depends_on(*route);
            }
            gateways.push(gateway.build(&mut self.scope, &id));
        }
        gateways
    }

    /// A route table in every zone, so that another NAT policy changes routes and no tables.
    fn inner_tier(&mut self, slot: u8, tier: &Tier, gateways: &[Handle<ec2::NatGateway>]) -> BuiltTier {
        let mut built = BuiltTier { tier: tier.clone(), subnets: Vec::new(), routes: Vec::new() };
        for (zone, name) in (0_u8..).zip(self.zones.iter()) {
            let number = zone + 1;
            let subnet = self.subnet(slot, tier, zone, name);
            let table = self.route_table(&format!("{}RouteTable{number}", tier.name));
            built.routes.push(self.associate(tier, zone, &subnet, &table));
            let nat = gateways.get(usize::from(zone)).or(gateways.first());
            if let (Access::Private, Some(nat)) = (tier.access, nat) {
                let route = ec2::Route::new(&table)
                    .destination_cidr_block(ANYWHERE)
                    .nat_gateway_id(nat)
                    .build(&mut self.scope, &format!("{}NatRoute{number}", tier.name));
                built.routes.push(route.id());
            }
            built.subnets.push(subnet);
        }
        built
    }
}

/// A tier that stands, with the routes that its subnets need.
#[derive(Debug, Clone)]
struct BuiltTier {
    tier: Tier,
    subnets: Vec<Handle<ec2::Subnet>>,
    routes: Vec<ResourceId>,
}

impl BuiltTier {
    fn new(tier: &Tier, route: ResourceId) -> Self {
        Self { tier: tier.clone(), subnets: Vec::new(), routes: vec![route] }
    }
}

/// A [`Vpc`] that stands in a stack. Goes wherever the id of a VPC does.
#[derive(Debug, Clone)]
pub struct VpcHandle {
    vpc: Handle<ec2::Vpc>,
    tiers: Vec<BuiltTier>,
}

impl VpcHandle {
    /// The VPC itself.
    pub const fn vpc(&self) -> &Handle<ec2::Vpc> {
        &self.vpc
    }

    /// The subnets of all public tiers.
    pub fn public(&self) -> Subnets {
        self.select("a public tier", |tier| tier.access == Access::Public)
    }

    /// The subnets of all private tiers.
    pub fn private(&self) -> Subnets {
        self.select("a private tier", |tier| tier.access == Access::Private)
    }

    /// The subnets of all isolated tiers.
    pub fn isolated(&self) -> Subnets {
        self.select("an isolated tier", |tier| tier.access == Access::Isolated)
    }

    /// The subnets of the tier of this name. Where there is none, whatever is put there says so.
    pub fn tier(&self, name: &str) -> Subnets {
        self.select(&format!("the tier `{name}`"), |tier| tier.name == name)
    }

    fn select(&self, wanted: &str, which: impl Fn(&Tier) -> bool) -> Subnets {
        let tiers = || self.tiers.iter().filter(|built| which(&built.tier));
        Subnets {
            by_zone: tiers().flat_map(|built| built.subnets.iter().cloned()).collect(),
            routes: tiers().flat_map(|built| built.routes.iter().copied()).collect(),
            vpc: Expr::from(&self.vpc),
            wanted: wanted.to_owned(),
        }
    }
}

impl From<&VpcHandle> for Expr<ids::ec2::VpcId> {
    fn from(handle: &VpcHandle) -> Self {
        Self::from(&handle.vpc)
    }
}
