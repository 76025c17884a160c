//! What carries values between stacks: names that clash, lists, tags, stacks of other apps.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formwork_core::{
    App, Build, Finding, Json, List, Parameter, RawResource, Stack, Tagging, Via, equals, join, sub,
};

fn topic() -> RawResource {
    RawResource::new("AWS::SNS::Topic")
}

/// A compact template a line, and the edges.
fn text(app: App) -> String {
    let synthesis = app.synthesize().unwrap();
    let stacks = synthesis.stacks.iter().map(|stack| format!("{}: {}", stack.name, stack.template.to_json()));
    let edges = synthesis.edges.iter().map(|edge| {
        let attribute = edge.from.attribute.as_deref().unwrap_or("Ref");
        let names = [&edge.output, &edge.export, &edge.ssm_parameter, &edge.parameter];
        let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        format!("{}.{attribute} by {:?}: {}", edge.from.logical_id, edge.via, names.join(", "))
    });
    stacks.chain(edges).collect::<Vec<_>>().join("\n")
}

fn findings(app: App) -> Vec<Finding> {
    match app.synthesize() {
        Ok(synthesis) => synthesis.findings,
        Err(error) => error.findings().to_vec(),
    }
}

/// Values whose names run together, and ids of the author's where carriers would stand.
fn clashes(via: Via) -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    let short = topic().build(&mut data, "A");
    let long = topic().build(&mut data, "AB");
    topic().build(&mut data, "SharedABC");
    data.output("ExportABC", "the author's own");
    let mut web = app.stack("web");
    web.parameter("DataABC", Parameter::string());
    topic().build(&mut web, "Topic");
    web.carry(&short, via).carry(&long, via);
    web.output("One", short.attribute::<String>("BC"));
    web.output("Two", long.attribute::<String>("C"));
    web.output("Dotted", long.attribute::<String>(".C"));
    web.output("List", join("|", long.list_attribute::<String>("C")));
    app
}

#[test]
fn two_values_never_share_a_carrier() {
    insta::assert_snapshot!("clashes_by_export", text(clashes(Via::Export)));
    insta::assert_snapshot!("clashes_by_ssm_parameter", text(clashes(Via::SsmParameter)));
    insta::assert_snapshot!("clashes_by_deployers_parameter", text(clashes(Via::Parameter)));
}

#[test]
fn stacks_of_one_name_in_two_regions_do_not_share_a_parameter() {
    let mut app = App::new();
    app.carry_by(Via::Parameter);
    let mut handles = Vec::new();
    for region in ["eu-west-1", "us-east-1"] {
        let mut stack = app.stack(format!("data-{region}"));
        stack.deployed_as("data").environment(formwork_core::Environment::region(region));
        handles.push(topic().build(&mut stack, "Topic"));
    }
    let mut web = app.stack("web");
    topic().build(&mut web, "Own");
    for (position, handle) in handles.iter().enumerate() {
        web.output(&format!("Out{position}"), handle.reference());
    }
    let template = app.synthesize().unwrap().stacks.remove(2).template;
    insta::assert_snapshot!(template.to_compact_json(), @r#"{"AWSTemplateFormatVersion":"2010-09-09","Parameters":{"DataTopicRef":{"Type":"String"},"DataTopicRef2":{"Type":"String"}},"Resources":{"Own":{"Type":"AWS::SNS::Topic"}},"Outputs":{"Out0":{"Value":{"Ref":"DataTopicRef"}},"Out1":{"Value":{"Ref":"DataTopicRef2"}}}}"#);
}

#[test]
fn a_parameter_that_is_a_list_crosses_as_a_list() {
    for via in [Via::Export, Via::SsmParameter, Via::Parameter] {
        let mut app = App::new();
        app.carry_by(via);
        let mut data = app.stack("data");
        topic().build(&mut data, "Topic");
        let names = data.parameter("Names", Parameter::comma_delimited_list());
        let numbers = data.parameter("Numbers", Parameter::number_list());
        let from_ssm = data.parameter("Ssm", Parameter::list_from_ssm("/names"));
        let mut web = app.stack("web");
        topic().property("Names", names).property("Numbers", numbers).build(&mut web, "Topic");
        web.output("Ssm", join("|", from_ssm));
        insta::assert_snapshot!(format!("list_parameters_{via:?}"), text(app));
    }
}

#[test]
fn an_ssm_parameter_bears_the_tags_of_its_stack() {
    let mut app = App::new();
    app.tag("team", "platform").carry_by(Via::SsmParameter);
    let mut data = app.stack("data");
    data.tag("stage", "prod");
    let topic_handle = topic().taggable(Tagging::List("Tags")).build(&mut data, "Topic");
    let mut web = app.stack("web");
    topic().build(&mut web, "Own");
    web.output("Topic", topic_handle.reference());
    let data = app.synthesize().unwrap().stacks.remove(0).template;
    let tags = data.resource("SharedTopicRef").unwrap().property("Tags").unwrap().clone();
    assert_eq!(tags.get("team").and_then(formwork_core::Value::as_str), Some("platform"));
    assert_eq!(tags.get("stage").and_then(formwork_core::Value::as_str), Some("prod"));
}

#[test]
fn values_cross_wherever_they_stand() {
    let mut app = App::new();
    let mut data = app.stack("data");
    let upstream = topic().build(&mut data, "Topic");
    let mut web = app.stack("web");
    let production = web.condition("Production", equals("a", "b"));
    web.metadata("Upstream", upstream.reference().cast::<Json>());
    topic()
        .metadata("Upstream", upstream.attribute::<Json>("Meta"))
        .property(
            "TopicName",
            sub!(
                "{a}-{b}",
                a = upstream.attribute::<String>("TopicName"),
                b = formwork_core::if_else::<String>(&production, upstream.attribute::<String>("Deep"), "x")
            ),
        )
        .build(&mut web, "Topic");
    let named = upstream.attribute::<String>("Export");
    web.output("Out", "x").export_as(named);
    insta::assert_snapshot!(text(app));
}

#[test]
fn a_name_that_no_stack_can_have_does_no_harm() {
    let mut app = App::new();
    app.carry_by(Via::Parameter);
    let upstream = topic().build(&mut app.stack("éclair--ünd-"), "Topic");
    let mut web = app.stack("web");
    topic().build(&mut web, "Own");
    web.output("Topic", upstream.reference());
    let rules: Vec<_> = findings(app).into_iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["FW0106"]);
}

#[test]
fn stacks_of_other_apps_are_reported_where_they_are_named() {
    let mut other = App::new();
    for name in ["a", "b", "c"] {
        other.stack(name);
    }
    let foreign = other.stack("foreign").id();
    let mut app = App::new();
    let mut web: Stack<'_> = app.stack("web");
    topic().build(&mut web, "Topic");
    web.depends_on(foreign);
    web.carry_from(foreign, Via::Parameter);
    let findings = findings(app);
    assert_eq!(findings.len(), 2, "{findings:?}");
    for finding in findings {
        assert_eq!(finding.rule, "FW0102");
        assert_eq!(finding.stack.as_deref(), Some("web"));
        assert!(finding.source.unwrap().file.ends_with("carriers.rs"));
    }
}

#[test]
fn a_stack_that_depends_on_itself_is_a_circle() {
    let mut app = App::new();
    let mut web = app.stack("web");
    topic().build(&mut web, "Topic");
    let id = web.id();
    web.depends_on(id);
    let findings = findings(app);
    assert_eq!(findings[0].rule, "FW0203");
}

#[test]
fn a_list_of_another_stack_is_a_list_again() {
    let mut app = App::new();
    let mut data = app.stack("data");
    let balancer = RawResource::new("AWS::ElasticLoadBalancingV2::LoadBalancer").build(&mut data, "Balancer");
    let groups: formwork_core::Expr<List<String>> = balancer.list_attribute("SecurityGroups");
    let mut web = app.stack("web");
    topic().property("Groups", groups).build(&mut web, "Topic");
    let web = app.synthesize().unwrap().stacks.remove(1).template;
    insta::assert_snapshot!(web.to_compact_json(), @r#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Groups":{"Fn::Split":[",",{"Fn::ImportValue":"data:BalancerSecurityGroups"}]}}}}}"#);
}
