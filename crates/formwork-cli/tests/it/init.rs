//! `formwork init`

use std::{env, fs, path::Path, process::Command};

use insta::assert_snapshot;

use crate::project::{Project, workspace};

#[test]
fn a_project_is_written() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["init", "my-shop"]));
    let manifest = project.read("my-shop/Cargo.toml");
    assert!(manifest.contains(&format!("formwork = {{ version = \"{}\"", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn json() {
    assert_snapshot!(Project::empty().run(&["init", "--name", "shop_2", "--json"]));
}

#[test]
fn inside_of_a_workspace() {
    let project = Project::empty();
    project.write("Cargo.toml", "[workspace]\nmembers = []\n");
    assert_snapshot!(project.run(&["init", "stacks/shop"]));
}

#[test]
fn nothing_is_overwritten() {
    let project = Project::empty();
    project.write("src/main.rs", "fn main() {}");
    project.write("README.md", "# shop");
    assert_snapshot!(project.run(&["init", "--name", "shop"]));
    assert_eq!(project.read("README.md"), "# shop");
    assert!(!project.path("Cargo.toml").exists());
}

#[test]
fn names_and_checkouts_that_cannot_be() {
    let project = Project::empty();
    let lines = [
        &["init", "--name", "2fast"][..],
        &["init", "test"],
        &["init", "--name", "formwork-testing"],
        &["init", "loop"],
        &["init", "/"],
        &["init", "shop", "--formwork-path", "."],
    ];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
}

/// The whole path of a new user, against this checkout: the project is formatted, synthesizes, and
/// its own tests pass.
#[test]
fn projects_build_synthesize_and_test() {
    // Built in a directory of its own: a build of the workspace may be going on beside the tests.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").display().to_string();
    let variables = [
        ("CARGO_NET_OFFLINE", "true"),
        ("CARGO_TARGET_DIR", target.as_str()),
        ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ];
    let checkout = workspace();
    for template in ["starter", "minimal"] {
        let project =
            variables.iter().fold(Project::empty(), |project, (name, value)| project.with(name, *value));
        let path = checkout.display().to_string();
        let name = format!("{template}-shop");
        project.data(&["init", &name, "--template", template, "--formwork-path", &path]);
        fs::copy(checkout.join("Cargo.lock"), project.path(&name).join("Cargo.lock"))
            .expect("the locked versions");

        let output = project.output(&name, &["synth", "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["stacks"][0]["name"], name);
        assert_eq!(report["findings"], serde_json::json!([]));

        for arguments in [&["test", "--quiet"][..], &["fmt", "--check"]] {
            let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo
                .args(arguments)
                .current_dir(project.path(&name))
                .envs(variables)
                .env_remove("INSTA_UPDATE")
                .env_remove("FORMWORK_UPDATE_SNAPSHOTS");
            let output = cargo.output().expect("cargo starts");
            let told =
                [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            assert!(output.status.success(), "cargo {}: {}", arguments.join(" "), told.join("\n"));
        }
    }
}
