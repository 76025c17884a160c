//! `formwork check --engine aws`
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt as _};

use insta::assert_snapshot;

use crate::project::Project;

/// A stand-in for the Python that has the engine, which says the same of each file.
fn judged(script: &str, arguments: &[&str]) -> String {
    let project = Project::empty();
    project.write(
        "queue.yaml",
        "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySecond: 1}\n",
    );
    project.write("python", &format!("#!/bin/sh\n{script}\n"));
    let python = project.path("python");
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("it can be made a program");
    let project = project.with("FORMWORK_AWS_ENGINE", python.display().to_string());
    project.run(&[&["check", "queue.yaml", "--engine", "aws"], arguments].concat())
}

const SAYS: &str = r#"cat <<'END'
[[{"rule": "F3002", "severity": "error", "message": "no `DelaySecond`", "hint": "take it out", "line": 4, "column": 18,
   "path": ["Resources", "Queue", "Properties", "DelaySecond"]},
  {"rule": "I9040", "severity": "info", "message": "no tags", "path": []}]]
END"#;

#[test]
fn what_the_engine_finds_takes_the_place_of_what_the_rules_find() {
    assert_snapshot!([judged(SAYS, &[]), judged(SAYS, &["--json"])].join("\n"));
}

#[test]
fn engines_that_are_not_there() {
    let missing = Project::empty().with("FORMWORK_AWS_ENGINE", "no-such-python");
    missing.write("queue.yaml", "Resources: {}\n");
    assert_snapshot!(
        [
            missing.run(&["check", "queue.yaml", "--engine", "aws"]),
            judged("exit 3", &[]),
            judged("echo out of mortar >&2; exit 1", &[]),
            judged("echo nonsense", &[]),
        ]
        .join("\n")
    );
}
