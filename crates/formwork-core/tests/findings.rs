//! Every finding that synthesis can make: what it says, where it points, how to mend it.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formwork_core::{
    App, Build, Environment, Finding, Object, Parameter, RawResource, ResourceVisit, Scope, Stack,
    SynthError, Template, Via, attribute_by_name, equals, if_else, reference_by_name, sub_template,
};

/// Everything that is found in an app, as a user reads it; errors do not matter.
fn found(build: impl FnOnce(&mut App)) -> String {
    let mut app = App::new();
    build(&mut app);
    let mut findings = match app.synthesize() {
        Ok(synthesis) => synthesis.findings,
        Err(error) => error.findings().to_vec(),
    };
    // Most fixtures use nothing of what they declare, which is not what they are about.
    findings.retain(|finding| !finding.message.starts_with("nothing uses"));
    assert!(!findings.is_empty(), "nothing is found");
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

fn topic() -> RawResource {
    RawResource::new("AWS::SNS::Topic")
}

#[test]
fn names() {
    let text = found(|app| {
        app.stack("2nd_stack");
        app.stack("web");
        let mut stack = app.stack("web");
        stack.deployed_as("web prod");
        topic().build(&mut stack, "Topic");
        topic().build(&mut stack, "Topic");
        topic().build(&mut stack, "order-events");
        topic().build(&mut stack, &"Long".repeat(64));
        topic().build(&mut stack, "");
        let mut inner = stack.scope("To");
        topic().build(&mut inner, "pic");
        let stage = stack.parameter("Topic", Parameter::string());
        stack.parameter("the stage", Parameter::string());
        stack.condition("is-prod", equals(stage, "prod"));
        stack.condition("Prod", equals(stage, "prod"));
        stack.condition("Prod", equals(stage, "dev"));
        stack.mapping("by region", [("a", [("b", "c")])]);
        stack.rule("must hold", formwork_core::Rule::new(equals(stage, "prod"), "it is production"));
        stack.output("Topic Arn", "arn");
        stack.output("Same", "one");
        stack.output("Same", "two");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn references_to_nothing() {
    let text = found(|app| {
        let mut stack = app.stack("web");
        topic()
            .property("DisplayName", reference_by_name::<String>("legacy"))
            .property("TopicName", attribute_by_name::<String>("Nowhere", "Arn"))
            .property("KmsMasterKeyId", sub_template("${AWS::Region}/${Missing}/${!Literal}/${Gone.Arn}"))
            .build(&mut stack, "Topic");
        let template = r#"{"Resources": {"Legacy": {
            "Type": "AWS::SQS::Queue", "Condition": "Sometimes", "DependsOn": ["Ghost"],
            "Properties": {"QueueName": {"Fn::If": ["Never", "a", {"Fn::FindInMap": ["Table", "a", "b"]}]}}
        }}, "Outputs": {"Out": {"Condition": "Seldom", "Value": "x"}}}"#;
        stack.include(Template::from_json(template).unwrap());
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_a_transform_makes_is_not_missed() {
    for transform in [r#""AWS::Serverless-2016-10-31""#, r#"["AWS::LanguageExtensions", "Team::Macro"]"#] {
        let text = format!(
            r#"{{"Transform": {transform}, "Resources": {{"Api": {{"Type": "AWS::SNS::Topic", "Properties": {{"TopicName": {{"Ref": "MadeLater"}}}}}}}}}}"#
        );
        let mut app = App::new();
        app.stack("serverless").include(Template::from_json(&text).unwrap());
        assert!(app.synthesize().is_ok(), "{transform}");
    }
    let looped = r#"{"Transform": "AWS::LanguageExtensions", "Resources": {
        "Fn::ForEach::Topics": ["Name", ["A", "B"], {"Topic${Name}": {"Type": "AWS::SNS::Topic"}}],
        "Module": {"Type": "Team::Net::Vpc::MODULE"},
        "User": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "TopicA"}, "KmsMasterKeyId": {"Ref": "Module.Key"}}}
    }}"#;
    let mut app = App::new();
    app.stack("loops").include(Template::from_json(looped).unwrap());
    let synthesis = app.synthesize().unwrap();
    insta::assert_snapshot!(synthesis.stacks[0].template.to_json());
}

#[test]
fn circles() {
    let text = found(|app| {
        let mut stack = app.stack("web");
        let first = topic().build(&mut stack, "First");
        let second = topic()
            .property("DisplayName", first.attribute::<String>("TopicName"))
            .build(&mut stack, "Second");
        let third = topic().depends_on(&second).build(&mut stack, "Third");
        stack.modify(&first, |first| first.property("DisplayName", third.reference()));
        let own = topic().build(&mut stack, "Own");
        stack.modify(&own, |topic| topic.property("DisplayName", own.reference()));

        let mut left = app.stack("left");
        let (one, left) = (topic().build(&mut left, "One"), left.id());
        let mut right = app.stack("right");
        right.output("One", one.reference());
        let two = topic().build(&mut right, "Two");
        app.open(left).output("Two", two.reference());
    });
    insta::assert_snapshot!(text);
}

#[test]
fn things_of_other_apps_and_stacks() {
    let mut other = App::new();
    let (foreign, id, parameter, condition, mapping) = {
        let mut stack = other.stack("other");
        let parameter = stack.parameter("Stage", Parameter::string());
        let condition = stack.condition("Prod", equals(parameter, "prod"));
        let mapping = stack.mapping("Table", [("a", [("b", "c")])]);
        (topic().build(&mut stack, "Topic"), stack.id(), parameter, condition, mapping)
    };
    let text = found(|app| {
        let (local, local_table) = {
            let mut first = app.stack("first");
            let stage = first.parameter("Stage", Parameter::string());
            (first.condition("Prod", equals(stage, "prod")), first.mapping("Table", [("a", [("b", "c")])]))
        };
        let mut stack = app.stack("web");
        topic()
            .property("DisplayName", foreign.reference())
            .property("TopicName", parameter)
            .condition_on(&condition)
            .build(&mut stack, "Topic");
        stack.output("Mapping", mapping.find("a", "b"));
        stack.output("Condition", if_else::<String>(&local, "a", "b"));
        stack.output("Table", local_table.find("a", "b"));
        app.open(id);
    });
    insta::assert_snapshot!(text);
}

#[test]
fn values_that_cannot_cross() {
    let text = found(|app| {
        let (topic, parameter, west) = {
            let mut stack = app.stack("west");
            stack.environment(Environment::new("111111111111", "eu-west-1"));
            let parameter = stack.parameter("Stage", Parameter::string());
            (topic().build(&mut stack, "Topic"), parameter, stack.id())
        };
        let mut east = app.stack("east");
        east.environment(Environment::new("111111111111", "us-east-1"));
        east.output("Export", topic.reference());
        let mut north = app.stack("north");
        north.environment(Environment::new("222222222222", "eu-west-1")).carry_from(west, Via::SsmParameter);
        north.output("Ssm", topic.reference());
        let mut south = app.stack("south");
        south.environment(Environment::new("222222222222", "us-east-1")).carry_from(west, Via::Parameter);
        south.output("Parameter", topic.reference());
        let mut same = app.stack("same");
        same.environment(Environment::region("eu-west-1"));
        same.condition("Prod", equals(parameter, "prod"));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_cannot_be_written() {
    let text = found(|app| {
        let mut stack = app.stack("web");
        topic()
            .property("Ratio", f64::NAN)
            .property("Nothing", Object::new().with("inside", serde_json::Value::Null))
            .set_property("Ratio.part", 1)
            .build(&mut stack, "Topic");
        let zone = stack.lookup("zone:example.com");
        stack.output("Zone", zone);
        app.aspect(|resource: &mut ResourceVisit<'_>| {
            resource.set_property("Ratio.other", 2);
            resource.warning("TEAM001", "a topic of ours has a name");
        });
        app.report(Finding::warning("TEAM002", "the app is old"));
    });
    insta::assert_snapshot!(text);
}

/// As many of something as are asked for.
fn fill(stack: &mut Stack<'_>, topics: usize, parameters: usize, outputs: usize) {
    for number in 0..topics {
        topic().build(stack, &format!("Topic{number}"));
    }
    for number in 0..parameters {
        stack.parameter(&format!("Parameter{number}"), Parameter::string());
    }
    for number in 0..outputs {
        stack.output(&format!("Output{number}"), "x");
    }
}

#[test]
fn counts() {
    let text = found(|app| {
        let mut near = app.stack("near");
        fill(&mut near, 400, 160, 160);
        for number in 0..160 {
            near.mapping(&format!("Mapping{number}"), [("a", [("b", "c")])]);
        }
        let mut over = app.stack("over");
        fill(&mut over, 499, 201, 201);
        RawResource::new("AWS::SQS::Queue").build(&mut over, "Queue");
        RawResource::new("AWS::SQS::Queue").build(&mut over, "Another");
        for number in 0..201 {
            over.mapping(&format!("Mapping{number}"), [("a", [("b", "c")])]);
        }
    });
    insta::assert_snapshot!(text);
    let mut app = App::new();
    fill(&mut app.stack("below"), 399, 159, 159);
    let findings = app.synthesize().unwrap().findings;
    assert!(findings.iter().all(|finding| ["I1002", "W2001"].contains(&&*finding.rule)), "{findings:?}");
}

#[test]
fn sizes() {
    let heavy = |stack: &mut Scope<'_>, id: &str, bytes: usize| {
        topic().property("DisplayName", "x".repeat(bytes)).build(stack, id);
    };
    let text = found(|app| {
        let mut stack = app.stack("inline");
        heavy(&mut stack, "Topic", 45_000);
        heavy(&mut app.stack("bucket"), "Topic", 60_000);
        let mut near = app.stack("near");
        heavy(&mut near, "Small", 10);
        heavy(&mut near, "Large", 500_000);
        heavy(&mut near, "Larger", 500_001);
        heavy(&mut app.stack("over"), "Topic", 1_100_000);
        app.stack("talkative").description("x".repeat(1_000));
        app.stack("endless").description("x".repeat(1_025));
    });
    insta::assert_snapshot!(text);
}

fn statement(characters: usize) -> Object {
    Object::new().with("Statement", vec![Object::new().with("Action", "x".repeat(characters))])
}

#[test]
fn what_services_take() {
    let text = found(|app| {
        let mut stack = app.stack("web");
        let base64 = |bytes: usize| formwork_core::base64("x".repeat(bytes));
        RawResource::new("AWS::EC2::Instance").property("UserData", base64(16_385)).build(&mut stack, "Over");
        RawResource::new("AWS::EC2::LaunchTemplate")
            .property("LaunchTemplateData", Object::new().with("UserData", base64(14_000)))
            .build(&mut stack, "Near");
        RawResource::new("AWS::EC2::Instance")
            .property("UserData", base64(13_000))
            .build(&mut stack, "Below");
        RawResource::new("AWS::IAM::ManagedPolicy")
            .property("PolicyDocument", statement(6_200))
            .build(&mut stack, "Managed");
        let role = RawResource::new("AWS::IAM::Role")
            .property("AssumeRolePolicyDocument", statement(2_100))
            .property("Policies", vec![Object::new().with("PolicyDocument", statement(6_000))])
            .build(&mut stack, "Role");
        RawResource::new("AWS::IAM::Policy")
            .property("PolicyDocument", statement(6_000))
            .property("Roles", vec![role.reference()])
            .build(&mut stack, "Policy");
        let tags: Vec<Object> =
            (0..51).map(|tag| Object::new().with("Key", format!("k{tag}")).with("Value", "v")).collect();
        topic().property("Tags", tags).build(&mut stack, "Tagged");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn every_rule_has_a_fixture() {
    let mut reported = std::collections::BTreeSet::new();
    sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut reported);
    let mut shown = String::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots")).unwrap() {
        shown += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    // One that needs a variable of the environment is asserted in a process of its own.
    reported.retain(|rule| !include_str!("weak_points.rs").contains(&format!("{rule:?}")));
    reported.retain(|rule| !shown.contains(&format!("[{rule}]")) && !shown.contains(&format!("\n{rule} ")));
    assert_eq!(
        reported.into_iter().collect::<Vec<_>>(),
        Vec::<String>::new(),
        "no fixture shows these rules"
    );
}

/// The ids of rules in the sources below a directory.
fn sources(directory: &std::path::Path, found: &mut std::collections::BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let quoted = text.split('"').skip(1).step_by(2);
        let rule = |id: &&str| {
            let digits = id.trim_start_matches(|each: char| each.is_ascii_uppercase());
            digits.len() == 4
                && digits.bytes().all(|each| each.is_ascii_digit())
                && id.len() <= 6
                && id.len() > 4
        };
        found.extend(quoted.filter(rule).map(str::to_owned));
    }
}

#[test]
fn an_error_reads_well_wherever_it_ends() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    topic().build(&mut stack, "Topic");
    stack.output("Out", reference_by_name::<String>("Nobody"));
    let error: SynthError = app.synthesize().unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(error.to_string().starts_with("synthesis found 1 error\n\nerror[E1020]"), "{error}");
}

#[test]
fn what_is_accepted_does_not_stop_synthesis() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    topic()
        .property("DisplayName", reference_by_name::<String>("Macro"))
        .accept("E1020", "a macro of the account makes it")
        .build(&mut stack, "Topic");
    let findings = app.synthesize().unwrap().findings;
    insta::assert_snapshot!(findings[0]);
}
