//! `cargo xtask bench`: the same work by formwork and by the CDK, in turns.

mod build;
pub(crate) mod cdk;
mod check;
mod deploy;
mod diff;
mod drift;
mod machine;
mod measure;
pub(crate) mod report;

use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use measure::Series;
use report::{Row, Section};
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The stacks of the growth rows, 400 resources each.
const STACKS: [u32; 4] = [1, 5, 25, 100];

/// From so many stacks on, the CDK's runs take so long that three must do.
const LONG: u32 = 25;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to time; without a name, those that the record has
    work: Vec<Work>,
    /// One run each, and not for the record; of the CDK with its template validation off
    #[arg(long)]
    quick: bool,
    /// Counted runs of each program, after one that is not counted
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// The date that the results bear
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Work {
    /// One S3 bucket
    Hello,
    /// VPC, launch template, auto-scaling group, load balancer
    WebAsg,
    /// VPC, cluster, Fargate service, load balancer
    EcsFargate,
    /// 200 roles of 10 kinds of access each
    IamHeavy,
    /// 1, 5, 25 and 100 stacks of 400 resources each, with references between neighbours
    Scale,
    /// Compiling a user's stack: cold, and after an edit of one line
    Build,
    /// Judging templates: beside other judges, and what is made to cost time
    Check,
    /// What changes between templates: in process, and by command beside the `cdk` command
    Diff,
    /// Deployments to an emulator on this machine
    Deploy,
    /// Looking for drift on an emulator on this machine
    Drift,
}

/// One program on each side that does the same work.
struct Pair {
    label: String,
    /// The binary of `formwork-bench`.
    ours: &'static str,
    /// The app in `bench/cdk/apps`.
    theirs: &'static str,
    /// How many stacks, where the programs ask.
    stacks: Option<u32>,
}

impl Work {
    const SYNTHESIS: [Self; 4] = [Self::Hello, Self::WebAsg, Self::IamHeavy, Self::Scale];

    fn pairs(self) -> Vec<Pair> {
        let one = |ours: &'static str, theirs| vec![Pair { label: ours.into(), ours, theirs, stacks: None }];
        match self {
            Self::Hello => one("hello", "a1-hello"),
            Self::WebAsg => one("web-asg", "a2-web-asg"),
            Self::EcsFargate => one("ecs-fargate", "a3-ecs-fargate"),
            Self::IamHeavy => one("iam-heavy", "a7-iam-heavy"),
            Self::Scale => STACKS.map(Pair::scale).into(),
            Self::Build | Self::Check | Self::Diff | Self::Deploy | Self::Drift => Vec::new(),
        }
    }
}

impl Pair {
    fn scale(stacks: u32) -> Self {
        Self {
            label: format!("scale, {stacks} x 400"),
            ours: "scale",
            theirs: "a6-scale",
            stacks: Some(stacks),
        }
    }

    /// Counted runs of the CDK's program.
    fn their_runs(&self, runs: u32) -> u32 {
        if self.stacks.is_some_and(|stacks| stacks >= LONG) { runs.min(3) } else { runs }
    }
}

/// Work whose result is one section of its own.
type Alone = fn(&Workspace, &Arguments) -> Result<Section>;

pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let asked = if arguments.work.is_empty() { &Work::SYNTHESIS[..] } else { &arguments.work };
    let pairs: Vec<Pair> = asked.iter().flat_map(|work| work.pairs()).collect();
    let results = workspace.root.join("bench/RESULTS.md");
    if !pairs.is_empty() {
        let section = synthesis(workspace, arguments, &pairs)?;
        println!("{section}");
        // A part of the work, or fewer runs, is for the person who asked and not for the record.
        if !arguments.quick && Work::SYNTHESIS.iter().all(|work| asked.contains(work)) {
            section.write(&results)?;
        }
    }
    let alone = [
        (Work::Build, build::run as Alone),
        (Work::Check, check::run),
        (Work::Diff, diff::run),
        (Work::Deploy, deploy::run),
        (Work::Drift, drift::run),
    ];
    for (work, time) in alone {
        if asked.contains(&work) {
            let section = time(workspace, arguments)?;
            println!("{section}");
            if !arguments.quick {
                section.write(&results)?;
            }
        }
    }
    Ok(())
}

/// Times the pairs and makes the table.
fn synthesis(workspace: &Workspace, arguments: &Arguments, pairs: &[Pair]) -> Result<Section> {
    process::run(&mut workspace.cargo(["build", "--release", "--package", "formwork-bench", "--bins"]))?;
    let bench = Bench {
        ours: workspace.target.join("release"),
        theirs: cdk::Installation::prepare(workspace)?,
        scratch: workspace.target.join("bench"),
    };
    let mut rows = Vec::new();
    for pair in pairs {
        eprintln!("timing {}", pair.label);
        rows.push(bench.pair(pair, if arguments.quick { 1 } else { arguments.runs }, !arguments.quick)?);
    }
    let machine = machine::describe(arguments.date.as_deref())?;
    Ok(report::synthesis(&machine, &bench.theirs.versions()?, &command_line(arguments), &rows))
}

/// The command as it was given, for the record.
fn command_line(arguments: &Arguments) -> String {
    let mut line = format!("cargo xtask bench --runs {}", arguments.runs);
    for work in &arguments.work {
        if let Some(value) = work.to_possible_value() {
            line.push(' ');
            line.push_str(value.get_name());
        }
    }
    line
}

/// Both sides, ready to run.
struct Bench {
    ours: PathBuf,
    theirs: cdk::Installation,
    scratch: PathBuf,
}

impl Bench {
    /// Runs both programs in turns, so that what else the machine does touches both alike.
    fn pair(&self, pair: &Pair, runs: u32, validated: bool) -> Result<Row> {
        let mut row = Row::new(&pair.label);
        for run in 0..=runs {
            // The first round fills the caches and counts nothing.
            let counted = run > 0;
            let theirs = !counted || run <= pair.their_runs(runs);
            row.our_resources = self.once(&mut self.ours(pair), counted.then_some(&mut row.ours))?;
            if theirs {
                let mut command = self.theirs.app(pair.theirs, false);
                row.their_resources =
                    self.once(with_stacks(&mut command, pair), counted.then_some(&mut row.theirs))?;
            }
            if theirs && validated && counted {
                let mut command = self.theirs.app(pair.theirs, true);
                self.once(with_stacks(&mut command, pair), Some(&mut row.validated))?;
            }
        }
        Ok(row)
    }

    fn ours(&self, pair: &Pair) -> Command {
        let mut command = Command::new(self.ours.join(pair.ours));
        with_stacks(&mut command, pair);
        command
    }

    /// Runs a program into a fresh directory; how many resources the assembly there has.
    fn once(&self, command: &mut Command, series: Option<&mut Series>) -> Result<u64> {
        let assembly = self.scratch.join("assembly");
        if assembly.exists() {
            fs::remove_dir_all(&assembly)?;
        }
        fs::create_dir_all(&assembly)?;
        let sample = measure::measure(command.env("CDK_OUTDIR", &assembly), &self.scratch.join("log"))?;
        if let Some(series) = series {
            series.push(sample);
        }
        resources(&assembly)
    }
}

fn with_stacks<'command>(command: &'command mut Command, pair: &Pair) -> &'command mut Command {
    if let Some(stacks) = pair.stacks {
        command.env("N", stacks.to_string());
    }
    command
}

/// As much of a template as is looked at: what this command holds in memory counts for what it starts.
#[derive(serde::Deserialize)]
struct Template {
    #[serde(rename = "Resources")]
    #[expect(clippy::zero_sized_map_values, reason = "serde reads an object into a map and not into a set")]
    resources: BTreeMap<String, IgnoredAny>,
}

/// How many resources the templates of an assembly hold: a program that does nothing is not fast.
fn resources(assembly: &Path) -> Result<u64> {
    ensure!(assembly.join("manifest.json").is_file(), "the program wrote no manifest.json");
    let mut resources = 0;
    for entry in fs::read_dir(assembly)? {
        let path = entry?.path();
        if path.to_str().is_some_and(|path| path.ends_with(".template.json")) {
            let template = serde_json::from_slice::<Template>(&fs::read(&path)?);
            resources += template.with_context(|| format!("read {}", path.display()))?.resources.len() as u64;
        }
    }
    ensure!(resources > 0, "the program wrote no resource");
    Ok(resources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assembly_without_resources_is_no_result() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
        assert!(resources(directory.path()).unwrap_err().to_string().contains("manifest.json"));
        write("manifest.json", "{}");
        assert!(resources(directory.path()).unwrap_err().to_string().contains("no resource"));
        write("a.template.json", r#"{"Resources":{"A":{},"B":{}}}"#);
        write("b.template.json", r#"{"Resources":{"C":{}}}"#);
        assert_eq!(resources(directory.path()).unwrap(), 3);
    }
}
