//! The `cdk` command reads what formwork writes.

use anyhow::{Context as _, Result, ensure};
use formwork_e2e::program::Program;
use formwork_e2e::{Judges, assembly::Assembly, fixture};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The `cdk` command in a directory and a home of its own, with no network to speak to.
struct Cdk {
    command: PathBuf,
    directory: TempDir,
}

impl Cdk {
    fn or_skip(what: &str) -> Result<Option<Self>> {
        let Some(judges) = Judges::or_skip(what) else { return Ok(None) };
        let Some(command) = judges.cdk_or_skip(what) else { return Ok(None) };
        Ok(Some(Self { command, directory: tempfile::tempdir()? }))
    }

    fn run(&self, arguments: &[&str], app: &Path) -> Result<Output> {
        let mut command = Command::new(&self.command);
        command.args(arguments).arg("--app").arg(app).arg("--no-notices").arg("--no-version-reporting");
        command.current_dir(self.directory.path()).env("HOME", self.directory.path());
        command.env("CDK_DISABLE_CLI_TELEMETRY", "true").env("NO_COLOR", "1").env_remove("CI");
        command.env("AWS_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ACCESS_KEY_ID", "none").env("AWS_SECRET_ACCESS_KEY", "none");
        // Nothing listens there: what asks the service fails, instead of passing by chance.
        command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        command.output().context("start the cdk command")
    }

    /// What the command writes to its standard output; an error when it fails.
    fn output(&self, arguments: &[&str], app: &Path) -> Result<String> {
        let output = self.run(arguments, app)?;
        ensure!(output.status.success(), "cdk {}: {}", arguments.join(" "), shown(&output));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The names of the stacks, sorted.
    fn list(&self, app: &Path) -> Result<Vec<String>> {
        let output = self.output(&["ls"], app)?;
        // A stack whose name is not its id is listed as `id (name)`.
        let mut names: Vec<String> =
            output.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
        names.sort();
        Ok(names)
    }
}

fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Lists, synthesizes and diffs an assembly.
fn accepts(cdk: &Cdk, assembly: &Assembly) -> Result<()> {
    let app = &assembly.directory;
    ensure!(cdk.list(app)? == assembly.names(), "cdk ls: {:?}", cdk.list(app)?);
    cdk.output(&["synth", "--quiet"], app)?;
    for stack in &assembly.stacks {
        let name = stack.name.as_str();
        let template = stack.read()?;
        let read: Value =
            serde_json::from_str(&cdk.output(&["synth", "--json", "--exclusively", name], app)?)?;
        ensure!(read == template, "cdk synth {name} gives another template");

        let path = stack.template.to_str().context("a path of a template is text")?;
        let same = cdk.run(&["diff", "--fail", "--exclusively", name, "--template", path], app)?;
        ensure!(same.status.success(), "cdk diff {name}: {}", shown(&same));
        ensure!(shown(&same).contains("There were no differences"), "cdk diff {name}: {}", shown(&same));
    }
    Ok(())
}

/// A template with one resource less differs: the comparison above can fail.
fn sees_a_difference(cdk: &Cdk, assembly: &Assembly) -> Result<()> {
    let stack = assembly.stacks.first().context("an assembly has stacks")?;
    let mut template = stack.read()?;
    let resources = template["Resources"].as_object_mut().context("a template has resources")?;
    let id = resources.keys().next().context("a stack has resources")?.clone();
    resources.remove(&id);
    let changed = cdk.directory.path().join("changed.json");
    fs::write(&changed, template.to_string())?;
    let changed = changed.to_str().context("a path of a template is text")?;
    let diff = cdk
        .run(&["diff", "--fail", "--exclusively", &stack.name, "--template", changed], &assembly.directory)?;
    ensure!(diff.status.code() == Some(1), "cdk diff: {}", shown(&diff));
    ensure!(shown(&diff).contains(&id), "cdk diff names no {id}: {}", shown(&diff));
    Ok(())
}

#[test]
fn the_cdk_command_accepts_the_reference_assembly() -> Result<()> {
    let Some(cdk) = Cdk::or_skip("the cdk command lists, synthesizes and diffs the reference stacks")? else {
        return Ok(());
    };
    let synthesized = Program::reference()?.synthesize()?;
    accepts(&cdk, &synthesized.assembly)?;
    sees_a_difference(&cdk, &synthesized.assembly)
}

#[test]
fn the_cdk_command_runs_the_app_itself() -> Result<()> {
    let Some(cdk) = Cdk::or_skip("the cdk command runs the reference stacks itself")? else { return Ok(()) };
    let reference = Program::reference()?;
    let names = cdk.list(&reference.path)?;
    ensure!(names == reference.synthesize()?.assembly.names(), "cdk ls: {names:?}");
    ensure!(
        cdk.directory.path().join("cdk.out/manifest.json").is_file(),
        "the app did not write to CDK_OUTDIR"
    );
    Ok(())
}

#[test]
fn the_cdk_command_accepts_the_fixture() -> Result<()> {
    let Some(cdk) = Cdk::or_skip("the cdk command lists, synthesizes and diffs a fixture")? else {
        return Ok(());
    };
    accepts(&cdk, &Assembly::read(&fixture("assembly"))?)
}

#[test]
fn the_cdk_command_refuses_an_assembly_without_its_template() -> Result<()> {
    let Some(cdk) = Cdk::or_skip("the cdk command refuses a broken assembly")? else { return Ok(()) };
    let directory = tempfile::tempdir()?;
    fs::copy(fixture("assembly").join("manifest.json"), directory.path().join("manifest.json"))?;
    let output = cdk.run(&["synth", "--json", "--exclusively", "Network"], directory.path())?;
    ensure!(!output.status.success(), "cdk synth passes without a template: {}", shown(&output));
    ensure!(shown(&output).contains("Network.template.json"), "{}", shown(&output));
    Ok(())
}
