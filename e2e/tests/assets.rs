//! The bootstrap stack, long templates and assets against an emulator of the services.

use anyhow::{Context as _, Result, ensure};
use formwork_deploy::{
    bootstrap,
    bucket::{Bucket, Staging},
    client::Client,
    clock::SystemClock,
    connection::{Aws, Connection, StaticCredentials},
    deployment::Deployment,
    engine::Engine,
    machine::Outcome,
    operator::Unattended,
    request::DeployRequest,
    submission::TemplateStore as _,
};
use formwork_e2e::{Judges, emulator::Emulator};
use serde_json::json;

async fn connect(emulator: &Emulator) -> Result<Aws> {
    let connection = Connection {
        region: Some("eu-west-1".to_owned()),
        endpoint: Some(emulator.endpoint().to_owned()),
        credentials: Some(StaticCredentials::test()),
        ..Connection::default()
    };
    Ok(Aws::connect(&connection).await?)
}

fn check(result: &Deployment, outcome: Outcome) -> Result<()> {
    ensure!(result.outcome == outcome, "{result:#?}");
    Ok(())
}

/// A template of more than 51,200 bytes.
fn long() -> String {
    let parameter = |number: usize| {
        let value = format!("{number} {}", "v".repeat(2_000));
        json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}})
    };
    let resources: serde_json::Map<_, _> =
        (0..30).map(|number| (format!("Parameter{number}"), parameter(number))).collect();
    json!({"Resources": resources}).to_string()
}

#[tokio::test]
async fn a_long_template_goes_through_the_bucket_of_the_bootstrap_stack() -> Result<()> {
    let Some(judges) = Judges::or_skip("the bootstrap stack against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let aws = connect(&emulator).await?;
    let (client, clock) = (Client::new(&aws), SystemClock::new());
    let bucket = Bucket::new(&aws, None);
    let engine = Engine::new(&client, &clock, &Unattended).template_store(&bucket);
    let request = DeployRequest::new("long", long());

    let refused = engine.deploy(&request).await;
    check(&refused, Outcome::Failed)?;
    ensure!(refused.message.is_some_and(|message| message.contains("`formwork bootstrap`")));

    check(&engine.deploy(&bootstrap::request()).await, Outcome::Created)?;
    check(&engine.deploy(&bootstrap::request()).await, Outcome::NoChange)?;
    let found = Staging::find(&client, &clock).await?.context("the stack says which")?;
    ensure!(found.account == "123456789012" && found.bucket == "formwork-assets-123456789012-eu-west-1-an");
    ensure!(found.repository.as_deref() == Some("formwork-images"));

    check(&engine.deploy(&request).await, Outcome::Created)?;
    check(&engine.deploy(&request).await, Outcome::NoChange)?;

    // A bucket by name is as good.
    let named = Bucket::new(&aws, Some(&found.bucket));
    let address = named.put("named.template.json", &request.template).await?;
    ensure!(
        named.staging().await?.account == "123456789012"
            && address.ends_with("/templates/named.template.json")
    );
    let missing = Bucket::new(&aws, Some("no-such-bucket"));
    let error = missing.put("x.template.json", "{}").await.err().context("there is no such bucket")?;
    ensure!(error.to_string() == "there is no bucket `no-such-bucket`", "{error}");
    Ok(())
}
