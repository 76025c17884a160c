//! Snapshots of whole templates.

use formwork_core::{App, Build, RawResource, Synthesis};
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

/// As many stacks as names, in that order.
fn app(stacks: &[&str]) -> App {
    let mut app = App::new();
    for stack in stacks {
        let topic = RawResource::new("AWS::SNS::Topic").property("DisplayName", *stack);
        topic.build(&mut app.stack(*stack), "Topic");
    }
    app
}

fn synthesized(stacks: &[&str]) -> Synthesis {
    app(stacks).synthesize().expect("no findings")
}

#[test]
fn the_order_of_stacks_renames_no_snapshot() {
    assert_template_snapshot!(synthesized(&["one", "other"]));
    assert_template_snapshot!(synthesized(&["other", "one"]));
    assert_template_snapshot!(synthesized(&["other"]), "other");
}

#[test]
fn a_suffix_tells_forms_of_one_stack_apart() {
    insta::with_settings!({ snapshot_suffix => "small" }, {
        assert_template_snapshot!(synthesized(&["one"]), "one");
    });
}

#[test]
fn a_directory_holds_the_bytes_that_synth_writes() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    // An assembly has other files too, which are no templates.
    app(&["one", "other"]).synth_to(directory.path()).expect("written");
    assert_snapshot_directory(&synthesized(&["one", "other"]), directory.path());
}

#[test]
fn other_code_is_the_same_snapshot() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let synthesis = |text: &str| {
        std::fs::write(directory.path().join("index.py"), text).expect("a file");
        let mut app = App::new();
        let mut stack = app.stack("web");
        let code = stack.file_asset("Code", directory.path());
        RawResource::new("AWS::SNS::Topic").property("DisplayName", code.key()).build(&mut stack, "Topic");
        app.synthesize().expect("no findings")
    };
    let (one, two) = (synthesis("one"), synthesis("two"));
    assert_ne!(one.stacks[0].template, two.stacks[0].template);
    insta::allow_duplicates! {
        assert_template_snapshot!(one);
        assert_template_snapshot!(two, "web");
    }
}
