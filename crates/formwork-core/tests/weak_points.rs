//! Input that is not meant: it gives a finding at its line, and never a broken template.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::Command;

use formwork_core::{
    App, Build, Expr, Finding, Json, List, Object, Parameter, RawResource, SynthError, Template,
    availability_zones, concat, if_else, join, pseudo, split, sub,
};

fn topic() -> RawResource {
    RawResource::new("AWS::SNS::Topic")
}

/// The errors of a stack, as a user reads them.
fn errors(build: impl FnOnce(&mut formwork_core::Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("web"));
    let error = app.synthesize().unwrap_err();
    let errors = error.findings().iter().filter(|found| found.severity == formwork_core::Severity::Error);
    errors.map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn expressions_where_nothing_is_evaluated() {
    insta::assert_snapshot!(errors(|stack| {
        topic().build(stack, "Topic");
        let stage = stack.parameter("Stage", Parameter::string().default(pseudo::region()));
        let zones: [Expr<String>; 2] = ["a".into(), stage.value()];
        stack.parameter("Zones", Parameter::comma_delimited_list().default(zones));
        stack.parameter("Allowed", Parameter::string().allowed_values([pseudo::region()]));
        stack.mapping("Table", [("a", [("b", sub!("{stage}", stage = stage))])]);
    }));
}

#[test]
fn lists_and_objects_in_a_text() {
    insta::assert_snapshot!(errors(|stack| {
        let names = stack.parameter("Names", Parameter::comma_delimited_list());
        let balancer = RawResource::new("AWS::ElasticLoadBalancingV2::LoadBalancer").build(stack, "Balancer");
        let groups: Expr<List<String>> = balancer.list_attribute("SecurityGroups");
        let always = stack.condition("Always", formwork_core::equals("a", "a"));
        let chosen = if_else::<List<String>>(&always, split(",", "a,b"), groups.clone());
        stack.output("Plain", sub!("{list}", list = vec!["a", "b"]));
        stack.output("Object", sub!("<{body}>", body = Object::new().with("a", 1)));
        stack.output("Parameter", sub!("<{names}>", names = &names));
        stack.output("Attribute", sub!("<{groups}>", groups = &groups));
        stack.output("Zones", sub!("<{zones}>", zones = availability_zones(pseudo::region())));
        stack.output("Arns", concat([pseudo::notification_arns().cast::<String>(), "-".into()]));
        stack.output("Chosen", sub!("<{chosen}>", chosen = chosen));
    }));
    let mut app = App::new();
    let mut stack = app.stack("web");
    topic().build(&mut stack, "Topic");
    let names = stack.parameter("Names", Parameter::comma_delimited_list());
    stack.output("Joined", sub!("<{names}>", names = join(",", names)));
    assert!(app.synthesize().is_ok());
}

#[test]
fn what_is_too_deep_to_be_read() {
    let deep = |levels: usize| {
        let always = |stack: &mut formwork_core::Stack<'_>| {
            topic().build(stack, "Topic");
            let always = stack.condition("Always", formwork_core::equals("a", "a"));
            let mut value: Expr<String> = pseudo::region();
            for _ in 0..levels {
                value = join("", [if_else::<String>(&always, value, "x")]);
            }
            stack.output("Deep", value);
        };
        let mut app = App::new();
        always(&mut app.stack("web"));
        app
    };
    for levels in [24, 300] {
        let error = deep(levels).synthesize().unwrap_err();
        let rules: Vec<_> = error.findings().iter().map(|finding| finding.rule.clone()).collect();
        assert_eq!(rules, ["FW0110"], "{error}");
        if levels == 24 {
            insta::assert_snapshot!(error.findings()[0]);
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let assembly = deep(21).synth_to(directory.path()).unwrap();
    assert!(assembly.template(&assembly.stacks[0]).is_ok(), "what is written can be read");
}

#[test]
fn paths_without_names() {
    insta::assert_snapshot!(errors(|stack| {
        topic()
            .set_property("", 1)
            .set_property("A..B", 1)
            .set_property("A.", 1)
            .set_property("List.1", 1)
            .build(stack, "Topic");
    }));
}

#[test]
fn resources_of_other_apps_are_not_changed() {
    let mut other = App::new();
    let foreign = topic().build(&mut other.stack("other"), "Topic");
    let text = errors(|stack| {
        topic().build(stack, "Topic");
        stack.modify(&foreign, |topic| topic.property("DisplayName", "changed"));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn the_authors_own_findings_bear_their_lines() {
    let mut app = App::new();
    app.report(Finding::warning("TEAM001", "of the app"));
    let mut stack = app.stack("web");
    stack.report(Finding::warning("TEAM002", "of the stack"));
    topic().build(&mut stack, "Topic");
    let mut construct = stack.construct("Inner");
    construct.report(Finding::warning("TEAM003", "of the construct"));
    let findings = app.synthesize().unwrap().findings;
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n\n"));
}

/// What makes elements of a section is none itself, and what it makes is not missed.
#[test]
fn functions_in_the_place_of_elements() {
    let legacy = r#"{
        "Transform": ["AWS::LanguageExtensions"],
        "Conditions": {"Fn::ForEach::Stages": ["Stage", ["dev", "prod"], {"Is${Stage}": {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "Stage"}]}}]},
        "Mappings": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/mappings.json"}}},
        "Resources": {
            "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/resources.json"}},
            "Fn::ForEach::Topics": ["Name", ["A", "B"], {"Topic${Name}": {"Type": "AWS::SNS::Topic"}}],
            "Own": {"Type": "AWS::SNS::Topic", "Condition": "Isprod", "Properties": {"DisplayName": {"Ref": "TopicA"}}}
        },
        "Outputs": {"Fn::ForEach::Outs": ["Name", ["A", "B"], {"Out${Name}": {"Value": {"Ref": {"Fn::Sub": "Topic${Name}"}}}}]}
    }"#;
    let mut app = App::new();
    app.stack("web").include(Template::from_json(legacy).unwrap());
    insta::assert_snapshot!(app.synthesize().unwrap().stacks[0].template.to_json());
}

/// Names the case that a run of this file by itself is about.
const CASE: &str = "WEAK_POINTS_CASE";

/// Runs one case in a process of its own, since a test cannot set a variable for itself.
fn again(case: &str, context: &str) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "context_from_outside"]).env(CASE, case).env("CDK_CONTEXT_JSON", context);
    command.output().unwrap().status.success()
}

#[test]
fn context_from_outside() {
    match std::env::var(CASE).as_deref() {
        Ok("given") => context_is_given(),
        Ok("broken") => context_is_broken(),
        Ok("empty") => context_is_empty(),
        Ok(other) => panic!("there is no case `{other}`"),
        Err(_) => {
            assert!(again("given", r#"{"zone:example.com": "Z1", "list": [1]}"#));
            assert!(again("broken", "{"));
            assert!(again("broken", "[]"));
            assert!(again("empty", ""));
            // A case that fails is seen here.
            assert!(!again("given", "{}"));
        }
    }
}

fn context_is_given() {
    let mut app = App::new().with_context([("list", formwork_core::Value::from("over"))]);
    assert_eq!(app.context("list").unwrap().as_str(), Some("over"));
    let mut stack = app.stack("web");
    topic().build(&mut stack, "Topic");
    let zone = stack.lookup("zone:example.com");
    stack.output("Zone", zone);
    assert!(app.synthesize().unwrap().stacks[0].template.to_json().contains("\"Value\": \"Z1\""));
}

fn context_is_broken() {
    let mut app = App::new();
    topic().build(&mut app.stack("web"), "Topic");
    let error: SynthError = app.synthesize().unwrap_err();
    let finding = &error.findings()[0];
    assert_eq!(finding.rule, "FW0109");
    assert!(finding.source.as_ref().unwrap().file.ends_with("weak_points.rs"), "{finding}");
    assert!(finding.hint.is_some());
}

fn context_is_empty() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    topic().property("Anything", Expr::<Json>::from(true)).build(&mut stack, "Topic");
    assert!(app.synthesize().is_ok());
}
