//! [`Subnets`]: where something is put in a network.

use formwork_cfn::ids;
use formwork_core::{Expr, Finding, List, ResourceId, ResourceVisit, Scope, ScopeId};
use ipnet::Ipv4Net;

use super::{databases, tier::Access, usage::Usage};

/// The addresses of every subnet that EC2 keeps to itself.
const RESERVED: u64 = 5;
/// The length of an IPv4 address.
const ADDRESS_BITS: u8 = 32;

/// Some subnets of a network: where a fleet, a service or a load balancer is put.
#[derive(Debug, Clone)]
pub struct Subnets {
    pub(crate) tiers: Vec<BuiltTier>,
    pub(crate) vpc: Expr<ids::ec2::VpcId>,
    /// The scope of the network.
    pub(crate) scope: Option<ScopeId>,
    pub(crate) usage: Usage,
    /// What was asked for, in words.
    pub(crate) wanted: String,
}

/// A tier that stands, with the routes that its subnets need.
#[derive(Debug, Clone)]
pub(crate) struct BuiltTier {
    pub(crate) name: String,
    /// None where nothing is known of it.
    pub(crate) access: Option<Access>,
    pub(crate) subnets: Vec<BuiltSubnet>,
    pub(crate) tables: Vec<BuiltTable>,
    pub(crate) routes: Vec<ResourceId>,
}

#[derive(Debug, Clone)]
pub(crate) struct BuiltSubnet {
    pub(crate) id: Expr<ids::ec2::SubnetId>,
    /// None where it is not known.
    pub(crate) range: Option<Ipv4Net>,
    /// That of its zone, for ids.
    pub(crate) number: u8,
}

#[derive(Debug, Clone)]
pub(crate) struct BuiltTable {
    pub(crate) id: Expr<ids::ec2::RouteTableId>,
    /// For the logical ids of its routes.
    pub(crate) word: String,
}

impl Subnets {
    /// Subnets that are built elsewhere, by their handles or ids.
    pub fn of<S: Into<Expr<ids::ec2::SubnetId>>>(
        vpc: impl Into<Expr<ids::ec2::VpcId>>,
        subnets: impl IntoIterator<Item = S>,
    ) -> Self {
        let subnets = (1..).zip(subnets);
        let subnets =
            subnets.map(|(number, id)| BuiltSubnet { id: id.into(), range: None, number }).collect();
        let (tables, routes) = (Vec::new(), Vec::new());
        Self {
            tiers: vec![BuiltTier { name: String::new(), access: None, subnets, tables, routes }],
            vpc: vpc.into(),
            scope: None,
            usage: Usage::default(),
            wanted: "a subnet".to_owned(),
        }
    }

    /// The ids, zone by zone.
    pub fn ids(&self) -> Expr<List<ids::ec2::SubnetId>> {
        Expr::list(self.built().map(|subnet| subnet.id.clone()))
    }

    /// The network.
    pub fn vpc_id(&self) -> Expr<ids::ec2::VpcId> {
        self.vpc.clone()
    }

    /// The id of each subnet, zone by zone.
    pub fn iter(&self) -> impl Iterator<Item = &Expr<ids::ec2::SubnetId>> {
        self.built().map(|subnet| &subnet.id)
    }

    /// The id of each subnet, with a word for the ids of what stands there: it stays when other tiers and
    /// zones come and go.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, &Expr<ids::ec2::SubnetId>)> {
        let named = |tier: &'_ BuiltTier, number: u8| format!("{}{number}", tier.name);
        self.tiers.iter().flat_map(move |tier| {
            tier.subnets.iter().map(move |subnet| (named(tier, subnet.number), &subnet.id))
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.built().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of each route table.
    pub fn route_tables(&self) -> impl Iterator<Item = &Expr<ids::ec2::RouteTableId>> {
        self.tiers.iter().flat_map(|tier| &tier.tables).map(|table| &table.id)
    }

    /// What must stand before something in the subnets reaches the internet: their routes, for
    /// `depends_on`.
    pub fn routes(&self) -> impl Iterator<Item = &ResourceId> {
        self.tiers.iter().flat_map(|tier| &tier.routes)
    }

    /// The IPv4 range of each subnet, as far as they are known.
    #[cfg(feature = "load-balancing")]
    pub(crate) fn ranges(&self) -> Vec<String> {
        self.built().filter_map(|subnet| Some(subnet.range?.to_string())).collect()
    }

    fn built(&self) -> impl Iterator<Item = &BuiltSubnet> {
        self.tiers.iter().flat_map(|tier| &tier.subnets)
    }

    /// The same, with one subnet in each zone where several tiers were asked for: the first tier's.
    pub(crate) fn one_in_each_zone(&self) -> Self {
        let mut first = self.clone();
        first.tiers.truncate(1);
        first
    }

    /// Reports (`FW0403`) that there are fewer subnets than what is put there needs. For constructs.
    #[track_caller]
    pub fn require(&self, least: usize, what: &str, scope: &mut Scope<'_>) {
        let found = self.len();
        if found >= least {
            return;
        }
        let message = if found == 0 {
            format!("{what} needs {}, and the network has none", self.wanted)
        } else {
            format!("{what} needs subnets in {least} availability zones, and there are {found}")
        };
        let hint = if found == 0 {
            "add the tier: `.tier(Tier::public(\"Public\"))`, `Tier::private` or `Tier::isolated`"
        } else {
            "give the network more zones: `Zones::first(2)`"
        };
        scope.report(Finding::error("FW0403", message).hint(hint));
    }

    /// Reports (`FW0441`) that the subnets have fewer addresses than all that is put there takes at
    /// most. What is put there counts for whatever comes after. For constructs.
    #[track_caller]
    pub fn require_addresses(&self, count: u64, what: &str, scope: &mut Scope<'_>) {
        let Some(sizes) = self.built().map(size).collect::<Option<Vec<u64>>>() else { return };
        if sizes.is_empty() {
            return;
        }
        let there: u64 = sizes.iter().sum();
        let taken = self.usage.take_addresses(self.names(), count);
        if taken <= there {
            return;
        }
        let others = taken - count;
        let besides = if others == 0 { String::new() } else { format!(", with {others} that are taken,") };
        let message = format!(
            "{what} takes up to {count} addresses{besides} and the subnets of {} have {there}",
            self.title()
        );
        let hint = "give the network a wider range, or put less there";
        scope.report(Finding::error("FW0441", message).hint(hint));
    }

    /// Reports (`FW0441`) each subnet with fewer addresses than one subnet of what is put there
    /// needs. For constructs.
    #[track_caller]
    pub fn require_addresses_in_each(&self, count: u64, what: &str, scope: &mut Scope<'_>) {
        let small = self.built().filter_map(|subnet| Some((subnet.range?, size(subnet)?)));
        if let Some((range, there)) = small.into_iter().find(|(_, there)| *there < count) {
            let message = format!("{what} needs {count} addresses in each subnet, and `{range}` has {there}");
            scope.report(Finding::error("FW0441", message).hint("give the network a wider range"));
        }
    }

    /// Reports (`FW0442`) that what is put there cannot reach services that it needs: by the internet,
    /// or by an endpoint (`s3`, `ecr.dkr`). Endpoints and routes count that come later. The finding
    /// is about the first resource of the type in the scope. For constructs.
    #[track_caller]
    pub fn require_services(
        &self,
        services: &'static [&'static str],
        has_public_address: bool,
        what: &str,
        resource_type: &'static str,
        scope: &mut Scope<'_>,
    ) {
        let cut_off = |tier: &&BuiltTier| match tier.access {
            Some(Access::Isolated) => true,
            Some(Access::Public) => !has_public_address,
            Some(Access::Private) | None => false,
        };
        let tiers: Vec<String> = self.tiers.iter().filter(cut_off).map(|tier| tier.name.clone()).collect();
        if tiers.is_empty() {
            return;
        }
        let (usage, what, mut told) = (self.usage.clone(), what.to_owned(), false);
        scope.aspect(move |resource: &mut ResourceVisit<'_>| {
            let Some(tier) = tiers.iter().find(|tier| !usage.has_way_out(tier)) else { return };
            if told || resource.resource_type() != resource_type {
                return;
            }
            told = true;
            let missing = services.iter().copied().filter(|service| !usage.has_endpoint(service));
            let missing: Vec<String> = missing.map(|service| format!("`{service}`")).collect();
            if missing.is_empty() {
                return;
            }
            let message = format!(
                "{what} in the tier `{tier}` has no way to the internet, and no endpoint of {}",
                missing.join(", ")
            );
            let hint = "put it into a private tier, or add the endpoints: `vpc.interface_endpoint(...)`, `vpc.gateway_endpoint(...)`";
            resource.report(Finding::warning("FW0442", message).hint(hint));
        });
    }

    /// Reports (`FW0443`) that what should not be reached from the internet is put into a public
    /// tier: a warning. For constructs of databases and the like.
    #[track_caller]
    pub fn require_distance(&self, what: &str, scope: &mut Scope<'_>) {
        if let Some(tier) = self.tiers.iter().find(|tier| tier.access == Some(Access::Public)) {
            scope.report(databases::public(what, &tier.name));
        }
    }

    fn names(&self) -> Vec<String> {
        self.tiers.iter().map(|tier| tier.name.clone()).collect()
    }

    /// The tiers in words.
    pub(crate) fn title(&self) -> String {
        let names: Vec<String> = self.tiers.iter().map(|tier| format!("`{}`", tier.name)).collect();
        names.join(" and ")
    }
}

/// The addresses of a subnet that something can have.
fn size(subnet: &BuiltSubnet) -> Option<u64> {
    let bits = ADDRESS_BITS - subnet.range?.prefix_len();
    Some((1_u64 << bits).saturating_sub(RESERVED))
}
