//! [`ImportedVpc`]: a network that stands already.

use formwork_cfn::ids;
use formwork_core::{Expr, Finding, Scope, id as known};

use super::{
    VpcHandle, allocation,
    handle::{Ipv6Range, Network},
    subnets::{BuiltSubnet, BuiltTable, BuiltTier},
    tier::Tier,
    usage::Usage,
};
use crate::security_group::Peer;

/// A network that stands already, made elsewhere: by its ids it is a [`VpcHandle`] like one that is
/// built here. Nothing of it is in the template.
///
/// ```
/// use formwork_aws::{port::Port, security_group::{Outbound, SecurityGroup}, vpc::{Tier, Vpc}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16")
///     .tier(Tier::private("App"), ["subnet-0a1b2c3d4e5f60718"], ["rtb-0a1b2c3d4e5f60718"])
///     .build(&mut stack, "Shared");
/// SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere).build(&mut stack, "Web");
/// assert_eq!(vpc.private().len(), 1);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an imported network is named in a stack by `build`"]
pub struct ImportedVpc {
    id: Expr<ids::ec2::VpcId>,
    ranges: Vec<String>,
    ipv6: Option<String>,
    tiers: Vec<BuiltTier>,
    named: Vec<(usize, Vec<String>)>,
}

impl ImportedVpc {
    pub(super) fn new(id: impl Into<Expr<String>>, range: impl Into<String>) -> Self {
        Self { id: known(id), ranges: vec![range.into()], ipv6: None, tiers: Vec::new(), named: Vec::new() }
    }

    /// A further IPv4 range that the network has: what is peered with it gets routes to it too.
    pub fn further_range(mut self, range: impl Into<String>) -> Self {
        self.ranges.push(range.into());
        self
    }

    /// The IPv6 range that the network has (`2001:db8:1234:1a00::/56`).
    pub fn ipv6_range(mut self, range: impl Into<String>) -> Self {
        self.ipv6 = Some(range.into());
        self
    }

    /// The subnets of a tier, zone by zone, and their route tables, by their ids. Ranges that the
    /// tier names ([`Tier::ranges`]) are those of the subnets.
    pub fn tier<S: Into<Expr<String>>, R: Into<Expr<String>>>(
        mut self,
        tier: Tier,
        subnets: impl IntoIterator<Item = S>,
        route_tables: impl IntoIterator<Item = R>,
    ) -> Self {
        let subnets = (1..).zip(subnets);
        let subnets =
            subnets.map(|(number, id)| BuiltSubnet { id: known(id), range: None, number }).collect();
        let table = |(number, id): (usize, R)| BuiltTable {
            id: known(id),
            word: format!("{}RouteTable{number}", tier.name),
        };
        let tables = (1_usize..).zip(route_tables).map(table).collect();
        self.named.push((self.tiers.len(), tier.ranges));
        let (access, routes) = (Some(tier.access), Vec::new());
        self.tiers.push(BuiltTier { name: tier.name, access, subnets, tables, routes });
        self
    }

    /// Names the network in a stack: what is added to it later bears ids that begin so.
    ///
    /// Findings: a range that is none (`FW0401`).
    #[track_caller]
    pub fn build(mut self, scope: &mut Scope<'_>, id: &str) -> VpcHandle {
        let mut scope = scope.construct(id);
        let mut read = |text: &str| {
            let read = allocation::whole_network(text);
            read.map_err(|(message, hint)| scope.report(Finding::error("FW0401", message).hint(hint))).ok()
        };
        let ranges = self.ranges.iter().filter_map(|range| read(range)).collect();
        for (position, named) in &self.named {
            for (subnet, text) in self.tiers[*position].subnets.iter_mut().zip(named) {
                subnet.range = read(text);
            }
        }
        if let Some((message, hint)) = self.ipv6.as_ref().and_then(|range| Peer::ipv6(range).mistake()) {
            scope.report(Finding::error("FW0401", message).hint(hint));
        }
        VpcHandle(Network {
            id: self.id,
            ipv6: self.ipv6.map(|range| Ipv6Range { range: range.into(), block: None }),
            vpc: None,
            scope: scope.id(),
            name: scope.path().to_owned(),
            ranges,
            tiers: self.tiers,
            usage: Usage::default(),
        })
    }
}
