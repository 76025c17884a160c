//! `formwork synth`

use insta::assert_snapshot;

use crate::project::{Project, sample};

#[test]
fn table_of_stacks() {
    assert_snapshot!(Project::sample("stacks").run(&["synth"]));
}

#[test]
fn no_stack() {
    let project = Project::sample("nothing");
    let lines = [&["synth"][..], &["synth", "--stdout"], &["synth", "--json"], &["list"]];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
}

#[test]
fn some_stacks_as_json() {
    // A stack that is named twice is there once.
    assert_snapshot!(Project::sample("stacks").run(&["synth", "web", "web", "--json"]));
}

#[test]
fn template_of_the_only_stack() {
    assert_snapshot!(Project::sample("one").run(&["synth", "--stdout"]));
}

#[test]
fn template_as_yaml() {
    assert_snapshot!(Project::sample("stacks").run(&["synth", "web", "--stdout", "--yaml"]));
}

#[test]
fn template_of_one_among_several() {
    assert_snapshot!(Project::sample("stacks").run(&["synth", "--stdout"]));
}

#[test]
fn yaml_beside_the_templates_goes_with_the_next_run() {
    let project = Project::sample("stacks");
    assert_snapshot!(project.run(&["synth", "--yaml"]));
    assert!(project.read("formwork.out/web.template.yaml").contains("!ImportValue"));
    project.data(&["synth"]);
    assert!(!project.path("formwork.out/web.template.yaml").exists());
}

#[test]
fn yaml_of_somebody_else_is_left_alone() {
    let project = Project::sample("stacks");
    for name in ["formwork.out/before.template.yaml", "formwork.out/web.template.yaml"] {
        project.write(name, "Resources: {}\n");
    }
    project.data(&["synth"]);
    assert_snapshot!(project.run(&["synth", "web", "--yaml"]));
    for name in ["formwork.out/before.template.yaml", "formwork.out/web.template.yaml"] {
        assert_eq!(project.read(name), "Resources: {}\n");
    }
}

#[test]
fn warnings() {
    assert_snapshot!(Project::sample("warning").run(&["synth"]));
}

#[test]
fn warnings_that_fail() {
    assert_snapshot!(Project::sample("warning").run(&["synth", "--fail-on", "warning"]));
}

#[test]
fn warnings_of_other_stacks_are_left_out() {
    assert_snapshot!(Project::sample("warning").run(&["synth", "data", "--fail-on", "warning"]));
}

#[test]
fn findings() {
    assert_snapshot!(Project::sample("errors").run(&["synth"]));
}

#[test]
fn findings_that_the_app_keeps_to_itself() {
    assert_snapshot!(Project::sample("secretive").run(&["synth"]));
}

#[test]
fn what_the_app_says_after_its_findings_is_shown() {
    let app = format!("sh -c '{} errors; echo looked up in vain >&2; exit 1'", sample());
    assert_snapshot!(Project::empty().run(&["synth", "--app", &app]));
}

#[test]
fn findings_as_json() {
    assert_snapshot!(Project::sample("errors").run(&["synth", "--json"]));
}

#[test]
fn quiet() {
    assert_snapshot!(Project::sample("chatter").run(&["synth", "--quiet"]));
}

#[test]
fn chatter_of_the_app_is_no_data() {
    assert_snapshot!(Project::sample("chatter").run(&["synth", "--stdout"]));
}

#[test]
fn verbose() {
    assert_snapshot!(Project::sample("errors").run(&["synth", "-v"]));
}

#[test]
fn an_assembly_that_exists() {
    let project = Project::sample("stacks");
    project.data(&["list"]);
    assert_snapshot!(project.run(&["synth", "--app", "formwork.out"]));
}

#[test]
fn color() {
    assert_snapshot!(Project::sample("warning").run(&["synth", "--color", "always"]));
    let plain = Project::sample("warning").with("NO_COLOR", "1").run(&["synth", "--color", "always"]);
    assert!(!plain.contains("\\e"), "NO_COLOR wins");
}
