//! What is stored or sent as it is.

use formwork_template::Value;

use crate::judge::{Judge, is_false, items, plain, text};

/// Storage that is encrypted when a property says so, and not by itself.
const STORES: [(&str, &[&str]); 13] = [
    ("AWS::EC2::Volume", &["Encrypted"]),
    ("AWS::EFS::FileSystem", &["Encrypted"]),
    ("AWS::RDS::DBInstance", &["StorageEncrypted"]),
    ("AWS::RDS::DBCluster", &["StorageEncrypted"]),
    ("AWS::DocDB::DBCluster", &["StorageEncrypted"]),
    ("AWS::Neptune::DBCluster", &["StorageEncrypted"]),
    ("AWS::Redshift::Cluster", &["Encrypted"]),
    ("AWS::ElastiCache::ReplicationGroup", &["AtRestEncryptionEnabled"]),
    ("AWS::OpenSearchService::Domain", &["EncryptionAtRestOptions", "Enabled"]),
    ("AWS::Elasticsearch::Domain", &["EncryptionAtRestOptions", "Enabled"]),
    ("AWS::DAX::Cluster", &["SSESpecification", "SSEEnabled"]),
    ("AWS::Kinesis::Stream", &["StreamEncryption"]),
    ("AWS::WorkSpaces::Workspace", &["UserVolumeEncryptionEnabled"]),
];
/// Storage that is encrypted unless a property says otherwise.
const BY_DEFAULT: [&str; 1] = ["AWS::Redshift::Cluster"];
/// Properties that bring the encryption of something else with them.
const INHERITED: [&str; 9] = [
    "DBClusterIdentifier",
    "DBSnapshotIdentifier",
    "SnapshotId",
    "SnapshotIdentifier",
    "SourceDBInstanceIdentifier",
    "ReplicationSourceIdentifier",
    "SnapshotArns",
    "SnapshotName",
    "SourceDBClusterIdentifier",
];

pub(super) fn check(judge: &mut Judge<'_>) {
    for (kind, way) in STORES {
        for store in judge.resources(kind) {
            let Some(properties) = store.attributes.get("Properties") else { continue };
            if INHERITED.iter().any(|name| properties.get(name).is_some()) {
                continue;
            }
            let found = properties.at(way.iter().copied());
            let off = match found {
                Some(found) => is_false(found),
                None => !BY_DEFAULT.contains(&kind),
            };
            if off && !open(properties) {
                let path = [
                    &["Resources", store.logical_id, "Properties"][..],
                    if found.is_some() { way } else { &[] },
                ]
                .concat();
                let message = format!("`{}` stores its data unencrypted", store.logical_id);
                judge.warning("FW3010", &path, message, &format!("set `{}`", way.join(".")));
            }
        }
    }
    devices(judge);
    listeners(judge);
    distributions(judge);
    transit(judge);
}

/// Whether a transform may add properties.
fn open(properties: &Value) -> bool {
    properties.as_map().is_some_and(|map| map.keys().any(|key| key.starts_with("Fn::")))
}

/// Volumes of instances.
fn devices(judge: &mut Judge<'_>) {
    let kinds: [(&str, &[&str]); 3] = [
        ("AWS::EC2::Instance", &["BlockDeviceMappings"]),
        ("AWS::EC2::LaunchTemplate", &["LaunchTemplateData", "BlockDeviceMappings"]),
        ("AWS::AutoScaling::LaunchConfiguration", &["BlockDeviceMappings"]),
    ];
    for (kind, way) in kinds {
        for holder in judge.resources(kind) {
            let Some(properties) = holder.attributes.get("Properties") else { continue };
            let devices = properties.at(way.iter().copied()).and_then(plain).map(items).unwrap_or_default();
            for (position, device) in devices.iter().enumerate() {
                let Some(volume) = device.get("Ebs") else { continue };
                if volume.get("SnapshotId").is_none()
                    && volume.get("Encrypted").is_none_or(is_false)
                    && volume.as_map().is_some_and(|map| formwork_template::intrinsic::of(map).is_none())
                {
                    let position = position.to_string();
                    let path =
                        [&["Resources", holder.logical_id, "Properties"][..], way, &[&position, "Ebs"]]
                            .concat();
                    judge.warning(
                        "FW3010",
                        &path,
                        "the volume stores its data unencrypted",
                        "set `Encrypted`",
                    );
                }
            }
        }
    }
}

/// Listeners of balancers in the internet that serve what should be encrypted.
fn listeners(judge: &mut Judge<'_>) {
    for listener in judge.resources("AWS::ElasticLoadBalancingV2::Listener") {
        if listener.property("Protocol").and_then(text).as_deref() != Some("HTTP") {
            continue;
        }
        let actions = listener.property("DefaultActions").and_then(plain).map(items).unwrap_or_default();
        let serves =
            actions.iter().any(|action| action.get("Type").and_then(text).as_deref() == Some("forward"));
        let balancer = listener
            .property("LoadBalancerArn")
            .and_then(crate::judge::referred)
            .and_then(|name| judge.index.resource(name));
        let public = balancer.is_some_and(|balancer| {
            balancer.property("Scheme").and_then(text).is_none_or(|scheme| scheme == "internet-facing")
        });
        if serves && public {
            let path = ["Resources", listener.logical_id, "Properties", "Protocol"];
            judge.warning(
                "FW3011",
                &path,
                "what the listener serves crosses the internet unencrypted",
                "listen for HTTPS with a certificate, and redirect HTTP to it",
            );
        }
    }
}

fn distributions(judge: &mut Judge<'_>) {
    for distribution in judge.resources("AWS::CloudFront::Distribution") {
        let policy = distribution
            .property("DistributionConfig")
            .and_then(|config| text(config.at(["DefaultCacheBehavior", "ViewerProtocolPolicy"])?));
        if policy.as_deref() == Some("allow-all") {
            let path = [
                "Resources",
                distribution.logical_id,
                "Properties",
                "DistributionConfig",
                "DefaultCacheBehavior",
                "ViewerProtocolPolicy",
            ];
            judge.warning(
                "FW3011",
                &path,
                "viewers may come unencrypted",
                "`redirect-to-https` sends them on",
            );
        }
    }
}

/// Services that encrypt what they send when a property says so.
fn transit(judge: &mut Judge<'_>) {
    let kinds: [(&str, &[&str]); 3] = [
        ("AWS::ElastiCache::ReplicationGroup", &["TransitEncryptionEnabled"]),
        ("AWS::OpenSearchService::Domain", &["NodeToNodeEncryptionOptions", "Enabled"]),
        ("AWS::OpenSearchService::Domain", &["DomainEndpointOptions", "EnforceHTTPS"]),
    ];
    for (kind, way) in kinds {
        for holder in judge.resources(kind) {
            let off = holder
                .attributes
                .get("Properties")
                .and_then(|properties| properties.at(way.iter().copied()))
                .is_some_and(is_false);
            if off {
                let path = [&["Resources", holder.logical_id, "Properties"][..], way].concat();
                judge.warning("FW3011", &path, "what is sent is not encrypted", "leave it on");
            }
        }
    }
}
