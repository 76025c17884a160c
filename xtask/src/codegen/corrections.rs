//! Corrections to the sources, one named function each.

use std::collections::BTreeMap;

use formwork_spec::{Kind, Reference, ResourceFacts, Tagging, Update, ValueFacts};

use super::relationships;

/// All types by name.
pub(crate) type Types = BTreeMap<String, ResourceFacts>;

/// Applies every correction to freshly read facts, before relationships are settled.
pub(crate) fn apply(types: &mut Types) {
    launch_template_tags(types);
    scalable_target_reference(types);
    elasticache_user_reference(types);
    tag_objects(types);
    alarm_comparison(types);
    interruptions(types);
    canonical_targets(types);
    relationships::correct(types);
}

/// Gives identifiers their canonical names, so that later corrections need to know but one.
fn canonical_targets(types: &mut Types) {
    fn rename(value: &mut ValueFacts) {
        if let Kind::List(inner) | Kind::Map(inner) = &mut value.kind {
            rename(inner);
        }
        for target in &mut value.refers_to {
            let (type_name, attribute) = canonical_target(&target.type_name, &target.attribute);
            (target.type_name, target.attribute) = (type_name.to_owned(), attribute.to_owned());
        }
    }
    for facts in types.values_mut() {
        let nested = facts.nested.iter_mut().flat_map(|nested| &mut nested.properties);
        for property in facts.properties.iter_mut().chain(nested) {
            rename(&mut property.value);
        }
        for attribute in &mut facts.attributes {
            rename(&mut attribute.value);
        }
    }
}

/// The canonical name of an identifier that the sources name in several ways.
fn canonical_target<'a>(type_name: &'a str, attribute: &'a str) -> (&'a str, &'a str) {
    match (type_name, attribute) {
        // The formats write plural forms on lists.
        ("AWS::EC2::SecurityGroup", "Ids" | "GroupId") => (type_name, "Id"),
        ("AWS::EC2::Subnet", "Id" | "Ids") => (type_name, "SubnetId"),
        ("AWS::EC2::VPC", "Id") => (type_name, "VpcId"),
        ("AWS::EC2::Instance", "Id") => (type_name, "InstanceId"),
        ("AWS::KMS::Key", "Id") => (type_name, "KeyId"),
        ("AWS::S3::Bucket", "Name") => (type_name, "BucketName"),
        ("AWS::SNS::Topic", "Arn") => (type_name, "TopicArn"),
        ("AWS::Logs::LogGroup", "Name") => (type_name, "LogGroupName"),
        ("AWS::CertificateManager::Certificate", "Id") => (type_name, "CertificateArn"),
        // The formats name the service as its API does.
        ("AWS::ACM::Certificate", "Arn") => ("AWS::CertificateManager::Certificate", "CertificateArn"),
        // The default security group's id is a security group's id, which is what its attribute's type says.
        ("AWS::EC2::VPC", "DefaultSecurityGroup") => ("AWS::EC2::SecurityGroup", "Id"),
        // Ref of these returns the ARN under another name.
        ("AWS::Lambda::Alias", "Id" | "Arn") => (type_name, "AliasArn"),
        ("AWS::Lambda::Version", "Arn") => (type_name, "FunctionArn"),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", "Id") => (type_name, "Arn"),
        // A policy is attached to a target by what Ref of the target returns.
        ("AWS::ApplicationAutoScaling::ScalableTarget", "ResourceId") => (type_name, "Id"),
        // Ref of these returns the name, which is all the id there is.
        ("AWS::ElasticLoadBalancing::LoadBalancer", "Id") => (type_name, "LoadBalancerName"),
        ("AWS::Glue::Crawler" | "AWS::Glue::Job", "Id") => (type_name, "Name"),
        ("AWS::Glue::Database", "Id") => (type_name, "DatabaseName"),
        ("AWS::CodeArtifact::Repository", "RepositoryName") => (type_name, "Name"),
        ("AWS::RDS::DBCluster", "Arn") => (type_name, "DBClusterArn"),
        other => other,
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
        let Some(position) = facts.properties.iter().position(|property| property.name == name) else { continue };
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

/// Neither source tells an update that stops the resource for a while from one that does not.
/// These are the ones that hurt most.
fn interruptions(types: &mut Types) {
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
    for (type_name, properties) in INTERRUPTING {
        let Some(facts) = resource(types, type_name) else { continue };
        for property in &mut facts.properties {
            if properties.contains(&property.name.as_str()) && property.update == Update::NoInterruption {
                property.update = Update::SomeInterruption;
            }
        }
    }
}
