//! [`NetworkAcl`]: what gets in and out of subnets, whatever their groups say.

use std::collections::BTreeSet;

use formwork_cfn::{
    ec2,
    ec2::network_acl_entry::{Icmp, NetworkAclEntryRequired, PortRange},
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};
use ipnet::Ipv6Net;

use super::{Subnets, VpcHandle, allocation, name_tag};
use crate::port::{Port, Protocol};

/// The numbers that a rule can have.
const NUMBERS: std::ops::RangeInclusive<u16> = 1..=32766;

/// A list of what gets in and out of subnets. It knows no connections: answers need a rule as well.
///
/// Rules count from the lowest number on, and the first that fits decides; what none fits is denied.
///
/// See [network ACLs](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).
///
/// ```
/// use formwork_aws::{port::Port, vpc::{AclRule, NatPolicy, NetworkAcl, Tier, Vpc, Zones}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("Data"))
///     .build(&mut stack, "Network");
/// NetworkAcl::new(&vpc, &vpc.isolated())
///     .inbound(AclRule::allow(100, Port::POSTGRESQL, "10.0.0.0/16"))
///     .outbound(AclRule::allow(100, Port::EPHEMERAL, "10.0.0.0/16"))
///     .build(&mut stack, "DataAcl");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a list is added to a stack by `build`"]
pub struct NetworkAcl {
    vpc: VpcHandle,
    subnets: Subnets,
    rules: Vec<(Way, AclRule)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Inbound,
    Outbound,
}

/// A rule of a [`NetworkAcl`].
#[derive(Debug, Clone)]
#[must_use]
pub struct AclRule {
    number: u16,
    allows: bool,
    port: Port,
    range: String,
}

impl AclRule {
    /// Lets through what comes from, or goes to, a range of addresses, by a port.
    pub fn allow(number: u16, port: Port, range: impl Into<String>) -> Self {
        Self { number, allows: true, port, range: range.into() }
    }

    /// Stops it.
    pub fn deny(number: u16, port: Port, range: impl Into<String>) -> Self {
        Self { number, allows: false, port, range: range.into() }
    }

    /// What is wrong with the rule and how to mend it.
    fn mistake(&self) -> Option<(&'static str, String, String)> {
        if !NUMBERS.contains(&self.number) {
            let message = format!("a rule of a network ACL cannot have the number {}", self.number);
            let hint = format!("numbers go from {} to {}", NUMBERS.start(), NUMBERS.end());
            return Some(("FW0445", message, hint));
        }
        if let Some(mistake) = self.port.mistake() {
            return Some(("FW0405", mistake, "write the lower port first".to_owned()));
        }
        let (message, hint) = if self.range.contains(':') {
            let read = self.range.parse::<Ipv6Net>().ok();
            if read.is_some_and(|range| range.network() == range.addr()) {
                return None;
            }
            let message = format!("`{}` is not an IPv6 range", self.range);
            (message, "write an address and a prefix: `2001:db8::/32`".to_owned())
        } else {
            allocation::range(&self.range).err()?
        };
        Some(("FW0401", message, hint))
    }
}

impl NetworkAcl {
    /// A list for subnets of a network, which lets nothing through yet. It takes the place of the
    /// network's own, which lets everything through.
    pub fn new(vpc: &VpcHandle, subnets: &Subnets) -> Self {
        Self { vpc: vpc.clone(), subnets: subnets.clone(), rules: Vec::new() }
    }

    /// Adds a rule about what comes in.
    pub fn inbound(mut self, rule: AclRule) -> Self {
        self.rules.push((Way::Inbound, rule));
        self
    }

    /// Adds a rule about what goes out.
    pub fn outbound(mut self, rule: AclRule) -> Self {
        self.rules.push((Way::Outbound, rule));
        self
    }

    /// Adds the list to a stack, and puts it around its subnets.
    ///
    /// Findings: a number that cannot be, or stands twice (`FW0445`), a range that is none
    /// (`FW0401`), a port range that runs backwards (`FW0405`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::NetworkAcl> {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the network ACL", &mut scope);
        let tag = name_tag(&scope, "");
        let list = ec2::NetworkAcl::new(&self.vpc).tags([tag]).build(&mut scope, "Acl");
        let mut taken = BTreeSet::new();
        for (way, rule) in &self.rules {
            let word = if *way == Way::Inbound { "Inbound" } else { "Outbound" };
            if let Some((id, message, hint)) = rule.mistake() {
                scope.report(Finding::error(id, message).hint(hint));
            }
            if !taken.insert((*way, rule.number)) {
                let message =
                    format!("two {} rules have the number {}", word.to_ascii_lowercase(), rule.number);
                let hint = "give each its own: the lowest that fits decides";
                scope.report(Finding::error("FW0445", message).hint(hint));
                continue;
            }
            entry(&list, *way, rule).build(&mut scope, &format!("{word}{}", rule.number));
        }
        for (word, subnet) in self.subnets.named() {
            ec2::SubnetNetworkAclAssociation::new(&list, subnet.clone())
                .build(&mut scope, &format!("{word}Association"));
        }
        list
    }
}

fn entry(list: &Handle<ec2::NetworkAcl>, way: Way, rule: &AclRule) -> ec2::NetworkAclEntry {
    let is_ipv6 = rule.range.contains(':');
    let port = if is_ipv6 { rule.port.by_ipv6() } else { rule.port };
    let protocol: i64 = match port.protocol {
        Protocol::All => -1,
        Protocol::Icmp => 1,
        Protocol::Icmpv6 => 58,
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
    };
    let mut entry = ec2::NetworkAclEntry::new(NetworkAclEntryRequired {
        network_acl_id: Expr::from(list),
        protocol: protocol.into(),
        rule_action: if rule.allows { "allow" } else { "deny" }.into(),
        rule_number: rule.number.into(),
    })
    .egress(way == Way::Outbound);
    entry = if is_ipv6 {
        entry.ipv6_cidr_block(rule.range.as_str())
    } else {
        entry.cidr_block(rule.range.as_str())
    };
    match port.protocol {
        Protocol::All => entry,
        Protocol::Icmp | Protocol::Icmpv6 => entry.icmp(Icmp::new().type_(port.first).code(port.last)),
        Protocol::Tcp | Protocol::Udp => entry.port_range(PortRange::new().from(port.first).to(port.last)),
    }
}
