//! A `gh` that writes down what it is asked, for the scripts of the actions.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use crate::project::{Project, workspace};

/// Runs a script of `.github/actions` beside a `gh` that says `LISTED` when it lists, and refuses all else
/// with `REFUSED`; tells what it asked, both streams and how it ended.
pub(crate) fn run(script: &str, variables: &[(&str, &str)]) -> String {
    const GH: &str = r#"#!/bin/sh
echo "gh $*" >> asked
case "$*" in
  "api --paginate "*) printf '%s' "$LISTED" ;;
  *) exit "${REFUSED:-0}" ;;
esac
"#;
    let project = Project::empty();
    project.write("bin/gh", GH);
    fs::set_permissions(project.path("bin/gh"), fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = env::join_paths([project.path("bin"), "/usr/bin".into(), "/bin".into()]).expect("a path");
    let Output { status, stdout, stderr } = Command::new(workspace().join(".github/actions").join(script))
        .current_dir(project.path(""))
        .env("PATH", path)
        .env("REPOSITORY", "shop/infrastructure")
        .envs(variables.iter().copied())
        .output()
        .expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    format!("{}{}{}{status}\n", project.read("asked"), text(stdout), text(stderr))
}
