//! `cargo xtask bench check`: judging templates, beside other judges, and texts that are made to cost.

use super::measure::{self, Series, Spread, floor, significant};
use super::report::{Section, table};
use super::{Arguments, machine};
use crate::{judges, process, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program that writes the templates, and times them in process.
const PROGRAM: &str = "formwork-bench-check";

/// cfn-lint takes so long that it is given this many of the small templates.
const FEW: usize = 50;

pub(super) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Section> {
    let bench = Bench::prepare(workspace, arguments)?;
    let machine = machine::describe(arguments.date.as_deref())?;
    let (in_process, commands) = (bench.in_process()?, bench.commands()?);
    let hostile = bench.hostile()?;
    let mut body = format!(
        "{machine}. `cargo xtask bench check --runs {}`\n\n\
         Templates of VPC, IAM, Lambda, ECS, SQS, SNS, S3 and CloudWatch with references, written by \
         `bench/check`, in which no judge finds an error. Beside formwork stand {}. Times are wall \
         seconds: the median and, in brackets, the least and the most.\n\n\
         In process, from the text to the findings. What formwork does once, unpacking the facts, is in \
         its first run alone; the other judges start, and run once, before they are timed.\n\n{in_process}\n\
         As a command, from start to exit, on one core; memory is the median peak.\n\n{commands}\n\
         Texts that are made to cost time or memory, by `formwork check FILE`, the median of {} runs.\n\n{hostile}",
        bench.runs,
        bench.versions()?,
        bench.runs,
    );
    if let Some(floor) = floor() {
        body.push_str("\nNo figure of memory can be below that of the command that measures: ");
        body.push_str(&significant(floor));
        body.push_str(" MiB.\n");
    }
    Ok(Section::new("## Checking", body))
}

/// A judge beside ours.
#[derive(Clone, Copy, PartialEq)]
enum Other {
    Aws,
    CfnLint,
}

impl Other {
    const ALL: [Self; 2] = [Self::Aws, Self::CfnLint];

    fn name(self) -> &'static str {
        match self {
            Self::Aws => "cloudformation-validate",
            Self::CfnLint => "cfn-lint",
        }
    }
}

struct Bench {
    ours: PathBuf,
    python: PathBuf,
    root: PathBuf,
    texts: PathBuf,
    log: PathBuf,
    runs: u32,
}

impl Bench {
    fn prepare(workspace: &Workspace, arguments: &Arguments) -> Result<Self> {
        let packages = ["build", "--release", "--package", "formwork-cli", "--package", PROGRAM];
        process::run(&mut workspace.cargo(packages))?;
        let bench = Self {
            ours: workspace.target.join("release"),
            python: judges::prepare(workspace)?.join("python/bin"),
            root: workspace.root.clone(),
            texts: workspace.target.join("bench/check"),
            log: workspace.target.join("bench/log"),
            runs: if arguments.quick { 1 } else { arguments.runs },
        };
        if bench.texts.exists() {
            fs::remove_dir_all(&bench.texts)?;
        }
        process::run(Command::new(bench.ours.join(PROGRAM)).arg("write").arg(&bench.texts))?;
        Ok(bench)
    }

    /// What the other judges are, for the record.
    fn versions(&self) -> Result<String> {
        let pins = fs::read_to_string(self.root.join("e2e/requirements.txt"))?;
        let named = Other::ALL.map(|other| {
            let pin = pins.lines().find(|line| line.starts_with(other.name()));
            pin.unwrap_or(other.name()).replace("==", " ")
        });
        Ok(named.join(" (AWS's own engine) and "))
    }

    /// Files by kind: one, or the small ones.
    fn files(&self, kind: &str) -> Result<Vec<PathBuf>> {
        if kind != "small" {
            return Ok(vec![self.texts.join(kind)]);
        }
        sorted(&self.texts.join("small"))
    }

    fn in_process(&self) -> Result<String> {
        let mut rows = Vec::new();
        for (label, kind) in [
            ("40 resources", "usual/40.json"),
            ("500 resources", "usual/500.json"),
            ("1,000 templates of 20", "small"),
        ] {
            eprintln!("timing {label} in process");
            let files = self.files(kind)?;
            let mut first = Vec::new();
            let mut later = Vec::new();
            for _ in 0..self.runs {
                let mut command = Command::new(self.ours.join(PROGRAM));
                let seconds = seconds(command.args(["time", "3"]).args(&files))?;
                let (start, rest) = seconds.split_first().context("the program timed nothing")?;
                first.push(*start);
                later.extend_from_slice(rest);
            }
            let mut row = vec![label.to_owned(), time(first), time(later)];
            for other in Other::ALL {
                let (files, runs) = self.share(other, &files);
                let mut command = Command::new(self.python.join("python"));
                command
                    .arg(self.root.join("bench/check/judges.py"))
                    .args([other.name(), &(runs + 1).to_string()]);
                let seconds = seconds(command.args(files))?;
                row.push(time(seconds.into_iter().skip(1).collect()) + &of(files));
            }
            rows.push(row);
        }
        let head =
            ["in process", "formwork, first", "formwork, later", "cloudformation-validate", "cfn-lint"];
        Ok(table(&head, None, rows.into_iter()))
    }

    fn commands(&self) -> Result<String> {
        let mut rows = Vec::new();
        for (label, kind) in [
            ("20 resources", "small/0000.json"),
            ("40 resources", "usual/40.json"),
            ("500 resources", "usual/500.json"),
            ("1,000 templates of 20", "small"),
        ] {
            eprintln!("timing {label} by command");
            let files = self.files(kind)?;
            let mut row = vec![label.to_owned()];
            let mut command = one_core(&self.ours.join("formwork"));
            row.push(self.command(command.arg("check").args(&files), self.runs)?);
            for other in Other::ALL {
                let (files, runs) = self.share(other, &files);
                let mut command = match other {
                    Other::CfnLint => {
                        let mut command = one_core(&self.python.join("cfn-lint"));
                        command.args(["--config-file", "/dev/null", "--"]);
                        command
                    }
                    Other::Aws => {
                        let mut command = one_core(&self.python.join("python"));
                        command.arg(self.root.join("e2e/validate.py"));
                        command
                    }
                };
                row.push(self.command(command.args(files), runs)? + &of(files));
            }
            rows.push(row);
        }
        let head = ["start to exit", "formwork", "cloudformation-validate", "cfn-lint"];
        Ok(table(&head, None, rows.into_iter()))
    }

    /// The files that a judge is given, and how often.
    fn share<'f>(&self, other: Other, files: &'f [PathBuf]) -> (&'f [PathBuf], u32) {
        match other {
            Other::Aws => (files, self.runs.min(3)),
            Other::CfnLint => (files.get(..FEW).unwrap_or(files), 1),
        }
    }

    /// What a command takes, after one run that is not counted.
    fn command(&self, command: &mut Command, runs: u32) -> Result<String> {
        let mut series = Series::default();
        for run in 0..=runs {
            // cfn-lint exits with 4, 8 or 12 where it has something to remark.
            let sample = measure::measure_to(command, &self.log, &[0, 4, 8, 12])?;
            if run > 0 {
                series.push(sample);
            }
        }
        Ok(format!("{}, {} MiB", series.wall().time(), significant(series.memory().median)))
    }

    fn hostile(&self) -> Result<String> {
        let mut rows = Vec::new();
        for file in sorted(&self.texts.join("hostile"))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            eprintln!("timing {name}");
            let mut series = Series::default();
            for _ in 0..self.runs {
                let mut command = Command::new(self.ours.join("formwork"));
                series.push(measure::measure_to(command.arg("check").arg(&file), &self.log, &[0, 5])?);
            }
            let output = fs::read_to_string(&self.log)?;
            let findings = output.lines().filter(|line| is_finding(line));
            let (first, more) = (findings.clone().next().unwrap_or_default(), findings.count());
            let first: String = first.chars().take(100).collect();
            let said = if more > 1 { format!("{first} and {} more", more - 1) } else { first };
            let memory = significant(series.memory().median);
            rows.push(vec![name, series.wall().time(), memory, said.replace('|', "\\|")]);
        }
        Ok(table(&["file", "time", "memory, MiB", "says"], None, rows.into_iter()))
    }
}

/// Whether a line begins a finding: `error[E0000]: ...`.
fn is_finding(line: &str) -> bool {
    ["error[", "warning[", "info["].iter().any(|severity| line.starts_with(severity))
}

/// A command on the first core, where there is a command that holds it there.
fn one_core(program: &Path) -> Command {
    if !process::exists("taskset") {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

fn sorted(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>();
    let mut paths = entries.with_context(|| format!("cannot read {}", directory.display()))?;
    paths.sort();
    ensure!(!paths.is_empty(), "no files in {}", directory.display());
    Ok(paths)
}

/// The seconds that a program prints, one a line.
fn seconds(command: &mut Command) -> Result<Vec<f64>> {
    let output = process::output(command)?;
    output.lines().map(|line| line.trim().parse().with_context(|| format!("`{line}` is no time"))).collect()
}

fn time(seconds: Vec<f64>) -> String {
    let spread: Spread = Series::of_seconds(seconds).wall();
    spread.time()
}

/// Says of how few of the small templates a figure is.
fn of(files: &[PathBuf]) -> String {
    if files.len() == FEW { format!(" for {FEW} of them") } else { String::new() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn findings_are_told_from_what_stands_below_them() {
        let output = "error[E1]: a\n  --> file:1:1\n\nwarning[W1]: b\nerror: 1 error in 1 template\n";
        let found: Vec<&str> = output.lines().filter(|line| super::is_finding(line)).collect();
        assert_eq!(found, ["error[E1]: a", "warning[W1]: b"]);
    }
}
