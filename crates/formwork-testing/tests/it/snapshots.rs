//! Snapshots of whole templates.

use std::fs;

use formwork_testing::{assert_snapshot_directory, assert_template_snapshot};

use crate::app::synthesis;

#[test]
fn each_stack_has_a_snapshot_of_its_own() {
    assert_template_snapshot!(synthesis());
}

#[test]
fn one_stack_is_named() {
    assert_template_snapshot!(synthesis(), "storage");
}

#[test]
fn a_directory_holds_the_bytes_that_synth_writes() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let synthesis = synthesis();
    let text = synthesis.stacks[0].template.to_json();
    fs::write(directory.path().join("storage.template.json"), &text).expect("a file");
    fs::write(directory.path().join("README.md"), "not a template").expect("a file");
    assert_snapshot_directory(&synthesis, directory.path());
}
