//! `cargo xtask bench diff`: what changes between templates, in process and as a command, beside the
//! `cdk` command.

use super::measure::{self, Series, floor, significant};
use super::report::{Section, table};
use super::{Arguments, cdk, machine};
use crate::judges;
use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The pair of small files.
const PAIR: &str = "crates/formwork-cli/tests/it/diff";
/// The stacks of the large app, of 400 resources each.
const STACKS: &str = "100";
/// One queue in so many is another before: one resource in forty.
const CHANGED: usize = 10;

pub(super) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Section> {
    let bench = Bench::prepare(workspace, arguments)?;
    let machine = machine::describe(arguments.date.as_deref())?;
    let (in_process, commands) = (in_process(workspace)?, bench.commands()?);
    let mut body = format!(
        "{machine}, aws-cdk {}. `cargo xtask bench diff --runs {}`\n\n\
         In process, from two templates to the diff, by `cargo run --release -p formwork-diff --example time`: \
         the median of 21 runs.\n\n{in_process}\n\
         As a command, from start to exit, wall time: the median and, in brackets, the least and the most; \
         memory is the median peak. The stacks are those of `bench/src/bin/scale.rs` and `hello.rs`, the same \
         files for both commands; one queue in {CHANGED} has another timeout before. `cdk diff --template` \
         compares one stack, of an assembly that exists, and runs {} times.\n\n{commands}",
        bench.version()?,
        bench.runs,
        bench.their_runs(),
    );
    if let Some(floor) = floor() {
        body.push_str("\nNo figure of memory can be below that of the command that measures: ");
        body.push_str(&significant(floor));
        body.push_str(" MiB.\n");
    }
    Ok(Section::new("## Diffs", body))
}

/// What the example of the library prints, as a table.
fn in_process(workspace: &Workspace) -> Result<String> {
    eprintln!("timing in process");
    let example = ["run", "--release", "--quiet", "--package", "formwork-diff", "--example", "time"];
    let output = process::output(&mut workspace.cargo(example))?;
    let rows: Option<Vec<Vec<String>>> = output
        .lines()
        .map(|line| {
            let (label, figures) = line.rsplit_once(": ")?;
            let (time, differ) = figures.split_once(", ").unwrap_or((figures, ""));
            Some(vec![label.to_owned(), time.to_owned(), differ.replace(" resources differ", "")])
        })
        .collect();
    let rows = rows.with_context(|| format!("no figures in `{output}`"))?;
    Ok(table(&["in process", "time", "resources that differ"], None, rows.into_iter()))
}

struct Bench {
    formwork: PathBuf,
    scale: PathBuf,
    cdk: PathBuf,
    pair: PathBuf,
    directory: PathBuf,
    log: PathBuf,
    runs: u32,
}

impl Bench {
    fn prepare(workspace: &Workspace, arguments: &Arguments) -> Result<Self> {
        let packages =
            ["build", "--release", "--package", "formwork-cli", "--package", "formwork-bench", "--bins"];
        process::run(&mut workspace.cargo(packages))?;
        let programs = workspace.target.join("release");
        let directory = workspace.target.join("bench/diff");
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        fs::create_dir_all(&directory)?;
        for (name, program, stacks) in
            [("hello", "hello", "1"), ("one", "scale", "1"), ("many", "scale", STACKS)]
        {
            let assembly = directory.join(name);
            let mut app = Command::new(programs.join(program));
            process::run(app.env("CDK_OUTDIR", &assembly).env("N", stacks))?;
            cdk::copy(&assembly, &before(&assembly))?;
            change(&before(&assembly))?;
        }
        Ok(Self {
            formwork: programs.join("formwork"),
            scale: programs.join("scale"),
            cdk: judges::npm_commands(workspace)?,
            pair: workspace.root.join(PAIR),
            log: workspace.target.join("bench/log"),
            directory,
            runs: if arguments.quick { 1 } else { arguments.runs },
        })
    }

    fn their_runs(&self) -> u32 {
        self.runs.min(3)
    }

    fn version(&self) -> Result<String> {
        let version = process::output(Command::new(self.cdk.join("cdk")).arg("--version"))?;
        Ok(version.split_whitespace().next().unwrap_or("?").to_owned())
    }

    fn commands(&self) -> Result<String> {
        let mut rows = Vec::new();
        let (old, new) = (self.pair.join("old.yaml"), self.pair.join("new.json"));
        rows.push(vec![
            "two files, of 8 and 7 resources".to_owned(),
            self.ours(&[&old, &new])?,
            "-".to_owned(),
        ]);
        for (label, name, stack) in
            [("a stack of 2 against its template", "hello", "Hello"), ("a stack of 400", "one", "Cell0")]
        {
            let assembly = self.directory.join(name);
            let template = before(&assembly).join(format!("{stack}.template.json"));
            let ours = [Path::new(stack), Path::new("--app"), &assembly, Path::new("--against"), &template];
            rows.push(vec![label.to_owned(), self.ours(&ours)?, self.theirs(&assembly, stack, &template)?]);
        }
        let many = self.directory.join("many");
        let (old, again) = (before(&many), self.directory.join("again"));
        let against = [Path::new("--against"), &old, Path::new("--app")];
        let read = self.ours(&[&against[..], &[&many]].concat())?;
        rows.push(vec![format!("{STACKS} stacks of 400 against an assembly"), read, "-".to_owned()]);
        let app = [self.scale.as_path(), Path::new("--output"), &again];
        let run = self.ours(&[&against[..], &app].concat())?;
        rows.push(vec!["the same, with the run of the app".to_owned(), run, "-".to_owned()]);
        Ok(table(&["start to exit", "formwork diff", "cdk diff --template"], None, rows.into_iter()))
    }

    fn ours(&self, arguments: &[&Path]) -> Result<String> {
        let mut command = Command::new(&self.formwork);
        command.arg("diff").args(arguments).current_dir(&self.directory).env("N", STACKS);
        self.command(&mut command, self.runs)
    }

    fn theirs(&self, assembly: &Path, stack: &str, template: &Path) -> Result<String> {
        let mut command = Command::new(self.cdk.join("cdk"));
        command.args(["diff", stack, "--no-notices", "--app"]).arg(assembly).arg("--template").arg(template);
        // Neither a person's settings nor an account have a part in it.
        command
            .current_dir(&self.directory)
            .env("HOME", &self.directory)
            .env("CDK_DISABLE_CLI_TELEMETRY", "true");
        self.command(&mut command, self.their_runs())
    }

    /// What a command takes, after one run that is not counted.
    fn command(&self, command: &mut Command, runs: u32) -> Result<String> {
        eprintln!("timing {command:?}");
        let mut series = Series::default();
        for run in 0..=runs {
            let sample = measure::measure(command, &self.log)?;
            if run > 0 {
                series.push(sample);
            }
        }
        Ok(format!("{}, {} MiB", series.wall().time(), significant(series.memory().median)))
    }
}

/// Where the state before stands.
fn before(assembly: &Path) -> PathBuf {
    assembly.with_extension("before")
}

/// Makes another state of an assembly: some queues have another timeout, a bucket no versions.
fn change(assembly: &Path) -> Result<()> {
    let mut changed = 0;
    for entry in fs::read_dir(assembly)? {
        let path = entry?.path();
        if !path.to_string_lossy().ends_with(".template.json") {
            continue;
        }
        let mut template: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let resources = template["Resources"].as_object_mut().context("a template has resources")?;
        let mut queues = 0;
        for resource in resources.values_mut() {
            if let Some(timeout) = resource.pointer_mut("/Properties/VisibilityTimeout") {
                if queues % CHANGED == 0 {
                    *timeout = 900.into();
                    changed += 1;
                }
                queues += 1;
            }
            if let Some(status) = resource.pointer_mut("/Properties/VersioningConfiguration/Status") {
                *status = "Suspended".into();
                changed += 1;
            }
        }
        fs::write(&path, serde_json::to_vec_pretty(&template)?)?;
    }
    ensure!(changed > 0, "nothing differs from what was before");
    Ok(())
}
