//! An option wins over a variable, a variable over `formwork.toml`.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::project::{Project, sample};

/// The name that the topic has by the context, where the template went.
fn topic(project: &Project, template: &str) -> Option<String> {
    let text = fs::read_to_string(project.path(template)).ok()?;
    let template: serde_json::Value = serde_json::from_str(&text).expect("a template");
    Some(template["Resources"]["Topic"]["Properties"]["DisplayName"].as_str().expect("a name").to_owned())
}

fn project() -> Project {
    let project = Project::empty();
    let app = format!("app = \"{} one\"\noutput = \"from-file\"\n[context]\nstage = \"file\"\n", sample());
    project.write("formwork.toml", &app);
    project.write("below/a/file", "");
    project
}

#[test]
fn the_file_is_found_from_below_and_its_paths_start_at_it() {
    let project = project();
    assert!(project.output("below/a", &["synth"]).status.success());
    assert_eq!(topic(&project, "from-file/web.template.json").as_deref(), Some("file"));
}

#[test]
fn a_program_is_found_from_the_file_that_names_it() {
    let project = project();
    project.write("formwork.toml", "app = \"scripts/start one\"\n");
    project.write("scripts/start", &format!("#!/bin/sh\nexec {} \"$@\"\n", sample()));
    let script = project.path("scripts/start");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).expect("it can be run");
    assert!(project.output("below/a", &["synth"]).status.success());
    assert!(project.path("formwork.out/web.template.json").is_file());
}

#[test]
fn variables_win_over_the_file() {
    let project = project()
        .with("FORMWORK_APP", format!("{} stacks", sample()))
        .with("FORMWORK_OUTPUT", "from-variable")
        .with("CDK_CONTEXT_JSON", r#"{"stage": "variable"}"#);
    assert_eq!(project.data(&["list"]), "data\nweb\n");
    assert!(project.path("from-variable/data.template.json").is_file());
    assert!(!project.path("from-file").exists());
}

#[test]
fn options_win_over_variables() {
    let project = project()
        .with("FORMWORK_APP", "no-such-program")
        .with("FORMWORK_OUTPUT", "from-variable")
        .with("CDK_CONTEXT_JSON", r#"{"stage": "variable"}"#);
    let app = format!("'{}' \"one\"", sample());
    project.data(&["synth", "--app", &app, "--output", "from-option"]);
    assert_eq!(topic(&project, "from-option/web.template.json").as_deref(), Some("variable"));
    assert!(!project.path("from-variable").exists());
}
