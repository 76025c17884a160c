//! The issue of `.github/actions/formwork-drift`.

use insta::assert_snapshot;

use crate::gh;

fn issue(open: &str, drifted: &str) -> String {
    let variables = [("TITLE", "Drift"), ("REPORT", "report.md"), ("LISTED", open), ("DRIFTED", drifted)];
    gh::run("formwork-drift/issue.sh", &variables)
}

#[test]
fn one_issue_is_opened_kept_up_to_date_and_closed() {
    let runs = [issue("", "true"), issue("7\n12\n", "true"), issue("7", "false"), issue("", "false")];
    assert_snapshot!(runs.join("\n"));
}
