//! Whole operations against the simulated service: what is told, called and returned.

use std::fmt::Write as _;

use crate::support::{Recorder, topics};
use formwork_deploy::{
    app::{App, AppStack},
    deployment::Deployment,
    engine::Engine,
    machine::Outcome,
    operator::{Interruption, Retention},
    request::{DeployRequest, StackRequest},
    simulation::{Fault, SimulatedClock, Simulation},
    status::StackStatus,
};

/// One operation after another on one account, written down.
struct Script {
    service: Simulation,
    clock: SimulatedClock,
    recorder: Recorder,
    text: String,
}

impl Script {
    fn new(service: Simulation) -> Self {
        Self { service, clock: SimulatedClock::new(1), recorder: Recorder::new(), text: String::new() }
    }

    async fn deploy(&mut self, title: &str, request: &DeployRequest) -> Deployment {
        self.service.restart();
        let engine = Engine::new(&self.service, &self.clock, &self.recorder);
        let result = engine.deploy(request).await;
        self.write(title, &result);
        result
    }

    async fn destroy(&mut self, title: &str, stack: &str) -> Deployment {
        self.service.restart();
        let engine = Engine::new(&self.service, &self.clock, &self.recorder);
        let result = engine.destroy(&StackRequest::new(stack)).await;
        self.write(title, &result);
        result
    }

    async fn roll_back(&mut self, title: &str, stack: &str) -> Deployment {
        self.service.restart();
        let engine = Engine::new(&self.service, &self.clock, &self.recorder);
        let result = engine.roll_back(&StackRequest::new(stack)).await;
        self.write(title, &result);
        result
    }

    fn write(&mut self, title: &str, result: &Deployment) {
        let told = self.recorder.text();
        self.recorder.lines.lock().unwrap().clear();
        let calls = self.service.calls();
        let json = serde_json::to_string(result).unwrap();
        writeln!(self.text, "# {title}\n{told}\n{} calls: {calls:?}\n{json}", calls.len()).unwrap();
        writeln!(self.text, "standing: {:?}\n", self.service.standing()).unwrap();
    }
}

#[tokio::test]
async fn a_stack_lives() {
    let mut script = Script::new(Simulation::new());
    let one = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n")]));
    let mut two = DeployRequest::new("web", topics(&[("Alarm", "b"), ("News", "n")]));
    two.termination_protection = Some(true);
    script.deploy("created", &one).await;
    let calls = script.service.calls().len();
    script.deploy("no change", &one).await;
    assert!(script.service.calls().len() <= 6, "{} after {calls}", script.service.calls().len());
    script.deploy("updated, and protected", &two).await;
    script.destroy("protected", "web").await;
    script.service.protect("web", false);
    script.destroy("destroyed", "web").await;
    script.destroy("destroyed already", "web").await;
    insta::assert_snapshot!(script.text);
}

#[tokio::test]
async fn failures_are_rolled_back() {
    let mut script = Script::new(Simulation::new().gradual().lagging(2));
    let one = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n")]));
    let two = DeployRequest::new("web", topics(&[("Alarm", "b"), ("News", "m"), ("Other", "o")]));
    script.service.fail("Alarm");
    script.deploy("the creation fails", &one).await;
    script.service.mend("Alarm");
    script.deploy("created anew", &one).await;
    script.service.fail("News");
    script.deploy("the update fails", &two).await;
    script.service.fail_rollback("News");
    script.deploy("the rollback fails", &two).await;
    script.deploy("needs repair", &two).await;
    script.service.mend("News");
    script.roll_back("the rollback goes on", "web").await;
    script.deploy("updated", &two).await;
    insta::assert_snapshot!(script.text);
}

#[tokio::test]
async fn without_rollback() {
    let mut script = Script::new(Simulation::new());
    let mut one = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n")]));
    one.mode.disable_rollback = true;
    script.service.fail("News");
    script.deploy("the creation fails", &one).await;
    script.service.mend("News");
    script.deploy("and goes on", &one).await;
    let mut two = DeployRequest::new("web", topics(&[("Alarm", "b"), ("News", "m")]));
    two.mode.disable_rollback = true;
    script.service.fail("News");
    script.deploy("the update fails", &two).await;
    two.mode.disable_rollback = false;
    script.deploy("now with rollback", &two).await;
    script.roll_back("rolled back", "web").await;
    insta::assert_snapshot!(script.text);
}

#[tokio::test]
async fn deletions_that_fail() {
    let mut script = Script::new(Simulation::new().gradual());
    let one = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n")]));
    script.deploy("created", &one).await;
    script.service.fail_deletion("News");
    script.destroy("left", "web").await;
    script.recorder.retention = Retention::Retain(vec!["News".to_owned()]);
    script.destroy("retained", "web").await;
    insta::assert_snapshot!(script.text);
}

#[tokio::test]
async fn nothing_is_deployed_without_approval() {
    let mut script = Script::new(Simulation::new());
    script.recorder.approves = false;
    let one = DeployRequest::new("web", topics(&[("Alarm", "a")]));
    script.deploy("declined", &one).await;
    let mut two = one.clone();
    two.parameters.insert("Colour".to_owned(), "red".to_owned());
    script.deploy("an unknown parameter", &two).await;
    let long = "x".repeat(60_000);
    script.deploy("too long for a call", &DeployRequest::new("web", topics(&[("Alarm", &long)]))).await;
    assert!(script.service.executed().is_empty());
    insta::assert_snapshot!(script.text);
}

#[tokio::test]
async fn an_interruption_before_the_execution_leaves_nothing() {
    let service = Simulation::new().gradual();
    let (clock, recorder, interruption) = (SimulatedClock::new(1), Recorder::new(), Interruption::new());
    interruption.interrupt();
    let engine = Engine::new(&service, &clock, &recorder).interruption(&interruption);
    let result = engine.deploy(&DeployRequest::new("web", topics(&[("Alarm", "a")]))).await;
    assert_eq!(result.message.as_deref(), Some("interrupted before anything was deployed"));
    assert_eq!(service.standing(), []);
}

/// Every call of a first deployment and of an update, with everything that can go wrong with it,
/// and then the same again in good weather.
#[tokio::test]
async fn whatever_goes_wrong_the_same_again_comes_home() {
    let faults = [
        Fault::Throttled,
        Fault::Unavailable,
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::Expired,
        Fault::CrashBefore,
        Fault::CrashAfter,
    ];
    let one = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n")]));
    let two = DeployRequest::new("web", topics(&[("Alarm", "b"), ("News", "n")]));
    let mut table = String::new();
    for (name, gradual, update) in [
        ("creation at once", false, false),
        ("creation step by step", true, false),
        ("update at once", false, true),
        ("update step by step", true, true),
    ] {
        for fault in faults {
            let (mut first, mut runs) = (std::collections::BTreeMap::<String, u32>::new(), 0);
            for call in 0.. {
                let service =
                    if gradual { Simulation::new().gradual().lagging(1) } else { Simulation::new() };
                let recorder = Recorder::new();
                if update {
                    let clock = SimulatedClock::new(7);
                    Engine::new(&service, &clock, &recorder).deploy(&one).await;
                    service.restart();
                }
                let wanted = if update { &two } else { &one };
                service.fault(call, fault);
                let clock = SimulatedClock::new(8);
                let engine = Engine::new(&service, &clock, &recorder);
                let outcome = tokio::select! {
                    result = engine.deploy(wanted) => format!("{:?}", result.outcome),
                    () = service.crashed() => "died".to_owned(),
                };
                if service.calls().len() <= call {
                    break;
                }
                runs += 1;
                *first.entry(outcome).or_default() += 1;
                service.restart();
                let clock = SimulatedClock::new(9);
                let again = Engine::new(&service, &clock, &recorder).deploy(wanted).await;
                let what = format!("{name}, {fault:?} at call {call}: {again:?}");
                assert!(again.is_success(), "{what}");
                let complete = if update { StackStatus::UpdateComplete } else { StackStatus::CreateComplete };
                assert_eq!(service.standing(), [("web".to_owned(), complete, 0)], "{what}");
                assert_eq!(service.executed().len(), if update { 2 } else { 1 }, "{what}");
                assert!(
                    service.deleted().iter().all(|(_, status)| *status == StackStatus::ReviewInProgress),
                    "{what}"
                );
            }
            writeln!(table, "{name}, {fault:?}: {runs} calls, first {first:?}, all well after the second")
                .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

/// A stack whose settings are not as was asked is not what was wanted; the same again sets them.
#[tokio::test]
async fn a_setting_that_fails_is_a_failure() {
    let mut request = DeployRequest::new("web", topics(&[("Alarm", "a")]));
    request.termination_protection = Some(true);
    let (clean, service) = (Simulation::new(), Simulation::new());
    let (clock, recorder) = (SimulatedClock::new(1), Recorder::new());
    assert!(Engine::new(&clean, &clock, &Recorder::new()).deploy(&request).await.is_success());
    let setting = clean.calls().iter().position(|call| *call == "UpdateTerminationProtection");
    service.fault(setting.unwrap(), Fault::Expired);
    let result = Engine::new(&service, &clock, &recorder).deploy(&request).await;
    let first = serde_json::to_string_pretty(&result).unwrap();
    service.restart();
    let again = Engine::new(&service, &clock, &recorder).deploy(&request).await;
    assert_eq!(service.calls().last(), Some(&"UpdateTerminationProtection"));
    insta::assert_snapshot!(format!("{first}\n{:?}\n{}", again.outcome, recorder.text()));
}

/// A value that is given to a parameter reaches the service, and nothing that is written.
#[tokio::test]
async fn secrets_are_not_written() {
    let template = |name: &str| {
        format!(
            r#"{{"Parameters":{{"Password":{{"Type":"String","NoEcho":true}}}},"Resources":{{"{name}":{{"Type":"AWS::SNS::Topic","Properties":{{"DisplayName":{{"Ref":"Password"}}}}}}}}}}"#
        )
    };
    let mut script = Script::new(Simulation::new());
    let mut request = DeployRequest::new("web", template("Topic"));
    request.parameters.insert("Password".to_owned(), "hunter2".to_owned());
    script.deploy("created", &request).await;
    request.template = template("Other");
    script.service.fail("Other");
    let result = script.deploy("failed", &request).await;
    let written = format!("{}{request:?}{result:?}", script.text);
    assert!(result.root_cause.is_some() && !written.contains("hunter2"), "{written}");
}

/// What a deployment that changes nothing costs, whether the service works at once or step by step.
#[tokio::test]
async fn nothing_to_do_takes_six_calls_at_most() {
    let request = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n")]));
    for service in [Simulation::new(), Simulation::new().gradual().lagging(2)] {
        let (clock, recorder, interruption) = (SimulatedClock::new(1), Recorder::new(), Interruption::new());
        let app = App::new(vec![AppStack::new(request.clone(), &service)]);
        app.deploy(&clock, &recorder, &interruption).await;
        service.restart();
        let again = app.deploy(&clock, &recorder, &interruption).await;
        assert_eq!(again.stacks[0].outcome, Outcome::NoChange);
        assert!(service.calls().len() <= 6, "{:?}", service.calls());
    }
}

/// The stack is as its template says, but something that was taken out of it stays where it is.
#[tokio::test]
async fn what_cleanup_leaves_is_told() {
    let mut script = Script::new(Simulation::new().gradual());
    let one = DeployRequest::new("web", topics(&[("Alarm", "a"), ("News", "n"), ("Other", "o")]));
    script.deploy("created", &one).await;
    script.text.clear();
    script.service.fail_deletion("News");
    script.deploy("cleaned up", &DeployRequest::new("web", topics(&[("Alarm", "a")]))).await;
    insta::assert_snapshot!(script.text);
}
