//! [`Zones`]: the availability zones that a network spans.

use formwork_core::{Expr, Finding, Scope, availability_zones, pseudo, select};

use super::ZONE_SLOTS;

/// The availability zones that a network spans.
///
/// A zone has a slot: subnets, their ranges, their route tables and NAT gateways are named by it. So a
/// further zone moves nothing that stands, and with slots that are written down ([`Zones::at`]) one may
/// come and go in the middle.
///
/// ```
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// // The zone of slot 1 was given up.
/// let zones = Zones::at([(0, "eu-west-1a"), (2, "eu-west-1c"), (3, "eu-west-1d")]);
/// let vpc = Vpc::new("10.0.0.0/16", zones, NatPolicy::OnePerZone)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// assert_eq!(vpc.private().len(), 3);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Zones(Vec<(u8, Expr<String>)>);

impl Zones {
    /// The first zones of whichever region the stack is deployed in, in the order that the account
    /// sees them.
    pub fn first(count: u8) -> Self {
        Self::named((0..count).map(|slot| select(slot, availability_zones(pseudo::region()))))
    }

    /// These zones (`eu-west-1a`), in slots from 0 on: a further one goes behind those that stand, or
    /// their subnets move.
    pub fn named<Z: Into<Expr<String>>>(zones: impl IntoIterator<Item = Z>) -> Self {
        Self((0_u8..).zip(zones.into_iter().map(Into::into)).collect())
    }

    /// Each of these zones in its own slot, from 0 to 7. A slot that a zone has had is not for another
    /// one: its subnets would be replaced.
    pub fn at<Z: Into<Expr<String>>>(zones: impl IntoIterator<Item = (u8, Z)>) -> Self {
        Self(zones.into_iter().map(|(slot, zone)| (slot, zone.into())).collect())
    }

    /// The zones with their slots.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (u8, &Expr<String>)> {
        self.0.iter().map(|(slot, zone)| (*slot, zone))
    }

    /// Reports (`FW0402`) zones without a slot of their own.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        if self.0.len() > usize::from(ZONE_SLOTS) {
            let message =
                format!("a network spans {ZONE_SLOTS} zones at most, and {} are given", self.0.len());
            scope.report(Finding::error("FW0402", message));
            return;
        }
        for (position, (slot, zone)) in self.0.iter().enumerate() {
            if *slot >= ZONE_SLOTS {
                let message = format!("a zone has slot {slot}, and slots go from 0 to {}", ZONE_SLOTS - 1);
                scope.report(Finding::error("FW0402", message));
            }
            let earlier = self.0.iter().take(position);
            for (_, other) in earlier.filter(|(known, other)| known == slot || other == zone) {
                let names = [other, zone].map(|name| name.as_str().unwrap_or("one that is not known yet"));
                let message = format!("the zones `{}` and `{}` are one, or in one slot", names[0], names[1]);
                scope.report(Finding::error("FW0402", message).hint("give each zone a slot of its own"));
            }
        }
    }
}
