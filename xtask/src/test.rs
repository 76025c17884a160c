//! `cargo xtask test`

use crate::{judges, process, workspace::Workspace};
use anyhow::{Context as _, Result, bail, ensure};
use std::io::{BufRead as _, BufReader, IsTerminal as _};
use std::ops::AddAssign;
use std::path::Path;
use std::process::{Command, Stdio};

/// Where the end-to-end tests find the judges; unset, they skip themselves.
const JUDGES: &str = "FORMWORK_JUDGES";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only the hermetic tests: install and start nothing
    #[arg(long)]
    no_judges: bool,
    /// Only tests whose name contains one of these
    filters: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let judges = if arguments.no_judges { None } else { Some(judges::prepare(workspace)?) };
    // The judges look at what the programs of the workspace synthesize, and `cargo test` builds a
    // program only where its own package has an integration test.
    process::run(&mut workspace.cargo(["build", "--workspace", "--bins", "--examples"]))?;

    // Documentation tests first: the last line is then that of a suite that has tests.
    let mut total = Count::default();
    let mut failed = false;
    for targets in [&["--doc"][..], &["--tests"]] {
        let mut command = workspace.cargo(["test", "--workspace", "--no-fail-fast"]);
        command.args(targets);
        failed |= !suite(&mut command, judges.as_deref(), &arguments.filters, &mut total)?;
    }
    ensure!(!failed || total.failed > 0, "a test does not compile, or does not run to its end");
    println!("\ntests: {} passed, {} failed, {} skipped", total.passed, total.failed, total.ignored);
    ensure!(!failed, "some tests failed");
    if total.passed == 0 {
        bail!("no test has a name that contains {}", arguments.filters.join(" or "));
    }
    Ok(())
}

/// The form that CI runs.
pub(crate) fn with_judges(workspace: &Workspace) -> Result<()> {
    run(workspace, &Arguments { no_judges: false, filters: Vec::new() })
}

/// Runs one `cargo test`, shows what it writes, counts its results; whether all passed.
fn suite(
    command: &mut Command,
    judges: Option<&Path>,
    filters: &[String],
    total: &mut Count,
) -> Result<bool> {
    match judges {
        Some(judges) => command.env(JUDGES, judges),
        None => command.env_remove(JUDGES),
    };
    // The output goes through a pipe, which would cost the colours.
    let terminal = std::io::stdout().is_terminal();
    if terminal {
        command.env("CARGO_TERM_COLOR", "always");
    }
    if terminal || !filters.is_empty() {
        command.arg("--");
    }
    if terminal {
        command.args(["--color", "always"]);
    }
    command.args(filters);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("the output of cargo is not piped")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if let Some(count) = Count::parse(&line) {
            *total += count;
        }
    }
    Ok(child.wait()?.success())
}

/// Results of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; ...`, plain or coloured.
    fn parse(line: &str) -> Option<Self> {
        let (_, results) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let number = |name: &str| {
            let mut parts = results.split("; ").filter_map(|part| part.split_once(' '));
            parts.find(|(_, what)| *what == name)?.0.parse().ok()
        };
        Some(Self { passed: number("passed")?, failed: number("failed")?, ignored: number("ignored")? })
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_counted() {
        let mut total = Count::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}(B\u{1b}[m. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out",
        ] {
            total += Count::parse(line).unwrap();
        }
        assert_eq!(total, Count { passed: 15, failed: 2, ignored: 1 });
        assert_eq!(Count::parse("test tests::results_are_counted ... ok"), None);
    }
}
