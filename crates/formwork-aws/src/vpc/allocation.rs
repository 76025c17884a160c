//! Which part of a network's address range a subnet has.

use formwork_core::{Finding, Scope};
use ipnet::Ipv4Net;

/// The tiers that a network has room for.
pub const TIER_SLOTS: u8 = 8;
/// The availability zones that a tier has room for.
pub const ZONE_SLOTS: u8 = 8;
/// The bits that a subnet's prefix is longer than that of its network.
const SUBNET_BITS: u8 = 6;
/// The shortest and longest prefix that EC2 takes for a network.
const NETWORK_PREFIXES: std::ops::RangeInclusive<u8> = 16..=28;
/// The longest prefix that EC2 takes for a subnet.
const LONGEST_SUBNET_PREFIX: u8 = 28;

/// The range of the subnet of a tier in a zone.
///
/// The network is cut into [`TIER_SLOTS`] times [`ZONE_SLOTS`] equal parts, and the two slots alone
/// choose the part. That is why another tier or zone never moves a subnet that exists.
pub(crate) fn subnet(network: Ipv4Net, tier: u8, zone: u8) -> Option<Ipv4Net> {
    if tier >= TIER_SLOTS || zone >= ZONE_SLOTS {
        return None;
    }
    let position = usize::from(tier) * usize::from(ZONE_SLOTS) + usize::from(zone);
    network.subnets(network.prefix_len() + SUBNET_BITS).ok()?.nth(position)
}

/// Reads the range of a network that is cut into subnets here, or says what is wrong with it and how
/// to mend that.
pub(crate) fn network(text: &str) -> Result<Ipv4Net, (String, String)> {
    let range = range(text)?;
    let longest = LONGEST_SUBNET_PREFIX - SUBNET_BITS;
    if !NETWORK_PREFIXES.contains(&range.prefix_len()) || range.prefix_len() > longest {
        let message = format!("a network of prefix /{} cannot be cut into subnets here", range.prefix_len());
        let hint = format!(
            "choose a prefix from /{} to /{longest}: EC2 takes none shorter, and a subnet has a {SUBNET_BITS} bits longer one",
            NETWORK_PREFIXES.start()
        );
        return Err((message, hint));
    }
    Ok(range)
}

/// Reads a range that EC2 takes for a network or a subnet.
pub(crate) fn whole_network(text: &str) -> Result<Ipv4Net, (String, String)> {
    let range = range(text)?;
    if NETWORK_PREFIXES.contains(&range.prefix_len()) {
        return Ok(range);
    }
    let message = format!("EC2 takes no network or subnet of prefix /{}", range.prefix_len());
    Err((
        message,
        format!("choose a prefix from /{} to /{}", NETWORK_PREFIXES.start(), NETWORK_PREFIXES.end()),
    ))
}

/// Reads an IPv4 range.
pub(crate) fn range(text: &str) -> Result<Ipv4Net, (String, String)> {
    let range: Ipv4Net = text.parse().map_err(|_| {
        (format!("`{text}` is not an IPv4 range"), "write an address and a prefix: `10.0.0.0/16`".to_owned())
    })?;
    if range.network() == range.addr() {
        return Ok(range);
    }
    let message = format!("`{text}` has bits set beyond its prefix");
    Err((message, format!("the range begins at `{}`", range.trunc())))
}

/// Whether two ranges have an address in common.
pub(crate) fn overlap(left: Ipv4Net, right: Ipv4Net) -> bool {
    left.contains(&right) || right.contains(&left)
}

/// Reports (`FW0440`) each two of the ranges that overlap.
pub(crate) fn report_overlaps(what: &str, whose: &str, ranges: &[Ipv4Net], scope: &mut Scope<'_>) {
    for (position, left) in ranges.iter().enumerate() {
        for right in ranges.iter().skip(position + 1).filter(|right| overlap(*left, **right)) {
            let message = format!("{what} `{left}` and `{right}` {whose} overlap");
            let hint = "give each addresses of its own";
            scope.report(Finding::error("FW0440", message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn subnets_lie_apart_inside_of_their_network(
            first in any::<u32>(),
            prefix in 16_u8..=22,
            one in (0..TIER_SLOTS, 0..ZONE_SLOTS),
            other in (0..TIER_SLOTS, 0..ZONE_SLOTS),
        ) {
            let range = Ipv4Net::new(first.into(), prefix).unwrap().trunc();
            prop_assert_eq!(network(&range.to_string()), Ok(range));
            let (left, right) = (subnet(range, one.0, one.1).unwrap(), subnet(range, other.0, other.1).unwrap());
            prop_assert!(range.contains(&left));
            prop_assert_eq!(one == other, left.contains(&right) || right.contains(&left));
        }
    }

    #[test]
    fn what_is_no_network_says_why() {
        let refused = ["10.0.0.0", "10.0.0.0/33", "10.0.1.0/16", "10.0.0.0/8", "10.0.0.0/24"]
            .map(|text| network(text).unwrap_err());
        insta::assert_debug_snapshot!(refused);
    }
}
