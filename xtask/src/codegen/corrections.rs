//! Corrections to the sources, one named function each.

use std::collections::BTreeMap;

use formwork_spec::{Kind, Reference, ResourceFacts, Tagging, Update, ValueFacts};

use super::relationships::{self, Identifier};

/// All types by name.
pub(crate) type Types = BTreeMap<String, ResourceFacts>;

/// Applies every correction to freshly read facts, before relationships are settled.
pub(crate) fn apply(types: &mut Types) {
    launch_template_tags(types);
    scalable_target_reference(types);
    elasticache_user_reference(types);
    tag_objects(types);
    alarm_comparison(types);
    data_stores(types);
    interruptions(types);
    canonical_targets(types);
    relationships::correct(types);
}

/// Identifiers that the sources name in several ways: the type, the other name, and the one that
/// `Ref` or an attribute has.
const SYNONYMS: &[(&str, &str, &str)] = &[
    // The formats write `Id`, `Name` and `Arn` for whatever the property is called, plural on lists.
    ("AWS::EC2::Instance", "Id", "InstanceId"),
    ("AWS::EC2::SecurityGroup", "Ids", "Id"),
    ("AWS::EC2::Subnet", "Id", "SubnetId"),
    ("AWS::EC2::Subnet", "Ids", "SubnetId"),
    ("AWS::EC2::VPC", "Id", "VpcId"),
    ("AWS::KMS::Key", "Id", "KeyId"),
    ("AWS::Logs::LogGroup", "Name", "LogGroupName"),
    ("AWS::S3::Bucket", "Name", "BucketName"),
    ("AWS::SNS::Topic", "Arn", "TopicArn"),
    // A group has two attributes with the same value.
    ("AWS::EC2::SecurityGroup", "GroupId", "Id"),
    // `Ref` returns the ARN under another name.
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "Id", "Arn"),
    ("AWS::CertificateManager::Certificate", "Id", "CertificateArn"),
    ("AWS::Lambda::Alias", "Arn", "AliasArn"),
    ("AWS::Lambda::Alias", "Id", "AliasArn"),
    ("AWS::Lambda::Version", "Arn", "FunctionArn"),
    // A policy is attached to a scalable target by what `Ref` of the target returns.
    ("AWS::ApplicationAutoScaling::ScalableTarget", "ResourceId", "Id"),
    // `Ref` returns the name, which is all the id there is.
    ("AWS::ElasticLoadBalancing::LoadBalancer", "Id", "LoadBalancerName"),
    ("AWS::Glue::Crawler", "Id", "Name"),
    ("AWS::Glue::Database", "Id", "DatabaseName"),
    ("AWS::Glue::Job", "Id", "Name"),
    // The attribute has another name than the property.
    ("AWS::CodeArtifact::Repository", "RepositoryName", "Name"),
    ("AWS::RDS::DBCluster", "Arn", "DBClusterArn"),
];

/// Identifiers that are another type's: the one that the sources name, and the one that it is.
const ELSEWHERE: &[(Identifier, Identifier)] = &[
    // The formats name the service as its API does.
    (("AWS::ACM::Certificate", "Arn"), ("AWS::CertificateManager::Certificate", "CertificateArn")),
    // A default security group's id is a security group's id, as its attribute's type says.
    (("AWS::EC2::VPC", "DefaultSecurityGroup"), ("AWS::EC2::SecurityGroup", "Id")),
];

/// Gives identifiers their canonical names, so that later corrections need to know but one.
fn canonical_targets(types: &mut Types) {
    for facts in types.values_mut() {
        let nested = facts.nested.iter_mut().flat_map(|nested| &mut nested.properties);
        for property in facts.properties.iter_mut().chain(nested) {
            rename_targets(&mut property.value);
        }
        for attribute in &mut facts.attributes {
            rename_targets(&mut attribute.value);
        }
    }
}

fn rename_targets(value: &mut ValueFacts) {
    if let Kind::List(inner) | Kind::Map(inner) = &mut value.kind {
        rename_targets(inner);
    }
    for target in &mut value.refers_to {
        let named = (target.type_name.as_str(), target.attribute.as_str());
        if let Some((_, (type_name, attribute))) = ELSEWHERE.iter().find(|(from, _)| *from == named) {
            (*type_name).clone_into(&mut target.type_name);
            (*attribute).clone_into(&mut target.attribute);
        } else if let Some((_, _, canonical)) =
            SYNONYMS.iter().find(|(type_name, name, _)| (*type_name, *name) == named)
        {
            (*canonical).clone_into(&mut target.attribute);
        }
    }
}

fn resource<'a>(types: &'a mut Types, name: &str) -> Option<&'a mut ResourceFacts> {
    types.get_mut(name)
}

/// A launch template tags itself and what it launches through `TagSpecifications`.
fn launch_template_tags(types: &mut Types) {
    if let Some(facts) = resource(types, "AWS::EC2::LaunchTemplate") {
        facts.tagging = Tagging::LaunchTemplate;
    }
}

/// `Ref` of a scalable target returns the id that scaling policies take, though the type's
/// primary identifier has three parts.
fn scalable_target_reference(types: &mut Types) {
    if let Some(facts) = resource(types, "AWS::ApplicationAutoScaling::ScalableTarget") {
        facts.reference = Reference::Identifier("Id".to_owned());
    }
    if let Some(facts) = resource(types, "AWS::ApplicationAutoScaling::ScalingPolicy") {
        facts.reference = Reference::Identifier("Arn".to_owned());
    }
}

/// The type's handler returns its primary identifier, the id, not the name.
fn elasticache_user_reference(types: &mut Types) {
    if let Some(facts) = resource(types, "AWS::ElastiCache::User") {
        facts.reference = Reference::Identifier("UserId".to_owned());
    }
}

/// Many types define their own object of a `Key` and a `Value` for the property that holds their
/// tags. They are tags like any other.
fn tag_objects(types: &mut Types) {
    for facts in types.values_mut() {
        let Tagging::List(name) = facts.tagging.clone() else { continue };
        let Some(position) = facts.properties.iter().position(|property| property.name == name) else {
            continue;
        };
        let Kind::List(inner) = &facts.properties[position].value.kind else { continue };
        let Some(nested) = facts.nested_of(inner) else { continue };
        let mut names: Vec<&str> = nested.properties.iter().map(|property| property.name.as_str()).collect();
        names.sort_unstable();
        if names == ["Key", "Value"]
            && let Kind::List(inner) = &mut facts.properties[position].value.kind
        {
            inner.kind = Kind::Tag;
        }
    }
}

/// Neither source marks it, and the service refuses an alarm without it.
fn alarm_comparison(types: &mut Types) {
    require(types, "AWS::CloudWatch::Alarm", "ComparisonOperator");
}

fn require(types: &mut Types, type_name: &str, property: &str) {
    let found = resource(types, type_name)
        .and_then(|facts| facts.properties.iter_mut().find(|candidate| candidate.name == property));
    if let Some(property) = found {
        property.required = true;
    }
}

/// The source marks a few dozen types as holding data. Deleting these loses data as well.
const DATA_STORES: &[&str] = &[
    "AWS::AmazonMQ::Broker",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::Cassandra::Keyspace",
    "AWS::Cassandra::Table",
    "AWS::CodeArtifact::Repository",
    "AWS::CodeCommit::Repository",
    "AWS::DSQL::Cluster",
    "AWS::DocDBElastic::Cluster",
    "AWS::ECR::PublicRepository",
    "AWS::ECR::Repository",
    "AWS::FSx::Volume",
    "AWS::HealthLake::FHIRDatastore",
    "AWS::KinesisVideo::Stream",
    "AWS::Lightsail::Bucket",
    "AWS::Lightsail::Database",
    "AWS::Lightsail::Disk",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
    "AWS::MemoryDB::Cluster",
    "AWS::NeptuneGraph::Graph",
    "AWS::OpenSearchServerless::Collection",
    "AWS::RDS::GlobalCluster",
    "AWS::RedshiftServerless::Namespace",
    "AWS::S3Express::DirectoryBucket",
    "AWS::S3Tables::Table",
    "AWS::S3Tables::TableBucket",
    "AWS::S3Vectors::VectorBucket",
    "AWS::Timestream::Database",
    "AWS::Timestream::InfluxDBInstance",
    "AWS::Timestream::Table",
];

/// Marks what holds data.
fn data_stores(types: &mut Types) {
    for type_name in DATA_STORES {
        if let Some(facts) = resource(types, type_name) {
            facts.stateful = true;
        }
    }
}

/// Neither source tells an update that stops the resource for a while from one that does not.
/// These are the ones that hurt most.
const INTERRUPTING: &[(&str, &[&str])] = &[
    ("AWS::EC2::Instance", &["InstanceType", "EbsOptimized", "UserData"]),
    ("AWS::RDS::DBInstance", &["DBInstanceClass", "EngineVersion", "MultiAZ", "DBParameterGroupName"]),
    ("AWS::RDS::DBCluster", &["EngineVersion", "DBClusterParameterGroupName"]),
    ("AWS::ElastiCache::CacheCluster", &["CacheNodeType"]),
    ("AWS::ElastiCache::ReplicationGroup", &["CacheNodeType", "EngineVersion"]),
    ("AWS::Redshift::Cluster", &["NodeType", "NumberOfNodes"]),
    ("AWS::DocDB::DBInstance", &["DBInstanceClass"]),
    ("AWS::Neptune::DBInstance", &["DBInstanceClass"]),
];

/// Marks what interrupts.
fn interruptions(types: &mut Types) {
    for (type_name, properties) in INTERRUPTING {
        let Some(facts) = resource(types, type_name) else { continue };
        for property in &mut facts.properties {
            if properties.contains(&property.name.as_str()) && property.update == Update::NoInterruption {
                property.update = Update::SomeInterruption;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use formwork_spec::{Reference, resource};

    use super::{DATA_STORES, ELSEWHERE, INTERRUPTING, SYNONYMS};

    #[test]
    fn every_correction_is_about_something_that_exists() {
        for type_name in DATA_STORES {
            assert!(resource(type_name).is_some_and(|facts| facts.stateful), "{type_name}");
        }
        for (type_name, properties) in INTERRUPTING {
            let facts = resource(type_name).expect(type_name);
            for property in *properties {
                assert!(facts.property(property).is_some(), "{type_name} has no {property}");
            }
        }
        let synonyms = SYNONYMS.iter().map(|(type_name, _, canonical)| (type_name, canonical));
        let elsewhere = ELSEWHERE.iter().map(|(_, (type_name, identifier))| (type_name, identifier));
        for (type_name, canonical) in synonyms.chain(elsewhere) {
            let facts = resource(type_name).expect(type_name);
            let by_ref = facts.reference == Reference::Identifier((*canonical).to_owned());
            assert!(by_ref || facts.attribute(canonical).is_some(), "{type_name} gives no {canonical}");
        }
    }
}
