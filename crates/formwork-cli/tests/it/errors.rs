//! What goes wrong, which error it gets, and that nothing is lost by it.

use std::{fs, os::unix::fs::PermissionsExt as _};

use insta::assert_snapshot;

use crate::project::{Project, sample};

#[test]
fn no_project() {
    assert_snapshot!(Project::empty().run(&["synth"]));
}

#[test]
fn nothing_to_run() {
    let project = Project::empty();
    project.write("Cargo.toml", "[package]\nname = \"library\"\n");
    assert_snapshot!(project.run(&["synth"]));
}

#[test]
fn which_binary_of_a_workspace_runs_is_for_cargo_to_say() {
    let workspace = Project::empty();
    workspace.write("Cargo.toml", "[workspace]\nmembers = []\n");
    let output = workspace.output("", &["synth"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    // What stands before is cargo's own, in words that change with its version.
    assert!(told.contains("error: the app `cargo run --quiet` failed: exit status: 101\nhint: "), "{told}");
    assert!(told.contains("say how to run the app in `formwork.toml`"), "{told}");
}

#[test]
fn broken_project_file() {
    let broken = [
        "app = \"cargo run\noutput = 1\n",
        "[context]\nstage = \"dev\"\n\n[contxt]\n",
        "region = \"eu-west-1\"\n",
        "app = [\"cargo\", \"run\"]\n",
        "context = 1\n",
    ];
    let transcripts = broken.map(|text| {
        let project = Project::empty();
        project.write("formwork.toml", text);
        project.run(&["synth"])
    });
    assert_snapshot!(transcripts.join("\n"));
}

#[test]
fn broken_app() {
    let project = Project::empty();
    let apps = ["no-such-program --fast", "sh -c 'echo \"half", "", "./formwork.toml", "./start"];
    project.write("formwork.toml", "");
    project.write("start", "#!/no/such/program\n");
    fs::set_permissions(project.path("start"), fs::Permissions::from_mode(0o755)).expect("it can be run");
    assert_snapshot!(apps.map(|app| project.run(&["synth", "--app", app])).join("\n"));
}

#[test]
fn broken_context() {
    assert_snapshot!(Project::sample("one").with("CDK_CONTEXT_JSON", "stage=dev").run(&["synth"]));
}

#[test]
fn app_fails() {
    assert_snapshot!(Project::sample("fails").run(&["synth"]));
    assert_snapshot!(Project::sample("fails").run(&["synth", "--quiet", "--json"]));
}

#[test]
fn app_prints_garbage() {
    assert_snapshot!(Project::sample("garbage").run(&["synth"]));
}

#[test]
fn what_an_earlier_run_left_does_not_pass_for_a_new_assembly() {
    let project = Project::sample("one");
    project.data(&["synth"]);
    assert_snapshot!(project.run(&["synth", "--app", &format!("{} garbage", sample())]));
    let broken = project.run(&["synth", "--app", &format!("{} broken", sample())]);
    assert!(broken.contains("wrote an assembly that cannot be read"), "{broken}");
}

#[test]
fn manifest_is_broken() {
    assert_snapshot!(Project::sample("broken").run(&["synth"]));
}

#[test]
fn directory_is_no_assembly() {
    assert_snapshot!(Project::empty().run(&["synth", "--app", "."]));
}

#[test]
fn output_with_an_assembly_that_exists() {
    assert_snapshot!(Project::empty().run(&["list", "--app", ".", "--output", "elsewhere"]));
}

#[test]
fn output_is_not_writable() {
    let project = Project::sample("one");
    project.write("taken", "");
    assert_snapshot!(project.run(&["synth", "--output", "taken"]));
    assert_snapshot!(project.run(&["synth", "--output", "taken/below"]));
}

#[test]
fn a_failure_leaves_the_assembly_before_it_whole() {
    let project = Project::sample("stacks");
    project.data(&["synth"]);
    let before = project.read("formwork.out/manifest.json");
    assert!(!project.output("", &["synth", "--app", &format!("{} errors", sample())]).status.success());
    assert_eq!(project.read("formwork.out/manifest.json"), before);
    assert_eq!(project.data(&["list", "--app", "formwork.out"]), "data\nweb\n");
}

#[test]
fn unknown_stack() {
    let project = Project::sample("stacks");
    assert_snapshot!([&["synth", "wbe"], &["synth", "network"]].map(|line| project.run(line)).join("\n"));
}

/// With both streams closed the exit code is all there is.
#[test]
fn nobody_listens() {
    let exit_code = |mode: &str, arguments: &[&str]| {
        let project = Project::sample(mode);
        let closed = || std::io::pipe().expect("a pipe").1;
        let status = project.command("", arguments).stdout(closed()).stderr(closed()).status();
        status.expect("the command starts").code()
    };
    assert_eq!(exit_code("stacks", &["list"]), Some(0));
    assert_eq!(exit_code("warning", &["synth", "--json", "--fail-on", "warning"]), Some(5));
    assert_eq!(exit_code("errors", &["synth"]), Some(5));
    assert_eq!(exit_code("fails", &["synth"]), Some(1));
}
