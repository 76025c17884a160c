//! Networks: address ranges and ports.

use std::{collections::HashMap, str::FromStr as _};

use formwork_template::{ResourceView, Value, json};
use ipnet::{IpNet, Ipv4Net};

use crate::judge::{Judge, is_true, items, number, plain, referred, text};

const VPC: &str = "AWS::EC2::VPC";
const SUBNET: &str = "AWS::EC2::Subnet";
/// The widest and the narrowest range of a VPC and of a subnet, as prefixes.
const PREFIXES: std::ops::RangeInclusive<u8> = 16..=28;

/// The subnets of one network that others are compared with: the service allows 200.
const COMPARED: usize = 500;

/// Ranges that do not fit into each other, ports that run backwards, tables that compete.
pub(super) fn check(judge: &mut Judge<'_>) {
    widths(judge);
    let networks: Vec<ResourceView<'_>> = judge.resources(VPC).collect();
    for network in networks {
        subnets(judge, network);
    }
    overlaps(judge);
    ports(judge);
    associations(judge);
    endpoints(judge);
}

fn range(resource: ResourceView<'_>, property: &str) -> Option<IpNet> {
    IpNet::from_str(&text(resource.property(property)?)?).ok()
}

fn widths(judge: &mut Judge<'_>) {
    for (kind, property) in
        [(VPC, "CidrBlock"), (SUBNET, "CidrBlock"), ("AWS::EC2::VPCCidrBlock", "CidrBlock")]
    {
        for resource in judge.resources(kind) {
            let Some(written) = resource.property(property).and_then(text) else { continue };
            let Ok(found) = Ipv4Net::from_str(&written) else { continue };
            if !PREFIXES.contains(&found.prefix_len()) {
                let path = ["Resources", resource.logical_id, "Properties", property];
                let message =
                    format!("`{written}` is not between /{} and /{}", PREFIXES.start(), PREFIXES.end());
                judge.error("FW0542", &path, message);
            }
        }
    }
}

/// Subnets lie within the ranges of their network, and beside each other.
fn subnets(judge: &mut Judge<'_>, network: ResourceView<'_>) {
    let of_network = |resource: &ResourceView<'_>| {
        resource.property("VpcId").and_then(referred) == Some(network.logical_id)
    };
    let mut ranges: Vec<IpNet> = range(network, "CidrBlock").into_iter().collect();
    let mut complete = !ranges.is_empty();
    for more in judge.resources("AWS::EC2::VPCCidrBlock").filter(of_network) {
        match range(more, "CidrBlock") {
            Some(range) => ranges.push(range),
            None => {
                complete &= more.property("CidrBlock").is_none() && more.property("Ipv4IpamPoolId").is_none();
            }
        }
    }
    let found: Vec<(ResourceView<'_>, IpNet)> = judge
        .resources(SUBNET)
        .filter(of_network)
        .filter_map(|subnet| Some((subnet, range(subnet, "CidrBlock")?)))
        .collect();
    for (subnet, inner) in &found {
        let path = ["Resources", subnet.logical_id, "Properties", "CidrBlock"];
        if complete && !ranges.iter().any(|range| range.contains(inner)) {
            let ranges: Vec<String> = ranges.iter().map(|range| format!("`{range}`")).collect();
            judge.error(
                "E3059",
                &path,
                format!("`{inner}` is not within {} of `{}`", ranges.join(", "), network.logical_id),
            );
        }
    }
}

/// Subnets of one network lie beside each other, whatever names the network.
fn overlaps(judge: &mut Judge<'_>) {
    let mut by_network: HashMap<String, Vec<(ResourceView<'_>, IpNet)>> = HashMap::new();
    for subnet in judge.resources(SUBNET) {
        let (Some(network), Some(inner)) = (subnet.property("VpcId"), range(subnet, "CidrBlock")) else {
            continue;
        };
        let beside = by_network.entry(json::write(network, json::Style::Compact)).or_default();
        let other = beside.iter().find(|(other, range)| {
            (range.contains(&inner) || inner.contains(range)) && judge.together(subnet, *other)
        });
        if let Some((other, range)) = other {
            let path = ["Resources", subnet.logical_id, "Properties", "CidrBlock"];
            judge.error("E3060", &path, format!("`{inner}` overlaps `{range}` of `{}`", other.logical_id));
        }
        if beside.len() < COMPARED {
            beside.push((subnet, inner));
        }
    }
}

/// Rules of security groups and network ACLs go from the lower port to the higher.
fn ports(judge: &mut Judge<'_>) {
    let mut rules: Vec<(Vec<String>, &Value)> = Vec::new();
    for group in judge.resources("AWS::EC2::SecurityGroup") {
        for list in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            let found = group.property(list).and_then(plain).map(items).unwrap_or_default();
            rules.extend(found.iter().enumerate().map(|(position, rule)| {
                (
                    ["Resources", group.logical_id, "Properties", list, &position.to_string()]
                        .map(str::to_owned)
                        .into(),
                    rule,
                )
            }));
        }
    }
    for kind in ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"] {
        for rule in judge.resources(kind) {
            if let Some(properties) = rule.attributes.get("Properties") {
                rules.push((
                    ["Resources", rule.logical_id, "Properties"].map(str::to_owned).into(),
                    properties,
                ));
            }
        }
    }
    for (path, rule) in rules {
        let port = |name: &str| rule.get(name).and_then(number);
        let protocol = rule.get("IpProtocol").and_then(text).unwrap_or_default().to_lowercase();
        if !matches!(protocol.as_str(), "tcp" | "udp" | "6" | "17") {
            continue;
        }
        if let (Some(from), Some(to)) = (port("FromPort"), port("ToPort"))
            && from > to
            && to >= 0.0
        {
            let path: Vec<&str> = path.iter().map(String::as_str).chain(["FromPort"]).collect();
            judge.error("FW0405", &path, format!("the ports run from {from} to {to}, backwards"));
        }
    }
}

/// A subnet has one route table.
fn associations(judge: &mut Judge<'_>) {
    let all: Vec<ResourceView<'_>> = judge.resources("AWS::EC2::SubnetRouteTableAssociation").collect();
    for (position, one) in all.iter().enumerate() {
        let Some(subnet) = one.property("SubnetId") else { continue };
        let known = text(subnet).is_some() || referred(subnet).is_some();
        let earlier = all[..position]
            .iter()
            .find(|other| other.property("SubnetId") == Some(subnet) && judge.together(*one, **other));
        if let Some(other) = earlier.filter(|_| known) {
            let path = ["Resources", one.logical_id, "Properties", "SubnetId"];
            judge.error(
                "E3022",
                &path,
                format!("`{}` gives the same subnet a route table already", other.logical_id),
            );
        }
    }
}

/// In one network a service has one endpoint with private names.
fn endpoints(judge: &mut Judge<'_>) {
    let all: Vec<ResourceView<'_>> = judge
        .resources("AWS::EC2::VPCEndpoint")
        .filter(|endpoint| endpoint.property("PrivateDnsEnabled").is_some_and(is_true))
        .collect();
    for (position, one) in all.iter().enumerate() {
        let same = |property: &str, other: &ResourceView<'_>| {
            one.property(property).is_some() && one.property(property) == other.property(property)
        };
        let earlier = all[..position].iter().find(|other| {
            same("VpcId", other) && same("ServiceName", other) && judge.together(*one, **other)
        });
        if let Some(other) = earlier {
            let path = ["Resources", one.logical_id, "Properties", "PrivateDnsEnabled"];
            judge.error(
                "E3064",
                &path,
                format!(
                    "`{}` has the private names of the service in this network already",
                    other.logical_id
                ),
            );
        }
    }
}
