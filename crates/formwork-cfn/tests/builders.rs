//! What builders take, and what they write.

use formwork_cfn::{autoscaling, cloudwatch, ec2, elasticloadbalancingv2 as elbv2, ids, kms, logs, s3, sqs};
use formwork_core::{
    builder::{Draft, Node, Resource, Tag, Tagging, Yield},
    id,
};

/// A property as the builder has it.
fn property(resource: impl Resource, name: &str) -> Node {
    let draft: Draft = resource.into_draft();
    draft.properties().get(name).cloned().unwrap_or_default()
}

fn text(text: &'static str) -> Node {
    Node::String(text.into())
}

#[test]
fn required_properties_are_arguments() {
    let subnet = ec2::Subnet::new(id("vpc-1")).cidr_block("10.0.0.0/24").map_public_ip_on_launch(true);
    assert_eq!(property(subnet, "VpcId"), text("vpc-1"));
    let group = autoscaling::AutoScalingGroup::new("1", "10");
    assert_eq!(property(group, "MinSize"), text("1"));
}

#[test]
fn many_required_properties_have_names() {
    let reservation = s3::bucket::ReplicationTime::new("Enabled", s3::bucket::ReplicationTimeValue::new(15));
    let bucket =
        s3::bucket::LifecycleConfiguration::new([s3::bucket::Rule::new("Enabled").expiration_in_days(30)]);
    let _ = (reservation, bucket);
    let analysis = formwork_cfn::applicationautoscaling::ScalableTarget::new(
        formwork_cfn::applicationautoscaling::scalable_target::ScalableTargetRequired {
            resource_id: "service/web/app".into(),
            service_namespace: "ecs".into(),
            scalable_dimension: "ecs:service:DesiredCount".into(),
            min_capacity: 1.into(),
            max_capacity: 10.into(),
        },
    );
    assert_eq!(property(analysis, "MaxCapacity"), Node::Integer(10));
}

#[test]
fn known_values_have_constants_and_others_pass() {
    use s3::bucket::{VersioningConfiguration, VersioningConfigurationStatus};
    let versioned = s3::Bucket::new()
        .versioning_configuration(VersioningConfiguration::new(VersioningConfigurationStatus::ENABLED));
    let Node::Map(pairs) = property(versioned, "VersioningConfiguration") else { panic!("it is an object") };
    assert_eq!(pairs, [("Status".into(), text("Enabled"))]);
    let volume = ec2::Volume::new().volume_type("gp9");
    assert_eq!(property(volume, "VolumeType"), text("gp9"));
}

#[test]
fn reserved_names_step_aside() {
    let parameters = formwork_cfn::ssm::Parameter::new("String", "value");
    assert_eq!(property(parameters, "Type"), text("String"));
}

#[test]
fn a_type_says_how_it_holds_tags() {
    assert_eq!(ec2::Vpc::TAGGING, Tagging::List("Tags"));
    assert_eq!(ec2::LaunchTemplate::TAGGING, Tagging::LaunchTemplate);
    assert_eq!(autoscaling::AutoScalingGroup::TAGGING, Tagging::AutoScaling("Tags"));
    let tagged = sqs::Queue::new().tags([Tag::new("team", "web")]);
    assert!(matches!(property(tagged, "Tags"), Node::List(tags) if tags.len() == 1));
}

#[test]
fn a_handle_stands_for_what_the_property_wants() {
    use formwork_core::builder::{AnyOf, Provides};
    fn how<R: Provides<T>, T: ?Sized>() -> Yield {
        R::YIELD
    }
    assert_eq!(how::<ec2::Vpc, ids::ec2::VpcId>(), Yield::Ref);
    assert_eq!(how::<kms::Key, ids::kms::KeyArn>(), Yield::Attribute("Arn"));
    assert_eq!(how::<kms::Key, AnyOf<ids::any::KmsKey>>(), Yield::Ref);
    assert_eq!(how::<kms::Alias, AnyOf<ids::any::KmsKey>>(), Yield::Ref);
    assert_eq!(how::<elbv2::LoadBalancer, ids::elasticloadbalancingv2::LoadBalancerArn>(), Yield::Ref);
    assert_eq!(how::<logs::LogGroup, ids::logs::LogGroupArn>(), Yield::Attribute("Arn"));
    assert_eq!(how::<sqs::Queue, AnyOf<ids::any::TopicArnOrQueueArn>>(), Yield::Attribute("Arn"));
}

#[test]
fn one_of_several_identifiers_is_enough() {
    let arn: formwork_core::Expr<ids::sns::TopicArn> = id("arn:aws:sns:eu-west-1:111122223333:alerts");
    let alarm = cloudwatch::Alarm::new("GreaterThanThreshold").alarm_actions([arn]);
    assert!(matches!(property(alarm, "AlarmActions"), Node::List(actions) if actions.len() == 1));
}
