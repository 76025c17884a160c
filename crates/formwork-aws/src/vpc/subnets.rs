//! [`Subnets`]: where something is put in a network.

use formwork_cfn::{ec2, ids};
use formwork_core::{Expr, Finding, Handle, List, ResourceId, Scope};

/// Some subnets of a network: where a fleet, a service or a load balancer is put.
#[derive(Debug, Clone)]
pub struct Subnets {
    pub(crate) by_zone: Vec<Handle<ec2::Subnet>>,
    pub(crate) routes: Vec<ResourceId>,
    pub(crate) vpc: Expr<ids::ec2::VpcId>,
    /// What was asked for, in words.
    pub(crate) wanted: String,
}

impl Subnets {
    /// Subnets that are built or imported elsewhere.
    pub fn of(
        vpc: impl Into<Expr<ids::ec2::VpcId>>,
        subnets: impl IntoIterator<Item = Handle<ec2::Subnet>>,
    ) -> Self {
        Self {
            by_zone: subnets.into_iter().collect(),
            routes: Vec::new(),
            vpc: vpc.into(),
            wanted: "a subnet".to_owned(),
        }
    }

    /// The ids, zone by zone.
    pub fn ids(&self) -> Expr<List<ids::ec2::SubnetId>> {
        Expr::list(&self.by_zone)
    }

    /// The network.
    pub fn vpc_id(&self) -> Expr<ids::ec2::VpcId> {
        self.vpc.clone()
    }

    /// The subnets, zone by zone.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Handle<ec2::Subnet>> {
        self.by_zone.iter()
    }

    /// What must stand before something in the subnets reaches the internet: their routes, for
    /// `depends_on`.
    pub fn routes(&self) -> &[ResourceId] {
        &self.routes
    }

    /// Reports (`FW0403`) that there are fewer subnets than what is put there needs. For constructs.
    pub fn require(&self, least: usize, what: &str, scope: &mut Scope<'_>) {
        let found = self.by_zone.len();
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
}
