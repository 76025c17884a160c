//! What security groups let in and out.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use formwork_template::{Map, Value, intrinsic};

use super::{ExposureChange, ExposureKind};
use crate::{
    access::words,
    evaluate::{Environment, is_known, scalar_text},
    resources::{Compared, Resources, Which},
};

const GROUP: &str = "AWS::EC2::SecurityGroup";
const INGRESS: &str = "AWS::EC2::SecurityGroupIngress";
const EGRESS: &str = "AWS::EC2::SecurityGroupEgress";

/// The properties that say who is on the other side of a rule.
const PEERS: [&str; 8] = [
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "DestinationPrefixListId",
    "SourceSecurityGroupOwnerId",
];

pub(super) fn is_about(resource_type: &str) -> bool {
    matches!(resource_type, GROUP | INGRESS | EGRESS)
}

/// One rule of one group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    /// The group: its logical id, or how the template names it.
    group: String,
    inward: bool,
    /// `tcp`, `udp`, `icmp`..., or `-1` for all.
    protocol: String,
    ports: Ports,
    peer: String,
    unknown: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Ports {
    All,
    Range(i64, i64),
    Unknown(String),
}

impl Rule {
    fn covers(&self, other: &Self) -> bool {
        let protocol = self.protocol == "-1" || self.protocol == other.protocol;
        let ports = match (&self.ports, &other.ports) {
            (Ports::All, _) => true,
            (Ports::Range(from, to), Ports::Range(other_from, other_to)) => {
                from <= other_from && other_to <= to
            }
            (own, other) => own == other,
        };
        self.group == other.group
            && self.inward == other.inward
            && protocol
            && (ports || self.protocol == "-1")
            && (self.peer == other.peer || contains(&self.peer, &other.peer))
    }

    fn is_open_to_the_world(&self) -> bool {
        matches!(self.peer.as_str(), "0.0.0.0/0" | "::/0")
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = if self.protocol == "-1" { "all traffic" } else { &self.protocol };
        let direction = if self.inward { "from" } else { "to" };
        let peer = match self.peer.as_str() {
            "0.0.0.0/0" => "anywhere (IPv4)".to_owned(),
            "::/0" => "anywhere (IPv6)".to_owned(),
            other => other.to_owned(),
        };
        match &self.ports {
            _ if self.protocol == "-1" => write!(formatter, "{protocol} {direction} {peer}"),
            Ports::All => write!(formatter, "{protocol} on all ports {direction} {peer}"),
            Ports::Range(from, to) if from == to => write!(formatter, "{protocol} {from} {direction} {peer}"),
            Ports::Range(from, to) => write!(formatter, "{protocol} {from}-{to} {direction} {peer}"),
            Ports::Unknown(text) => write!(formatter, "{protocol} {text} {direction} {peer}"),
        }
    }
}

/// What opens and closes between two sides.
pub(super) fn changes<'a>(
    compared: &[Compared<'a>],
    old: (&Resources<'a>, &Environment<'_>),
    new: (&Resources<'a>, &Environment<'_>),
) -> Vec<ExposureChange> {
    let before = rules(compared, Which::Old, old.0, old.1);
    let after = rules(compared, Which::New, new.0, new.1);
    let (had, has) = (by_group(&before), by_group(&after));
    let mut found = Vec::new();
    for (rule, carrier) in after.iter().filter(|(rule, _)| !before.contains_key(*rule)) {
        let near = had.get(rule.group.as_str()).map_or(&[][..], Vec::as_slice);
        let covered = near.iter().any(|known| known.covers(rule));
        // What a new group lets out is what all groups do.
        let usual = !rule.inward && !old.0.by_id.contains_key(rule.group.as_str());
        let unknown = rule.unknown && near.iter().any(|known| known.inward == rule.inward && known.unknown);
        found.push(change(rule, carrier, true, !covered && !usual, !unknown, new.0));
    }
    for (rule, carrier) in before.iter().filter(|(rule, _)| !after.contains_key(*rule)) {
        let near = has.get(rule.group.as_str()).map_or(&[][..], Vec::as_slice);
        let covered = near.iter().any(|known| known.covers(rule));
        let gone = !new.0.by_id.contains_key(rule.group.as_str());
        // A group that goes takes what it let out with it.
        if !covered && (rule.inward || !gone) {
            found.push(change(rule, carrier, false, false, true, old.0));
        }
    }
    found
}

fn change(
    rule: &Rule,
    carrier: &str,
    opened: bool,
    broadening: bool,
    certain: bool,
    resources: &Resources<'_>,
) -> ExposureChange {
    let group = if resources.by_id.contains_key(rule.group.as_str()) {
        format!("security group `{}`", rule.group)
    } else {
        format!("security group {}", rule.group)
    };
    let verb = match (opened, rule.inward) {
        (true, true) => "now lets in",
        (true, false) => "now lets out",
        (false, true) => "no longer lets in",
        (false, false) => "no longer lets out",
    };
    ExposureChange {
        logical_id: carrier.to_owned(),
        kind: if rule.inward { ExposureKind::Ingress } else { ExposureKind::Egress },
        text: format!("{group} {verb} {rule}"),
        opened,
        broadening,
        certain,
        world: rule.is_open_to_the_world(),
        source: None,
    }
}

fn by_group<'r>(rules: &'r BTreeMap<Rule, &str>) -> BTreeMap<&'r str, Vec<&'r Rule>> {
    let mut groups: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules.keys() {
        groups.entry(&rule.group).or_default().push(rule);
    }
    groups
}

/// All rules of a side, and the resource that each stands in.
fn rules<'a>(
    compared: &[Compared<'a>],
    which: Which,
    resources: &Resources<'a>,
    environment: &Environment<'_>,
) -> BTreeMap<Rule, &'a str> {
    let mut found = BTreeMap::new();
    for resource in compared {
        let standing = if which == Which::Old { resource.old } else { resource.new };
        let resource_type = standing.map_or("", |standing| standing.resource_type());
        if !is_about(resource_type) {
            continue;
        }
        let Some((_, _, properties)) = resource.on(which, environment) else { continue };
        let id = resource.logical_id;
        let mut add = |group: &str, inward: bool, rule: &Value| {
            if let Some(rule) = read(resources, group, inward, rule) {
                found.entry(rule).or_insert(id);
            }
        };
        if resource_type == GROUP {
            for (name, inward) in [("SecurityGroupIngress", true), ("SecurityGroupEgress", false)] {
                let value = properties.get(name);
                for rule in
                    value.map_or(&[][..], |value| value.as_list().unwrap_or(std::slice::from_ref(value)))
                {
                    add(id, inward, rule);
                }
                if !inward && value.is_none() {
                    let everything =
                        [("IpProtocol", Value::from("-1")), ("CidrIp", Value::from("0.0.0.0/0"))];
                    add(id, false, &Value::map(everything));
                }
            }
        } else {
            let group = properties.get("GroupId").or_else(|| properties.get("GroupName"));
            let group = group.map_or_else(String::new, |group| own_or_text(resources, group).0);
            add(&group, resource_type == INGRESS, &Value::Map(properties.clone()));
        }
    }
    found
}

fn read(resources: &Resources<'_>, group: &str, inward: bool, rule: &Value) -> Option<Rule> {
    let map: &Map = rule.as_map()?;
    if intrinsic::of(map).is_some() {
        return Some(Rule {
            group: group.to_owned(),
            inward,
            protocol: "-1".to_owned(),
            ports: Ports::All,
            peer: format!("what `{}` says", words::text_of(rule)),
            unknown: true,
        });
    }
    let number = |name: &str| map.get(name).and_then(scalar_text).and_then(|text| text.parse::<i64>().ok());
    let protocol = map.get("IpProtocol").map_or_else(|| "-1".to_owned(), words::text_of).to_lowercase();
    let protocol = match protocol.as_str() {
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        _ => protocol,
    };
    let ports = match (number("FromPort"), number("ToPort")) {
        _ if protocol == "-1" => Ports::All,
        (Some(from), Some(to)) if from <= 0 && to == 65535 || from == -1 => Ports::All,
        (Some(from), Some(to)) => Ports::Range(from, to),
        _ if !map.contains_key("FromPort") && !map.contains_key("ToPort") => Ports::All,
        _ => {
            let text = |name: &str| map.get(name).map(words::text_of).unwrap_or_default();
            let (from, to) = (text("FromPort"), text("ToPort"));
            Ports::Unknown(if from == to { from } else { format!("{from}-{to}") })
        }
    };
    let (peer, foreign) = PEERS
        .iter()
        .find_map(|name| map.get(name))
        .map_or_else(|| ("nobody".to_owned(), false), |peer| own_or_text(resources, peer));
    let unknown = foreign || matches!(ports, Ports::Unknown(_)) || protocol.contains("${");
    let peer = if peer == group && resources.by_id.contains_key(group) { "itself".to_owned() } else { peer };
    let peer =
        if resources.by_id.contains_key(peer.as_str()) { format!("security group `{peer}`") } else { peer };
    Some(Rule { group: group.to_owned(), inward, protocol, ports, peer, unknown })
}

/// The logical id of an own resource, or the value as text, and whether that is not known.
fn own_or_text(resources: &Resources<'_>, value: &Value) -> (String, bool) {
    let target = value.as_map().and_then(intrinsic::of).and_then(|call| match call {
        ("Ref", Value::String(name)) => Some(name.as_ref()),
        ("Fn::GetAtt", Value::List(parts)) => match parts.as_slice() {
            [Value::String(name), Value::String(attribute)] if attribute == "GroupId" => Some(name.as_ref()),
            _ => None,
        },
        _ => None,
    });
    match target.filter(|id| resources.by_id.contains_key(*id)) {
        Some(id) => (id.to_owned(), false),
        None => (words::text_of(value), !is_known(value)),
    }
}

/// Whether a range of addresses holds another.
fn contains(range: &str, other: &str) -> bool {
    let parse = |text: &str| -> Option<(IpAddr, u32)> {
        let (address, length) = text.split_once('/')?;
        Some((address.parse().ok()?, length.parse().ok()?))
    };
    let (Some((network, length)), Some((inner, inner_length))) = (parse(range), parse(other)) else {
        return false;
    };
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    };
    let mask = u128::MAX.checked_shl(128 - length.min(128)).unwrap_or(0);
    network.is_ipv4() == inner.is_ipv4()
        && length <= inner_length
        && bits(network) & mask == bits(inner) & mask
}
