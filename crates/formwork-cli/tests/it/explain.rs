//! `formwork explain`

use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn rules() {
    assert_snapshot!(Project::empty().run(&["explain", "e3012", "FW0301", "fw0405"]));
}

#[test]
fn color() {
    assert_snapshot!(Project::empty().run(&["explain", "W2001", "--color", "always"]));
}

#[test]
fn json() {
    assert_snapshot!(Project::empty().run(&["explain", "E3005", "FW0301", "FW0404", "--json"]));
}

/// The table has all rules; some of them are enough to see its form.
#[test]
fn table() {
    let table = Project::empty().data(&["explain"]);
    let subjects = table.lines().filter(|line| !line.contains("error") && !line.contains("warning"));
    let subjects: Vec<_> = subjects.filter(|line| !line.contains(" info ")).collect();
    let beginning: Vec<_> = table.lines().take(6).collect();
    assert_snapshot!([beginning, subjects].concat().join("\n"));
}

#[test]
fn an_unknown_rule() {
    let project = Project::empty();
    assert_snapshot!([project.run(&["explain", "E312"]), project.run(&["explain", "budget"])].join("\n"));
}
