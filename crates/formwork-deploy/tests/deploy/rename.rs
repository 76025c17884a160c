//! Resources that get another logical id: renamed, and not replaced.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::support::Recorder;
use formwork_deploy::{
    engine::Engine,
    machine::Outcome,
    request::DeployRequest,
    service::CloudFormation as _,
    simulation::{Fault, SimulatedClock, Simulation},
    status::StackStatus,
};

/// Two topics, of which one refers to the other, and an output; the first may say what it was.
fn template(id: &str, was: Option<&str>, name: &str) -> DeployRequest {
    let metadata = was.map(|was| format!(r#""Metadata":{{"formwork":{{"moved_from":"{was}"}}}},"#));
    let metadata = metadata.unwrap_or_default();
    let text = format!(
        r#"{{"Resources":{{
            "{id}":{{"Type":"AWS::SNS::Topic",{metadata}"Properties":{{"DisplayName":"{name}"}}}},
            "News":{{"Type":"AWS::SQS::Queue","DependsOn":"{id}","Properties":{{"Of":{{"Fn::Sub":"${{{id}.Arn}}"}}}}}}
        }},"Outputs":{{"First":{{"Value":{{"Ref":"{id}"}}}}}}}}"#
    );
    DeployRequest::new("web", text)
}

async fn physical_ids(service: &Simulation) -> BTreeMap<String, Option<String>> {
    let resources = service.resources("web").await.unwrap();
    resources.into_iter().map(|resource| (resource.logical_id, resource.physical_id)).collect()
}

#[tokio::test]
async fn a_resource_is_renamed_and_not_replaced() {
    let mut text = String::new();
    for (title, gradual) in [("at once", false), ("step by step", true)] {
        let service = if gradual { Simulation::new().gradual().lagging(1) } else { Simulation::new() };
        let (clock, recorder) = (SimulatedClock::new(1), Recorder::new());
        let engine = Engine::new(&service, &clock, &recorder);
        engine.deploy(&template("Old", None, "a")).await;
        for (step, request) in [
            ("renamed and changed", template("New", Some("Old"), "b")),
            ("the same again", template("New", Some("Old"), "b")),
            ("the line may go", template("New", None, "b")),
        ] {
            service.restart();
            recorder.lines.lock().unwrap().clear();
            let result = engine.deploy(&request).await;
            let json = serde_json::to_string(&result).unwrap();
            let calls = service.calls();
            writeln!(text, "# {title}, {step}\n{}\n{calls:?}\n{json}", recorder.text()).unwrap();
            writeln!(text, "{:?}\n", physical_ids(&service).await).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn what_cannot_be_renamed_stops_or_is_replaced() {
    let mut text = String::new();
    for (title, service) in [
        ("an endpoint that does not know it", Simulation::new().without_refactoring()),
        ("a type that the service refuses", Simulation::new()),
    ] {
        let (clock, recorder) = (SimulatedClock::new(1), Recorder::new());
        let engine = Engine::new(&service, &clock, &recorder);
        engine.deploy(&template("Old", None, "a")).await;
        service.fail_rename("AWS::SNS::Topic");
        recorder.lines.lock().unwrap().clear();
        let mut request = template("New", Some("Old"), "b");
        let stopped = engine.deploy(&request).await;
        assert_eq!(service.executed().len(), 1, "nothing was deployed");
        request.mode.replace_renamed = true;
        let replaced = engine.deploy(&request).await;
        assert_eq!(replaced.outcome, Outcome::Updated);
        writeln!(text, "# {title}\n{}\n{}", recorder.text(), serde_json::to_string(&stopped).unwrap())
            .unwrap();
        writeln!(text, "{:?}\n", physical_ids(&service).await).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn nothing_is_renamed_without_approval() {
    let service = Simulation::new();
    let (clock, mut recorder) = (SimulatedClock::new(1), Recorder::new());
    Engine::new(&service, &clock, &recorder).deploy(&template("Old", None, "a")).await;
    recorder.approves = false;
    let request = template("New", Some("Old"), "b");
    let result = Engine::new(&service, &clock, &recorder).deploy(&request).await;
    assert_eq!(result.message.as_deref(), Some("not approved, and nothing was deployed"));
    assert_eq!(service.refactored(), [""; 0]);
    assert_eq!(service.executed().len(), 1);
}

/// The change set that follows may still be declined, and then the message says what has happened.
#[tokio::test]
async fn what_was_renamed_is_told_when_the_rest_fails() {
    let service = Simulation::new();
    let (clock, recorder) = (SimulatedClock::new(1), Recorder::new());
    let engine = Engine::new(&service, &clock, &recorder);
    engine.deploy(&template("Old", None, "a")).await;
    service.fail("New");
    let result = engine.deploy(&template("New", Some("Old"), "b")).await;
    assert_eq!(result.outcome, Outcome::RolledBack);
    assert_eq!(
        result.message.as_deref(),
        Some("the stack ended UPDATE_ROLLBACK_COMPLETE\nrenamed before, and so it stays: Old to New")
    );
    assert_eq!(physical_ids(&service).await["New"].as_deref(), Some("web-Old"));
}

/// Every call of a renaming with everything that can go wrong with it, and then the same again.
#[tokio::test]
async fn whatever_goes_wrong_the_same_again_renames_once() {
    let faults = [
        Fault::Throttled,
        Fault::Unavailable,
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::Expired,
        Fault::CrashBefore,
        Fault::CrashAfter,
    ];
    let (one, two) = (template("Old", None, "a"), template("New", Some("Old"), "b"));
    let mut table = String::new();
    for gradual in [false, true] {
        for fault in faults {
            let (mut first, mut runs) = (BTreeMap::<String, u32>::new(), 0);
            for call in 0.. {
                let service =
                    if gradual { Simulation::new().gradual().lagging(1) } else { Simulation::new() };
                let recorder = Recorder::new();
                let clock = SimulatedClock::new(7);
                Engine::new(&service, &clock, &recorder).deploy(&one).await;
                service.restart();
                service.fault(call, fault);
                let clock = SimulatedClock::new(8);
                let engine = Engine::new(&service, &clock, &recorder);
                let outcome = tokio::select! {
                    result = engine.deploy(&two) => format!("{:?}", result.outcome),
                    () = service.crashed() => "died".to_owned(),
                };
                if service.calls().len() <= call {
                    break;
                }
                runs += 1;
                *first.entry(outcome).or_default() += 1;
                service.restart();
                let clock = SimulatedClock::new(9);
                let again = Engine::new(&service, &clock, &recorder).deploy(&two).await;
                let what = format!("{gradual} {fault:?} at call {call}: {again:?}\n{}", recorder.text());
                assert!(again.is_success(), "{what}");
                assert_eq!(
                    service.standing(),
                    [("web".to_owned(), StackStatus::UpdateComplete, 0)],
                    "{what}"
                );
                assert_eq!(service.refactored().len(), 1, "{what}");
                assert_eq!(service.executed().len(), 2, "{what}");
                let ids = physical_ids(&service).await;
                assert_eq!(ids["New"].as_deref(), Some("web-Old"), "{what}");
            }
            let pace = if gradual { "step by step" } else { "at once" };
            writeln!(table, "{pace}, {fault:?}: {runs} calls, first {first:?}, all well after the second")
                .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}
