//! What a contributor runs: `cargo xtask --help`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its user")]

mod bench;
mod ci;
mod codegen;
mod compare;
mod doc;
mod documents;
mod fmt;
mod house;
mod judges;
mod licenses;
mod lint;
mod process;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

/// What a contributor to formwork runs.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test, with the judges: cfn-lint, AWS's own validator, an emulator, the cdk command
    Test(test::Arguments),
    /// Time formwork against the CDK at the same work
    Bench(bench::Arguments),
    /// Compare templates and code with the CDK's at the same work, and write docs/cdk
    Compare(compare::Arguments),
    /// Generate the table of facts and the builders from their pinned sources
    Codegen(codegen::Arguments),
    /// Check the formatting of the workspace
    Fmt(fmt::Arguments),
    /// Run clippy on every target; a warning is an error
    Lint,
    /// Build the documentation; a warning is an error
    Doc,
    /// Check the licence of every crate in the dependency tree against deny.toml
    Licenses,
    /// Run every step of CI in its order, with the time that each took
    Ci,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    let workspace = Workspace::locate()?;
    match task {
        Task::Test(arguments) => test::run(&workspace, &arguments),
        Task::Bench(arguments) => bench::run(&workspace, &arguments),
        Task::Compare(arguments) => compare::run(&workspace, &arguments),
        Task::Codegen(arguments) => codegen::run(&workspace, &arguments),
        Task::Fmt(arguments) => fmt::run(&workspace, &arguments),
        Task::Lint => lint::run(&workspace),
        Task::Doc => doc::run(&workspace),
        Task::Licenses => licenses::run(&workspace),
        Task::Ci => ci::run(&workspace),
    }
}
