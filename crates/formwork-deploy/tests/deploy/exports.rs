//! Exports that go away while others still import them.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::support::{Recorder, lines};
use formwork_deploy::{
    app::{App, AppStack},
    engine::Engine,
    operator::Interruption,
    request::DeployRequest,
    simulation::{Fault, SimulatedClock, Simulation},
    status::StackStatus,
};

/// A stack of these queues, of which each exports its name, and imports these.
fn stack<'a>(
    service: &'a Simulation,
    name: &str,
    queues: &[&str],
    imports: &[&str],
    needs: &[&str],
) -> AppStack<'a> {
    let queue = |id: &&str| format!(r#","{id}":{{"Type":"AWS::SQS::Queue"}}"#);
    let output =
        |id: &&str| format!(r#""{id}":{{"Value":{{"Ref":"{id}"}},"Export":{{"Name":"{name}:{id}"}}}}"#);
    let import = |export: &&str| format!(r#"{{"Fn::ImportValue":"{export}"}}"#);
    let template = format!(
        r#"{{"Resources":{{"Topic":{{"Type":"AWS::SNS::Topic","Properties":{{"Tags":[{}]}}}}{}}},"Outputs":{{{}}}}}"#,
        imports.iter().map(import).collect::<Vec<_>>().join(","),
        queues.iter().map(queue).collect::<String>(),
        queues.iter().map(output).collect::<Vec<_>>().join(","),
    );
    let mut stack = AppStack::new(DeployRequest::new(name, template), service);
    stack.depends_on = needs.iter().map(|&id| id.to_owned()).collect();
    stack
}

/// What stands before: `web` imports from `data`, and `front` from `web`.
async fn deployed(service: &Simulation) {
    let app = App::new(vec![
        stack(service, "data", &["Orders", "Letters"], &[], &[]),
        stack(service, "web", &["Pages"], &["data:Orders"], &["data"]),
        stack(service, "front", &[], &["web:Pages"], &["web"]),
    ]);
    let (clock, recorder) = (SimulatedClock::new(1), Recorder::new());
    let report = app.deploy(&clock, &recorder, &Interruption::new()).await;
    assert!(report.is_success(), "{}", lines(&report));
    service.restart();
}

/// What is to be: nobody exports or imports, and `front` comes first.
fn wanted(service: &Simulation) -> App<'_> {
    App::new(vec![
        stack(service, "front", &[], &[], &[]),
        stack(service, "data", &["Letters"], &[], &[]),
        stack(service, "web", &[], &[], &["data"]),
    ])
}

#[tokio::test]
async fn a_producer_comes_twice() {
    let service = Simulation::new();
    deployed(&service).await;
    let (clock, recorder, interruption) = (SimulatedClock::new(2), Recorder::new(), Interruption::new());
    let report = wanted(&service).deploy(&clock, &recorder, &interruption).await;
    let mut text = format!("{}\n\n{}", recorder.text(), lines(&report));
    for stack in ["data", "web", "front"] {
        writeln!(text, "{stack}: {}", service.deployed_template(stack).unwrap()).unwrap();
    }
    assert!(report.is_success());
    service.restart();
    let again = wanted(&service).deploy(&clock, &recorder, &interruption).await;
    writeln!(text, "\n# again\n{}{:?}", lines(&again), service.calls()).unwrap();
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn others_who_import_stop_everything_beforehand() {
    let service = Simulation::new();
    deployed(&service).await;
    let (clock, recorder, interruption) = (SimulatedClock::new(2), Recorder::new(), Interruption::new());
    let mut text = String::new();
    let apps = [
        (
            "not in the app",
            vec![stack(&service, "data", &[], &[], &[]), stack(&service, "mail", &[], &[], &[])],
        ),
        (
            "still imports it",
            vec![
                stack(&service, "data", &[], &[], &[]),
                stack(&service, "web", &["Pages"], &["data:Orders"], &[]),
            ],
        ),
        ("alone", vec![stack(&service, "data", &[], &[], &[])]),
    ];
    for (title, stacks) in apps {
        service.restart();
        let report = App::new(stacks).deploy(&clock, &recorder, &interruption).await;
        let json = serde_json::to_string(&report.stacks[0].advice).unwrap();
        writeln!(text, "# {title}\n{}{json}\n{:?}\n", lines(&report), service.calls()).unwrap();
    }
    assert_eq!(service.executed().len(), 3, "nothing was changed");
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_consumer_that_fails_keeps_the_exports() {
    let service = Simulation::new();
    deployed(&service).await;
    service.fail("Topic");
    let (clock, recorder, interruption) = (SimulatedClock::new(2), Recorder::new(), Interruption::new());
    let report = wanted(&service).deploy(&clock, &recorder, &interruption).await;
    insta::assert_snapshot!(lines(&report));
    service.mend("Topic");
    let report = wanted(&service).deploy(&clock, &recorder, &interruption).await;
    assert!(report.is_success(), "{}", lines(&report));
}

/// What is deployed alone needs no further look, unless an export is lost.
#[tokio::test]
async fn an_export_that_nobody_imports_goes_at_once() {
    let service = Simulation::new();
    deployed(&service).await;
    let (clock, recorder) = (SimulatedClock::new(2), Recorder::new());
    let engine = Engine::new(&service, &clock, &recorder);
    let request = stack(&service, "data", &["Orders"], &[], &[]).request;
    assert!(engine.deploy(&request).await.is_success());
}

#[tokio::test]
async fn whatever_goes_wrong_the_same_again_comes_home() {
    let faults = [Fault::Throttled, Fault::LostAfter, Fault::Expired, Fault::CrashBefore, Fault::CrashAfter];
    let mut table = String::new();
    for fault in faults {
        let (mut first, mut runs) = (BTreeMap::<bool, u32>::new(), 0);
        for call in 0.. {
            let service = Simulation::new();
            deployed(&service).await;
            service.fault(call, fault);
            let (recorder, interruption) = (Recorder::new(), Interruption::new());
            let clock = SimulatedClock::new(8);
            let app = wanted(&service);
            let success = tokio::select! {
                report = app.deploy(&clock, &recorder, &interruption) => report.is_success(),
                () = service.crashed() => false,
            };
            if service.calls().len() <= call {
                break;
            }
            runs += 1;
            *first.entry(success).or_default() += 1;
            service.restart();
            let clock = SimulatedClock::new(9);
            let again = wanted(&service).deploy(&clock, &recorder, &interruption).await;
            let what = format!("{fault:?} at call {call}: {}\n{}", lines(&again), recorder.text());
            assert!(again.is_success(), "{what}");
            for (_, status, sets) in service.standing() {
                assert_eq!((status, sets), (StackStatus::UpdateComplete, 0), "{what}");
            }
            assert!(!service.deployed_template("data").unwrap().contains("Orders"), "{what}");
        }
        writeln!(table, "{fault:?}: {runs} calls, first well {first:?}, all well after the second").unwrap();
    }
    insta::assert_snapshot!(table);
}
