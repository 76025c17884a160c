//! Requirements across values, from the schemas that the second source keeps beside those of types.
//!
//! Which file speaks of which places of which types stands here; what it says comes from the file.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use formwork_spec::{
    Choose, Gathered, GatheredProperty, JsonKind, Literal, Operand, Requirement, ResourceFacts, Schema, Test,
};
use serde_json::{Map, Value};

/// The id of the rule, the file below the package's schemas, and the places that it speaks of.
type Row = (&'static str, &'static str, &'static [&'static str]);

/// What may be a region's name among the keys of a file that has one schema for each.
const REGION_DASHES: usize = 2;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("E3009", "other/resources/cfn_init.json", &["AWS::AutoScaling::AutoScalingGroup/Metadata/AWS::CloudFormation::Init", "AWS::AutoScaling::LaunchConfiguration/Metadata/AWS::CloudFormation::Init", "AWS::EC2::Instance/Metadata/AWS::CloudFormation::Init", "AWS::EC2::LaunchTemplate/Metadata/AWS::CloudFormation::Init"]),
    ("E3016", "other/resources/update_policy.json", &["AWS::AppStream::Fleet", "AWS::AutoScaling::AutoScalingGroup", "AWS::ElastiCache::ReplicationGroup", "AWS::Elasticsearch::Domain", "AWS::Lambda::Alias", "AWS::OpenSearchService::Domain"]),
    ("E3023", "extensions/aws_route53_recordset/recordset_pattern.json", &["AWS::Route53::RecordSet/Properties", "AWS::Route53::RecordSetGroup/Properties/RecordSets/*"]),
    ("E3025", "extensions/aws_rds_dbinstance/dbinstanceclass_enum.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3029", "extensions/aws_route53_recordset/recordset_alias.json", &["AWS::Route53::RecordSet/Properties", "AWS::Route53::RecordSetGroup/Properties/RecordSets/*"]),
    ("E3042", "extensions/aws_ecs_taskdefinition/containerdefinitions_essential.json", &["AWS::ECS::TaskDefinition/Properties/ContainerDefinitions"]),
    ("E3044", "extensions/aws_ecs_service/fargate.json", &["AWS::ECS::Service/Properties"]),
    ("E3045", "extensions/aws_s3_bucket/ownershipcontrols.json", &["AWS::S3::Bucket/Properties"]),
    ("E3046", "extensions/aws_ecs_taskdefinition/logging_configuration.json", &["AWS::ECS::TaskDefinition/Properties/ContainerDefinitions/*/LogConfiguration"]),
    ("E3047", "extensions/aws_ecs_taskdefinition/fargate_cpu_memory.json", &["AWS::ECS::TaskDefinition/Properties"]),
    ("E3048", "extensions/aws_ecs_taskdefinition/fargate_properties.json", &["AWS::ECS::TaskDefinition/Properties"]),
    ("E3052", "extensions/aws_ecs_service/service_network_configuration.json", &["AWS::ECS::Service/Properties"]),
    ("E3054", "extensions/aws_ecs_service/service_fargate.json", &["AWS::ECS::Service/Properties"]),
    ("E3501", "extensions/aws_sqs_queue/properties.json", &["AWS::SQS::Queue/Properties"]),
    ("E3502", "extensions/aws_sqs_queue/queue_dlq.json", &["AWS::SQS::Queue/Properties"]),
    ("E3505", "extensions/aws_lambda_eventsourcemapping/event_source_sqs_timeout.json", &["AWS::Lambda::EventSourceMapping/Properties"]),
    ("E3615", "extensions/aws_cloudwatch_alarm/period.json", &["AWS::CloudWatch::Alarm/Properties"]),
    ("E3617", "extensions/aws_managedblockchain_node/nodeconfiguration_instancetype_enum.json", &["AWS::ManagedBlockchain::Node/Properties/NodeConfiguration/InstanceType"]),
    ("E3620", "extensions/aws_docdb_dbinstance/dbinstanceclass_enum.json", &["AWS::DocDB::DBInstance/Properties/DBInstanceClass"]),
    ("E3621", "extensions/aws_appstream_fleet/instancetype_enum.json", &["AWS::AppStream::Fleet/Properties/InstanceType"]),
    ("E3628", "extensions/aws_ec2_instance/instancetype_enum.json", &["AWS::EC2::CapacityReservationFleet/Properties/InstanceTypeSpecifications/*/InstanceType", "AWS::EC2::EC2Fleet/Properties/LaunchTemplateConfigs/*/Overrides/*/InstanceType", "AWS::EC2::Instance/Properties/InstanceType", "AWS::EC2::LaunchTemplate/Properties/LaunchTemplateData/InstanceType", "AWS::GameLift::GameServerGroup/Properties/InstanceDefinitions/*/InstanceType"]),
    ("E3633", "extensions/aws_lambda_eventsourcemapping/eventsourcearn_stream_inclusive.json", &["AWS::Lambda::EventSourceMapping/Properties"]),
    ("E3634", "extensions/aws_lambda_eventsourcemapping/eventsourcearn_sqs_exclusive.json", &["AWS::Lambda::EventSourceMapping/Properties"]),
    ("E3635", "extensions/aws_neptune_dbinstance/dbinstanceclass_enum.json", &["AWS::Neptune::DBInstance/Properties/DBInstanceClass"]),
    ("E3636", "extensions/aws_codebuild_project/s3_locations.json", &["AWS::CodeBuild::Project/Properties/Artifacts", "AWS::CodeBuild::Project/Properties/Source"]),
    ("E3638", "extensions/aws_dynamodb_table/billingmode_exclusive.json", &["AWS::DynamoDB::Table/Properties"]),
    ("E3639", "extensions/aws_dynamodb_table/billingmode_provisioned_dependent.json", &["AWS::DynamoDB::Table/Properties"]),
    ("E3640", "extensions/aws_sagemaker_processing/instancetype_enum.json", &["AWS::SageMaker::DataQualityJobDefinition/Properties/JobResources/ClusterConfig/InstanceType", "AWS::SageMaker::ModelBiasJobDefinition/Properties/JobResources/ClusterConfig/InstanceType", "AWS::SageMaker::ModelExplainabilityJobDefinition/Properties/JobResources/ClusterConfig/InstanceType", "AWS::SageMaker::ModelQualityJobDefinition/Properties/JobResources/ClusterConfig/InstanceType", "AWS::SageMaker::MonitoringSchedule/Properties/MonitoringScheduleConfig/MonitoringJobDefinition/MonitoringResources/ClusterConfig/InstanceType"]),
    ("E3641", "extensions/aws_gamelift_fleet/ec2instancetype_enum.json", &["AWS::GameLift::Fleet/Properties/EC2InstanceType"]),
    ("E3642", "extensions/aws_sagemaker_hosting/instancetype_enum.json", &["AWS::SageMaker::InferenceExperiment/Properties/ModelVariants/*/InfrastructureConfig/RealTimeInferenceConfig/InstanceType"]),
    ("E3643", "extensions/aws_sagemaker_transform/instancetype_enum.json", &["AWS::SageMaker::ModelPackage/Properties/ValidationSpecification/ValidationProfiles/*/TransformJobDefinition/TransformResources/InstanceType"]),
    ("E3644", "extensions/aws_sagemaker_cluster/instancetype_enum.json", &["AWS::SageMaker::Cluster/Properties/InstanceGroups/*/InstanceType", "AWS::SageMaker::Cluster/Properties/RestrictedInstanceGroups/*/InstanceType"]),
    ("E3647", "extensions/aws_elasticache_cachecluster/cachenodetype_enum.json", &["AWS::ElastiCache::CacheCluster/Properties/CacheNodeType"]),
    ("E3652", "extensions/aws_elasticsearch_domain/elasticsearchclusterconfig_instancetype_enum.json", &["AWS::Elasticsearch::Domain/Properties/ElasticsearchClusterConfig/InstanceType"]),
    ("E3653", "extensions/aws_opensearchservice_domain/clusterconfig_instancetype_enum.json", &["AWS::OpenSearchService::Domain/Properties/ClusterConfig/InstanceType"]),
    ("E3660", "extensions/aws_apigateway_restapi/openapi_properties.json", &["AWS::ApiGateway::RestApi/Properties"]),
    ("E3661", "extensions/aws_route53_healthcheck/healthcheckconfig_type_inclusive.json", &["AWS::Route53::HealthCheck/Properties/HealthCheckConfig"]),
    ("E3663", "extensions/aws_lambda_function/environment_variable_keys.json", &["AWS::Lambda::Function/Properties/Environment/Variables"]),
    ("E3667", "extensions/aws_redshift_cluster/nodetype_enum.json", &["AWS::Redshift::Cluster/Properties/NodeType"]),
    ("E3670", "extensions/aws_amazonmq_broker/instancetype_enum.json", &["AWS::AmazonMQ::Broker/Properties/HostInstanceType"]),
    ("E3671", "extensions/aws_ec2_instance/blockdevicemappings.json", &["AWS::AutoScaling::LaunchConfiguration/Properties/BlockDeviceMappings/*/Ebs", "AWS::EC2::Instance/Properties/BlockDeviceMappings/*/Ebs", "AWS::EC2::LaunchTemplate/Properties/LaunchTemplateData/BlockDeviceMappings/*/Ebs", "AWS::EC2::SpotFleet/Properties/SpotFleetRequestConfigData/LaunchSpecifications/*/BlockDeviceMappings/*/Ebs", "AWS::OpsWorks::Instance/Properties/BlockDeviceMappings/*/Ebs"]),
    ("E3672", "extensions/aws_dax_cluster/nodetype_enum.json", &["AWS::DAX::Cluster/Properties/NodeType"]),
    ("E3674", "extensions/aws_ec2_instance/privateipaddress.json", &["AWS::EC2::Instance/Properties", "AWS::EC2::NetworkInterface/Properties"]),
    ("E3675", "extensions/aws_emr_cluster/instancetypeconfig_instancetype_enum.json", &["AWS::EMR::Cluster/Properties/Instances/CoreInstanceFleet/InstanceTypeConfigs/*/InstanceType", "AWS::EMR::Cluster/Properties/Instances/CoreInstanceGroup/InstanceType", "AWS::EMR::Cluster/Properties/Instances/TaskInstanceFleets/*/InstanceTypeConfigs/*/InstanceType", "AWS::EMR::Cluster/Properties/Instances/TaskInstanceGroups/*/InstanceType"]),
    ("E3676", "extensions/aws_elasticloadbalancingv2_listener/certificate.json", &["AWS::ElasticLoadBalancingV2::Listener/Properties"]),
    ("E3677", "extensions/aws_lambda_function/zipfile_runtime_enum.json", &["AWS::Lambda::Function/Properties"]),
    ("E3678", "extensions/aws_lambda_function/zipfile_runtime_exists.json", &["AWS::Lambda::Function/Properties"]),
    ("E3679", "extensions/aws_elasticloadbalancing_loadbalancer/certificate.json", &["AWS::ElasticLoadBalancing::LoadBalancer/Properties/Listeners/*"]),
    ("E3680", "extensions/aws_elasticloadbalancingv2_loadbalancer/application_subnets.json", &["AWS::ElasticLoadBalancingV2::LoadBalancer/Properties"]),
    ("E3681", "extensions/aws_elasticloadbalancingv2_targetgroup/targettype_restrictions.json", &["AWS::ElasticLoadBalancingV2::TargetGroup/Properties"]),
    ("E3682", "extensions/aws_rds_dbinstance/aurora_exclusive.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3683", "extensions/aws_elasticloadbalancingv2_targetgroup/protocol_restrictions.json", &["AWS::ElasticLoadBalancingV2::TargetGroup/Properties"]),
    ("E3684", "extensions/aws_elasticloadbalancingv2_targetgroup/healthcheckprotocol_restrictions.json", &["AWS::ElasticLoadBalancingV2::TargetGroup/Properties"]),
    ("E3685", "extensions/aws_lambda_function/packagetype_image_exclusions.json", &["AWS::Lambda::Function/Properties"]),
    ("E3686", "extensions/aws_rds_dbcluster/serverless_exclusive.json", &["AWS::RDS::DBCluster/Properties"]),
    ("E3687", "extensions/aws_ec2_securitygroup/protocols_and_port_ranges_include.json", &["AWS::EC2::SecurityGroup/Properties/SecurityGroupEgress/*", "AWS::EC2::SecurityGroup/Properties/SecurityGroupIngress/*", "AWS::EC2::SecurityGroupEgress/Properties", "AWS::EC2::SecurityGroupIngress/Properties"]),
    ("E3688", "extensions/aws_ec2_securitygroup/all_to_and_from_ports.json", &["AWS::EC2::SecurityGroup/Properties/SecurityGroupEgress/*", "AWS::EC2::SecurityGroup/Properties/SecurityGroupIngress/*", "AWS::EC2::SecurityGroupEgress/Properties", "AWS::EC2::SecurityGroupIngress/Properties"]),
    ("E3689", "extensions/aws_rds_dbcluster/monitoring.json", &["AWS::RDS::DBCluster/Properties"]),
    ("E3690", "extensions/aws_rds_dbcluster/engine_version.json", &["AWS::RDS::DBCluster/Properties"]),
    ("E3691", "extensions/aws_rds_dbinstance/engine_version.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3692", "extensions/aws_rds_dbcluster/multiaz.json", &["AWS::RDS::DBCluster/Properties"]),
    ("E3693", "extensions/aws_rds_dbcluster/aurora.json", &["AWS::RDS::DBCluster/Properties"]),
    ("E3694", "extensions/aws_rds_dbcluster/dbclusterinstanceclass_enum.json", &["AWS::RDS::DBCluster/Properties"]),
    ("E3695", "extensions/aws_elasticache_cachecluster/engine_version.json", &["AWS::ElastiCache::CacheCluster/Properties"]),
    ("E3696", "extensions/aws_lambda_function/loglevel_logformat.json", &["AWS::Lambda::Function/Properties"]),
    ("E3698", "extensions/aws_apigateway_stage/stage_deployment_rest_api.json", &["AWS::ApiGateway::Stage/Properties"]),
    ("E3699", "extensions/aws_apigateway_method/method_authorizer_rest_api.json", &["AWS::ApiGateway::Method/Properties"]),
    ("E3704", "extensions/aws_elasticache_replicationgroup/transitencryptionenabled_valkey.json", &["AWS::ElastiCache::ReplicationGroup/Properties"]),
    ("E3705", "extensions/aws_lambda_eventsourcemapping/event_source_sqs_fifo_batch_size.json", &["AWS::Lambda::EventSourceMapping/Properties"]),
    ("E3706", "extensions/aws_autoscaling_autoscalinggroup/min_max_size.json", &["AWS::AutoScaling::AutoScalingGroup/Properties"]),
    ("E3707", "extensions/aws_rds_dbinstance/instance_cluster_engine.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3708", "extensions/aws_apigateway_method/method_authorizer_type.json", &["AWS::ApiGateway::Method/Properties"]),
    ("E3709", "extensions/aws_rds_dbinstance/instance_cluster_storage_encrypted.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3711", "extensions/aws_elasticloadbalancingv2_listenerrule/listener_rule_target_group_protocol.json", &["AWS::ElasticLoadBalancingV2::ListenerRule/Properties"]),
    ("E3712", "extensions/aws_autoscaling_scalingpolicy/policy_target_tracking_asg.json", &["AWS::AutoScaling::ScalingPolicy/Properties"]),
    ("E3713", "extensions/aws_ecs_service/service_fargate_log_driver.json", &["AWS::ECS::Service/Properties"]),
    ("E3714", "extensions/aws_ec2_launchtemplate/launch_template_sg_subnet_vpc.json", &["AWS::EC2::LaunchTemplate/Properties"]),
    ("E3715", "extensions/aws_ec2_instance/virtualname_ephemeral.json", &["AWS::AutoScaling::LaunchConfiguration/Properties/BlockDeviceMappings/*", "AWS::EC2::Instance/Properties/BlockDeviceMappings/*", "AWS::EC2::LaunchTemplate/Properties/LaunchTemplateData/BlockDeviceMappings/*", "AWS::EC2::SpotFleet/Properties/SpotFleetRequestConfigData/LaunchSpecifications/*/BlockDeviceMappings/*", "AWS::OpsWorks::Instance/Properties/BlockDeviceMappings/*"]),
    ("E3717", "extensions/aws_lambda_function/capacity_provider_timeout.json", &["AWS::Lambda::Function/Properties"]),
    ("E3718", "extensions/aws_apigateway_authorizer/ttl.json", &["AWS::ApiGateway::Authorizer/Properties"]),
    ("E3719", "extensions/aws_rds_dbinstance/backupretentionperiod_maximum.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3720", "extensions/aws_rds_dbinstance/kmskey_storageencrypted.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3721", "extensions/aws_rds_dbinstance/replicamode_enum.json", &["AWS::RDS::DBInstance/Properties"]),
    ("E3722", "extensions/aws_cloudfront_distribution/forward_enum.json", &["AWS::CloudFront::Distribution/Properties/DistributionConfig/CacheBehaviors/*", "AWS::CloudFront::Distribution/Properties/DistributionConfig/DefaultCacheBehavior"]),
    ("E3723", "extensions/aws_apigateway_stage/method_settings_resource_path.json", &["AWS::ApiGateway::Stage/Properties/MethodSettings/*"]),
    ("E3725", "extensions/aws_fsx_filesystem/storage_capacity.json", &["AWS::FSx::FileSystem/Properties"]),
    ("W3663", "extensions/aws_lambda_permission/permission_source_account.json", &["AWS::Lambda::Permission/Properties"]),
    ("W3687", "extensions/aws_ec2_securitygroup/protocols_and_port_ranges_exclude.json", &["AWS::EC2::SecurityGroup/Properties/SecurityGroupEgress/*", "AWS::EC2::SecurityGroup/Properties/SecurityGroupIngress/*", "AWS::EC2::SecurityGroupEgress/Properties", "AWS::EC2::SecurityGroupIngress/Properties"]),
    ("W3688", "extensions/aws_rds_dbcluster/snapshotidentifier.json", &["AWS::RDS::DBCluster/Properties"]),
    ("W3689", "extensions/aws_rds_dbcluster/sourcedbclusteridentifier.json", &["AWS::RDS::DBCluster/Properties"]),
    ("W3690", "extensions/aws_rds_dbcluster/engine_version_deprecated.json", &["AWS::RDS::DBCluster/Properties"]),
    ("W3691", "extensions/aws_rds_dbinstance/engine_version_deprecated.json", &["AWS::RDS::DBInstance/Properties"]),
    ("W3693", "extensions/aws_rds_dbcluster/aurora_warning.json", &["AWS::RDS::DBCluster/Properties"]),
    ("W3694", "extensions/aws_sns_subscription/subscription_endpoint_protocol.json", &["AWS::SNS::Subscription/Properties"]),
    ("W3702", "extensions/aws_lambda_function/awslayer.json", &["AWS::Lambda::Function/Properties/Layers/*"]),
    ("W3703", "extensions/aws_ec2_vpngateway/type_enum.json", &["AWS::EC2::VPNGateway/Properties/Type"]),
];

/// Adds to every type the requirements that its places have. `file` gives the text of a file.
pub(crate) fn apply(
    types: &mut BTreeMap<String, ResourceFacts>,
    file: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<()> {
    for (rule, path, places) in ROWS {
        let text = file(path).with_context(|| format!("the source has no {path}"))?;
        let value: Value = serde_json::from_slice(&text).with_context(|| format!("read {path}"))?;
        let read = requirement(rule, &regardless_of_region(value));
        let mut requirement = read.with_context(|| format!("understand {path}"))?;
        correct(&mut requirement);
        for place in *places {
            let (type_name, rest) = place.split_once('/').unwrap_or((place, ""));
            let facts = types.get_mut(type_name).with_context(|| format!("{rule} names {type_name}"))?;
            let place = rest.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect();
            facts.requirements.push(Requirement { place, ..requirement.clone() });
        }
    }
    for facts in types.values_mut() {
        facts.requirements.sort_by(|left, right| (&left.rule, &left.place).cmp(&(&right.rule, &right.place)));
    }
    Ok(())
}

/// Mends what the source says wrong.
fn correct(requirement: &mut Requirement) {
    // Alarms of high resolution may be judged every 20 seconds too.
    if requirement.rule == "E3615" {
        each_allowed(&mut requirement.schema, &mut |allowed| allowed.insert(1, Literal::Number(20.0)));
    }
}

fn each_allowed(schema: &mut Schema, change: &mut impl FnMut(&mut Vec<Literal>)) {
    for test in &mut schema.tests {
        match test {
            Test::Allowed(allowed) => change(allowed),
            Test::Properties(properties) => {
                for (_, inner) in properties {
                    each_allowed(inner, change);
                }
            }
            Test::If(choose) => {
                each_allowed(&mut choose.then, change);
                each_allowed(&mut choose.otherwise, change);
            }
            _ => {}
        }
    }
}

/// One schema for all regions: what is allowed anywhere is allowed.
fn regardless_of_region(value: Value) -> Value {
    let Value::Object(map) = &value else { return value };
    let region =
        |key: &String| key == "all" || key == "description" || key.matches('-').count() >= REGION_DASHES;
    if map.is_empty() || !map.keys().all(region) {
        return value;
    }
    let mut allowed: Vec<Value> = Vec::new();
    let mut choices: BTreeMap<String, (Value, Vec<Value>)> = BTreeMap::new();
    for schema in map.values() {
        collect(&mut allowed, schema.get("enum"));
        for choice in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let key = choice.get("if").map(Value::to_string).unwrap_or_default();
            let (_, values) = choices.entry(key).or_insert_with(|| (choice.clone(), Vec::new()));
            for property in
                choice.pointer("/then/properties").and_then(Value::as_object).into_iter().flatten()
            {
                collect(values, property.1.get("enum"));
            }
        }
    }
    if choices.is_empty() {
        return serde_json::json!({ "enum": allowed });
    }
    let all: Vec<Value> =
        choices.into_values().map(|(choice, values)| with_values(choice, &values)).collect();
    serde_json::json!({ "allOf": all })
}

fn collect(into: &mut Vec<Value>, values: Option<&Value>) {
    for value in values.and_then(Value::as_array).into_iter().flatten() {
        if !into.contains(value) {
            into.push(value.clone());
        }
    }
}

fn with_values(mut choice: Value, values: &[Value]) -> Value {
    let properties = choice.pointer_mut("/then/properties").and_then(Value::as_object_mut);
    for (_, property) in properties.into_iter().flatten() {
        if let Some(allowed) = property.get_mut("enum") {
            *allowed = values.to_vec().into();
        }
    }
    choice
}

fn requirement(rule: &str, value: &Value) -> Result<Requirement> {
    let mut requirement = Requirement {
        rule: rule.to_owned(),
        place: Vec::new(),
        schema: Schema::default(),
        parts: Vec::new(),
        gathered: Vec::new(),
        expressions: false,
    };
    let mut body = value;
    if let Some(gather) = value.get("cfnGather") {
        for (name, gathered) in object(gather.get("gather"))? {
            requirement.gathered.push(gathered_values(name, gathered)?);
        }
        body = gather.get("schema").context("`cfnGather` has no schema")?;
        if let Some(context) = body.get("cfnContext") {
            requirement.expressions = true;
            body = context.get("schema").context("`cfnContext` has no schema")?;
        }
    }
    requirement.schema = schema(body)?;
    for (name, part) in object(value.get("definitions").or(Some(&Value::Object(Map::new()))))? {
        requirement.parts.push((name.clone(), schema(part)?));
    }
    Ok(requirement)
}

fn gathered_values(name: &str, value: &Value) -> Result<Gathered> {
    let reference = value.get("reference").and_then(Value::as_str).map(steps);
    let kind = value.pointer("/filter/type").and_then(Value::as_str).map(str::to_owned);
    let properties = object(value.get("properties"))?
        .iter()
        .map(|(name, place)| {
            let path = place.get("path").unwrap_or(place).as_str().context("a path is a text")?;
            let default = place.get("default").map(literal).transpose()?;
            Ok(GatheredProperty { name: name.clone(), path: steps(path), default })
        })
        .collect::<Result<_>>()?;
    let from = reference.map(|path| (path, kind.unwrap_or_default()));
    Ok(Gathered { name: name.to_owned(), from, properties })
}

fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect()
}

fn schema(value: &Value) -> Result<Schema> {
    let map = match value {
        Value::Bool(true) => return Ok(Schema::default()),
        Value::Bool(false) => return Ok(Schema { tests: vec![Test::Never] }),
        value => object(Some(value))?,
    };
    let mut tests = Vec::new();
    for (keyword, value) in map {
        let test = match keyword.as_str() {
            "$id" | "$schema" | "$comment" | "title" | "description" | "default" | "definitions" | "then"
            | "else" => continue,
            "format" => Test::Format(text(value)?),
            "allOf" => {
                for part in list(value)? {
                    tests.extend(schema(part)?.tests);
                }
                continue;
            }
            "additionalProperties" if value == &Value::Bool(true) => continue,
            "additionalProperties" if value == &Value::Bool(false) => Test::Closed,
            "additionalProperties" => Test::Others(schema(value)?),
            "$ref" => {
                let name = value.as_str().and_then(|text| text.strip_prefix("#/definitions/"));
                Test::Part(name.context("a part of another file")?.to_owned())
            }
            "type" => Test::Kinds(kinds(value)?),
            "const" => Test::Equal(operand(value)?),
            "enum" => Test::Allowed(list(value)?.iter().map(literal).collect::<Result<_>>()?),
            "pattern" => Test::Pattern(text(value)?),
            "minLength" => Test::MinLength(count(value)?),
            "maxLength" => Test::MaxLength(count(value)?),
            "minimum" => Test::Minimum(operand(value)?),
            "maximum" => Test::Maximum(operand(value)?),
            "exclusiveMinimum" => Test::Above(operand(value)?),
            "exclusiveMaximum" => Test::Below(operand(value)?),
            "multipleOf" => Test::MultipleOf(value.as_f64().context("a number")?),
            "minItems" => Test::MinItems(count(value)?),
            "maxItems" => Test::MaxItems(count(value)?),
            "items" => Test::Items(schema(value)?),
            "contains" => Test::Contains(schema(value)?),
            "uniqueItems" => Test::UniqueItems,
            "properties" => Test::Properties(named(value)?),
            "patternProperties" => Test::Patterned(named(value)?),
            "propertyNames" => Test::Names(schema(value)?),
            "required" => Test::Required(texts(value)?),
            "minProperties" => Test::MinProperties(count(value)?),
            "maxProperties" => Test::MaxProperties(count(value)?),
            "requiredXor" => Test::ExactlyOne(texts(value)?),
            "requiredOr" => Test::AtLeastOne(texts(value)?),
            "dependentRequired" => Test::Needs(dependent(value)?),
            "dependentExcluded" => Test::Excludes(dependent(value)?),
            "anyOf" => Test::Any(list(value)?.iter().map(schema).collect::<Result<_>>()?),
            "oneOf" => Test::One(list(value)?.iter().map(schema).collect::<Result<_>>()?),
            "not" => Test::Not(schema(value)?),
            "if" => Test::If(Box::new(Choose {
                when: schema(value)?,
                then: map.get("then").map(schema).transpose()?.unwrap_or_default(),
                otherwise: map.get("else").map(schema).transpose()?.unwrap_or_default(),
            })),
            unknown => bail!("the keyword `{unknown}` is not known here"),
        };
        tests.push(test);
    }
    Ok(Schema { tests })
}

fn object(value: Option<&Value>) -> Result<&Map<String, Value>> {
    value.and_then(Value::as_object).context("an object is wanted")
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("a list is wanted")
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a text is wanted")?.to_owned())
}

fn texts(value: &Value) -> Result<Vec<String>> {
    list(value)?.iter().map(text).collect()
}

fn count(value: &Value) -> Result<u64> {
    value.as_u64().context("a count is wanted")
}

fn named(value: &Value) -> Result<Vec<(String, Schema)>> {
    object(Some(value))?.iter().map(|(name, value)| Ok((name.clone(), schema(value)?))).collect()
}

fn dependent(value: &Value) -> Result<Vec<(String, Vec<String>)>> {
    object(Some(value))?.iter().map(|(name, value)| Ok((name.clone(), texts(value)?))).collect()
}

fn kinds(value: &Value) -> Result<Vec<JsonKind>> {
    let names = match value {
        Value::String(name) => vec![name.as_str()],
        value => list(value)?.iter().filter_map(Value::as_str).collect(),
    };
    names
        .into_iter()
        .map(|name| {
            Ok(match name {
                "null" => JsonKind::Null,
                "boolean" => JsonKind::Boolean,
                "integer" => JsonKind::Integer,
                "number" => JsonKind::Number,
                "string" => JsonKind::String,
                "array" => JsonKind::List,
                "object" => JsonKind::Object,
                other => bail!("`{other}` is no kind of value"),
            })
        })
        .collect()
}

fn literal(value: &Value) -> Result<Literal> {
    Ok(match value {
        Value::Null => Literal::Null,
        Value::Bool(flag) => Literal::Bool(*flag),
        Value::Number(number) => Literal::Number(number.as_f64().context("a number")?),
        Value::String(text) => Literal::String(text.clone()),
        other => bail!("{other} is no plain value"),
    })
}

fn operand(value: &Value) -> Result<Operand> {
    match value.get("$data").and_then(Value::as_str) {
        Some(path) => Ok(Operand::Gathered(steps(path))),
        None => Ok(Operand::Literal(literal(value)?)),
    }
}
