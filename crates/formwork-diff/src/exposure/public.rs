//! What is open to the public by a setting of its own.

use formwork_template::{Map, Value};

use super::{ExposureChange, ExposureKind};
use crate::{
    access::words,
    evaluate::{is_known, scalar_text},
    resources::Compared,
};

/// A setting that opens a resource: type, path, the values that do, and what it then is, in words.
struct Setting {
    resource_type: &'static str,
    path: &'static [&'static str],
    open: &'static [&'static str],
    words: &'static str,
}

const fn setting(
    resource_type: &'static str,
    path: &'static [&'static str],
    open: &'static [&'static str],
    words: &'static str,
) -> Setting {
    Setting { resource_type, path, open, words }
}

const REACHABLE: &str = "reachable from the internet";
const ADDRESSED: &str = "given public addresses";
const PLAIN: &str = "reachable without encryption";
const UNAUTHENTICATED: &str = "open to callers without authentication";
const TRUE: &[&str] = &["true"];

const SETTINGS: [Setting; 30] = [
    setting("AWS::RDS::DBInstance", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting("AWS::RDS::DBCluster", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting("AWS::Neptune::DBInstance", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting("AWS::Redshift::Cluster", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting("AWS::RedshiftServerless::Workgroup", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting("AWS::DMS::ReplicationInstance", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting("AWS::AmazonMQ::Broker", &["PubliclyAccessible"], TRUE, REACHABLE),
    setting(
        "AWS::MSK::Cluster",
        &["BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"],
        &["SERVICE_PROVIDED_EIPS"],
        REACHABLE,
    ),
    setting("AWS::EKS::Cluster", &["ResourcesVpcConfig", "EndpointPublicAccess"], TRUE, REACHABLE),
    setting("AWS::ElasticLoadBalancingV2::LoadBalancer", &["Scheme"], &["internet-facing"], REACHABLE),
    setting("AWS::ElasticLoadBalancing::LoadBalancer", &["Scheme"], &["internet-facing"], REACHABLE),
    setting("AWS::EC2::Subnet", &["MapPublicIpOnLaunch"], TRUE, ADDRESSED),
    setting("AWS::AutoScaling::LaunchConfiguration", &["AssociatePublicIpAddress"], TRUE, ADDRESSED),
    setting(
        "AWS::ECS::Service",
        &["NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"],
        &["ENABLED"],
        ADDRESSED,
    ),
    setting("AWS::Lambda::Url", &["AuthType"], &["NONE"], UNAUTHENTICATED),
    setting("AWS::Lambda::Permission", &["FunctionUrlAuthType"], &["NONE"], UNAUTHENTICATED),
    setting("AWS::ApiGateway::Method", &["AuthorizationType"], &["NONE"], UNAUTHENTICATED),
    setting("AWS::ApiGatewayV2::Route", &["AuthorizationType"], &["NONE"], UNAUTHENTICATED),
    setting("AWS::AppSync::GraphQLApi", &["AuthenticationType"], &["API_KEY"], "open to who has a key"),
    setting("AWS::Cognito::IdentityPool", &["AllowUnauthenticatedIdentities"], TRUE, UNAUTHENTICATED),
    setting("AWS::S3::Bucket", &["AccessControl"], &["PublicRead"], "readable by everyone"),
    setting("AWS::S3::Bucket", &["AccessControl"], &["PublicReadWrite"], "writable by everyone"),
    setting(
        "AWS::S3::Bucket",
        &["AccessControl"],
        &["AuthenticatedRead"],
        "readable by everyone with an AWS account",
    ),
    setting(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "BlockPublicAcls"],
        &["false"],
        "open to public ACLs",
    ),
    setting(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "IgnorePublicAcls"],
        &["false"],
        "heeding public ACLs",
    ),
    setting(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "BlockPublicPolicy"],
        &["false"],
        "open to public policies",
    ),
    setting(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "RestrictPublicBuckets"],
        &["false"],
        "open to everyone whom its policy names",
    ),
    setting("AWS::SSM::Document", &["Permissions", "AccountIds"], &["all"], "shared with everyone"),
    setting(
        "AWS::CloudFront::Distribution",
        &["DistributionConfig", "DefaultCacheBehavior", "ViewerProtocolPolicy"],
        &["allow-all"],
        PLAIN,
    ),
    setting("AWS::ElasticLoadBalancingV2::Listener", &["Protocol"], &["HTTP"], PLAIN),
];

/// A bucket that loses its block of public access is as one that never had it.
const BLOCK: &str = "PublicAccessBlockConfiguration";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Openness {
    Closed,
    Unknown,
    Open,
}

/// What opens and closes on one resource.
pub(super) fn changes(
    resource: &Compared<'_>,
    before: Option<&Map>,
    after: Option<&Map>,
) -> Vec<ExposureChange> {
    let own = SETTINGS.iter().filter(|setting| setting.resource_type == resource.resource_type());
    own.filter_map(|setting| {
        let was = before.map_or(Openness::Closed, |properties| setting.openness(properties, after));
        let is = after.map_or(Openness::Closed, |properties| setting.openness(properties, before));
        let opened = match (was, is) {
            (Openness::Closed, Openness::Open | Openness::Unknown) | (Openness::Unknown, Openness::Open) => {
                true
            }
            (Openness::Open, Openness::Closed | Openness::Unknown)
            | (Openness::Unknown, Openness::Closed) => false,
            _ => return None,
        };
        after?;
        // What is usual for a new resource is told when an old one becomes so.
        let usual = setting.words == PLAIN || setting.resource_type == "AWS::EC2::Subnet";
        if usual && before.is_none() {
            return None;
        }
        let certain = was != Openness::Unknown && is != Openness::Unknown;
        let verb = match (opened, certain) {
            (true, true) => "is now",
            (true, false) => "may now be",
            (false, _) => "is no longer",
        };
        let name = words::named(resource.resource_type(), resource.logical_id);
        Some(ExposureChange {
            logical_id: resource.logical_id.to_owned(),
            kind: if setting.words == PLAIN { ExposureKind::Encryption } else { ExposureKind::Public },
            text: format!("{name} {verb} {}", setting.words),
            opened,
            broadening: opened,
            certain,
            world: opened,
            source: None,
        })
    })
    .collect()
}

impl Setting {
    /// Whether the setting opens the resource; `other` is the other side's properties.
    fn openness(&self, properties: &Map, other: Option<&Map>) -> Openness {
        let Some(value) = at(properties, self.path) else {
            let blocked = |properties: &Map| properties.get(BLOCK).is_some();
            let lost =
                self.path.first() == Some(&BLOCK) && (blocked(properties) || other.is_some_and(blocked));
            return if lost { Openness::Open } else { Openness::Closed };
        };
        let matches = |value: &Value| {
            scalar_text(value)
                .is_some_and(|text| self.open.iter().any(|open| open.eq_ignore_ascii_case(&text)))
        };
        let open = value.as_list().map_or_else(|| matches(value), |items| items.iter().any(matches));
        match (open, is_known(value)) {
            (true, _) => Openness::Open,
            (false, true) => Openness::Closed,
            (false, false) => Openness::Unknown,
        }
    }
}

fn at<'v>(properties: &'v Map, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(properties.get(first)?, |value, step| value.get(step))
}
