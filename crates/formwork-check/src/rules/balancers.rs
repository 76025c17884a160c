//! Load balancers, their listeners and target groups.

use formwork_template::{ResourceView, Value};

use crate::judge::{Judge, items, plain, referred, text};

const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const GROUP: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
/// What listeners of each kind of balancer speak.
const LISTENERS: [(&str, &[&str]); 3] = [
    ("application", &["HTTP", "HTTPS"]),
    ("network", &["QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"]),
    ("gateway", &[]),
];
/// What target groups speak, by what the listener before them does.
const BEHIND: [(&str, &[&str]); 8] = [
    ("HTTP", &["HTTP", "HTTPS"]),
    ("HTTPS", &["HTTP", "HTTPS"]),
    ("TCP", &["TCP", "TCP_UDP"]),
    ("TLS", &["TCP", "TLS", "TCP_UDP"]),
    ("UDP", &["UDP", "TCP_UDP"]),
    ("TCP_UDP", &["TCP_UDP"]),
    ("QUIC", &["QUIC", "TCP_QUIC"]),
    ("TCP_QUIC", &["TCP_QUIC"]),
];

/// What keeps a balancer, its listeners and its target groups from being made together.
pub(super) fn check(judge: &mut Judge<'_>) {
    for balancer in judge.resources(BALANCER) {
        zones(judge, balancer);
    }
    for listener in judge.resources("AWS::ElasticLoadBalancingV2::Listener") {
        listens(judge, listener);
    }
}

fn kind_of(balancer: ResourceView<'_>) -> Option<String> {
    match balancer.property("Type") {
        None => Some("application".to_owned()),
        Some(kind) => text(kind),
    }
}

/// An application load balancer stands in two zones at least, with one subnet in each.
fn zones(judge: &mut Judge<'_>, balancer: ResourceView<'_>) {
    if kind_of(balancer).as_deref() != Some("application") {
        return;
    }
    let Some(subnets) = balancer.property("Subnets").and_then(plain).and_then(Value::as_list) else { return };
    let zones: Option<Vec<(&str, &Value)>> = subnets
        .iter()
        .map(|subnet| {
            let name = referred(subnet)?;
            let subnet = judge
                .index
                .resource(name)
                .filter(|subnet| subnet.resource_type() == Some("AWS::EC2::Subnet"))?;
            Some((
                name,
                subnet.property("AvailabilityZone").or_else(|| subnet.property("AvailabilityZoneId"))?,
            ))
        })
        .collect();
    let Some(zones) = zones else { return };
    let mut pairs = zones
        .iter()
        .enumerate()
        .flat_map(|(position, one)| zones[..position].iter().map(move |other| (*other, *one)));
    if let Some(((one, zone), (other, _))) = pairs.find(|(one, other)| one.1 == other.1) {
        let path = ["Resources", balancer.logical_id, "Properties", "Subnets"];
        let zone = text(zone).map(|zone| format!(" `{zone}`")).unwrap_or_default();
        judge.error("FW0550", &path, format!("`{one}` and `{other}` are in the same zone{zone}; an application load balancer takes one subnet in each of two zones or more"));
    }
}

/// A listener speaks what its balancer does, and what its targets understand.
fn listens(judge: &mut Judge<'_>, listener: ResourceView<'_>) {
    let balancer =
        listener.property("LoadBalancerArn").and_then(referred).and_then(|name| judge.index.resource(name));
    let kind = balancer.filter(|balancer| balancer.resource_type() == Some(BALANCER)).and_then(kind_of);
    let protocol = listener.property("Protocol").and_then(text);
    if let (Some(kind), Some(protocol)) = (&kind, &protocol)
        && let Some((_, known)) = LISTENERS.iter().find(|(known, _)| known == kind)
        && !known.contains(&protocol.as_str())
    {
        let path = ["Resources", listener.logical_id, "Properties", "Protocol"];
        let spoken = if known.is_empty() { "no protocol of its own".to_owned() } else { known.join(", ") };
        judge.error(
            "FW0551",
            &path,
            format!("a listener of the {kind} load balancer speaks {spoken}, not {protocol}"),
        );
        return;
    }
    let Some((_, understood)) = BEHIND.iter().find(|(known, _)| protocol.as_deref() == Some(*known)) else {
        return;
    };
    let actions = listener.property("DefaultActions").and_then(plain).map(items).unwrap_or_default();
    for (position, action) in actions.iter().enumerate() {
        for (way, group) in targets(action) {
            let Some(group) =
                judge.index.resource(group).filter(|group| group.resource_type() == Some(GROUP))
            else {
                continue;
            };
            let Some(spoken) = group.property("Protocol").and_then(text) else { continue };
            if !understood.contains(&spoken.as_str()) {
                let position = position.to_string();
                let path: Vec<&str> =
                    ["Resources", listener.logical_id, "Properties", "DefaultActions", &position]
                        .into_iter()
                        .chain(way.iter().map(String::as_str))
                        .collect();
                let protocol = protocol.as_deref().unwrap_or_default();
                judge.error(
                    "FW0551",
                    &path,
                    format!(
                        "the listener speaks {protocol}, and the target group `{}` {spoken}; it takes {}",
                        group.logical_id,
                        understood.join(", ")
                    ),
                );
            }
        }
    }
}

/// The target groups of an action, and where they stand.
fn targets(action: &Value) -> Vec<(Vec<String>, &str)> {
    let mut found = Vec::new();
    if let Some(group) = action.get("TargetGroupArn").and_then(referred) {
        found.push((vec!["TargetGroupArn".to_owned()], group));
    }
    let groups = action
        .get("ForwardConfig")
        .and_then(|forward| plain(forward.get("TargetGroups")?))
        .map(items)
        .unwrap_or_default();
    for (position, group) in groups.iter().enumerate() {
        if let Some(group) = group.get("TargetGroupArn").and_then(referred) {
            let way =
                ["ForwardConfig", "TargetGroups", &position.to_string(), "TargetGroupArn"].map(str::to_owned);
            found.push((way.into(), group));
        }
    }
    found
}
