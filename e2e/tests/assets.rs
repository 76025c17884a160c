//! The bootstrap stack, long templates and assets against an emulator of the services.

use anyhow::{Context as _, Result, ensure};
use formwork_core::{App, Assembly, Build as _, FileSource, RawResource, pseudo};
use formwork_deploy::{
    asset::{AssetManifest, ContainerCommand, Published, Publisher, Site, StackAssets},
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
use formwork_e2e::{Judges, emulator::Emulator, program};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

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

/// A function whose code is a directory.
fn function(code: &Path, out: &Path) -> Result<Assembly> {
    let mut app = App::new();
    let mut stack = app.stack("function");
    let asset = stack.file_asset("Code", FileSource::new(code).exclude("**/*.md"));
    let statement = json!({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"});
    let role = RawResource::new("AWS::IAM::Role")
        .property("AssumeRolePolicyDocument", json!({"Version": "2012-10-17", "Statement": [statement]}))
        .build(&mut stack, "Role");
    RawResource::new("AWS::Lambda::Function")
        .property("FunctionName", "greeter")
        .property(
            "Code",
            formwork_core::Object::new().with("S3Bucket", asset.bucket()).with("S3Key", asset.key()),
        )
        .property("Handler", "index.handler")
        .property("Runtime", "python3.13")
        .property("Role", role.attribute::<String>("Arn"))
        .build(&mut stack, "Greeter");
    stack.output("Account", pseudo::account_id());
    Ok(app.synth_to(out)?)
}

/// What the emulator says of the code of the function.
fn code(emulator: &Emulator) -> Result<Value> {
    let address = format!("{}/2015-03-31/functions/greeter", emulator.endpoint());
    // The region stands in the signature, which nobody verifies.
    let signature = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=0";
    let mut answer = ureq::get(address).header("Authorization", signature).call()?;
    let function: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
    Ok(function["Configuration"]["CodeSha256"].clone())
}

#[tokio::test]
async fn a_function_is_deployed_from_a_directory() -> Result<()> {
    let Some(judges) = Judges::or_skip("assets against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let aws = connect(&emulator).await?;
    let (client, clock, site) = (Client::new(&aws), SystemClock::new(), Site::new(&aws));
    let engine = Engine::new(&client, &clock, &Unattended);
    let directory = tempfile::tempdir()?;
    let (source, out) = (directory.path().join("lambda"), directory.path().join("out"));
    fs::create_dir(&source)?;
    fs::write(source.join("index.py"), "def handler(event, context): return 1")?;

    // Uploads what is not there, and deploys.
    let deploy = async || -> Result<(Published, Outcome)> {
        let assembly = function(&source, &out)?;
        let stack = &assembly.stacks[0];
        let file = stack.assets.as_deref().context("it has assets")?;
        let manifest = AssetManifest::read(&assembly.directory, file, &stack.template)?;
        let assets = StackAssets { stack: &stack.name, manifest: &manifest, site: &site };
        let published = Publisher::new(&clock, &Unattended).publish(&[assets]).await?;
        let template = assembly.template(stack)?.to_compact_json();
        let deployed = engine.deploy(&DeployRequest::new("function", template)).await;
        ensure!(deployed.message.is_none(), "{deployed:#?}");
        Ok((published, deployed.outcome))
    };
    let uploaded = Published { uploaded: 1, present: 0 };
    let present = Published { uploaded: 0, present: 1 };

    let refused = deploy().await.err().context("there is no bucket")?.to_string();
    ensure!(
        refused.contains("`Code` of `function`") && refused.contains("`formwork bootstrap`"),
        "{refused}"
    );
    check(&engine.deploy(&bootstrap::request()).await, Outcome::Created)?;
    ensure!(deploy().await? == (uploaded, Outcome::Created));
    let first = code(&emulator)?;
    ensure!(first.is_string(), "{first}");

    ensure!(deploy().await? == (present, Outcome::NoChange));
    fs::write(source.join("notes.md"), "not part of it")?;
    ensure!(deploy().await? == (present, Outcome::NoChange));

    fs::write(source.join("index.py"), "def handler(event, context): return 2")?;
    ensure!(deploy().await? == (uploaded, Outcome::Updated));
    ensure!(code(&emulator)? != first, "other code runs");

    // Back again is another change, and the old code is still there.
    fs::write(source.join("index.py"), "def handler(event, context): return 1")?;
    ensure!(deploy().await? == (present, Outcome::Updated));
    ensure!(code(&emulator)? == first);
    Ok(())
}

/// Images are built by a script in the place of docker, and the registry is the emulator's.
#[cfg(unix)]
#[tokio::test]
async fn an_image_is_built_and_pushed() -> Result<()> {
    let Some(judges) = Judges::or_skip("images against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let aws = connect(&emulator).await?;
    let (client, clock, site) = (Client::new(&aws), SystemClock::new(), Site::new(&aws));
    let directory = tempfile::tempdir()?;
    let (source, out) = (directory.path().join("image"), directory.path().join("out"));
    fs::create_dir(&source)?;
    fs::write(source.join("Dockerfile"), "FROM scratch")?;
    let mut app = App::new();
    let mut stack = app.stack("image");
    let image = stack.image_asset("Image", source.as_path());
    let value = RawResource::new("AWS::SSM::Parameter").property("Type", "String");
    value.property("Value", image.uri()).build(&mut stack, "Parameter");
    let assembly = app.synth_to(&out)?;
    let stack = &assembly.stacks[0];
    let file = stack.assets.as_deref().context("it has assets")?;
    let manifest = AssetManifest::read(&assembly.directory, file, &stack.template)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/formwork-deploy/tests/publish/docker.sh");
    std::os::unix::fs::symlink(script, directory.path().join("docker"))?;
    fs::write(directory.path().join("failing"), "nothing")?;
    let docker = ContainerCommand::new(directory.path().join("docker"));
    let publisher = Publisher::new(&clock, &Unattended).command(docker);
    let assets = || [StackAssets { stack: &stack.name, manifest: &manifest, site: &site }];

    let refused = publisher.publish(&assets()).await.err().context("there is no repository")?.to_string();
    ensure!(refused.contains("no repository `formwork-images`"), "{refused}");
    let engine = Engine::new(&client, &clock, &Unattended);
    check(&engine.deploy(&bootstrap::request()).await, Outcome::Created)?;
    ensure!(publisher.publish(&assets()).await? == Published { uploaded: 1, present: 0 });
    let log = fs::read_to_string(directory.path().join("docker.log"))?;
    let push = log.lines().last().context("it was called")?.to_owned();

    // What is pushed is what the template names.
    let template = assembly.template(stack)?.to_compact_json();
    check(&engine.deploy(&DeployRequest::new("image", template.clone())).await, Outcome::Created)?;
    let uri = push.strip_prefix("docker push ").context("the last is the push")?;
    let (_, name) = uri.split_once('/').context("a registry and a name")?;
    ensure!(template.contains(&format!("/{name}")), "{uri} is not in {template}");
    Ok(())
}

/// What the command writes to standard output.
fn run(emulator: &Emulator, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program::built()?.join("formwork"));
    command.args(arguments).args(["--endpoint-url", emulator.endpoint(), "--region", "eu-west-1"]);
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test").env("NO_COLOR", "1");
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn the_command_makes_what_an_account_needs() -> Result<()> {
    let Some(judges) = Judges::or_skip("`formwork bootstrap` against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let first = run(&emulator, &["bootstrap"])?;
    let again: Value = serde_json::from_str(&run(&emulator, &["bootstrap", "--json"])?)?;
    let (outcome, outputs) = (&again["stacks"][0]["outcome"], &again["stacks"][0]["outputs"]);
    insta::assert_snapshot!(format!("{first}\n{outcome} {outputs}"), @r#"
    stack               outcome
    formwork-bootstrap  created

    formwork-bootstrap.Bucket = formwork-assets-123456789012-eu-west-1-an
    formwork-bootstrap.Repository = formwork-images
    formwork-bootstrap.Version = 1

    "no_change" {"Bucket":"formwork-assets-123456789012-eu-west-1-an","Repository":"formwork-images","Version":"1"}
    "#);
    let template: Value = serde_json::from_str(&run(&emulator, &["bootstrap", "--print-template"])?)?;
    ensure!(template["Resources"]["Assets"]["Type"] == "AWS::S3::Bucket");
    Ok(())
}
