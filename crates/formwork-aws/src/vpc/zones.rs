//! [`Zones`]: the availability zones that a network spans.

use formwork_core::{Expr, availability_zones, pseudo, select};

/// The availability zones that a network spans.
///
/// A zone is a slot: subnets are named and addressed by it, so that a further zone moves nothing.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Zones(Vec<Expr<String>>);

impl Zones {
    /// The first zones of whichever region the stack is deployed in, in the order that the account
    /// sees them.
    pub fn first(count: u8) -> Self {
        let zone = |slot: u8| select(slot, availability_zones(pseudo::region()));
        Self((0..count).map(zone).collect())
    }

    /// These zones (`eu-west-1a`), in this order.
    pub fn named<Z: Into<Expr<String>>>(zones: impl IntoIterator<Item = Z>) -> Self {
        Self(zones.into_iter().map(Into::into).collect())
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Expr<String>> {
        self.0.iter()
    }
}
