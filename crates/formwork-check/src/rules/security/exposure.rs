//! What the whole internet can reach.

use formwork_template::{ResourceView, Value};

use crate::{
    PRIVATE_PORTS,
    judge::{Judge, is_false, is_true, items, number, plain, text},
};

/// Addresses of everyone.
const EVERYONE: [&str; 2] = ["0.0.0.0/0", "::/0"];
/// Access lists of buckets that let everyone in.
const PUBLIC_LISTS: [&str; 3] = ["AuthenticatedRead", "PublicRead", "PublicReadWrite"];
/// What a bucket refuses to everyone.
const BLOCKS: [&str; 4] =
    ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

pub(super) fn check(judge: &mut Judge<'_>) {
    for group in judge.resources("AWS::EC2::SecurityGroup") {
        let rules = group.property("SecurityGroupIngress").and_then(plain).map(items).unwrap_or_default();
        for (position, rule) in rules.iter().enumerate() {
            ingress(
                judge,
                rule,
                &["Resources", group.logical_id, "Properties", "SecurityGroupIngress", &position.to_string()],
            );
        }
    }
    for rule in judge.resources("AWS::EC2::SecurityGroupIngress") {
        if let Some(properties) = rule.attributes.get("Properties") {
            ingress(judge, properties, &["Resources", rule.logical_id, "Properties"]);
        }
    }
    databases(judge);
    for bucket in judge.resources("AWS::S3::Bucket") {
        public_bucket(judge, bucket);
    }
    for url in judge.resources("AWS::Lambda::Url") {
        if url.property("AuthType").and_then(text).as_deref() == Some("NONE") {
            let path = ["Resources", url.logical_id, "Properties", "AuthType"];
            judge.warning(
                "FW3004",
                &path,
                "everyone can call the function by its URL",
                "take `AWS_IAM`, or put a balancer or an API before it",
            );
        }
    }
}

/// A rule that lets everyone reach what is meant for few.
fn ingress(judge: &mut Judge<'_>, rule: &Value, path: &[&str]) {
    let open = ["CidrIp", "CidrIpv6"]
        .into_iter()
        .find(|name| rule.get(name).and_then(text).is_some_and(|range| EVERYONE.contains(&&*range)));
    let Some(open) = open else { return };
    let path = [path, &[open]].concat();
    let hint = "name the addresses or the security group that need it, or reach it through Session Manager";
    let protocol = rule.get("IpProtocol").and_then(text).unwrap_or_default().to_lowercase();
    if protocol == "-1" {
        judge.warning("FW3001", &path, "everyone can reach every port", hint);
        return;
    }
    if !matches!(protocol.as_str(), "tcp" | "udp" | "6" | "17") {
        return;
    }
    let (Some(from), Some(to)) = (rule.get("FromPort").and_then(number), rule.get("ToPort").and_then(number))
    else {
        return;
    };
    let reached: Vec<String> = PRIVATE_PORTS
        .iter()
        .filter(|(port, _)| f64::from(*port) >= from && f64::from(*port) <= to)
        .map(|(port, name)| format!("{name} ({port})"))
        .collect();
    match reached.as_slice() {
        [] => {}
        [only] => judge.warning("FW3001", &path, format!("everyone can reach {only}"), hint),
        [first, ..] => {
            let message = format!(
                "everyone can reach the ports {from} to {to}, {first} and {} more that are meant for few among them",
                reached.len() - 1
            );
            judge.warning("FW3001", &path, message, hint);
        }
    }
}

/// Databases and brokers with an address in the internet.
fn databases(judge: &mut Judge<'_>) {
    let kinds = [
        ("AWS::RDS::DBInstance", "PubliclyAccessible"),
        ("AWS::RDS::DBCluster", "PubliclyAccessible"),
        ("AWS::Redshift::Cluster", "PubliclyAccessible"),
        ("AWS::RedshiftServerless::Workgroup", "PubliclyAccessible"),
        ("AWS::DMS::ReplicationInstance", "PubliclyAccessible"),
        ("AWS::AmazonMQ::Broker", "PubliclyAccessible"),
        ("AWS::DocDBElastic::Cluster", "PubliclyAccessible"),
    ];
    for (kind, property) in kinds {
        for database in
            judge.resources(kind).filter(|database| database.property(property).is_some_and(is_true))
        {
            let path = ["Resources", database.logical_id, "Properties", property];
            judge.warning(
                "FW3002",
                &path,
                format!("`{}` has an address in the internet", database.logical_id),
                "keep it in private subnets, and reach it from there",
            );
        }
    }
}

fn public_bucket(judge: &mut Judge<'_>, bucket: ResourceView<'_>) {
    let hint = "keep the bucket private, and publish through CloudFront";
    if let Some(list) =
        bucket.property("AccessControl").and_then(text).filter(|list| PUBLIC_LISTS.contains(&&**list))
    {
        let path = ["Resources", bucket.logical_id, "Properties", "AccessControl"];
        judge.warning(
            "FW3003",
            &path,
            format!(
                "`{list}` lets everyone {} the bucket",
                if list == "PublicReadWrite" { "read and write" } else { "read" }
            ),
            hint,
        );
    }
    let Some(block) = bucket.property("PublicAccessBlockConfiguration") else { return };
    let off: Vec<&str> = BLOCKS.into_iter().filter(|name| block.get(name).is_some_and(is_false)).collect();
    if !off.is_empty() {
        let path = ["Resources", bucket.logical_id, "Properties", "PublicAccessBlockConfiguration"];
        judge.warning(
            "FW3003",
            &path,
            format!("the bucket may be opened to everyone: {} is off", off.join(", ")),
            hint,
        );
    }
}
