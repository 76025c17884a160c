//! [`Tier`]: the subnets of one purpose, one in each availability zone.

/// The subnets of one purpose, one in each availability zone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Tier {
    pub(crate) name: String,
    pub(crate) access: Access,
    pub(crate) slot: Option<u8>,
    pub(crate) ranges: Vec<String>,
}

/// How a tier reaches the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    Private,
    Isolated,
}

impl Tier {
    /// Subnets with a route to the internet gateway: for load balancers and NAT gateways. What
    /// is launched there gets no public address unless it asks for one.
    pub fn public(name: impl Into<String>) -> Self {
        Self { name: name.into(), access: Access::Public, slot: None, ranges: Vec::new() }
    }

    /// Subnets that reach the internet by a NAT gateway, and cannot be reached from there.
    pub fn private(name: impl Into<String>) -> Self {
        Self { name: name.into(), access: Access::Private, slot: None, ranges: Vec::new() }
    }

    /// Subnets without any way to or from the internet: for databases.
    pub fn isolated(name: impl Into<String>) -> Self {
        Self { name: name.into(), access: Access::Isolated, slot: None, ranges: Vec::new() }
    }

    /// Which eighth of the network's range the tier has, from 0. Without it, its place among the
    /// tiers: then a new tier goes behind those that exist, or their subnets move.
    pub fn slot(mut self, slot: u8) -> Self {
        self.slot = Some(slot);
        self
    }

    /// The tier's own IPv4 ranges, one for each zone in order, instead of allocated ones.
    pub fn ranges<R: Into<String>>(mut self, ranges: impl IntoIterator<Item = R>) -> Self {
        self.ranges = ranges.into_iter().map(Into::into).collect();
        self
    }
}
