//! `formwork diff` against stacks in an emulator of the service: an empty diff is a deployment that does
//! nothing, and another is not.

use anyhow::{Context as _, Result, ensure};
use formwork_e2e::emulator::Emulator;
use formwork_e2e::{Judges, program};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the command on a directory of snapshots against what is deployed.
fn diff(emulator: &Emulator, directory: &Path, more: &[&str]) -> Result<Output> {
    let mut command = Command::new(program::built()?.join("formwork"));
    command.args(["diff", "--exit-code", "--json", "--app"]).arg(directory).args(more);
    command.args(["--endpoint-url", emulator.endpoint()]).current_dir(directory);
    let environment = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_CONFIG_FILE", "none"),
        ("AWS_SHARED_CREDENTIALS_FILE", "none"),
    ];
    Ok(command.envs(environment).output()?)
}

/// What changes in the one stack, by logical id, action and effect.
fn changes(output: &Output) -> Result<Vec<String>> {
    let text = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).with_context(|| text.into_owned())?;
    let resources = report["stacks"][0]["resources"].as_array().context("a stack has resources")?;
    let word = |resource: &Value, key: &str| resource[key].as_str().unwrap_or_default().to_owned();
    Ok(resources
        .iter()
        .map(|resource| ["logical_id", "action", "effect"].map(|key| word(resource, key)).join(" "))
        .collect())
}

fn template(name: &str) -> Value {
    json!({
        "Parameters": {"Delay": {"Type": "String", "Default": "5"}},
        "Resources": {
            "Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name, "DelaySeconds": {"Ref": "Delay"}}},
            "Alarms": {"Type": "AWS::SNS::Topic"},
        },
        "Outputs": {"Url": {"Value": {"Ref": "Orders"}}},
    })
}

#[test]
fn an_empty_diff_is_a_deployment_that_does_nothing() -> Result<()> {
    let Some(judges) = Judges::or_skip("diffs against deployed stacks") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let directory = tempfile::tempdir()?;
    let write =
        |template: &Value| fs::write(directory.path().join("shop.template.json"), template.to_string());

    // What is not deployed is new.
    let first = template("orders");
    write(&first)?;
    let output = diff(&emulator, directory.path(), &[])?;
    ensure!(changes(&output)? == ["Alarms add none", "Orders add none"], "{:?}", changes(&output)?);
    ensure!(String::from_utf8_lossy(&output.stderr).contains("`shop` is not deployed"));

    let created = emulator.create("shop", &first)?;
    ensure!(created.status == "CREATE_COMPLETE", "{}", created.status);
    let output = diff(&emulator, directory.path(), &[])?;
    ensure!(output.status.code() == Some(0) && changes(&output)?.is_empty(), "{:?}", changes(&output)?);
    ensure!(emulator.update("shop", &first)?.is_none(), "the diff is empty, and the deployment is not");

    let second = template("invoices");
    write(&second)?;
    let output = diff(&emulator, directory.path(), &[])?;
    ensure!(output.status.code() == Some(3), "{:?}", output.status);
    ensure!(changes(&output)? == ["Orders modify replace"], "{:?}", changes(&output)?);
    let output = diff(&emulator, directory.path(), &["--method", "change-set"])?;
    ensure!(changes(&output)? == ["Orders modify replace"], "{}", String::from_utf8_lossy(&output.stderr));
    ensure!(emulator.update("shop", &second)?.is_some(), "the diff is not empty, and the deployment is");
    Ok(())
}
