//! The comment of `.github/actions/formwork-review`.

use insta::assert_snapshot;

use crate::gh;

fn comment(earlier: &str, refused: &str) -> String {
    let variables =
        [("PULL_REQUEST", "7"), ("COMMENT", "review.md"), ("LISTED", earlier), ("REFUSED", refused)];
    gh::run("formwork-review/comment.sh", &variables)
}

#[test]
fn one_comment_is_posted_and_then_kept_up_to_date() {
    let runs = [comment("", "0"), comment("101\n102\n", "0"), comment("", "1")];
    assert_snapshot!(runs.join("\n"));
}
