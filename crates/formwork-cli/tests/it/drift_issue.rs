//! The issue of `.github/actions/formwork-drift`.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use insta::assert_snapshot;

use crate::project::{Project, workspace};

/// A `gh` that writes down what it is asked, and knows of issues what `OPEN` says.
const GH: &str = r#"#!/bin/sh
echo "gh $*" >> asked
case "$*" in
  "api --paginate "*) printf '%s' "$OPEN" ;;
esac
"#;

fn issue(open: &str, drifted: &str) -> String {
    let project = Project::empty();
    project.write("bin/gh", GH);
    fs::set_permissions(project.path("bin/gh"), fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = env::join_paths([project.path("bin"), "/usr/bin".into(), "/bin".into()]).expect("a path");
    let script = workspace().join(".github/actions/formwork-drift/issue.sh");
    let Output { status, stdout, stderr } = Command::new(script)
        .current_dir(project.path(""))
        .env("PATH", path)
        .envs([("REPOSITORY", "shop/infrastructure"), ("TITLE", "Drift"), ("REPORT", "report.md")])
        .envs([("OPEN", open), ("DRIFTED", drifted)])
        .output()
        .expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    format!("{}{}{}{status}\n", project.read("asked"), text(stdout), text(stderr))
}

#[test]
fn one_issue_is_opened_kept_up_to_date_and_closed() {
    let runs = [issue("", "true"), issue("7\n12\n", "true"), issue("7", "false"), issue("", "false")];
    assert_snapshot!(runs.join("\n"));
}
