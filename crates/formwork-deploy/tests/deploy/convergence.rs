//! Random histories: whatever the service does and whenever the process dies, the next run comes
//! home, nothing is deployed that nobody approved, and no stack is deleted that was worth keeping.

use crate::support::{Recorder, topics};
use formwork_deploy::{
    deployment::Deployment,
    engine::Engine,
    error::ServiceError,
    machine::{Action, Deletion, Intent, Observation, Renames, StackSight, State, step},
    rename::Rename,
    request::{DeployRequest, StackRequest},
    simulation::{Fault, SimulatedClock, Simulation},
    status::{ChangeSetStatus, ExecutionStatus, RefactorExecutionStatus, RefactorStatus, StackStatus},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// One run of the command, and what is wrong with the weather.
#[derive(Debug, Clone)]
struct Run {
    destroys: bool,
    /// Which of the templates.
    template: usize,
    faults: Vec<(usize, Fault)>,
    failing: Option<&'static str>,
    disable_rollback: bool,
    approves: bool,
}

/// The last one has another id for what was the alarm in all others, and says so.
const TEMPLATES: [&[(&str, &str)]; 5] = [
    &[("Alarm", "a")],
    &[("Alarm", "b"), ("News", "n")],
    &[("Alarm", "b"), ("News", "m"), ("Other", "o")],
    &[("Other", "p")],
    &[("Alert", "b"), ("News", "n")],
];

fn template(number: usize) -> String {
    let moved = r#""Alert":{"Metadata":{"formwork":{"moved_from":"Alarm"}},"#;
    topics(TEMPLATES[number]).replace(r#""Alert":{"#, moved)
}

fn fault() -> impl Strategy<Value = Fault> {
    select(vec![
        Fault::Throttled,
        Fault::Unavailable,
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::Expired,
        Fault::CrashBefore,
        Fault::CrashAfter,
    ])
}

fn run() -> impl Strategy<Value = Run> {
    (
        prop::bool::weighted(0.2),
        0..TEMPLATES.len(),
        vec((0_usize..25, fault()), 0..4),
        option::weighted(0.3, select(vec!["Alarm", "Alert", "News", "Other"])),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.9),
    )
        .prop_map(|(destroys, template, faults, failing, disable_rollback, approves)| Run {
            destroys,
            template,
            faults,
            failing,
            disable_rollback,
            approves,
        })
}

/// Carries out a run; `None` when the process died.
async fn carry_out(service: &Simulation, run: &Run, seed: u64) -> (Option<Deployment>, Recorder) {
    service.restart();
    for (call, fault) in &run.faults {
        service.fault(*call, *fault);
    }
    if let Some(id) = run.failing {
        service.fail(id);
    }
    let mut recorder = Recorder::new();
    recorder.approves = run.approves;
    let clock = SimulatedClock::new(seed);
    let engine = Engine::new(service, &clock, &recorder);
    let mut request = DeployRequest::new("web", template(run.template));
    request.mode.disable_rollback = run.disable_rollback;
    let result = tokio::select! {
        result = engine.deploy(&request), if !run.destroys => Some(result),
        result = async { engine.destroy(&StackRequest::new("web")).await }, if run.destroys => Some(result),
        () = service.crashed() => None,
    };
    for id in ["Alarm", "Alert", "News", "Other"] {
        service.mend(id);
    }
    (result, recorder)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_history_ends_well(
        runs in vec(run(), 1..5),
        gradual in any::<bool>(),
        lag in 0_u8..3,
        last in 0..TEMPLATES.len(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let service = if gradual { Simulation::new().gradual() } else { Simulation::new() };
            let service = service.lagging(lag);
            let mut lost = 0;
            for (seed, run) in (100_u64..).zip(&runs) {
                let executed = service.executed().len();
                let deleted = service.deleted().len();
                let (result, recorder) = carry_out(&service, run, seed).await;
                lost += usize::from(result.is_none_or(|result| !result.is_success()));
                let new = service.executed().len() - executed;
                prop_assert!(new <= 1, "one run executes one change set at most");
                let asked = recorder.text().contains("asked:");
                prop_assert!(new == 0 || (run.approves && asked), "{run:?}");
                for (_, status) in &service.deleted()[deleted..] {
                    let worthless =
                        matches!(status, StackStatus::RollbackComplete | StackStatus::ReviewInProgress);
                    prop_assert!(worthless || (run.destroys && run.approves && asked), "{status} {run:?}");
                }
            }
            let good = Run {
                destroys: false,
                template: last,
                faults: Vec::new(),
                failing: None,
                // What was left without rollback goes on without.
                disable_rollback: true,
                approves: true,
            };
            let (result, recorder) = carry_out(&service, &good, 1_000).await;
            let result = result.unwrap();
            prop_assert!(result.is_success(), "{result:?}\n{}", recorder.text());
            let standing = service.standing();
            prop_assert_eq!(standing.len(), 1);
            prop_assert!(standing[0].1.is_success() || standing[0].1 == StackStatus::UpdateRollbackComplete);
            let (again, _) = carry_out(&service, &good, 2_000).await;
            let again = again.unwrap();
            prop_assert_eq!(
                serde_json::to_value(again.outcome).unwrap(),
                "no_change",
                "an empty difference is a no-op"
            );
            // One that could still be executed may be another process's, and stays: only such as a run
            // left that died, or lost its credentials.
            prop_assert!(service.standing()[0].2 <= lost, "{} of {lost}", service.standing()[0].2);
            Ok(())
        })?;
    }

    #[test]
    fn every_state_has_an_answer_to_everything(
        intent in select(vec![
            Intent::Deploy { disable_rollback: false, renames: Renames::None },
            Intent::Deploy { disable_rollback: true, renames: Renames::OrStop },
            Intent::Deploy { disable_rollback: false, renames: Renames::OrReplace },
            Intent::Destroy,
            Intent::RollBack,
        ]),
        observations in vec(observation(), 1..40),
    ) {
        let mut state = State::start(intent);
        let mut approved = None;
        let mut found = None;
        let mut ended = false;
        for observation in &observations {
            match observation {
                Observation::Approved if state.name().starts_with("asking") => approved = Some(state.name()),
                Observation::Stack(sight) => found = sight.as_ref().map(|sight| sight.status.clone()),
                _ => {}
            }
            let (next, action) = step(&state, observation);
            match &action {
                Action::ExecuteChangeSet { .. } => prop_assert_eq!(approved, Some("asking for approval")),
                Action::ExecuteRefactor { .. } => {
                    prop_assert_eq!(approved, Some("asking for approval of the refactor"));
                }
                Action::DeleteStack { why: Deletion::Asked, .. } => {
                    prop_assert_eq!(approved, Some("asking for deletion"));
                }
                Action::DeleteStack { why: Deletion::FailedCreation, .. } => {
                    prop_assert_eq!(found.clone(), Some(StackStatus::RollbackComplete));
                }
                Action::DeleteStack { why: Deletion::Empty, .. } => {
                    prop_assert_eq!(found.clone(), Some(StackStatus::ReviewInProgress));
                }
                Action::End(_) => ended = true,
                _ => prop_assert!(!ended, "nothing follows the end"),
            }
            state = next;
        }
    }
}

fn observation() -> impl Strategy<Value = Observation> {
    let unknown = StackStatus::Unknown("NEW".to_owned());
    let stack = select([StackStatus::KNOWN, &[unknown]].concat());
    let set = select([ChangeSetStatus::KNOWN, &[ChangeSetStatus::Unknown("NEW".to_owned())]].concat());
    let execution = select([ExecutionStatus::KNOWN, &[ExecutionStatus::Unknown("NEW".to_owned())]].concat());
    let refactor = [RefactorStatus::KNOWN, &[RefactorStatus::Unknown("NEW".to_owned())]].concat();
    let unknown = RefactorExecutionStatus::Unknown("NEW".to_owned());
    let refactoring = [RefactorExecutionStatus::KNOWN, &[unknown]].concat();
    let rename = Rename { from: "Old".to_owned(), to: "New".to_owned(), resource_type: "T".to_owned() };
    let error = select(vec![
        ServiceError::CredentialsExpired,
        ServiceError::Unsupported { message: "Unknown action".to_owned() },
        ServiceError::AlreadyAccepted,
        ServiceError::Validation { message: "Stack is in UPDATE_IN_PROGRESS state".to_owned() },
        ServiceError::NotFound { message: "Stack x does not exist".to_owned() },
        ServiceError::AnswerLost { message: "reset".to_owned() },
    ]);
    prop_oneof![
        8 => (stack, any::<bool>(), any::<bool>()).prop_map(|(status, protected, own_event)| {
            let arn = "arn:stack".to_owned();
            Observation::Stack(Some(StackSight { arn, status, reason: None, protected, own_event }))
        }),
        8 => (set, execution, any::<bool>()).prop_map(|(status, execution, empty)| {
            Observation::ChangeSet { status, execution, reason: None, empty }
        }),
        8 => (select(refactor), select(refactoring)).prop_map(|(status, execution)| {
            Observation::Refactor { status, reason: None, execution, execution_reason: None }
        }),
        2 => (error, any::<bool>())
            .prop_map(|(error, maybe_acted)| Observation::Failed { error, maybe_acted }),
        25 => select(vec![
            Observation::Begin,
            Observation::Waited,
            Observation::Stack(None),
            Observation::ChangeSetCreated { stack: "arn:stack".to_owned(), change_set: "arn:set".to_owned() },
            Observation::ChangeSetGone,
            Observation::ValidationRead,
            Observation::Approved,
            Observation::Declined,
            Observation::Retain(vec!["Bucket".to_owned()]),
            Observation::Force,
            Observation::ChangeSets { leftover: vec!["arn:other".to_owned()], others: 0 },
            Observation::ChangeSetDeleted,
            Observation::Imports(Vec::new()),
            Observation::Accepted,
            Observation::NotExecutable,
            Observation::Renames { renames: vec![rename.clone()], impossible: Vec::new() },
            Observation::Renames { renames: vec![rename], impossible: vec!["why".to_owned()] },
            Observation::Renames { renames: Vec::new(), impossible: Vec::new() },
            Observation::RefactorInProgress(None),
            Observation::RefactorInProgress(Some("refactor-0".to_owned())),
            Observation::RefactorCreated { refactor: "refactor-1".to_owned() },
            Observation::ExportsLost(Vec::new()),
            Observation::Interrupted,
        ]),
    ]
}
