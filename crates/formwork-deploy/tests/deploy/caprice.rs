//! A service that says anything that it may say, while others act in between: whatever happens, every
//! run comes to an end, nothing is executed that was not approved, and no stack is deleted but an empty
//! one, a failed creation, or one whose deletion was approved.

use crate::support::Recorder;
use formwork_deploy::{
    deployment::Deployment,
    engine::Engine,
    error::ServiceError,
    operator::Interruption,
    request::{DeployRequest, StackRequest},
    simulation::{Disturbance, Fault, SimulatedClock, Simulation},
    status::{ChangeSetStatus, ExecutionStatus, RefactorExecutionStatus, RefactorStatus, StackStatus},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// More calls than any run takes.
const RUNAWAY: usize = 1_500;

/// What a run of the command is to do.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Task {
    Deploy { template: usize, disable_rollback: bool, replace_renamed: bool },
    Destroy,
    RollBack,
}

/// What goes on during a run, and who is asked.
#[derive(Debug, Clone)]
struct Run {
    task: Task,
    /// The state in which the run finds the stack, if there is one.
    found: Option<StackStatus>,
    disturbances: Vec<(usize, Disturbance)>,
    faults: Vec<(usize, Fault)>,
    approves: bool,
    /// At the first question.
    interrupted: bool,
}

/// Queues that refer to each other; the first may say what it was.
fn template(number: usize) -> String {
    let (id, was, size) =
        [("Old", "", "1"), ("New", "Old", "1"), ("New", "Old", "2"), ("Newest", "New", "2")][number % 4];
    format!(
        r#"{{"Resources":{{
            "{id}":{{"Type":"AWS::SQS::Queue","Metadata":{{"formwork":{{"moved_from":"{was}"}}}},"Properties":{{"DelaySeconds":"{size}"}}}},
            "Other":{{"Type":"AWS::SNS::Topic","Properties":{{"DisplayName":{{"Ref":"{id}"}}}}}}
        }},"Outputs":{{"Url":{{"Value":{{"Ref":"{id}"}},"Export":{{"Name":"{id}"}}}}}}}}"#
    )
}

fn stack_status() -> impl Strategy<Value = StackStatus> {
    select([StackStatus::KNOWN, &[StackStatus::Unknown("NEW".to_owned())]].concat())
}

fn disturbance() -> impl Strategy<Value = Disturbance> {
    let set = [ChangeSetStatus::KNOWN, &[ChangeSetStatus::Unknown("NEW".to_owned())]].concat();
    let execution = [ExecutionStatus::KNOWN, &[ExecutionStatus::Unknown("NEW".to_owned())]].concat();
    let refactor = [RefactorStatus::KNOWN, &[RefactorStatus::Unknown("NEW".to_owned())]].concat();
    // One that is executed goes on as long as its stack does.
    let going = RefactorExecutionStatus::RollbackInProgress;
    let refactoring = RefactorExecutionStatus::KNOWN.iter().filter(|status| **status != going).cloned();
    let message = |text: &str| text.to_owned();
    let refusals = vec![
        ServiceError::Validation {
            message: message("Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated."),
        },
        ServiceError::Validation { message: message("Template format error") },
        ServiceError::NotFound { message: message("Stack with id web does not exist") },
        ServiceError::AccessDenied { permission: None, message: message("no") },
        ServiceError::AlreadyExists { message: message("ChangeSet exists") },
        ServiceError::AlreadyAccepted,
        ServiceError::InvalidChangeSetStatus { message: message("cannot be executed in its current status") },
        ServiceError::InsufficientCapabilities { message: message("Requires capabilities") },
        ServiceError::Unsupported { message: message("Unknown action") },
        ServiceError::Other { code: message("LimitExceeded"), message: message("too many") },
    ];
    prop_oneof![
        6 => stack_status().prop_map(Disturbance::Stack),
        2 => (select(set), select(execution)).prop_map(|(one, other)| Disturbance::ChangeSets(one, other)),
        2 => (select(refactor), select(refactoring.collect::<Vec<_>>()))
            .prop_map(|(one, other)| Disturbance::Refactors(one, other)),
        2 => (0_usize..4).prop_map(|number| Disturbance::Deployment(template(number))),
        1 => Just(Disturbance::Deletion),
        4 => select(refusals).prop_map(Disturbance::Refusal),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    let deploy = (0_usize..4, any::<bool>(), any::<bool>()).prop_map(
        |(template, disable_rollback, replace_renamed)| Task::Deploy {
            template,
            disable_rollback,
            replace_renamed,
        },
    );
    let task = prop_oneof![6 => deploy, 2 => Just(Task::Destroy), 1 => Just(Task::RollBack)];
    let fault = select(vec![Fault::Throttled, Fault::LostBefore, Fault::LostAfter, Fault::Unavailable]);
    (
        task,
        option::weighted(0.5, stack_status()),
        vec((0_usize..30, disturbance()), 0..5),
        vec((0_usize..30, fault), 0..4),
        prop::bool::weighted(0.85),
        prop::bool::weighted(0.05),
    )
        .prop_map(|(task, found, disturbances, faults, approves, interrupted)| Run {
            task,
            found,
            disturbances,
            faults,
            approves,
            interrupted,
        })
}

/// Carries out a run; `None` when it does not come to an end.
async fn carry_out(service: &Simulation, run: &Run, seed: u64) -> (Option<Deployment>, Recorder) {
    service.restart();
    service.fault(RUNAWAY, Fault::CrashBefore);
    for (call, fault) in &run.faults {
        service.fault(*call, *fault);
    }
    for (call, disturbance) in &run.disturbances {
        service.disturb(*call, disturbance.clone());
    }
    if let Some(status) = &run.found {
        service.disturb(0, Disturbance::Stack(status.clone()));
    }
    let mut recorder = Recorder::new();
    recorder.approves = run.approves;
    let (clock, interruption) = (SimulatedClock::new(seed), Interruption::new());
    if run.interrupted {
        interruption.interrupt();
    }
    let engine = Engine::new(service, &clock, &recorder).interruption(&interruption);
    let operation = async {
        match run.task {
            Task::Deploy { template: number, disable_rollback, replace_renamed } => {
                let mut request = DeployRequest::new("web", template(number));
                request.mode.disable_rollback = disable_rollback;
                request.mode.replace_renamed = replace_renamed;
                engine.deploy(&request).await
            }
            Task::Destroy => engine.destroy(&StackRequest::new("web")).await,
            Task::RollBack => engine.roll_back(&StackRequest::new("web")).await,
        }
    };
    let result = tokio::select! {
        result = operation => Some(result),
        () = service.crashed() => None,
    };
    (result, recorder)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_service_says(
        runs in vec(run(), 1..5),
        gradual in any::<bool>(),
        lag in 0_u8..3,
        refactoring in prop::bool::weighted(0.9),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let service = if gradual { Simulation::new().gradual() } else { Simulation::new() };
            let service = service.lagging(lag);
            let service = if refactoring { service } else { service.without_refactoring() };
            for (seed, run) in (100_u64..).zip(&runs) {
                let (executed, deleted) = (service.executed().len(), service.deleted_as_told().len());
                let (result, recorder) = carry_out(&service, run, seed).await;
                let told = recorder.text();
                prop_assert!(result.is_some(), "no end: {run:?}\n{told}\n{:?}", &service.calls()[RUNAWAY - 20..]);
                let approved = |question: &str| run.approves && told.contains(question);
                let new = service.executed().len() - executed;
                prop_assert!(new <= 1, "one run executes one change set at most");
                let asked = approved("asked: Create") || approved("asked: Update");
                prop_assert!(new == 0 || asked, "{run:?}\n{told}");
                // The calls are those of this run.
                let renamed = service.calls().contains(&"ExecuteStackRefactor");
                prop_assert!(!renamed || approved("asked: refactor"), "{run:?}\n{told}");
                for (stack, status) in &service.deleted_as_told()[deleted..] {
                    let worthless = matches!(
                        status,
                        Some(StackStatus::RollbackComplete | StackStatus::ReviewInProgress)
                    ) && matches!(run.task, Task::Deploy { .. });
                    let wanted = run.task == Task::Destroy && approved("asked: delete");
                    prop_assert!(worthless || wanted, "{stack} told {status:?} {run:?}\n{told}");
                }
            }
            // In calm weather, from wherever that led, it ends as well.
            let task = Task::Deploy { template: 2, disable_rollback: true, replace_renamed: true };
            let calm = Run {
                task,
                found: None,
                disturbances: Vec::new(),
                faults: Vec::new(),
                approves: true,
                interrupted: false,
            };
            let (result, recorder) = carry_out(&service, &calm, 1_000).await;
            let result = result.unwrap();
            prop_assert!(result.is_success() || result.message.is_some(), "{result:?}\n{}", recorder.text());
            Ok(())
        })?;
    }
}
