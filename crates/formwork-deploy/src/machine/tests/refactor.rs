//! Transcripts of renaming.

use super::*;
use crate::{
    rename::Rename,
    status::{RefactorExecutionStatus, RefactorStatus},
};

const RENAME: Intent = Intent::Deploy { disable_rollback: false, renames: Renames::OrStop };
const REPLACE: Intent = Intent::Deploy { disable_rollback: false, renames: Renames::OrReplace };

fn renames(to: &[&str]) -> Observation {
    let rename = |to: &&str| Rename {
        from: format!("Old{to}"),
        to: (*to).to_owned(),
        resource_type: "AWS::SNS::Topic".to_owned(),
    };
    Observation::Renames { renames: to.iter().map(rename).collect(), impossible: Vec::new() }
}

fn refactor(status: &str, execution: &str) -> Observation {
    Observation::Refactor {
        status: RefactorStatus::from_name(status),
        reason: status.ends_with("FAILED").then(|| "AWS::X::Y is not supported".to_owned()),
        execution: RefactorExecutionStatus::from_name(execution),
        execution_reason: execution.ends_with("FAILED").then(|| "internal".to_owned()),
    }
}

fn made() -> Observation {
    Observation::RefactorCreated { refactor: "refactor-1".to_owned() }
}

fn unknown_call() -> Observation {
    let error = ServiceError::Unsupported { message: "CreateStackRefactor".to_owned() };
    Observation::Failed { error, maybe_acted: false }
}

/// To the question.
fn asking(more: &[Observation]) -> Vec<Observation> {
    let none = Observation::RefactorInProgress(None);
    let start = [stack("UPDATE_COMPLETE"), renames(&["New"]), none, made()];
    start.into_iter().chain([refactor("CREATE_COMPLETE", "AVAILABLE")]).chain(more.iter().cloned()).collect()
}

/// To the execution.
fn executing(more: &[Observation]) -> Vec<Observation> {
    asking(&[&[Observation::Approved], more].concat())
}

#[test]
fn renaming() {
    let find = || [stack("UPDATE_COMPLETE"), renames(&["New"]), Observation::RefactorInProgress(None)];
    let watch = |more: &[Observation]| executing(&[&[Observation::Accepted], more].concat());
    let available = || refactor("CREATE_COMPLETE", "AVAILABLE");
    let going = || refactor("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS");
    let complete = || refactor("CREATE_COMPLETE", "EXECUTE_COMPLETE");
    let earlier = || Observation::RefactorInProgress(Some("refactor-0".to_owned()));
    let empty = || failed_change_set("no changes", true);
    let begin = |more: &[Observation]| [&find()[..], more].concat();
    let texts = [
        transcript("nothing to rename", RENAME, &[stack("UPDATE_COMPLETE"), renames(&[])]),
        transcript("a new stack", RENAME, &[Observation::Stack(None)]),
        transcript(
            "renamed, and then deployed",
            RENAME,
            &watch(&[
                going(),
                Observation::Waited,
                complete(),
                stack("UPDATE_IN_PROGRESS"),
                Observation::Waited,
                stack("UPDATE_COMPLETE"),
                created(),
                empty(),
                Observation::ChangeSetDeleted,
                change_sets(&[], 0),
            ]),
        ),
        transcript(
            "an earlier process's goes on, and renames one of two",
            RENAME,
            &[
                stack("UPDATE_COMPLETE"),
                renames(&["New", "Other"]),
                earlier(),
                going(),
                Observation::Waited,
                complete(),
                renames(&["Other"]),
                Observation::RefactorInProgress(None),
            ],
        ),
        transcript(
            "an earlier process's has renamed everything",
            RENAME,
            &[
                stack("UPDATE_COMPLETE"),
                renames(&["New"]),
                earlier(),
                complete(),
                renames(&[]),
                stack("UPDATE_COMPLETE"),
            ],
        ),
        transcript(
            "made slowly",
            RENAME,
            &begin(&[
                made(),
                refactor("CREATE_IN_PROGRESS", "UNAVAILABLE"),
                Observation::Waited,
                refactor("CREATE_COMPLETE", "UNAVAILABLE"),
                Observation::Waited,
                available(),
            ]),
        ),
        transcript("declined", RENAME, &asking(&[Observation::Declined])),
        transcript(
            "the service refuses the type",
            RENAME,
            &begin(&[made(), refactor("CREATE_FAILED", "UNAVAILABLE")]),
        ),
        transcript(
            "the service refuses the type, and it may be replaced",
            REPLACE,
            &begin(&[made(), refactor("CREATE_FAILED", "UNAVAILABLE")]),
        ),
        transcript(
            "the endpoint does not know the call",
            RENAME,
            &[stack("UPDATE_COMPLETE"), renames(&["New"]), unknown_call()],
        ),
        transcript(
            "the endpoint does not know the call, and it may be replaced",
            REPLACE,
            &begin(&[unknown_call()]),
        ),
        transcript(
            "somebody else is at work",
            RENAME,
            &begin(&[refused("Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated.")]),
        ),
        transcript("the execution's answer is lost, and it goes on", RENAME, &executing(&[lost(), going()])),
        transcript(
            "the execution's answer is lost, and it does not begin",
            RENAME,
            &executing(&[lost(), available(), Observation::Waited, available()]),
        ),
        transcript(
            "the execution is refused",
            RENAME,
            &executing(&[refused("Stack refactor is AVAILABLE, but no"), available()]),
        ),
        transcript(
            "undone",
            RENAME,
            &watch(&[
                refactor("CREATE_COMPLETE", "ROLLBACK_IN_PROGRESS"),
                Observation::Waited,
                refactor("CREATE_COMPLETE", "ROLLBACK_COMPLETE"),
            ]),
        ),
        transcript("failed", RENAME, &watch(&[refactor("CREATE_COMPLETE", "EXECUTE_FAILED")])),
        transcript("overtaken", RENAME, &begin(&[made(), refactor("CREATE_COMPLETE", "OBSOLETE")])),
        transcript("unknown", RENAME, &watch(&[refactor("CREATE_COMPLETE", "PAUSED")])),
        transcript("interrupted before", RENAME, &asking(&[Observation::Interrupted])),
        transcript("interrupted while it goes on", RENAME, &watch(&[going(), Observation::Interrupted])),
        transcript("expired while it goes on", RENAME, &watch(&[going(), Observation::Waited, expired()])),
    ];
    insta::assert_snapshot!(texts.join("\n"));
}
