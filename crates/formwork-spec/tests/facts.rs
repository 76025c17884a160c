//! What the committed table must hold, whatever the sources' next versions say.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

use formwork_spec::{
    Kind, NestedFacts, PropertyFacts, Reference, ResourceFacts, Scrutiny, Source, Step, Tagging, Update,
    ValueFacts, Yield, resource, resource_types, service_types, services,
};

fn facts(type_name: &str) -> &'static ResourceFacts {
    resource(type_name).unwrap_or_else(|| panic!("{type_name} is in the table"))
}

fn property<'a>(facts: &'a ResourceFacts, name: &str) -> &'a PropertyFacts {
    facts.property(name).unwrap_or_else(|| panic!("{} has {name}", facts.type_name))
}

fn nested<'a>(facts: &'a ResourceFacts, name: &str) -> &'a NestedFacts {
    facts.nested_named(name).unwrap_or_else(|| panic!("{} has {name}", facts.type_name))
}

fn targets(value: &ValueFacts) -> Vec<String> {
    match &value.kind {
        Kind::List(inner) => targets(inner),
        _ => value
            .refers_to
            .iter()
            .map(|target| format!("{}.{}", target.type_name, target.attribute))
            .collect(),
    }
}

#[test]
fn nothing_is_silently_lost() {
    let all: Vec<&ResourceFacts> = services().flat_map(service_types).collect();
    let nested: usize = all.iter().map(|facts| facts.nested.len()).sum();
    let both = all.iter().filter(|facts| facts.source == Source::Both).count();
    let patterns =
        all.iter().flat_map(|facts| values(facts)).filter(|value| pattern(value).is_some()).count();
    assert!(all.len() >= 1_890, "{} resource types", all.len());
    assert!(nested >= 9_900, "{nested} property types");
    assert!(both >= 1_800, "{both} types with constraints");
    assert!(patterns >= 6_500, "{patterns} patterns");
    assert_eq!(all.len(), resource_types().count());
    assert!(all.iter().map(|facts| facts.type_name.as_str()).eq(resource_types()));
}

/// Every value in the facts on a type, those inside lists and maps included.
fn values(facts: &ResourceFacts) -> Vec<&ValueFacts> {
    fn add<'a>(value: &'a ValueFacts, all: &mut Vec<&'a ValueFacts>) {
        all.push(value);
        match &value.kind {
            Kind::List(inner) | Kind::Map(inner) => add(inner, all),
            Kind::Union(members) => members.iter().for_each(|member| add(member, all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    let nested = facts.nested.iter().flat_map(|nested| &nested.properties);
    for property in facts.properties.iter().chain(nested) {
        add(&property.value, &mut all);
    }
    for attribute in &facts.attributes {
        add(&attribute.value, &mut all);
    }
    all
}

fn pattern(value: &ValueFacts) -> Option<&str> {
    value.constraints.as_deref()?.pattern.as_deref()
}

#[test]
fn every_name_leads_to_its_facts() {
    for name in resource_types() {
        assert_eq!(facts(name).type_name, name);
    }
    for unknown in ["", "::", "AWS", "AWS::EC2", "AWS::EC2::", "AWS::EC2::Vpc", "AWS::Nothing::At::All"] {
        assert!(resource(unknown).is_none(), "{unknown:?}");
    }
}

#[test]
fn what_is_referred_to_can_be_obtained() {
    for facts in services().flat_map(service_types) {
        for value in values(facts) {
            if let Kind::Nested(id) = value.kind {
                assert!(facts.nested(id).is_some(), "{} points at property type {}", facts.type_name, id.0);
            }
            for target in &value.refers_to {
                let to = self::facts(&target.type_name);
                let obtained = match target.obtained_by {
                    Yield::Ref => to.reference == Reference::Identifier(target.attribute.clone()),
                    Yield::Attribute => to.attribute(&target.attribute).is_some(),
                };
                assert!(obtained, "{} refers to {target:?}", facts.type_name);
            }
        }
    }
}

#[test]
fn tags_are_where_the_facts_say() {
    for facts in services().flat_map(service_types) {
        let name = match &facts.tagging {
            Tagging::None => continue,
            Tagging::LaunchTemplate => "TagSpecifications",
            Tagging::List(name) | Tagging::Map(name) | Tagging::AutoScaling(name) => name,
        };
        assert!(facts.property(name).is_some(), "{} has no {name}", facts.type_name);
    }
}

#[test]
fn a_vpc() {
    let vpc = facts("AWS::EC2::VPC");
    assert_eq!(vpc.reference, Reference::Identifier("VpcId".to_owned()));
    assert_eq!(vpc.tagging, Tagging::List("Tags".to_owned()));
    assert_eq!(property(vpc, "CidrBlock").update, Update::Replacement);
    assert_eq!(property(vpc, "EnableDnsHostnames").update, Update::NoInterruption);
    let group = vpc.attribute("DefaultSecurityGroup").expect("a VPC has a default group");
    assert_eq!(targets(&group.value), ["AWS::EC2::SecurityGroup.Id"]);
}

#[test]
fn an_alarm_needs_a_comparison() {
    let alarm = facts("AWS::CloudWatch::Alarm");
    let comparison = property(alarm, "ComparisonOperator");
    assert!(comparison.required);
    let bounds = comparison.value.constraints.as_deref().expect("it has known values");
    assert!(bounds.allowed.iter().any(|value| value == "GreaterThanThreshold"));
    let excludes = &alarm.rules.excludes;
    assert!(excludes.iter().any(|rule| rule.when == "Statistic" && rule.others == ["ExtendedStatistic"]));
    assert!(targets(&property(alarm, "AlarmActions").value).contains(&"AWS::SNS::Topic.TopicArn".to_owned()));
}

#[test]
fn what_ref_returns() {
    for (type_name, identifier) in [
        ("AWS::ApplicationAutoScaling::ScalableTarget", "Id"),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", "Arn"),
        ("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"),
        ("AWS::EC2::EIP", "PublicIp"),
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateId"),
        ("AWS::EC2::SecurityGroup", "Id"),
        ("AWS::ECS::Cluster", "ClusterName"),
        ("AWS::ECS::Service", "ServiceArn"),
        ("AWS::ECS::TaskDefinition", "TaskDefinitionArn"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn"),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupArn"),
        ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
        ("AWS::IAM::ManagedPolicy", "PolicyArn"),
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::KMS::Key", "KeyId"),
        ("AWS::Lambda::Function", "FunctionName"),
        ("AWS::Lambda::Version", "FunctionArn"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::SecretsManager::Secret", "Id"),
        ("AWS::SNS::Topic", "TopicArn"),
        ("AWS::SQS::Queue", "QueueUrl"),
        ("AWS::SSM::Parameter", "Name"),
    ] {
        assert_eq!(facts(type_name).reference, Reference::Identifier(identifier.to_owned()), "{type_name}");
    }
}

#[test]
fn what_refers_to_what() {
    for (type_name, owner, name, expected) in [
        ("AWS::EC2::Subnet", None, "VpcId", &["AWS::EC2::VPC.VpcId"][..]),
        ("AWS::AutoScaling::AutoScalingGroup", None, "VPCZoneIdentifier", &["AWS::EC2::Subnet.SubnetId"]),
        ("AWS::EC2::NatGateway", None, "AllocationId", &["AWS::EC2::EIP.AllocationId"]),
        ("AWS::EC2::NetworkAclEntry", None, "NetworkAclId", &["AWS::EC2::NetworkAcl.Id"]),
        ("AWS::IAM::InstanceProfile", None, "Roles", &["AWS::IAM::Role.RoleName"]),
        ("AWS::Lambda::Function", None, "Role", &["AWS::IAM::Role.Arn"]),
        ("AWS::ECS::Service", Some("AwsVpcConfiguration"), "SecurityGroups", &["AWS::EC2::SecurityGroup.Id"]),
        ("AWS::Logs::LogGroup", None, "KmsKeyId", &["AWS::KMS::Key.Arn"]),
        // The resource's own name, though examples compose it from others'.
        ("AWS::Logs::LogGroup", None, "LogGroupName", &[]),
        ("AWS::AutoScaling::AutoScalingGroup", None, "AutoScalingGroupName", &[]),
        // Names that AWS owns stand here more often than anyone's resource.
        ("AWS::ECS::Cluster", None, "CapacityProviders", &[]),
        // There is no resource type for an image.
        ("AWS::EC2::Instance", None, "ImageId", &[]),
    ] {
        let facts = facts(type_name);
        let property = match owner {
            None => property(facts, name),
            Some(owner) => nested(facts, owner).property(name).expect("the property type has it"),
        };
        assert_eq!(targets(&property.value), expected, "{type_name} {owner:?} {name}");
    }
}

#[test]
fn a_path_leads_to_the_worst_update_on_the_way() {
    let service = facts("AWS::ECS::Service");
    let located = service
        .locate(&[Step::Key("LoadBalancers"), Step::Index(0), Step::Key("ContainerPort")])
        .expect("the facts reach that far");
    assert_eq!(located.property.name, "ContainerPort");
    assert_eq!(located.value.kind, Kind::Integer);

    let instance = facts("AWS::EC2::Instance");
    let located = instance
        .locate(&[Step::Key("NetworkInterfaces"), Step::Index(3), Step::Key("SubnetId")])
        .expect("the facts reach that far");
    assert_eq!(located.update, Update::Replacement, "the list replaces, and so does what is in it");

    let snapshot = facts("AWS::RedshiftServerless::Snapshot");
    let located = snapshot.locate(&[Step::Key("Tags"), Step::Index(0)]).expect("tags are known");
    assert_eq!(located.update, property(snapshot, "Tags").update);

    let role = facts("AWS::IAM::Role");
    assert!(role.locate(&[Step::Key("Nothing")]).is_none());
    assert!(role.locate(&[Step::Index(0)]).is_none());
    assert!(role.locate(&[Step::Key("AssumeRolePolicyDocument"), Step::Key("Statement")]).is_none());
}

#[test]
fn secrets_are_write_only() {
    let instance = facts("AWS::RDS::DBInstance");
    assert!(instance.is_write_only(&[Step::Key("MasterUserPassword")]));
    assert!(!instance.is_write_only(&[Step::Key("DBInstanceClass")]));
    assert_eq!(property(instance, "DBInstanceClass").update, Update::SomeInterruption);
    assert!(instance.stateful);
}

#[test]
fn odd_types() {
    let group = facts("AWS::AutoScaling::AutoScalingGroup");
    assert_eq!(group.tagging, Tagging::AutoScaling("Tags".to_owned()));
    assert_eq!(facts("AWS::EC2::LaunchTemplate").tagging, Tagging::LaunchTemplate);
    assert_eq!(facts("AWS::Serverless::Function").transform.as_deref(), Some("AWS::Serverless-2016-10-31"));
    assert_eq!(facts("AWS::IAM::Policy").scrutiny, Scrutiny::IdentityPolicy);
    assert_eq!(facts("Alexa::ASK::Skill").service(), "Alexa::ASK");
    assert_eq!(facts("AWS::RDS::DBClusterEndpoint").source, Source::Schemas);
    // A web ACL's statement holds statements.
    let acl = facts("AWS::WAFv2::WebACL");
    let statement = nested(acl, "Statement");
    let and = nested(acl, "AndStatement").property("Statements").expect("a list of statements");
    assert_eq!(acl.nested_of(&and.value).map(|nested| &nested.name), Some(&statement.name));
}
