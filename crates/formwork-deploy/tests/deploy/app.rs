//! Several stacks: their order, their parameters, and what a failure stops.

use std::{fmt::Write as _, time::Duration};

use crate::support::{Recorder, lines};
use formwork_deploy::{
    app::{App, AppStack, Input},
    clock::{Clock as _, SystemClock},
    operator::Interruption,
    request::DeployRequest,
    simulation::{Fault, SimulatedClock, Simulation},
};

/// A stack with a topic, an output, and a parameter for every other stack that it needs.
fn stack<'a>(service: &'a Simulation, name: &str, needs: &[&str]) -> AppStack<'a> {
    let parameters: Vec<String> = needs.iter().map(|id| format!(r#""{id}":{{"Type":"String"}}"#)).collect();
    let names: Vec<String> = needs.iter().map(|id| format!(r#"{{"Ref":"{id}"}}"#)).collect();
    let template = format!(
        r#"{{"Parameters":{{{}}},"Resources":{{"T{name}":{{"Type":"AWS::SNS::Topic","Properties":{{"Tags":[{}]}}}}}},"Outputs":{{"Out":{{"Value":"value-of-{name}"}}}}}}"#,
        parameters.join(","),
        names.join(",")
    );
    let mut stack = AppStack::new(DeployRequest::new(name, template), service);
    let input = |id: &&str| Input {
        parameter: (*id).to_owned(),
        producer: (*id).to_owned(),
        output: "Out".to_owned(),
    };
    stack.inputs = needs.iter().map(input).collect();
    stack
}

/// The order in which work on stacks began and ended.
fn order(recorder: &Recorder) -> String {
    let lines = recorder.lines.lock().unwrap();
    let milestones = lines.iter().filter(|line| line.starts_with("Started") || line.starts_with("Finished"));
    let short = milestones.map(|line| {
        let (what, rest) = line.split_once(" { stack: \"").unwrap();
        format!("{what} {}\n", rest.split('"').next().unwrap())
    });
    short.collect()
}

#[tokio::test]
async fn stacks_come_in_the_order_of_what_they_need() {
    let service = Simulation::new().gradual();
    let (clock, recorder, interruption) = (SimulatedClock::new(3), Recorder::new(), Interruption::new());
    let app = App::new(vec![
        stack(&service, "Web", &["Network", "Data"]),
        stack(&service, "Data", &["Network"]),
        stack(&service, "Network", &[]),
        stack(&service, "Mail", &[]),
    ]);
    let created = app.deploy(&clock, &recorder, &interruption).await;
    let mut text = format!("# deployed\n{}\n{}", order(&recorder), lines(&created));
    assert!(created.is_success());
    recorder.lines.lock().unwrap().clear();
    let again = app.deploy(&clock, &recorder, &interruption).await;
    write!(text, "\n# again\n{}", lines(&again)).unwrap();
    recorder.lines.lock().unwrap().clear();
    let destroyed = app.destroy(&clock, &recorder, &interruption).await;
    write!(text, "\n# destroyed\n{}\n{}", order(&recorder), lines(&destroyed)).unwrap();
    assert_eq!(service.standing(), []);
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_failure_stops_what_needs_it_and_nothing_else() {
    let service = Simulation::new();
    let (clock, recorder, interruption) = (SimulatedClock::new(3), Recorder::new(), Interruption::new());
    service.fail("TData");
    let app = App::new(vec![
        stack(&service, "Network", &[]),
        stack(&service, "Data", &["Network"]),
        stack(&service, "Web", &["Data"]),
        stack(&service, "Front", &["Web"]),
        stack(&service, "Mail", &["Network"]),
        stack(&service, "Hen", &["Egg"]),
        stack(&service, "Egg", &["Hen"]),
    ]);
    let report = app.concurrency(2).deploy(&clock, &recorder, &interruption).await;
    insta::assert_snapshot!(lines(&report));
    interruption.interrupt();
    let none = App::new(vec![stack(&service, "Late", &[])]).deploy(&clock, &recorder, &interruption).await;
    assert_eq!(lines(&none), "Late: skipped not tried, since it was interrupted\n");
}

/// The service refuses every second call, and then all for a while.
#[tokio::test]
async fn a_storm_of_throttling_passes() {
    let service = Simulation::new().gradual();
    for call in (0..600).filter(|call| call % 2 == 0 || (100..130).contains(call)) {
        service.fault(call, Fault::Throttled);
    }
    let (clock, recorder, interruption) = (SimulatedClock::new(3), Recorder::new(), Interruption::new());
    let names: Vec<String> = (0..16).map(|number| format!("S{number}")).collect();
    let app = App::new(names.iter().map(|name| stack(&service, name, &[])).collect()).concurrency(8);
    let report = app.deploy(&clock, &recorder, &interruption).await;
    assert!(report.is_success(), "{}", lines(&report));
    assert_eq!(service.executed().len(), 16);
}

/// A hundred stacks, sixteen at a time, on a service that does everything at once: no time passes but
/// what the pace of looking takes, of which an instant service needs none.
#[tokio::test(start_paused = true)]
async fn the_pace_of_looking_does_not_hold_up_an_instant_service() {
    let service = Simulation::new();
    let (clock, recorder, interruption) = (SystemClock::new(), Recorder::new(), Interruption::new());
    let names: Vec<String> = (0..100).map(|number| format!("S{number}")).collect();
    let app = App::new(names.iter().map(|name| stack(&service, name, &[])).collect()).concurrency(16);
    assert!(app.deploy(&clock, &recorder, &interruption).await.is_success());
    assert!(clock.elapsed() < Duration::from_secs(5), "{:?}", clock.elapsed());
}

/// However many stacks are watched at a time, they look no more often together.
#[tokio::test(start_paused = true)]
async fn parallel_stacks_share_their_looks() {
    let service = Simulation::new().gradual().lagging(5);
    let (clock, recorder, interruption) = (SystemClock::new(), Recorder::new(), Interruption::new());
    let names: Vec<String> = (0..200).map(|number| format!("S{number}")).collect();
    let app = App::new(names.iter().map(|name| stack(&service, name, &[])).collect()).concurrency(200);
    assert!(app.deploy(&clock, &recorder, &interruption).await.is_success());
    let looks = service.calls().iter().filter(|call| **call == "DescribeStackEvents").count();
    let seconds = usize::try_from(clock.elapsed().as_secs()).unwrap();
    assert!(looks / seconds <= 30, "{looks} looks in {seconds} seconds");
}
