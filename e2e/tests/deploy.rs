//! The deploy engine against an emulator of the service.

use anyhow::{Context as _, Result, ensure};
use formwork_deploy::{
    app::{App, AppStack, Input},
    client::{Client, Connection, StaticCredentials},
    clock::SystemClock,
    deployment::Deployment,
    engine::Engine,
    error::ServiceError,
    machine::Outcome,
    operator::{Decision, DeletionProposal, Interruption, Operator, Proposal, Retention},
    progress::Progress,
    read,
    request::{DeployRequest, StackRequest},
    service::{Answer, ChangeSetSummary, ChangeSetType, CloudFormation as _, StackResource, TemplateSource},
    status::ExecutionStatus,
    submission::TemplateStore,
};
use formwork_e2e::{Judges, emulator::Emulator};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Says yes, and keeps the events.
#[derive(Default)]
struct Watcher {
    events: Mutex<Vec<String>>,
}

impl Watcher {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Operator for Watcher {
    fn progress(&self, progress: &Progress) {
        if let Progress::Event { event, .. } = progress {
            let line = format!("{} {}", event.status, event.logical_id);
            self.events.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    fn approve<'a>(&'a self, _: &'a Proposal) -> Decision<'a, bool> {
        Box::pin(async { true })
    }

    fn approve_deletion<'a>(&'a self, _: &'a DeletionProposal) -> Decision<'a, bool> {
        Box::pin(async { true })
    }

    fn retention<'a>(&'a self, _: &'a str, _: &'a [StackResource]) -> Decision<'a, Retention> {
        Box::pin(async { Retention::Leave })
    }
}

async fn client(emulator: &Emulator) -> Result<Client> {
    let connection = Connection {
        region: Some("eu-west-1".to_owned()),
        endpoint: Some(emulator.endpoint().to_owned()),
        credentials: Some(StaticCredentials::test()),
        ..Connection::default()
    };
    Ok(Client::connect(&connection).await?)
}

fn queue(delay: u32) -> Value {
    json!({"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": delay}})
}

fn template(resources: &Value) -> String {
    json!({"Resources": resources, "Outputs": {"Url": {"Value": {"Ref": "Queue"}}}}).to_string()
}

/// A resource that the emulator cannot make: the function's role is none.
fn failing() -> Value {
    json!({"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "http://127.0.0.1:1/none"}})
}

fn check(result: &Deployment, outcome: Outcome) -> Result<()> {
    ensure!(result.outcome == outcome, "{result:#?}");
    Ok(())
}

#[tokio::test]
async fn a_stack_is_made_changed_broken_and_taken_away() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher) = (SystemClock::new(), Watcher::default());
    let engine = Engine::new(&client, &clock, &watcher);

    ensure!(read::deployed(&client, &clock, "web").await?.is_none());
    let first = template(&json!({"Queue": queue(0)}));
    let body = TemplateSource::Body(first.clone());
    let changes = read::change_set(&client, &clock, "web", body, BTreeMap::new()).await?;
    ensure!(changes.kind == ChangeSetType::Create && changes.changes.len() == 1, "{changes:?}");
    ensure!(client.describe_stack("web").await?.is_none(), "looking leaves nothing");

    let mut request = DeployRequest::new("web", first.clone());
    request.tags = Some(BTreeMap::from([("team".to_owned(), "web".to_owned())]));
    let result = engine.deploy(&request).await;
    check(&result, Outcome::Created)?;
    ensure!(result.outputs.contains_key("Url"), "{result:?}");
    let events = watcher.take();
    ensure!(events.last().is_some_and(|event| event == "CREATE_COMPLETE web"), "{events:?}");
    ensure!(events.contains(&"CREATE_COMPLETE Queue".to_owned()), "{events:?}");
    let deployed = read::deployed(&client, &clock, "web").await?.context("it is there")?;
    ensure!(serde_json::from_str::<Value>(&deployed.template)? == serde_json::from_str::<Value>(&first)?);
    ensure!(deployed.stack.tags == BTreeMap::from([("team".to_owned(), "web".to_owned())]));

    check(&engine.deploy(&request).await, Outcome::NoChange)?;
    ensure!(watcher.take().is_empty());
    let executed = |set: &ChangeSetSummary| set.execution_status == ExecutionStatus::ExecuteComplete;
    let sets = client.change_sets(&deployed.stack.arn).await?;
    ensure!(!sets.is_empty() && sets.iter().all(executed), "an empty change set is taken away: {sets:?}");

    let mut second = request.clone();
    second.template = template(&json!({"Queue": queue(5), "Other": queue(0)}));
    let body = TemplateSource::Body(second.template.clone());
    let changes = read::change_set(&client, &clock, "web", body, BTreeMap::new()).await?;
    ensure!(changes.kind == ChangeSetType::Update && changes.changes.len() == 2, "{changes:?}");
    check(&engine.deploy(&second).await, Outcome::Updated)?;
    let events = watcher.take();
    ensure!(events.iter().all(|event| !event.starts_with("CREATE_COMPLETE web")), "of before: {events:?}");

    let mut broken = second.clone();
    broken.template = template(&json!({"Queue": queue(9), "Other": queue(0), "Inner": failing()}));
    let result = engine.deploy(&broken).await;
    check(&result, Outcome::RolledBack)?;
    let cause = result.root_cause.context("it says why")?;
    ensure!(cause.logical_id == "Inner" && !cause.reason.is_empty(), "{cause:?}");
    check(&engine.deploy(&second).await, Outcome::NoChange)?;

    second.termination_protection = Some(true);
    check(&engine.deploy(&second).await, Outcome::NoChange)?;
    check(&engine.destroy(&StackRequest::new("web")).await, Outcome::Failed)?;
    second.termination_protection = Some(false);
    check(&engine.deploy(&second).await, Outcome::NoChange)?;
    watcher.take();
    check(&engine.destroy(&StackRequest::new("web")).await, Outcome::Deleted)?;
    ensure!(watcher.take().contains(&"DELETE_COMPLETE Queue".to_owned()));
    check(&engine.destroy(&StackRequest::new("web")).await, Outcome::Deleted)
}

#[tokio::test]
async fn a_first_deployment_that_fails_is_made_anew() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher) = (SystemClock::new(), Watcher::default());
    let engine = Engine::new(&client, &clock, &watcher);
    let broken = DeployRequest::new("web", template(&json!({"Queue": queue(0), "Inner": failing()})));
    check(&engine.deploy(&broken).await, Outcome::RolledBack)?;
    let good = DeployRequest::new("web", template(&json!({"Queue": queue(0)})));
    check(&engine.deploy(&good).await, Outcome::Created)?;
    Ok(())
}

/// The emulator's bucket.
struct Bucket<'a>(&'a Emulator);

impl TemplateStore for Bucket<'_> {
    fn put<'a>(&'a self, name: &'a str, text: &'a str) -> Answer<'a, String> {
        let stored = self.0.store(name, text);
        Box::pin(async { stored.map_err(|error| ServiceError::Unavailable { message: error.to_string() }) })
    }
}

#[tokio::test]
async fn a_template_that_is_too_long_goes_through_a_bucket() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher, bucket) = (SystemClock::new(), Watcher::default(), Bucket(&emulator));
    let engine = Engine::new(&client, &clock, &watcher);
    let mut resources = serde_json::Map::new();
    for number in 0..500 {
        let name = format!("{number}-{}", "x".repeat(60));
        let parameter = json!({"Type": "String", "Name": name, "Value": "v", "Description": "y".repeat(100)});
        resources.insert(
            format!("Parameter{number}"),
            json!({"Type": "AWS::SSM::Parameter", "Properties": parameter}),
        );
    }
    let request = DeployRequest::new("large", json!({"Resources": resources}).to_string());
    let result = engine.deploy(&request).await;
    ensure!(result.message.is_some_and(|message| message.contains("--template-bucket")));
    let engine = engine.template_store(&bucket);
    check(&engine.deploy(&request).await, Outcome::Created)?;
    let complete = |events: &[String], status: &str| {
        events.iter().filter(|event| event.starts_with(&format!("{status} Parameter"))).count()
    };
    let events = watcher.take();
    ensure!(complete(&events, "CREATE_COMPLETE") == 500, "{} events", events.len());
    let all = read::events(&client, &clock, "large", 10_000).await?;
    ensure!(all.len() > 1_000 && all.last().is_some_and(|event| event.logical_id == "large"));
    check(&engine.deploy(&request).await, Outcome::NoChange)?;
    check(&engine.destroy(&StackRequest::new("large")).await, Outcome::Deleted)?;
    ensure!(complete(&watcher.take(), "DELETE_COMPLETE") == 500);
    Ok(())
}

#[tokio::test]
async fn nested_stacks_are_followed() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher) = (SystemClock::new(), Watcher::default());
    let engine = Engine::new(&client, &clock, &watcher);
    let inner = emulator.store("inner.json", &json!({"Resources": {"Deep": queue(0)}}).to_string())?;
    let nested = json!({"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": inner}});
    let request = DeployRequest::new("outer", template(&json!({"Queue": queue(0), "Inner": nested})));
    check(&engine.deploy(&request).await, Outcome::Created)?;
    let events = watcher.take();
    let deep = events.iter().filter(|event| *event == "CREATE_COMPLETE Deep").count();
    ensure!(deep == 1, "{events:#?}");
    check(&engine.destroy(&StackRequest::new("outer")).await, Outcome::Deleted)
}

/// Twelve stacks, each with a parameter from the one before its half.
#[tokio::test]
async fn an_app_of_twelve_stacks() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher, interruption) = (SystemClock::new(), Watcher::default(), Interruption::new());
    let stacks = (0..12).map(|number| {
        let mut template: Value = json!({
            "Resources": {"Queue": queue(number)},
            "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}},
        });
        if number > 0 {
            template["Parameters"] = json!({"Above": {"Type": "String"}});
            template["Outputs"]["Above"] = json!({"Value": {"Ref": "Above"}});
        }
        let request = DeployRequest::new(format!("stack-{number}"), template.to_string());
        let mut stack = AppStack::new(request, &client);
        if number > 0 {
            let producer = format!("stack-{}", number / 2);
            let (parameter, output) = ("Above".to_owned(), "Name".to_owned());
            stack.inputs = vec![Input { parameter, producer, output }];
        }
        stack
    });
    let app = App::new(stacks.collect()).concurrency(4);
    let report = app.deploy(&clock, &watcher, &interruption).await;
    ensure!(report.stacks.iter().all(|stack| stack.outcome == Outcome::Created), "{report:#?}");
    let report = app.deploy(&clock, &watcher, &interruption).await;
    ensure!(report.stacks.iter().all(|stack| stack.outcome == Outcome::NoChange), "{report:#?}");
    let report = app.destroy(&clock, &watcher, &interruption).await;
    ensure!(report.stacks.iter().all(|stack| stack.outcome == Outcome::Deleted), "{report:#?}");
    Ok(())
}

#[tokio::test]
async fn what_others_import_stays() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher) = (SystemClock::new(), Watcher::default());
    let engine = Engine::new(&client, &clock, &watcher);
    let exported = json!({"Value": {"Fn::GetAtt": ["Queue", "Arn"]}, "Export": {"Name": "data:QueueArn"}});
    let data = json!({"Resources": {"Queue": queue(0)}, "Outputs": {"QueueArn": exported}});
    let imported = json!({"Type": "String", "Value": {"Fn::ImportValue": "data:QueueArn"}});
    let web = json!({"Resources": {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": imported}}});
    check(&engine.deploy(&DeployRequest::new("data", data.to_string())).await, Outcome::Created)?;
    check(&engine.deploy(&DeployRequest::new("web", web.to_string())).await, Outcome::Created)?;
    let refused = engine.destroy(&StackRequest::new("data")).await;
    check(&refused, Outcome::Failed)?;
    ensure!(refused.message.is_some_and(|message| message.contains("data:QueueArn (web)")));
    check(&engine.destroy(&StackRequest::new("web")).await, Outcome::Deleted)?;
    check(&engine.destroy(&StackRequest::new("data")).await, Outcome::Deleted)
}

#[tokio::test]
async fn without_rollback_a_failure_stays_until_it_is_rolled_back_or_mended() -> Result<()> {
    let Some(judges) = Judges::or_skip("the engine against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let (clock, watcher) = (SystemClock::new(), Watcher::default());
    let engine = Engine::new(&client, &clock, &watcher);
    let good = DeployRequest::new("web", template(&json!({"Queue": queue(0)})));
    check(&engine.deploy(&good).await, Outcome::Created)?;
    let mut broken = good.clone();
    broken.template = template(&json!({"Queue": queue(5), "Inner": failing()}));
    broken.mode.disable_rollback = true;
    let result = engine.deploy(&broken).await;
    check(&result, Outcome::Failed)?;
    ensure!(result.root_cause.is_some_and(|cause| cause.logical_id == "Inner"));
    ensure!(result.advice.iter().any(|advice| advice.command == "formwork rollback web"));
    // With rollback wanted, somebody has to decide.
    check(&engine.deploy(&good).await, Outcome::Failed)?;
    let mut mended = good.clone();
    mended.template = template(&json!({"Queue": queue(7)}));
    mended.mode.disable_rollback = true;
    check(&engine.deploy(&mended).await, Outcome::Updated)
}
