//! `formwork check`

use insta::assert_snapshot;

use crate::project::Project;

const BROKEN: &str = "\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicNam: orders
      DisplayName: !GetAtt Queue.Arnn
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Never, 9999, !Ref AWS::NoValue]
";

const UNUSED: &str = "\
Parameters:
  Stage: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic}
";

fn project() -> Project {
    let project = Project::empty();
    project.write("broken.yaml", BROKEN);
    project.write("sound.json", r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#);
    project
}

#[test]
fn files() {
    assert_snapshot!(project().run(&["check", "sound.json", "broken.yaml"]));
}

#[test]
fn nothing_wrong() {
    assert_snapshot!(project().run(&["check", "sound.json"]));
}

#[test]
fn json() {
    assert_snapshot!(project().run(&["check", "broken.yaml", "--json"]));
}

#[test]
fn sarif() {
    assert_snapshot!(project().run(&["check", "broken.yaml", "--format", "sarif"]));
}

#[test]
fn github() {
    assert_snapshot!(project().run(&["check", "broken.yaml", "--format", "github", "--fail-on", "warning"]));
}

#[test]
fn junit() {
    let project = project();
    project.write("unused.yaml", UNUSED);
    assert_snapshot!(project.run(&[
        "check",
        "sound.json",
        "broken.yaml",
        "unused.yaml",
        "--format",
        "junit"
    ]));
}

#[test]
fn what_is_no_template() {
    let project = project();
    project.write("twice.yaml", "Resources: {}\nResources: {}\n");
    project.write("garbage.json", "{");
    assert_snapshot!(project.run(&["check", "twice.yaml", "garbage.json"]));
}

#[test]
fn a_file_that_is_not_there() {
    assert_snapshot!(Project::empty().run(&["check", "nowhere.yaml"]));
}

#[test]
fn stacks_of_the_app() {
    assert_snapshot!(Project::sample("stacks").run(&["check"]));
}

#[test]
fn findings_of_synthesis_come_first() {
    assert_snapshot!(Project::sample("errors").run(&["check"]));
}

#[test]
fn an_unknown_stack() {
    assert_snapshot!(Project::sample("stacks").run(&["check", "wep"]));
}
