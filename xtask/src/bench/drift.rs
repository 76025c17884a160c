//! `cargo xtask bench drift`: looking for drift on an emulator on this machine, start to exit.

use super::deploy::Emulator;
use super::measure::{self, Series, significant};
use super::report::{Section, table};
use super::{Arguments, machine};
use crate::judges;
use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The resources of the stack, and how many of them somebody changes.
const RESOURCES: usize = 500;
const DRIFTED: usize = 40;
const REGION: &str = "us-east-1";

pub(super) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Section> {
    process::run(&mut workspace.cargo(["build", "--release", "--package", "formwork-cli"]))?;
    let directory = workspace.target.join("bench/drift");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    write(&directory.join("app"))?;
    let emulator = Emulator::start(&judges::python_programs(workspace)?.join("ministack"), &directory)?;
    let bench = Bench {
        formwork: workspace.target.join("release/formwork"),
        log: workspace.target.join("bench/log"),
        endpoint: &emulator.endpoint,
        directory,
    };
    process::run(&mut bench.command(&["deploy", "--yes"]))?;
    for number in 0..DRIFTED {
        bench.change(number * (RESOURCES / DRIFTED))?;
    }
    let runs = if arguments.quick { 1 } else { arguments.runs };
    let mut series = Series::default();
    // The first round fills the caches and counts nothing.
    let told = bench.told()?;
    for _ in 0..runs {
        series.push(measure::measure(&mut bench.command(&["drift", "--json"]), &bench.log)?);
    }
    let machine = machine::describe(arguments.date.as_deref())?;
    let row = vec![
        told,
        series.cpu().time(),
        series.wall().time(),
        format!("{} MiB", significant(series.memory().median)),
    ];
    let body = format!(
        "{machine}. `cargo xtask bench drift --runs {runs}`\n\n\
         `formwork drift --json` on a stack of {RESOURCES} parameters, of which {DRIFTED} were changed behind \
         the service's back, on ministack on the same machine, which shares its cores; from start to exit. CPU and \
         memory are those of the command alone: the median and, in brackets, the least and the most.\n\n{}",
        table(&["drift", "CPU", "wall", "memory"], None, std::iter::once(row)),
    );
    Ok(Section::new("## Drift", body))
}

struct Bench<'a> {
    formwork: PathBuf,
    log: PathBuf,
    endpoint: &'a str,
    directory: PathBuf,
}

impl Bench<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.formwork);
        command.args(arguments).args(["--app", "app", "--endpoint-url", self.endpoint]);
        let environment = [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", REGION),
            ("AWS_CONFIG_FILE", "none"),
            ("AWS_SHARED_CREDENTIALS_FILE", "none"),
        ];
        command.envs(environment).current_dir(&self.directory);
        command
    }

    /// What was found, which has to be all of it.
    fn told(&self) -> Result<String> {
        let output = self.command(&["drift", "--json"]).output()?;
        let report: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        let stack = &report["stacks"][0];
        let resources = stack["resources"].as_array().context("a stack has resources")?;
        let drifted = resources.iter().filter(|resource| resource["status"] == "modified").count();
        ensure!(drifted == DRIFTED && stack["checked"] == RESOURCES, "{drifted} drifted: {stack}");
        Ok(format!("{RESOURCES} resources, {drifted} drifted"))
    }

    /// Changes a parameter behind the service's back.
    fn change(&self, number: usize) -> Result<()> {
        let address = self.endpoint.trim_start_matches("http://");
        let body = json!({"Name": name(number), "Value": "changed", "Type": "String", "Overwrite": true})
            .to_string();
        let scope = format!("Credential=test/20260101/{REGION}/ssm/aws4_request");
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\
             Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: AmazonSSM.PutParameter\r\n\
             Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none\r\n\r\n{body}",
            body.len(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Ok(())
    }
}

fn name(number: usize) -> String {
    format!("/shop/{number}")
}

/// An assembly of one stack.
fn write(directory: &Path) -> Result<()> {
    fs::create_dir_all(directory)?;
    let parameter = |number: usize| {
        let properties = json!({"Name": name(number), "Type": "String", "Value": "v"});
        (format!("P{number}"), json!({"Type": "AWS::SSM::Parameter", "Properties": properties}))
    };
    let resources: Map<String, Value> = (0..RESOURCES).map(parameter).collect();
    fs::write(directory.join("shop.template.json"), json!({ "Resources": resources }).to_string())?;
    let properties = json!({"templateFile": "shop.template.json", "stackName": "shop"});
    let artifact = json!({
        "type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": properties,
    });
    let manifest = json!({"version": "36.0.0", "artifacts": {"shop": artifact}});
    Ok(fs::write(directory.join("manifest.json"), manifest.to_string())?)
}
