//! The templates of the reference stacks, as reviewers read them in `snapshots/`.

use formwork_testing::{TemplateAssertions, absent, assert_clean, assert_snapshot_directory, object};

#[test]
fn snapshots_are_fresh() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots");
    assert_snapshot_directory(&stacks::app().synthesize().unwrap(), directory);
}

#[test]
fn the_fleet_leaves_its_size_to_scaling() {
    let web = TemplateAssertions::of_app(stacks::app(), "web-asg");
    web.has_resource_with_properties(
        "AWS::AutoScaling::AutoScalingGroup",
        object! { "MinSize": "2", "MaxSize": "10", "DesiredCapacity": absent() },
    );
    web.has_resource_with_properties(
        "AWS::EC2::LaunchTemplate",
        object! { "LaunchTemplateData": object! { "MetadataOptions": object! { "HttpTokens": "required" } } },
    );
}

#[test]
fn no_rule_objects_to_the_networks() {
    let mut app = formwork::App::new();
    stacks::network_lab(&mut app);
    assert_clean(&app.synthesize().unwrap());
}

#[test]
fn no_rule_objects_to_the_editors() {
    let mut app = formwork::App::new();
    stacks::cloud_ide(&mut app);
    assert_clean(&app.synthesize().unwrap());
}

#[test]
fn no_rule_objects_to_the_load_balancers() {
    let mut app = formwork::App::new();
    stacks::load_balancers(&mut app);
    assert_clean(&app.synthesize().unwrap());
}

#[test]
fn no_rule_objects_to_the_access_of_the_team() {
    let mut app = formwork::App::new();
    stacks::iam_lab(&mut app);
    assert_clean(&app.synthesize().unwrap());
}

#[test]
fn no_rule_objects_to_the_deliveries() {
    let mut app = formwork::App::new();
    stacks::ecs_delivery(&mut app);
    assert_clean(&app.synthesize().unwrap());
}

#[test]
fn no_rule_objects_to_the_containers_on_instances() {
    let mut app = formwork::App::new();
    stacks::ecs_ec2(&mut app);
    assert_clean(&app.synthesize().unwrap());
}
