//! [`Peering`]: two networks that reach each other.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{Destination, RouteTarget, Subnets, VpcHandle, allocation, name_tag};

/// A peering of two networks, with the routes on both sides: to every IPv4 range, and to the IPv6 range
/// where both networks have one.
///
/// Groups still decide what gets through.
///
/// See [VPC peering](https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html).
///
/// ```
/// use formwork_aws::vpc::{NatPolicy, Peering, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let network = |range: &str| Vpc::new(range, Zones::first(2), NatPolicy::None).tier(Tier::isolated("App"));
/// let shop = network("10.0.0.0/16").build(&mut stack, "Shop");
/// let tools = network("10.1.0.0/16").build(&mut stack, "Tools");
/// Peering::new(&shop, &tools).build(&mut stack, "Peering");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a peering is added to a stack by `build`"]
pub struct Peering {
    near: VpcHandle,
    far: VpcHandle,
    near_subnets: Subnets,
    far_subnets: Subnets,
    account: Option<Expr<String>>,
    region: Option<Expr<String>>,
    role: Option<Expr<ids::iam::RoleArn>>,
}

impl Peering {
    /// A peering that all subnets of both networks have routes to.
    pub fn new(near: &VpcHandle, far: &VpcHandle) -> Self {
        Self {
            near: near.clone(),
            far: far.clone(),
            near_subnets: near.all(),
            far_subnets: far.all(),
            account: None,
            region: None,
            role: None,
        }
    }

    /// Gives routes to these subnets of the one and the other network, and to no others.
    pub fn between(mut self, near: &Subnets, far: &Subnets) -> Self {
        self.near_subnets = near.clone();
        self.far_subnets = far.clone();
        self
    }

    /// The far network is of another account, which accepts by this role. Routes on that side are
    /// that account's to make.
    pub fn other_account(
        mut self,
        account: impl Into<Expr<String>>,
        role: impl Into<Expr<ids::iam::RoleArn>>,
    ) -> Self {
        self.account = Some(account.into());
        self.role = Some(role.into());
        self
    }

    /// The far network is in another region. Routes on that side stand in a stack there.
    pub fn other_region(mut self, region: impl Into<Expr<String>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Adds the peering to a stack, and its routes.
    ///
    /// Findings: ranges that overlap, which no route can tell apart (`FW0440`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::VpcPeeringConnection> {
        let mut scope = scope.construct(id);
        let ranges = |vpc: &VpcHandle| vpc.0.ranges.clone();
        for left in ranges(&self.near) {
            for right in ranges(&self.far).into_iter().filter(|right| allocation::overlap(left, *right)) {
                let message = format!(
                    "the networks `{}` and `{}` overlap in `{left}` and `{right}`",
                    self.near.0.name, self.far.0.name
                );
                let hint = "networks that are peered need ranges of their own: `10.0.0.0/16`, `10.1.0.0/16`";
                scope.report(Finding::error("FW0440", message).hint(hint));
            }
        }
        let tag = name_tag(&scope, "");
        let mut peering = ec2::VpcPeeringConnection::new(&self.near, &self.far).tags([tag]);
        let same_place = self.account.is_none() && self.region.is_none();
        if let Some(account) = self.account {
            peering = peering.peer_owner_id(account);
        }
        if let Some(region) = self.region {
            peering = peering.peer_region(region);
        }
        if let Some(role) = self.role {
            peering = peering.peer_role_arn(role);
        }
        let peering = peering.build(&mut scope, "Peering");
        let both_have_ipv6 = self.near.0.ipv6.is_some() && self.far.0.ipv6.is_some();
        let mut route = |subnets: &Subnets, to: &VpcHandle| {
            if subnets.route_tables().next().is_some() {
                for range in to.ranges() {
                    subnets.route(&mut scope, range, RouteTarget::peering(&peering));
                }
                // A network that has no IPv6 sends none there.
                if let Some(ipv6) = to.0.ipv6.as_ref().filter(|_| both_have_ipv6) {
                    let mut target = RouteTarget::peering(&peering);
                    if let Some(block) = ipv6.block {
                        target = target.after(block);
                    }
                    let destination = Destination::ipv6(ipv6.range.clone(), format!("{}Ipv6", to.0.name));
                    subnets.route(&mut scope, destination, target);
                }
            }
        };
        route(&self.near_subnets, &self.far);
        if same_place {
            route(&self.far_subnets, &self.near);
        }
        peering
    }
}
