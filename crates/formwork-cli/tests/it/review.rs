//! The comment of `.github/actions/formwork-review`.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use insta::assert_snapshot;

use crate::project::{Project, workspace};

/// A `gh` that says what it is asked, and knows of comments what `EARLIER` says.
const GH: &str = r#"#!/bin/sh
echo "gh $*" >> asked
case "$*" in
  "api --paginate "*) printf '%s' "$EARLIER" ;;
  *) exit "$REFUSED" ;;
esac
"#;

fn comment(earlier: &str, refused: &str) -> String {
    let project = Project::empty();
    project.write("bin/gh", GH);
    fs::set_permissions(project.path("bin/gh"), fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = env::join_paths([project.path("bin"), "/usr/bin".into(), "/bin".into()]).expect("a path");
    let script = workspace().join(".github/actions/formwork-review/comment.sh");
    let Output { status, stdout, stderr } = Command::new(script)
        .current_dir(project.path(""))
        .env("PATH", path)
        .envs([("REPOSITORY", "shop/infrastructure"), ("PULL_REQUEST", "7"), ("COMMENT", "review.md")])
        .envs([("EARLIER", earlier), ("REFUSED", refused)])
        .output()
        .expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    format!("{}{}{}{status}\n", project.read("asked"), text(stdout), text(stderr))
}

#[test]
fn one_comment_is_posted_and_then_kept_up_to_date() {
    let runs = [comment("", "0"), comment("101\n102\n", "0"), comment("", "1")];
    assert_snapshot!(runs.join("\n"));
}
