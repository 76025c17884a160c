//! `--help`, and what is not understood.

use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn help_of_the_command() {
    assert_snapshot!(Project::empty().run(&["--help"]));
}

#[test]
fn help_of_synth() {
    assert_snapshot!(Project::empty().run(&["synth", "-h"]));
}

#[test]
fn help_of_check() {
    assert_snapshot!(Project::empty().run(&["check", "--help"]));
}

#[test]
fn help_of_diff() {
    assert_snapshot!(Project::empty().run(&["diff", "--help"]));
}

#[test]
fn help_of_init() {
    assert_snapshot!(Project::empty().run(&["init", "--help"]));
}

#[test]
fn what_is_not_understood() {
    let project = Project::empty();
    let lines = [
        &["sinth"][..],
        &["synth", "--fail-on", "info"],
        &["synth", "--stdout", "--json"],
        &["init", "--template", "start"],
        &["list", "-q", "-v"],
    ];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
}

#[test]
fn help_of_deploy() {
    assert_snapshot!(Project::empty().run(&["deploy", "--help"]));
}

#[test]
fn help_of_destroy() {
    assert_snapshot!(Project::empty().run(&["destroy", "--help"]));
}

#[test]
fn help_of_drift() {
    assert_snapshot!(Project::empty().run(&["drift", "--help"]));
}

#[test]
fn help_of_bootstrap() {
    assert_snapshot!(Project::empty().run(&["bootstrap", "--help"]));
}
