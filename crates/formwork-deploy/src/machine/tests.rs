//! Transcripts of what the service does, and what the machine answers.

mod refactor;

use std::fmt::Write as _;

use super::*;
use crate::{
    error::ServiceError,
    status::{ChangeSetStatus, ExecutionStatus, StackStatus},
};

const DEPLOY: Intent = Intent::Deploy { disable_rollback: false, renames: Renames::None };
const DEPLOY_WITHOUT_ROLLBACK: Intent = Intent::Deploy { disable_rollback: true, renames: Renames::None };

fn stack(status: &str) -> Observation {
    let status = StackStatus::from_name(status);
    let arn = "arn:stack/web".to_owned();
    Observation::Stack(Some(StackSight { arn, status, reason: None, protected: false, own_event: false }))
}

fn own(status: &str) -> Observation {
    match stack(status) {
        Observation::Stack(Some(sight)) => Observation::Stack(Some(StackSight { own_event: true, ..sight })),
        other => other,
    }
}

fn protected(status: &str) -> Observation {
    match stack(status) {
        Observation::Stack(Some(sight)) => Observation::Stack(Some(StackSight { protected: true, ..sight })),
        other => other,
    }
}

fn created() -> Observation {
    Observation::ChangeSetCreated { stack: "arn:stack/web".to_owned(), change_set: "arn:set/1".to_owned() }
}

fn change_set(status: &str, execution: &str) -> Observation {
    Observation::ChangeSet {
        status: ChangeSetStatus::from_name(status),
        execution: ExecutionStatus::from_name(execution),
        reason: None,
        empty: false,
    }
}

fn failed_change_set(reason: &str, empty: bool) -> Observation {
    Observation::ChangeSet {
        status: ChangeSetStatus::Failed,
        execution: ExecutionStatus::Unavailable,
        reason: Some(reason.to_owned()),
        empty,
    }
}

fn ready() -> Observation {
    change_set("CREATE_COMPLETE", "AVAILABLE")
}

fn refused(message: &str) -> Observation {
    let error = ServiceError::Validation { message: message.to_owned() };
    Observation::Failed { error, maybe_acted: false }
}

fn expired() -> Observation {
    Observation::Failed { error: ServiceError::CredentialsExpired, maybe_acted: false }
}

fn lost() -> Observation {
    let error = ServiceError::AnswerLost { message: "connection reset".to_owned() };
    Observation::Failed { error, maybe_acted: true }
}

fn change_sets(leftover: &[&str], others: usize) -> Observation {
    Observation::ChangeSets { leftover: leftover.iter().map(|&name| name.to_owned()).collect(), others }
}

/// An observation on one line.
fn short(observation: &Observation) -> String {
    match observation {
        Observation::Stack(Some(sight)) => {
            let own = if sight.own_event { ", own event seen" } else { "" };
            let protected = if sight.protected { ", protected" } else { "" };
            format!("stack is {}{own}{protected}", sight.status)
        }
        Observation::Stack(None) => "no stack".to_owned(),
        Observation::ChangeSet { status, execution, reason, empty } => {
            let reason = reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let empty = if *empty { ", nothing to change" } else { "" };
            format!("change set is {status}, {execution}{empty}{reason}")
        }
        Observation::Renames { renames, impossible } => {
            let renames: Vec<String> = renames.iter().map(ToString::to_string).collect();
            format!("to rename {renames:?}, impossible {impossible:?}")
        }
        Observation::Refactor { status, reason, execution, execution_reason } => {
            let reason = reason.iter().chain(execution_reason).map(|reason| format!(": {reason}"));
            format!("refactor is {status}, {execution}{}", reason.collect::<String>())
        }
        Observation::Failed { error, maybe_acted } => {
            format!("failed{}: {error}", if *maybe_acted { ", may have acted" } else { "" })
        }
        Observation::Imports(_)
        | Observation::ChangeSets { .. }
        | Observation::Retain(_)
        | Observation::RefactorInProgress(_) => {
            format!("{observation:?}")
        }
        other => other.name().to_owned(),
    }
}

fn transcript(title: &str, intent: Intent, observations: &[Observation]) -> String {
    let mut text = format!("# {title}\n");
    let mut state = State::start(intent);
    let begin = [Observation::Begin];
    for observation in begin.iter().chain(observations) {
        let (next, action) = step(&state, observation);
        writeln!(text, "{}\n    -> {action:?}", short(observation)).unwrap();
        if let Action::End(End { stop: Some(stop), .. }) = &action {
            writeln!(text, "    {stop}").unwrap();
            for advice in stop.advice("web", "eu-west-1") {
                writeln!(text, "      {}: {}", advice.text, advice.command).unwrap();
            }
        }
        state = next;
    }
    text
}

#[test]
fn deployments() {
    use Observation::{Accepted, Approved, ChangeSetDeleted, Declined, Interrupted, NotExecutable, Waited};
    let gone = || Observation::Stack(None);
    let table: Vec<(&str, Intent, Vec<Observation>)> = vec![
        (
            "a first deployment",
            DEPLOY,
            vec![
                gone(),
                created(),
                change_set("CREATE_PENDING", "UNAVAILABLE"),
                Waited,
                ready(),
                Approved,
                Accepted,
                stack("REVIEW_IN_PROGRESS"),
                Waited,
                stack("CREATE_IN_PROGRESS"),
                Waited,
                stack("CREATE_COMPLETE"),
            ],
        ),
        (
            "an update that is over at once, after a stale look",
            DEPLOY,
            vec![
                stack("CREATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("CREATE_COMPLETE"),
                Waited,
                own("UPDATE_COMPLETE"),
            ],
        ),
        (
            "an update whose events bear no token, on an endpoint other than AWS's",
            DEPLOY,
            vec![
                stack("CREATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_COMPLETE"),
                Waited,
                stack("UPDATE_COMPLETE"),
                Waited,
                stack("UPDATE_COMPLETE"),
                Waited,
                stack("UPDATE_COMPLETE"),
                change_set("CREATE_COMPLETE", "EXECUTE_COMPLETE"),
                stack("UPDATE_COMPLETE"),
            ],
        ),
        (
            "an update with cleaning up",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
                Waited,
                stack("UPDATE_COMPLETE"),
            ],
        ),
        (
            "nothing to change, and a leftover of an earlier process",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                failed_change_set("The submitted information didn't contain changes.", true),
                ChangeSetDeleted,
                change_sets(&["arn:set/0"], 1),
                ChangeSetDeleted,
            ],
        ),
        (
            "an empty change set of a new stack",
            DEPLOY,
            vec![
                gone(),
                created(),
                failed_change_set("The submitted information didn't contain changes.", true),
                ChangeSetDeleted,
                stack("REVIEW_IN_PROGRESS"),
                change_sets(&[], 0),
                Accepted,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_COMPLETE"),
            ],
        ),
        (
            "in review, left over, and declined while somebody else waits",
            DEPLOY,
            vec![
                stack("REVIEW_IN_PROGRESS"),
                created(),
                ready(),
                Declined,
                ChangeSetDeleted,
                stack("REVIEW_IN_PROGRESS"),
                change_sets(&[], 1),
            ],
        ),
        (
            "a failed creation goes first",
            DEPLOY,
            vec![
                stack("ROLLBACK_COMPLETE"),
                Accepted,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_COMPLETE"),
                created(),
            ],
        ),
        ("a failed creation that is protected", DEPLOY, vec![protected("ROLLBACK_COMPLETE")]),
        (
            "a failed creation that cannot be deleted",
            DEPLOY,
            vec![stack("ROLLBACK_COMPLETE"), Accepted, stack("DELETE_FAILED")],
        ),
        ("a failed rollback of an update", DEPLOY, vec![stack("UPDATE_ROLLBACK_FAILED")]),
        ("a failed deletion", DEPLOY, vec![stack("DELETE_FAILED")]),
        ("a failed update, with rollback wanted", DEPLOY, vec![stack("UPDATE_FAILED")]),
        (
            "a failed update, without rollback, again",
            DEPLOY_WITHOUT_ROLLBACK,
            vec![
                stack("UPDATE_FAILED"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                stack("UPDATE_FAILED"),
            ],
        ),
        ("a state of the future", DEPLOY, vec![stack("UPDATE_PAUSED")]),
        (
            "somebody else is at work, and quicker twice",
            DEPLOY,
            vec![
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                stack("UPDATE_COMPLETE"),
                refused("Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated."),
                Waited,
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                stack("UPDATE_COMPLETE"),
                created(),
            ],
        ),
        (
            "the update fails and is rolled back",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_COMPLETE"),
            ],
        ),
        (
            "the rollback fails",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_ROLLBACK_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_FAILED"),
            ],
        ),
        (
            "early validation objects",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                failed_change_set("Validation failed: AWS::EarlyValidation::PropertyValidation", false),
                Observation::ValidationRead,
                ChangeSetDeleted,
            ],
        ),
        (
            "the change set fails",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                failed_change_set("Transform X failed", false),
                ChangeSetDeleted,
            ],
        ),
        (
            "a change set of the future",
            DEPLOY,
            vec![stack("UPDATE_COMPLETE"), created(), change_set("BLOCKED", "UNAVAILABLE"), ChangeSetDeleted],
        ),
        (
            "somebody else deployed meanwhile",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                NotExecutable,
                change_set("CREATE_COMPLETE", "OBSOLETE"),
                ChangeSetDeleted,
            ],
        ),
        (
            "the answer to the execution was lost",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                NotExecutable,
                change_set("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS"),
                stack("UPDATE_IN_PROGRESS"),
            ],
        ),
        (
            "the answer to the creation was lost for good",
            DEPLOY,
            vec![stack("UPDATE_COMPLETE"), lost(), ChangeSetDeleted],
        ),
        (
            "interrupted while asking",
            DEPLOY,
            vec![
                gone(),
                created(),
                ready(),
                Interrupted,
                ChangeSetDeleted,
                stack("REVIEW_IN_PROGRESS"),
                change_sets(&[], 0),
                Accepted,
                gone(),
            ],
        ),
        (
            "interrupted while the service works",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_IN_PROGRESS"),
                Interrupted,
            ],
        ),
        (
            "credentials expire while the service works",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                expired(),
            ],
        ),
        (
            "the stack is deleted while it is deployed",
            DEPLOY,
            vec![
                stack("UPDATE_COMPLETE"),
                created(),
                ready(),
                Approved,
                Accepted,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_COMPLETE"),
            ],
        ),
    ];
    let text: Vec<String> =
        table.iter().map(|(title, intent, observations)| transcript(title, *intent, observations)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn deletions_and_rollbacks() {
    use Observation::{Accepted, Approved, Declined, Force, Imports, Waited};
    let gone = || Observation::Stack(None);
    let table: Vec<(&str, Intent, Vec<Observation>)> = vec![
        (
            "a stack goes",
            Intent::Destroy,
            vec![
                stack("CREATE_COMPLETE"),
                Imports(Vec::new()),
                Approved,
                Accepted,
                stack("CREATE_COMPLETE"),
                Waited,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_COMPLETE"),
            ],
        ),
        ("there is none", Intent::Destroy, vec![gone()]),
        ("protected", Intent::Destroy, vec![protected("CREATE_COMPLETE")]),
        (
            "exports in use",
            Intent::Destroy,
            vec![stack("CREATE_COMPLETE"), Imports(vec!["network:VpcRef (web)".to_owned()])],
        ),
        ("declined", Intent::Destroy, vec![stack("CREATE_COMPLETE"), Imports(Vec::new()), Declined]),
        (
            "some resources stay",
            Intent::Destroy,
            vec![
                stack("CREATE_COMPLETE"),
                Imports(Vec::new()),
                Approved,
                Accepted,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_FAILED"),
                Observation::Retain(vec!["Bucket".to_owned()]),
                Accepted,
                stack("DELETE_FAILED"),
                Waited,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_COMPLETE"),
            ],
        ),
        (
            "forced",
            Intent::Destroy,
            vec![
                stack("DELETE_FAILED"),
                Imports(Vec::new()),
                Approved,
                Accepted,
                stack("DELETE_IN_PROGRESS"),
                Waited,
                stack("DELETE_FAILED"),
                Force,
                Accepted,
                gone(),
            ],
        ),
        (
            "credentials expire during the deletion",
            Intent::Destroy,
            vec![stack("CREATE_COMPLETE"), Imports(Vec::new()), Approved, Accepted, expired()],
        ),
        (
            "a rollback goes on",
            Intent::RollBack,
            vec![
                stack("UPDATE_ROLLBACK_FAILED"),
                Accepted,
                stack("UPDATE_ROLLBACK_FAILED"),
                Waited,
                stack("UPDATE_ROLLBACK_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_COMPLETE"),
            ],
        ),
        (
            "a rollback fails again",
            Intent::RollBack,
            vec![
                stack("UPDATE_ROLLBACK_FAILED"),
                Accepted,
                stack("UPDATE_ROLLBACK_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_FAILED"),
            ],
        ),
        (
            "after an update without rollback",
            Intent::RollBack,
            vec![stack("UPDATE_FAILED"), Accepted, own("UPDATE_ROLLBACK_COMPLETE")],
        ),
        (
            "an update is cancelled",
            Intent::RollBack,
            vec![
                stack("UPDATE_IN_PROGRESS"),
                Accepted,
                stack("UPDATE_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_IN_PROGRESS"),
                Waited,
                stack("UPDATE_ROLLBACK_COMPLETE"),
            ],
        ),
        ("nothing to roll back", Intent::RollBack, vec![stack("UPDATE_COMPLETE")]),
        ("no stack", Intent::RollBack, vec![gone()]),
    ];
    let text: Vec<String> =
        table.iter().map(|(title, intent, observations)| transcript(title, *intent, observations)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

/// A stack in every state has an answer from the start, and what that is.
#[test]
fn every_state_at_the_start() {
    let mut text = String::new();
    for intent in [DEPLOY, DEPLOY_WITHOUT_ROLLBACK, Intent::Destroy, Intent::RollBack] {
        writeln!(text, "# {intent:?}").unwrap();
        for status in StackStatus::KNOWN {
            let (state, _) = step(&State::start(intent), &Observation::Begin);
            let (_, action) = step(&state, &stack(status.name()));
            let action = match action {
                Action::End(End { stop: Some(stop), .. }) => format!("stop: {stop}"),
                Action::End(end) => format!("end: {:?}", end.outcome),
                other => {
                    let text = format!("{other:?}");
                    text.split([' ', '{']).next().unwrap().to_owned()
                }
            };
            writeln!(text, "{status}: {action}").unwrap();
        }
    }
    insta::assert_snapshot!(text);
}
