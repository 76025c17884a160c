//! `formwork list`

use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn names() {
    assert_snapshot!(Project::sample("stacks").run(&["list"]));
}

#[test]
fn long() {
    assert_snapshot!(Project::sample("stacks").run(&["ls", "--long"]));
}

#[test]
fn json() {
    assert_snapshot!(Project::sample("stacks").run(&["list", "--json"]));
}

#[test]
fn findings() {
    assert_snapshot!(Project::sample("errors").run(&["list"]));
}
