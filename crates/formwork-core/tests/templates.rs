//! What the model is written as.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use formwork_core::{
    App, AutoScalingRollingUpdate, Build, CreationPolicy, DeletionPolicy, Json, Object, Parameter,
    RawResource, ResourceVisit, Rule, Stack, Tagging, Template, UpdatePolicy, UpdateReplacePolicy, all, any,
    availability_zones, base64, cidr, concat, contains, each_member_equals, each_member_in, equals, if_else,
    import_value, join, length, no_value, not, pseudo, ref_all, secret, select, split, ssm_parameter,
    ssm_parameter_version, ssm_secure_parameter, sub, sub_template, to_json_string, transform, value_of,
    value_of_all,
};

/// The template of a single stack.
fn template(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("web"));
    app.synthesize().unwrap().stacks.remove(0).template.to_json()
}

fn topic() -> RawResource {
    RawResource::new("AWS::SNS::Topic")
}

#[test]
fn functions() {
    let text = template(|stack| {
        let list = || split(",", "a,b");
        let queue = RawResource::new("AWS::SQS::Queue").build(stack, "Queue");
        let named = stack.parameter("Name", Parameter::string());
        let values = [
            ("Base64", base64("text")),
            ("Cidr", select(1, cidr("10.0.0.0/16", 4, 8))),
            ("GetAZs", select(0, availability_zones(pseudo::region()))),
            ("Import", import_value("name")),
            ("Join", join("-", ["a".into(), pseudo::account_id()])),
            ("Length", length::<String>(list()).cast()),
            ("Select", select(0, list())),
            ("Sub", sub_template("${AWS::Region}")),
            ("ToJson", to_json_string(Object::new().with("a", 1))),
            ("Transform", transform("Macro", Object::new().with("a", queue.attribute::<String>("Arn")))),
            ("Partition", concat([pseudo::partition(), "-".into(), pseudo::url_suffix()])),
            (
                "Format",
                sub!(
                    "{name}:{queue}:{arn}:{{}}:${{x}}",
                    name = named,
                    queue = queue.reference(),
                    arn = queue.attribute::<String>("Arn")
                ),
            ),
            (
                "Nested",
                sub!(
                    "{inner}/{list}",
                    inner = sub!("<{region}>", region = pseudo::region()),
                    list = join(",", list())
                ),
            ),
            ("Literal", sub!("{a}-{b}", a = "x", b = 7)),
            ("Ssm", ssm_parameter("/a")),
            ("SsmVersion", ssm_parameter_version("/a", 3)),
            ("SsmSecure", ssm_secure_parameter("/a")),
            ("Secret", secret("name").json_key("password").into()),
            ("SecretStage", secret("name").version_stage("AWSPREVIOUS").into()),
            ("SecretId", secret(queue.reference()).json_key("k").version_id("v").into()),
            ("StackId", pseudo::stack_id()),
            ("Notifications", join(",", pseudo::notification_arns())),
        ];
        for (id, value) in values {
            stack.output(id, value);
        }
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_decided_at_deployment() {
    let text = template(|stack| {
        stack.description("Everything that a template may have beside resources");
        stack.metadata("Team", Object::new().with("name", "web"));
        stack.transform("Team::Macro").transform("Team::Macro");
        let stage = stack.parameter(
            "Stage",
            Parameter::string()
                .description("what for")
                .allowed_values(["dev", "prod"])
                .allowed_pattern("[a-z]+")
                .min_length(1)
                .max_length(9)
                .constraint_description("a stage")
                .default("dev"),
        );
        stack.parameter("Secret", Parameter::string().no_echo());
        let size = stack.parameter("Size", Parameter::number().min_value(1).max_value(9).default(2));
        let names = stack.parameter("Names", Parameter::comma_delimited_list().default(["a", "b"]));
        stack.parameter("Numbers", Parameter::number_list().default([1, 2]));
        stack.parameter("Image", Parameter::image_from_ssm("/aws/image"));
        stack.parameter("Value", Parameter::from_ssm("/a"));
        stack.parameter("Values", Parameter::list_from_ssm("/b"));
        stack.parameter("SsmName", Parameter::ssm_parameter_name());
        stack.parameter("Key", Parameter::aws("AWS::EC2::KeyPair::KeyName"));
        let table = stack.mapping("Table", [("dev", [("Size", 1)]), ("prod", [("Size", 3)])]);
        let production = stack.condition("Production", equals(stage, "prod"));
        let tests: Vec<_> = (0..12).map(|number| equals(stage, format!("s{number}"))).collect();
        let many = stack.condition("Many", any(tests));
        let both = stack.condition("Both", all([production, many]));
        stack.condition("Neither", not(both));
        stack.rule(
            "Sane",
            Rule::new(contains(["1", "2"], size.value().cast::<String>()), "one or two")
                .assert(each_member_in(names, ["a", "b"]), "a or b")
                .assert(each_member_equals(ref_all("AWS::EC2::VPC::Id"), "vpc-1"), "one network")
                .assert(equals(value_of(&stage, "Tags.Team"), "web"), "ours")
                .assert(contains(value_of_all("AWS::EC2::VPC::Id", "Tags.Team"), "web"), "ours, all")
                .when(production),
        );
        topic()
            .property("DisplayName", if_else::<String>(&production, "live", no_value()))
            .property("FifoTopic", if_else::<Json>(&both, true, false))
            .property("TopicName", table.find_or(stage, "Size", "none"))
            .condition_on(&production)
            .build(stack, "Topic");
        stack
            .output("Out", sub!("{stage}-{size}", stage = stage, size = &size))
            .description("what")
            .condition_on(&production)
            .export_as("web-out");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn resource_attributes() {
    let text = template(|stack| {
        let first = topic().build(stack, "First");
        let second = topic().build(stack, "Second");
        RawResource::new("AWS::AutoScaling::AutoScalingGroup")
            .property("MinSize", "1")
            .property("NotificationConfiguration", first.reference())
            // The first is referred to anyway, so that only the second is left.
            .depends_on(&first)
            .depends_on(&second)
            .depends_on(&second)
            .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
            .update_replace_policy(UpdateReplacePolicy::Retain)
            .creation_policy(
                CreationPolicy::signals(2, Duration::from_secs(3_725))
                    .minimum_successful_instances_percent(50),
            )
            .update_policy(UpdatePolicy::auto_scaling_rolling_update(
                AutoScalingRollingUpdate::new()
                    .max_batch_size(2)
                    .min_instances_in_service(1)
                    .min_successful_instances_percent(80)
                    .pause_time(Duration::from_mins(5))
                    .suspend_processes(["AlarmNotification"])
                    .wait_on_resource_signals(),
            ))
            .update_policy(UpdatePolicy::ignore_unmodified_group_size_properties())
            .metadata("AWS::CloudFormation::Init", Object::new().with("config", Object::new()))
            .metadata("Team", "web")
            .accept("E3014", "the launch template is added by an aspect")
            .when(true, |group| group.property("MaxSize", "2"))
            .when(false, |group| group.property("MaxSize", "9"))
            .build(stack, "Fleet");
        RawResource::new("AWS::Lambda::Alias")
            .update_policy(UpdatePolicy::code_deploy_lambda_alias("app", "group"))
            .deletion_policy(DeletionPolicy::Snapshot)
            .build(stack, "Alias");
        RawResource::new("AWS::ElastiCache::ReplicationGroup")
            .update_policy(UpdatePolicy::use_online_resharding())
            .build(stack, "Cache");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn tags_reach_every_form() {
    let mut app = App::new();
    app.tag("team", "platform").tag("stage", pseudo::stack_name());
    let mut stack = app.stack("web");
    stack.tag("team", "web");
    let own = vec![Object::new().with("Key", "team").with("Value", "own")];
    topic().taggable(Tagging::List("Tags")).property("Tags", own).build(&mut stack, "Own");
    let mut inner = stack.scope("Inner");
    inner.tag("team", "late").tag("team", "inner");
    topic().taggable(Tagging::List("Tags")).build(&mut inner, "List");
    topic().taggable(Tagging::Map("Tags")).build(&mut inner, "Map");
    topic().taggable(Tagging::AutoScaling("Tags")).build(&mut inner, "Fleet");
    topic().taggable(Tagging::LaunchTemplate).build(&mut inner, "Template");
    topic().taggable(Tagging::None).build(&mut inner, "None");
    let chosen = if_else_tags(&mut inner);
    topic().taggable(Tagging::List("Tags")).property("Tags", chosen).build(&mut inner, "Chosen");
    insta::assert_snapshot!(app.synthesize().unwrap().stacks[0].template.to_json());
}

/// An expression in the place of tags.
fn if_else_tags(scope: &mut formwork_core::Scope<'_>) -> formwork_core::Expr<Json> {
    let tagged = scope.condition("Tagged", equals(pseudo::region(), "eu-west-1"));
    if_else(&tagged, vec![Object::new().with("Key", "a").with("Value", "b")], no_value())
}

#[test]
fn aspects_change_what_is_below_them() {
    let mut app = App::new();
    app.aspect(|resource: &mut ResourceVisit<'_>| resource.set_property("DisplayName", "everywhere"));
    let mut stack = app.stack("web");
    topic().build(&mut stack, "Outer");
    let mut inner = stack.scope("Inner");
    inner.aspect(|resource: &mut ResourceVisit<'_>| {
        let id = resource.logical_id().to_owned();
        resource.set_property("TopicName", format!("{}-{id}", resource.stack()));
        resource.delete_property("DisplayName");
    });
    topic().build(&mut inner, "Topic");
    let mut deep = inner.scope("Deep");
    topic().build(&mut deep, "Topic");
    topic().build(&mut app.stack("other"), "Topic");
    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_compact_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn ways_out() {
    let legacy = r#"{
        "Description": "old", "Metadata": {"Owner": "legacy"}, "Hooks": {"Any": {}},
        "Parameters": {"Prefix": {"Type": "String"}},
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Mappings": {"Table": {"a": {"b": "c"}}},
        "Resources": {"Old": {"Type": "AWS::SQS::Queue", "DependsOn": "Older", "Condition": "Never",
            "Properties": {"QueueName": {"Fn::Sub": "${Prefix}-q"}}}, "Older": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"OldArn": {"Value": {"Fn::GetAtt": ["Old", "Arn"]}}}
    }"#;
    let text = template(|stack| {
        let included = stack.include(Template::from_json(legacy).unwrap());
        let old = included.resource::<RawResource>("Old").unwrap();
        let prefix = included.parameter::<String>("Prefix").unwrap();
        stack.modify(&old, |queue| {
            queue.property("Tags", vec![Object::new().with("Key", "k").with("Value", prefix)])
        });
        topic()
            .set_property("DataProtectionPolicy.Statement.0.Effect", "Deny")
            .set_property("DataProtectionPolicy.Statement.1", Object::new().with("Effect", "Allow"))
            .set_property("DisplayName", old.attribute::<String>("Arn"))
            .property("Gone", 1)
            .delete_property("Gone")
            .delete_property("Never.There")
            .build(stack, "New");
    });
    insta::assert_snapshot!(text);
}
