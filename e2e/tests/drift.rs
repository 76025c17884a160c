//! Drift on an emulator of the services: what somebody changes behind CloudFormation's back is found, all of
//! it and nothing else, and is brought back or taken over.

use anyhow::{Context as _, Result, ensure};
use formwork_deploy::{
    client::{Client, Connection, StaticCredentials},
    clock::SystemClock,
    drift::{DriftReport, DriftStack, LiveResources, Options, Verdict, detect},
    engine::Engine,
    machine::Outcome,
    operator::Unattended,
    request::DeployRequest,
    service::CloudFormation as _,
};
use formwork_e2e::emulator::{Call, Emulator};
use formwork_e2e::{Judges, program};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const REGION: &str = "us-east-1";

async fn client(emulator: &Emulator) -> Result<Client> {
    let connection = Connection {
        region: Some(REGION.to_owned()),
        endpoint: Some(emulator.endpoint().to_owned()),
        credentials: Some(StaticCredentials::test()),
        ..Connection::default()
    };
    Ok(Client::connect(&connection).await?)
}

/// One resource of every type that the emulator compares, and one that it does not.
fn everything() -> Value {
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]});
    json!({"Resources": {
        "Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders", "DelaySeconds": 0}},
        "Letters": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "letters"}},
        "Limit": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/limit", "Type": "String", "Value": "10"}},
        "News": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news", "DisplayName": "News"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "worker", "AssumeRolePolicyDocument": trust, "MaxSessionDuration": 3600}},
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "work", "Runtime": "python3.13", "Handler": "index.handler", "Timeout": 3,
            "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": {"ZipFile": "def handler(event, context): pass"},
        }},
        "Stock": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "TableName": "stock", "BillingMode": "PAY_PER_REQUEST", "DeletionProtectionEnabled": false,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        }},
        "Assets": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "assets", "VersioningConfiguration": {"Status": "Enabled"}}},
        "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/log", "RetentionInDays": 7}},
        "Old": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/old", "RetentionInDays": 7}},
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "key", "Description": "of the shop"}},
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    }})
}

/// What somebody does behind CloudFormation's back: the service, the call, and what is found then.
fn changes(emulator: &Emulator) -> Result<BTreeMap<&'static str, &'static str>> {
    let queue = |name: &str| -> Result<String> {
        let answer = emulator.behind(
            "sqs",
            REGION,
            &Call::Json("AmazonSQS.GetQueueUrl", json!({"QueueName": name})),
        )?;
        let answer: Value = serde_json::from_str(&answer)?;
        Ok(answer["QueueUrl"].as_str().context("a queue has an address")?.to_owned())
    };
    let orders = json!({"QueueUrl": queue("orders")?, "Attributes": {"DelaySeconds": "5"}});
    let letters = json!({"QueueUrl": queue("letters")?});
    let limit = json!({"Name": "/limit", "Value": "99", "Type": "String", "Overwrite": true});
    let stock = json!({"TableName": "stock", "DeletionProtectionEnabled": true});
    let log = json!({"logGroupName": "/log", "retentionInDays": 30});
    let key = json!({"SecretId": "key", "Description": "of somebody else"});
    let topic = format!("arn:aws:sns:{REGION}:123456789012:news");
    let news = [
        ("Action", "SetTopicAttributes"),
        ("Version", "2010-03-31"),
        ("TopicArn", topic.as_str()),
        ("AttributeName", "DisplayName"),
        ("AttributeValue", "Olds"),
    ];
    let role = [
        ("Action", "UpdateRole"),
        ("Version", "2010-05-08"),
        ("RoleName", "worker"),
        ("MaxSessionDuration", "7200"),
    ];
    let versioning = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    let calls = [
        ("sqs", Call::Json("AmazonSQS.SetQueueAttributes", orders)),
        ("sqs", Call::Json("AmazonSQS.DeleteQueue", letters)),
        ("ssm", Call::Json("AmazonSSM.PutParameter", limit)),
        ("dynamodb", Call::Json("DynamoDB_20120810.UpdateTable", stock)),
        ("logs", Call::Json("Logs_20140328.PutRetentionPolicy", log)),
        ("logs", Call::Json("Logs_20140328.DeleteLogGroup", json!({"logGroupName": "/old"}))),
        ("secretsmanager", Call::Json("secretsmanager.UpdateSecret", key)),
        ("sns", Call::Form(&news)),
        ("iam", Call::Form(&role)),
        ("lambda", Call::Put("/2015-03-31/functions/work/configuration", r#"{"Timeout": 60}"#)),
        ("s3", Call::Put("/assets?versioning", versioning)),
    ];
    for (service, call) in calls {
        emulator.behind(service, REGION, &call).with_context(|| service.to_owned())?;
    }
    Ok(BTreeMap::from([
        ("Orders", "/DelaySeconds 0 -> 5"),
        ("Letters", "deleted"),
        ("Limit", "/Value 10 -> 99"),
        ("News", "/DisplayName News -> Olds"),
        ("Role", "/MaxSessionDuration 3600 -> 7200"),
        ("Work", "/Timeout 3 -> 60"),
        ("Stock", "/DeletionProtectionEnabled false -> true"),
        ("Assets", "/VersioningConfiguration/Status Enabled -> Suspended"),
        ("Log", "/RetentionInDays 7 -> 30"),
        ("Old", "deleted"),
        ("Key", "/Description of the shop -> of somebody else"),
    ]))
}

/// What a report says of the resources of a stack, in short.
fn found(report: &DriftReport) -> BTreeMap<&str, String> {
    let text = |value: &Option<Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "nothing".to_owned(),
    };
    let resources = report.stacks.iter().flat_map(|stack| &stack.resources);
    let drifted =
        resources.filter(|resource| matches!(resource.status, Verdict::Modified | Verdict::Deleted));
    drifted
        .map(|resource| {
            let differences = resource.differences.iter();
            let differences: Vec<String> = differences
                .map(|told| format!("{} {} -> {}", told.path, text(&told.declared), text(&told.actual)))
                .collect();
            let gone = resource.status == Verdict::Deleted;
            (resource.logical_id.as_str(), if gone { "deleted".to_owned() } else { differences.join(", ") })
        })
        .collect()
}

async fn look(client: &Client, code: &DeployRequest) -> DriftReport {
    let live: &dyn LiveResources = client.live_resources();
    let stacks =
        [DriftStack { name: code.stack.clone(), service: client, live: Some(live), code: Some(code) }];
    detect(&stacks, &Options::default(), &SystemClock::new(), &|_| ()).await
}

async fn deploy(client: &Client, code: &DeployRequest) -> Result<()> {
    let clock = SystemClock::new();
    let result = Engine::new(client, &clock, &Unattended).deploy(code).await;
    ensure!(matches!(result.outcome, Outcome::Created | Outcome::Updated), "{result:#?}");
    Ok(())
}

#[tokio::test]
async fn every_change_is_found_and_nothing_else() -> Result<()> {
    let Some(judges) = Judges::or_skip("drift on the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let mut code = DeployRequest::new("shop", everything().to_string());
    code.tags = Some(BTreeMap::from([("team".to_owned(), "shop".to_owned())]));
    deploy(&client, &code).await?;
    let report = look(&client, &code).await;
    ensure!(found(&report).is_empty() && !report.has_drift(), "{report:#?}");
    // The network is the one that nobody there can look at.
    ensure!(report.coverage() == (11, 1), "{report:#?}");
    ensure!(report.gaps()[0].0.contains("AWS::EC2::VPC"), "{:?}", report.gaps());

    let expected = changes(&emulator)?;
    let report = look(&client, &code).await;
    let found = found(&report);
    ensure!(found == expected.iter().map(|(id, text)| (*id, (*text).to_owned())).collect(), "{found:#?}");
    ensure!(report.has_drift() && report.coverage() == (11, 1));

    // Who changes the stack is told apart from who changes the code.
    client.set_termination_protection("shop", true).await?;
    let mut next = code.clone();
    (next.tags, next.termination_protection) = (None, Some(false));
    next.template = everything().to_string().replace("10.0.0.0/16", "10.1.0.0/16");
    let report = look(&client, &next).await;
    let stack = &report.stacks[0];
    ensure!(stack.settings.len() == 1, "{:?}", stack.settings);
    let template = stack.template.as_ref().context("the code moved on")?;
    ensure!(template.changed_by == formwork_deploy::drift::Mover::Code, "{template:?}");
    ensure!(template.diff.resources.len() == 1 && template.diff.resources[0].logical_id == "Network");
    Ok(())
}

#[tokio::test]
async fn what_only_cloud_control_knows_is_read() -> Result<()> {
    let Some(judges) = Judges::or_skip("drift on the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let client = client(&emulator).await?;
    let code = DeployRequest::new("shop", everything().to_string());
    deploy(&client, &code).await?;
    let resources = client.resources("shop").await?;
    let network = resources.iter().find(|resource| resource.logical_id == "Network").context("a network")?;
    let id = network.physical_id.as_deref().context("with an id")?;
    // The emulator's Cloud Control knows what was made through it, and nothing else.
    let state =
        json!({"Id": id, "VpcId": id, "CidrBlock": "10.2.0.0/16", "EnableDnsSupport": true}).to_string();
    let made = json!({"TypeName": "AWS::EC2::VPC", "DesiredState": state});
    emulator.behind("cloudcontrolapi", REGION, &Call::Json("CloudApiService.CreateResource", made))?;
    let report = look(&client, &code).await;
    ensure!(report.coverage() == (12, 0), "{report:#?}");
    let found = found(&report);
    ensure!(
        found == BTreeMap::from([("Network", "/CidrBlock 10.0.0.0/16 -> 10.2.0.0/16".to_owned())]),
        "{found:?}"
    );
    Ok(())
}

/// A directory with an assembly and the code behind it.
fn project(directory: &Path, template: &Value, code: &str) -> Result<()> {
    let app = directory.join("app");
    fs::create_dir_all(&app)?;
    fs::create_dir_all(directory.join("src"))?;
    fs::write(directory.join("src/main.rs"), code)?;
    let mut template = template.clone();
    let resources = template["Resources"].as_object_mut().context("a template has resources")?;
    for (id, resource) in resources.iter_mut() {
        let line = code.lines().position(|line| line.contains(&format!("\"{id}\"")));
        if let Some(line) = line {
            resource["Metadata"] = json!({"formwork": {"source": format!("src/main.rs:{}", line + 1)}});
        }
    }
    fs::write(app.join("shop.template.json"), template.to_string())?;
    let properties = json!({"templateFile": "shop.template.json", "stackName": "shop"});
    let artifact = json!({
        "type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": properties,
    });
    let manifest = json!({"version": "36.0.0", "artifacts": {"shop": artifact}});
    Ok(fs::write(app.join("manifest.json"), manifest.to_string())?)
}

/// What the command says: the exit code, and both streams.
fn run(emulator: &Emulator, directory: &Path, arguments: &[&str]) -> Result<(i32, String)> {
    let mut command = Command::new(program::built()?.join("formwork"));
    command.args(arguments).args(["--app", "app", "--endpoint-url", emulator.endpoint()]);
    let environment = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", REGION),
        ("AWS_CONFIG_FILE", "none"),
        ("AWS_SHARED_CREDENTIALS_FILE", "none"),
        ("NO_COLOR", "1"),
    ];
    let output = command.envs(environment).current_dir(directory).output()?;
    let code = output.status.code().context("it ends by itself")?;
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((code, text.join("")))
}

#[test]
fn the_command_brings_back_and_takes_over() -> Result<()> {
    let Some(judges) = Judges::or_skip("drift on the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let directory = tempfile::tempdir()?;
    let directory = directory.path();
    project(directory, &everything(), "fn main() {}\n")?;
    let act = |arguments: &[&str], expected: i32| -> Result<String> {
        let (code, text) = run(&emulator, directory, arguments)?;
        ensure!(code == expected, "formwork {}: {code}\n{text}", arguments.join(" "));
        Ok(text)
    };
    act(&["deploy", "--yes"], 0)?;
    act(&["drift", "--exit-code"], 0)?;
    // The network is not looked at.
    act(&["drift", "--strict"], 6)?;
    changes(&emulator)?;
    act(&["drift"], 0)?;
    let text = act(&["drift", "--exit-code", "--strict"], 4)?;
    ensure!(text.contains("11 checked, 1 not checked: 1 the service does not check AWS::EC2::VPC"), "{text}");
    ensure!(text.contains("9 resources modified, 2 resources deleted"), "{text}");
    // Nobody can be asked here.
    act(&["drift", "--revert"], 1)?;
    let text = act(&["drift", "--revert", "--yes", "--exit-code"], 0)?;
    ensure!(text.contains("two ordinary updates"), "{text}");
    act(&["drift", "--exit-code"], 0)?;
    let text = act(&["diff", "--exit-code"], 0)?;
    ensure!(text.contains("no"), "{text}");
    Ok(())
}
