//! [`VpcHandle`]: a network that stands, or was imported.

use formwork_cfn::{ec2, ids};
use formwork_core::{Expr, Handle, ResourceId, ScopeId};
use ipnet::Ipv4Net;

use super::{
    subnets::{BuiltTier, Subnets},
    tier::Access,
    usage::Usage,
};

/// A [`Vpc`](super::Vpc) that stands in a stack, or an imported one. Goes wherever the id of a VPC
/// does.
#[derive(Debug, Clone)]
pub struct VpcHandle(pub(super) Network);

#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) id: Expr<ids::ec2::VpcId>,
    /// None for an imported one.
    pub(super) vpc: Option<Handle<ec2::Vpc>>,
    pub(super) scope: ScopeId,
    /// The path of its scope.
    pub(super) name: String,
    pub(super) ranges: Vec<Ipv4Net>,
    pub(super) ipv6: Option<Ipv6Range>,
    pub(super) tiers: Vec<BuiltTier>,
    pub(super) usage: Usage,
}

/// The IPv6 range of a network, and what gives it to the network, if that is made here.
#[derive(Debug, Clone)]
pub(super) struct Ipv6Range {
    pub(super) range: Expr<String>,
    pub(super) block: Option<ResourceId>,
}

impl VpcHandle {
    /// The VPC itself, unless it is imported.
    pub const fn vpc(&self) -> Option<&Handle<ec2::Vpc>> {
        self.0.vpc.as_ref()
    }

    /// The id.
    pub fn id(&self) -> Expr<ids::ec2::VpcId> {
        self.0.id.clone()
    }

    /// The IPv4 ranges, the one that subnets are cut from first.
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = String> {
        self.0.ranges.iter().map(Ipv4Net::to_string)
    }

    /// The IPv6 range, if there is one that is known.
    pub fn ipv6_range(&self) -> Option<Expr<String>> {
        self.0.ipv6.as_ref().map(|known| known.range.clone())
    }

    /// The subnets of all tiers.
    pub fn all(&self) -> Subnets {
        self.select("a tier", |_| true)
    }

    /// The subnets of all public tiers.
    pub fn public(&self) -> Subnets {
        self.select("a public tier", |tier| tier.access == Some(Access::Public))
    }

    /// The subnets of all private tiers.
    pub fn private(&self) -> Subnets {
        self.select("a private tier", |tier| tier.access == Some(Access::Private))
    }

    /// The subnets of all isolated tiers.
    pub fn isolated(&self) -> Subnets {
        self.select("an isolated tier", |tier| tier.access == Some(Access::Isolated))
    }

    /// The subnets of the tier of this name. Where there is none, whatever is put there says so.
    pub fn tier(&self, name: &str) -> Subnets {
        self.select(&format!("the tier `{name}`"), |tier| tier.name == name)
    }

    fn select(&self, wanted: &str, which: impl Fn(&BuiltTier) -> bool) -> Subnets {
        Subnets {
            tiers: self.0.tiers.iter().filter(|tier| which(tier)).cloned().collect(),
            vpc: self.id(),
            scope: Some(self.0.scope),
            usage: self.0.usage.clone(),
            wanted: wanted.to_owned(),
        }
    }
}

impl From<&VpcHandle> for Expr<ids::ec2::VpcId> {
    fn from(handle: &VpcHandle) -> Self {
        handle.id()
    }
}
