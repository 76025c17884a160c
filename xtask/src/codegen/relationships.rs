//! Corrections to what refers to what: one table or rule each, with its reason.
//!
//! The sources gather relationships from examples and from other tools' knowledge, so some are
//! accidents of an example, and obvious ones are missing. A wrong relationship refuses what is
//! right, so a doubtful one goes.

use std::collections::BTreeMap;

use formwork_spec::{Kind, Reference, ResourceFacts, Target, ValueFacts};

use super::{corrections::Types, database::relate, names};

/// A property, `TYPE.PROPERTY` or `TYPE/PROPERTY_TYPE.PROPERTY`.
type Place = &'static str;
/// A resource type and an identifier of it.
pub(crate) type Identifier = (&'static str, &'static str);

/// Properties that hold whatever text the author or AWS thinks of: values of generic parameters,
/// addresses, names that AWS itself owns, URIs that are composed. A relationship would refuse most
/// of what they are used for.
const FREE_TEXT: &[Place] = &[
    "AWS::ACMPCA::Certificate.CertificateSigningRequest",
    "AWS::ACMPCA::Certificate.TemplateArn",
    "AWS::ApiGateway::Deployment.StageName",
    "AWS::ApiGateway::DomainNameV2.DomainName",
    "AWS::ApiGateway::Method/Integration.Uri",
    "AWS::ApiGatewayV2::Api.Target",
    "AWS::ApiGatewayV2::Deployment.StageName",
    "AWS::ApiGatewayV2::Integration.IntegrationUri",
    "AWS::ApiGatewayV2::Route.Target",
    "AWS::AppConfig::ConfigurationProfile/Validators.Content",
    "AWS::AppSync::DataSource/HttpConfig.Endpoint",
    "AWS::ApplicationAutoScaling::ScalableTarget.ResourceId",
    "AWS::ApplicationAutoScaling::ScalingPolicy.ResourceId",
    "AWS::AutoScaling::ScalingPolicy/MetricDimension.Value",
    "AWS::Backup::BackupSelection/BackupSelectionResourceType.Resources",
    "AWS::Backup::LogicallyAirGappedBackupVault.BackupVaultName",
    "AWS::CE::AnomalySubscription/Subscriber.Address",
    "AWS::CloudFront::Distribution/DefaultCacheBehavior.TargetOriginId",
    "AWS::CloudFront::Distribution/Origin.DomainName",
    "AWS::CloudFront::Distribution/Origin.Id",
    "AWS::CloudTrail::Trail/DataResource.Values",
    "AWS::Config::ConfigRule/Scope.ComplianceResourceId",
    "AWS::Config::ConfigRule/Source.SourceIdentifier",
    "AWS::DataPipeline::Pipeline/Field.StringValue",
    "AWS::DataPipeline::Pipeline/ParameterValue.StringValue",
    "AWS::DataSync::LocationNFS.ServerHostname",
    "AWS::EC2::CustomerGateway.IpAddress",
    "AWS::EC2::Instance/LaunchTemplateSpecification.Version",
    "AWS::EC2::Instance/SsmAssociation.DocumentName",
    "AWS::EC2::SecurityGroupIngress.CidrIp",
    "AWS::EC2::SecurityGroupIngress.GroupName",
    "AWS::ECR::ReplicationConfiguration/RepositoryFilter.Filter",
    "AWS::ECS::Cluster.CapacityProviders",
    "AWS::ECS::ClusterCapacityProviderAssociations.CapacityProviders",
    "AWS::ECS::Service/CapacityProviderStrategyItem.CapacityProvider",
    "AWS::EMR::Studio.DefaultS3Location",
    "AWS::ElasticBeanstalk::ConfigurationTemplate/ConfigurationOptionSetting.Value",
    "AWS::ElasticLoadBalancingV2::LoadBalancer/LoadBalancerAttribute.Value",
    "AWS::Events::Rule/RunCommandTarget.Values",
    "AWS::Glue::Crawler/S3Target.Path",
    "AWS::Glue::Database/DatabaseInput.Name",
    "AWS::KinesisFirehose::DeliveryStream/ProcessorParameter.ParameterValue",
    "AWS::LakeFormation::PrincipalPermissions/DataLakePrincipal.DataLakePrincipalIdentifier",
    "AWS::Lambda::Alias.FunctionVersion",
    "AWS::Lambda::EventInvokeConfig.Qualifier",
    "AWS::Lambda::Permission.Principal",
    "AWS::Lambda::WebFunction.FunctionName",
    "AWS::Lightsail::Certificate.DomainName",
    "AWS::Lightsail::Container/PublicDomainName.DomainNames",
    "AWS::Lightsail::LoadBalancerTlsCertificate.CertificateName",
    "AWS::Route53::HealthCheck/HealthCheckConfig.IPAddress",
    "AWS::SNS::Subscription.Endpoint",
    "AWS::SNS::Topic/Subscription.Endpoint",
    "AWS::SSM::Association.Name",
    "AWS::SSM::Association/Target.Values",
    "AWS::StepFunctions::StateMachine.DefinitionString",
];

/// Single targets that an example put beside the right one.
const NOT_A_TARGET: &[(Place, Identifier)] = &[
    // An instance is launched with a profile; the role stands behind it.
    ("AWS::Batch::ComputeEnvironment/ComputeResources.InstanceRole", ("AWS::IAM::Role", "RoleName")),
    // The property wants the ARN.
    ("AWS::Batch::ComputeEnvironment/ComputeResources.SpotIamFleetRole", ("AWS::IAM::Role", "RoleName")),
    // An address, not an allocation.
    ("AWS::EC2::EIPAssociation.EIP", ("AWS::EC2::EIP", "AllocationId")),
    ("AWS::Redshift::Cluster.ElasticIp", ("AWS::EC2::EIP", "AllocationId")),
    // Examples that name two things alike.
    ("AWS::Glue::Crawler.DatabaseName", ("AWS::S3::Bucket", "BucketName")),
    (
        "AWS::KinesisFirehose::DeliveryStream/CloudWatchLoggingOptions.LogStreamName",
        ("AWS::Logs::LogGroup", "LogGroupName"),
    ),
    ("AWS::Redshift::Cluster.VpcSecurityGroupIds", ("AWS::EC2::VPC", "VpcId")),
    ("AWS::Redshift::Cluster.ClusterSecurityGroups", ("AWS::EC2::SecurityGroup", "Id")),
    ("AWS::Lambda::Permission.SourceArn", ("AWS::IAM::Role", "Arn")),
    // A web ACL is associated with something else.
    ("AWS::WAFv2::WebACLAssociation.ResourceArn", ("AWS::WAFv2::WebACL", "Arn")),
    // The list holds ARNs.
    ("AWS::WAFv2::LoggingConfiguration.LogDestinationConfigs", ("AWS::Logs::LogGroup", "LogGroupName")),
    // The address of an instance is no id of anything.
    ("AWS::ElasticLoadBalancingV2::TargetGroup/TargetDescription.Id", ("AWS::EC2::Instance", "PrivateIp")),
];

const TOPIC: Identifier = ("AWS::SNS::Topic", "TopicArn");
const QUEUE: Identifier = ("AWS::SQS::Queue", "Arn");
const FUNCTION: Identifier = ("AWS::Lambda::Function", "Arn");
const FUNCTION_ALIAS: Identifier = ("AWS::Lambda::Alias", "AliasArn");
const EVENT_BUS: Identifier = ("AWS::Events::EventBus", "Arn");
const ROLE: Identifier = ("AWS::IAM::Role", "Arn");
const ALARM_ACTIONS: &[Identifier] = &[
    TOPIC,
    FUNCTION,
    FUNCTION_ALIAS,
    ("AWS::AutoScaling::ScalingPolicy", "Arn"),
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "Arn"),
];
const CLUSTER: &[Identifier] = &[("AWS::ECS::Cluster", "Arn"), ("AWS::ECS::Cluster", "ClusterName")];
const KEY_PAIR: &[Identifier] = &[("AWS::EC2::KeyPair", "KeyName")];
const SUBNETS: &[Identifier] = &[("AWS::EC2::Subnet", "SubnetId")];
const NAMESPACES: &[Identifier] = &[
    ("AWS::ServiceDiscovery::HttpNamespace", "Id"),
    ("AWS::ServiceDiscovery::PrivateDnsNamespace", "Id"),
    ("AWS::ServiceDiscovery::PublicDnsNamespace", "Id"),
];
const INVOCATION_DESTINATIONS: &[Identifier] = &[TOPIC, QUEUE, FUNCTION, EVENT_BUS];
const PREFIX_LIST: &[Identifier] = &[("AWS::EC2::PrefixList", "PrefixListId")];
const CACHE_SUBNETS: &[Identifier] = &[("AWS::ElastiCache::SubnetGroup", "CacheSubnetGroupName")];

/// Relationships of widely used types that both sources lack, or of which they know a part.
const ALSO: &[(Place, &[Identifier])] = &[
    (
        "AWS::AutoScaling::AutoScalingGroup/LaunchTemplateSpecification.LaunchTemplateId",
        &[("AWS::EC2::LaunchTemplate", "LaunchTemplateId")],
    ),
    ("AWS::Batch::ComputeEnvironment/ComputeResources.SpotIamFleetRole", &[ROLE]),
    ("AWS::CloudWatch::Alarm.AlarmActions", ALARM_ACTIONS),
    ("AWS::CloudWatch::Alarm.InsufficientDataActions", ALARM_ACTIONS),
    ("AWS::CloudWatch::Alarm.OKActions", ALARM_ACTIONS),
    ("AWS::CloudWatch::CompositeAlarm.AlarmActions", ALARM_ACTIONS),
    ("AWS::CloudWatch::CompositeAlarm.InsufficientDataActions", ALARM_ACTIONS),
    ("AWS::CloudWatch::CompositeAlarm.OKActions", ALARM_ACTIONS),
    ("AWS::CodeBuild::Project.ServiceRole", &[ROLE]),
    ("AWS::EC2::Instance.KeyName", KEY_PAIR),
    ("AWS::EC2::LaunchTemplate/IamInstanceProfile.Arn", &[("AWS::IAM::InstanceProfile", "Arn")]),
    ("AWS::EC2::LaunchTemplate/LaunchTemplateData.KeyName", KEY_PAIR),
    ("AWS::EC2::Route.DestinationPrefixListId", PREFIX_LIST),
    ("AWS::EC2::SecurityGroup/Egress.DestinationPrefixListId", PREFIX_LIST),
    ("AWS::EC2::SecurityGroup/Ingress.SourcePrefixListId", PREFIX_LIST),
    ("AWS::EC2::SecurityGroupEgress.DestinationPrefixListId", PREFIX_LIST),
    ("AWS::EC2::TransitGatewayVpcAttachment.SubnetIds", SUBNETS),
    ("AWS::ECS::PrimaryTaskSet.Cluster", CLUSTER),
    ("AWS::ECS::PrimaryTaskSet.Service", &[("AWS::ECS::Service", "ServiceArn")]),
    ("AWS::ECS::Service.Cluster", CLUSTER),
    ("AWS::ECS::Service/ServiceRegistry.RegistryArn", &[("AWS::ServiceDiscovery::Service", "Arn")]),
    ("AWS::ECS::TaskSet.Cluster", CLUSTER),
    ("AWS::ECS::TaskSet.Service", &[("AWS::ECS::Service", "ServiceArn")]),
    ("AWS::ECS::TaskSet.TaskDefinition", &[("AWS::ECS::TaskDefinition", "TaskDefinitionArn")]),
    ("AWS::ElastiCache::CacheCluster.CacheSubnetGroupName", CACHE_SUBNETS),
    ("AWS::ElastiCache::ReplicationGroup.CacheSubnetGroupName", CACHE_SUBNETS),
    (
        "AWS::ElasticLoadBalancingV2::ListenerCertificate/Certificate.CertificateArn",
        &[("AWS::CertificateManager::Certificate", "CertificateArn"), ("AWS::IAM::ServerCertificate", "Arn")],
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer/SubnetMapping.AllocationId",
        &[("AWS::EC2::EIP", "AllocationId")],
    ),
    ("AWS::Events::ApiDestination.ConnectionArn", &[("AWS::Events::Connection", "Arn")]),
    ("AWS::Events::EventBusPolicy.EventBusName", &[("AWS::Events::EventBus", "Name")]),
    (
        "AWS::FIS::ExperimentTemplate/ExperimentTemplateStopCondition.Value",
        &[("AWS::CloudWatch::Alarm", "Arn")],
    ),
    (
        "AWS::GlobalAccelerator::EndpointGroup/EndpointConfiguration.EndpointId",
        &[("AWS::EC2::EIP", "AllocationId"), ("AWS::EC2::Instance", "InstanceId")],
    ),
    ("AWS::IAM::Policy.Groups", &[("AWS::IAM::Group", "GroupName")]),
    ("AWS::IAM::Policy.Roles", &[("AWS::IAM::Role", "RoleName")]),
    ("AWS::IAM::Policy.Users", &[("AWS::IAM::User", "UserName")]),
    ("AWS::IAM::UserToGroupAddition.Users", &[("AWS::IAM::User", "UserName")]),
    ("AWS::Lambda::EventInvokeConfig/OnFailure.Destination", INVOCATION_DESTINATIONS),
    ("AWS::Lambda::EventInvokeConfig/OnSuccess.Destination", INVOCATION_DESTINATIONS),
    ("AWS::Lambda::EventSourceMapping/OnFailure.Destination", &[("AWS::S3::Bucket", "Arn")]),
    (
        "AWS::Route53::RecordSetGroup/RecordSet.HealthCheckId",
        &[("AWS::Route53::HealthCheck", "HealthCheckId")],
    ),
    ("AWS::SNS::TopicInlinePolicy.TopicArn", &[TOPIC]),
    ("AWS::SNS::TopicPolicy.Topics", &[TOPIC]),
    ("AWS::SQS::QueueInlinePolicy.Queue", &[("AWS::SQS::Queue", "QueueUrl")]),
    ("AWS::SQS::QueuePolicy.Queues", &[("AWS::SQS::Queue", "QueueUrl")]),
    ("AWS::SSM::MaintenanceWindowTarget.WindowId", &[("AWS::SSM::MaintenanceWindow", "WindowId")]),
    ("AWS::SSM::MaintenanceWindowTask.WindowId", &[("AWS::SSM::MaintenanceWindow", "WindowId")]),
    ("AWS::Scheduler::Schedule.GroupName", &[("AWS::Scheduler::ScheduleGroup", "Name")]),
    ("AWS::SecretsManager::RotationSchedule.RotationLambdaARN", &[FUNCTION]),
    ("AWS::ServiceDiscovery::PrivateDnsNamespace.Vpc", &[("AWS::EC2::VPC", "VpcId")]),
    ("AWS::ServiceDiscovery::Service.NamespaceId", NAMESPACES),
    ("AWS::ServiceDiscovery::Service/DnsConfig.NamespaceId", NAMESPACES),
    ("AWS::WAFv2::WebACLAssociation.ResourceArn", &[("AWS::Cognito::UserPool", "Arn")]),
];

/// Attributes whose value is another resource's identifier, which neither source says.
const ATTRIBUTES: &[(&str, &str, Identifier)] = &[
    ("AWS::EC2::VPC", "DefaultSecurityGroup", ("AWS::EC2::SecurityGroup", "Id")),
    ("AWS::EC2::VPC", "DefaultNetworkAcl", ("AWS::EC2::NetworkAcl", "Id")),
    ("AWS::EC2::Instance", "VpcId", ("AWS::EC2::VPC", "VpcId")),
    ("AWS::EC2::Subnet", "VpcId", ("AWS::EC2::VPC", "VpcId")),
    ("AWS::EC2::SecurityGroup", "VpcId", ("AWS::EC2::VPC", "VpcId")),
    ("AWS::EC2::NetworkInterface", "VpcId", ("AWS::EC2::VPC", "VpcId")),
];

/// Names for sets of identifiers, by a property that takes the set.
const SET_NAMES: &[(Place, &str)] = &[
    ("AWS::CloudWatch::Alarm.AlarmActions", "AlarmAction"),
    ("AWS::EC2::TransitGatewayRoute.TransitGatewayAttachmentId", "TransitGatewayAttachment"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup/TargetDescription.Id", "TargetGroupTarget"),
    ("AWS::KMS::Alias.TargetKeyId", "KeyOrReplicaKey"),
    ("AWS::Lambda::EventInvokeConfig/OnSuccess.Destination", "InvocationDestination"),
    ("AWS::Lambda::EventSourceMapping.EventSourceArn", "EventSourceArn"),
    ("AWS::Lambda::Permission.FunctionName", "FunctionOrAliasOrVersion"),
    ("AWS::SQS::Queue.KmsMasterKeyId", "KmsKey"),
    ("AWS::ServiceDiscovery::Service.NamespaceId", "NamespaceId"),
    ("AWS::DirectConnect::PrivateVirtualInterface.ConnectionId", "ConnectionOrLag"),
];

/// The name that was chosen for the set of identifiers at a place.
pub(crate) fn set_name(place: &str) -> Option<&'static str> {
    SET_NAMES.iter().find(|(at, _)| *at == place).map(|(_, name)| *name)
}

/// Applies all of the above.
pub(crate) fn correct(types: &mut Types) {
    let identifiers = identifiers_by_name(types);
    for (type_name, facts) in types.iter_mut() {
        let service = facts.service().to_owned();
        let resource = facts.name().to_owned();
        let reference = match &facts.reference {
            Reference::Identifier(identifier) => Some(identifier.clone()),
            Reference::Composite(_) | Reference::Unknown => None,
        };
        each_property(facts, |nested, property, required, value| {
            if nested.is_none() && names_itself(&resource, property) {
                forget(value, &|_| true);
            }
            let place = place(type_name, nested, property);
            if FREE_TEXT.contains(&place.as_str()) {
                forget(value, &|_| true);
                return;
            }
            for (_, (not_type, not_attribute)) in NOT_A_TARGET.iter().filter(|(at, _)| *at == place) {
                forget(value, &|target| target.type_name == *not_type && target.attribute == *not_attribute);
            }
            for (target, attribute) in ALSO.iter().filter(|(at, _)| *at == place).flat_map(|(_, also)| *also)
            {
                relate(value, target, attribute);
            }
            function_by_name_or_arn(&service, property, value);
            transit_gateway_attachments(type_name, property, value);
            // What names the resource and can be left out is its own name; what cannot, as the bucket
            // of a bucket policy, is what it belongs to.
            let own = !required && reference.as_deref() == Some(property);
            if nested.is_some() || !(own || names_itself(&resource, property)) {
                same_service(type_name, &service, property, value, &identifiers);
            }
            arn_properties(property, value);
        });
        for (_, attribute, (target, identifier)) in ATTRIBUTES.iter().filter(|(name, _, _)| name == type_name)
        {
            for candidate in facts.attributes.iter_mut().filter(|candidate| candidate.name == *attribute) {
                relate(&mut candidate.value, target, identifier);
            }
        }
        lightsail_certificates(facts);
    }
}

fn place(type_name: &str, nested: Option<&str>, property: &str) -> String {
    match nested {
        None => format!("{type_name}.{property}"),
        Some(nested) => format!("{type_name}/{nested}.{property}"),
    }
}

fn each_property(
    facts: &mut ResourceFacts,
    mut visit: impl FnMut(Option<&str>, &str, bool, &mut ValueFacts),
) {
    for property in &mut facts.properties {
        visit(None, &property.name, property.required, &mut property.value);
    }
    for nested in &mut facts.nested {
        for property in &mut nested.properties {
            visit(Some(&nested.name), &property.name, property.required, &mut property.value);
        }
    }
}

fn forget(value: &mut ValueFacts, which: &dyn Fn(&Target) -> bool) {
    if let Kind::List(inner) | Kind::Map(inner) = &mut value.kind {
        forget(inner, which);
    }
    value.refers_to.retain(|target| !which(target));
}

/// A property such as a log group's `LogGroupName` gives the resource its own name. Examples that
/// compose it from another resource's name make it look like a reference.
fn names_itself(resource: &str, property: &str) -> bool {
    property
        .strip_prefix(resource)
        .is_some_and(|rest| matches!(rest, "" | "Name" | "Id" | "ID" | "Identifier" | "Arn" | "ARN"))
}

/// Where Lambda takes a function's name it takes the ARN as well, and the other way round.
fn function_by_name_or_arn(service: &str, property: &str, value: &mut ValueFacts) {
    let of_function = value.refers_to.iter().any(|target| target.type_name == FUNCTION.0);
    if service == "AWS::Lambda" && property == "FunctionName" && of_function {
        relate(value, FUNCTION.0, FUNCTION.1);
        relate(value, FUNCTION.0, "FunctionName");
    }
}

/// A transit gateway is attached in several ways, and whatever wants an attachment's id takes each.
fn transit_gateway_attachments(type_name: &str, property: &str, value: &mut ValueFacts) {
    const ATTACHMENTS: &[Identifier] = &[
        ("AWS::EC2::TransitGatewayAttachment", "Id"),
        ("AWS::EC2::TransitGatewayConnect", "TransitGatewayAttachmentId"),
        ("AWS::EC2::TransitGatewayPeeringAttachment", "TransitGatewayAttachmentId"),
        ("AWS::EC2::TransitGatewayVpcAttachment", "Id"),
    ];
    if type_name.starts_with("AWS::EC2::") && property.ends_with("TransitGatewayAttachmentId") {
        for (target, identifier) in ATTACHMENTS {
            relate(value, target, identifier);
        }
    }
}

/// What `Ref` of the types of each service returns, by the full name of the identifier.
fn identifiers_by_name(types: &Types) -> BTreeMap<(String, String), Vec<Target>> {
    let mut identifiers: BTreeMap<(String, String), Vec<Target>> = BTreeMap::new();
    for facts in types.values() {
        let Reference::Identifier(identifier) = &facts.reference else { continue };
        let name = names::identifier(facts.name(), identifier);
        let mut named = ValueFacts::plain(Kind::String);
        relate(&mut named, &facts.type_name, identifier);
        identifiers.entry((facts.service().to_owned(), name)).or_default().append(&mut named.refers_to);
    }
    identifiers
}

/// A property of a type that is called like what `Ref` of one other type of the service returns
/// (`NetworkAclId` of a network ACL entry, `ClusterName` of an add-on) refers to it.
fn same_service(
    type_name: &str,
    service: &str,
    property: &str,
    value: &mut ValueFacts,
    identifiers: &BTreeMap<(String, String), Vec<Target>>,
) {
    if let Kind::List(inner) = &mut value.kind {
        let single = property.strip_suffix('s').unwrap_or(property);
        return same_service(type_name, service, single, inner, identifiers);
    }
    let enumerated = value.constraints.as_deref().is_some_and(|bounds| !bounds.allowed.is_empty());
    if value.kind != Kind::String || enumerated || !value.refers_to.is_empty() {
        return;
    }
    let Some([target]) = identifiers.get(&(service.to_owned(), names::pascal(property))).map(Vec::as_slice)
    else {
        return;
    };
    if target.type_name != type_name {
        value.refers_to.push(target.clone());
    }
}

/// Where the property's name or its pattern says ARN, other identifiers of the same type are out,
/// and so is the name of a key's alias.
fn arn_properties(property: &str, value: &mut ValueFacts) {
    if let Kind::List(inner) = &mut value.kind {
        arn_properties(property, inner);
    }
    let pattern = value.constraints.as_deref().and_then(|bounds| bounds.pattern.as_deref());
    if !is_arn(property) && !pattern.is_some_and(is_arn_pattern) {
        return;
    }
    let targets = value.refers_to.clone();
    value.refers_to.retain(|target| {
        let better = targets.iter().any(|other| {
            let instead = other.type_name == target.type_name
                || (target.type_name == "AWS::KMS::Alias" && other.type_name == "AWS::KMS::Key");
            instead && is_arn(&other.attribute)
        });
        is_arn(&target.attribute) || !better
    });
}

fn is_arn(name: &str) -> bool {
    let name = name.strip_suffix('s').unwrap_or(name);
    name.ends_with("Arn") || name.ends_with("ARN")
}

/// Whether a pattern matches nothing but ARNs: it begins as one and has no alternative.
fn is_arn_pattern(pattern: &str) -> bool {
    let pattern = pattern.trim_start_matches('^');
    let mut depth = 0_i32;
    let alternatives = pattern.chars().any(|letter| {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        letter == '|' && depth <= 0
    });
    pattern.starts_with("arn:") && !alternatives
}

/// A Lightsail certificate is none of Certificate Manager's, whatever the schema's format says.
fn lightsail_certificates(facts: &mut ResourceFacts) {
    if facts.type_name.starts_with("AWS::Lightsail::") {
        for attribute in &mut facts.attributes {
            forget(&mut attribute.value, &|target| target.type_name.contains("::Certificate"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ALSO, ATTRIBUTES, FREE_TEXT, NOT_A_TARGET, Place, SET_NAMES};

    fn exists(place: Place) -> bool {
        let Some((owner, property)) = place.rsplit_once('.') else { return false };
        let (type_name, nested) = match owner.split_once('/') {
            Some((type_name, nested)) => (type_name, Some(nested)),
            None => (owner, None),
        };
        let Some(facts) = formwork_spec::resource(type_name) else { return false };
        match nested {
            None => facts.property(property).is_some(),
            Some(nested) => {
                facts.nested_named(nested).is_some_and(|nested| nested.property(property).is_some())
            }
        }
    }

    #[test]
    fn every_correction_is_about_a_property_that_exists() {
        let places = FREE_TEXT.iter().copied();
        let places = places.chain(NOT_A_TARGET.iter().map(|(place, _)| *place));
        let places = places.chain(ALSO.iter().map(|(place, _)| *place));
        let places = places.chain(SET_NAMES.iter().map(|(place, _)| *place));
        let gone: Vec<Place> = places.filter(|place| !exists(place)).collect();
        assert!(gone.is_empty(), "corrections of what no longer exists: {gone:?}");
    }

    #[test]
    fn every_added_target_can_be_obtained() {
        let added = ALSO.iter().flat_map(|(_, targets)| targets.iter());
        for (type_name, identifier) in added.chain(ATTRIBUTES.iter().map(|(_, _, target)| target)) {
            let facts = formwork_spec::resource(type_name).expect(type_name);
            let by_ref = facts.reference == formwork_spec::Reference::Identifier((*identifier).to_owned());
            assert!(by_ref || facts.attribute(identifier).is_some(), "{type_name} gives no {identifier}");
        }
    }
}
