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
fn color() {
    let project = project();
    project.write("unused.yaml", UNUSED);
    assert_snapshot!(project.run(&["check", "broken.yaml", "unused.yaml", "--color", "always"]));
}

#[test]
fn quiet() {
    let project = project();
    project.write("unused.yaml", UNUSED);
    let lines = [
        &["check", "sound.json", "unused.yaml", "-q"][..],
        &["check", "unused.yaml", "-q", "--fail-on", "warning"],
        &["check", "unused.yaml", "-q", "--format", "github"],
    ];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
}

#[test]
fn what_commands_a_terminal_is_not_passed_on() {
    let project = Project::empty();
    project.write("odd.yaml", "Resources:\n  Topic: {Type: \"AWS::SNS::T\\e[31mopic\"}\n");
    assert_snapshot!(project.run(&["check", "odd.yaml", "--color", "always"]));
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
fn rules_are_chosen_by_options() {
    let project = project();
    project.write("unused.yaml", UNUSED);
    let lines = [
        &["check", "broken.yaml", "unused.yaml", "--only", "e3034,W2"][..],
        &["check", "broken.yaml", "unused.yaml", "--ignore", "E1,E3,E8", "--level", "W2001=error"],
        &["check", "broken.yaml", "unused.yaml", "--level", "E=info", "--level", "W2001=off", "-q"],
        &["check", "broken.yaml", "--only", "security"],
    ];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
}

#[test]
fn rules_that_are_not_there() {
    let project = project();
    let lines = [
        &["check", "broken.yaml", "--ignore", "W2O01"][..],
        &["check", "broken.yaml", "--only", "E3034,secuirty"],
        &["check", "broken.yaml", "--level", "X=off"],
        &["check", "broken.yaml", "--level", "W2001=loud"],
        &["check", "broken.yaml", "--level", "W2001"],
        &["check", "broken.yaml", "--ignore", "fw01,FW0404"],
    ];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
}

#[test]
fn rules_are_chosen_by_the_project_file() {
    let project = project();
    project.write("below/unused.yaml", UNUSED);
    project.write(
        "formwork.toml",
        "[check]\nfail-on = \"warning\"\n[check.rules]\nE8002 = \"off\"\nE = \"info\"\n",
    );
    let lines = [
        project.run(&["check", "broken.yaml"]),
        project.run_in("below", &["check", "unused.yaml"]),
        project.run_in("below", &["check", "unused.yaml", "--fail-on", "error", "--level", "W=info"]),
    ];
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_project_file_that_is_not_understood() {
    let lines = [
        "check = true",
        "[check]\nfailon = \"error\"",
        "[check]\nfail-on = \"info\"",
        "[check]\nW2001 = \"off\"",
        "[check]\nrules = [\"W2001\"]",
        "[check.rules]\nE3034 = \"off\"\nW2O01 = \"off\"",
        "[check.rules]\nW2001 = false",
    ];
    let project = project();
    let runs = lines.map(|text| {
        project.write("formwork.toml", text);
        project.run(&["check", "sound.json"])
    });
    assert_snapshot!(runs.join("\n"));
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
