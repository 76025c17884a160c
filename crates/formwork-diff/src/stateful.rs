//! Which resources hold data that goes with them.

use formwork_spec::ResourceFacts;

/// Types that hold what cannot be made again, beside those that the facts name.
const HOLD_DATA: [&str; 9] = [
    "AWS::ACMPCA::CertificateAuthority",
    "AWS::DAX::Cluster",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::FSx::StorageVirtualMachine",
    "AWS::KMS::ReplicaKey",
    "AWS::Lightsail::Instance",
    "AWS::OpenSearchServerless::Index",
    "AWS::Route53::HostedZone",
    "AWS::S3Vectors::Index",
];

/// Whether data is lost when a resource of the type is deleted.
pub(crate) fn is_stateful(resource_type: &str, facts: Option<&ResourceFacts>) -> bool {
    facts.is_some_and(|facts| facts.stateful) || HOLD_DATA.contains(&resource_type)
}
