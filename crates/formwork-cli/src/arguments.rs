//! The command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::{
    command::{
        bootstrap, check, completions, deploy, destroy, diff, drift, events, explain, init, list, outputs,
        rollback, synth,
    },
    environment, exit_code,
};

/// Infrastructure as code in Rust: synthesizes, checks, compares and deploys CloudFormation stacks.
#[derive(Debug, Parser)]
#[command(name = "formwork", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(
    after_help = "Run `formwork COMMAND --help` for what a command does, `formwork --help` for exit codes and variables."
)]
#[command(after_long_help = reference())]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// How to run the app, or the directory of an assembly that exists
    ///
    /// The command line is split into words as a shell does, but no shell runs it. Without this,
    /// the variable `FORMWORK_APP` says it, or `app` in `formwork.toml`, or it is
    /// `cargo run --quiet`.
    #[arg(short, long, global = true, value_name = "CMD|DIR")]
    pub(crate) app: Option<String>,
    /// The directory that the assembly is written to
    ///
    /// Without this, the variable `FORMWORK_OUTPUT` says it, or `output` in `formwork.toml`, or it
    /// is `formwork.out`.
    #[arg(short, long, global = true, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write data as one JSON object
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing but errors and what fails; print only what an option asks for
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say what is done
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// When to use colour; `NO_COLOR` wins
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub(crate) color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Where a terminal shows it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Synth(synth::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Deploy(Box<deploy::Arguments>),
    Events(events::Arguments),
    Outputs(outputs::Arguments),
    Drift(Box<drift::Arguments>),
    Rollback(rollback::Arguments),
    Destroy(destroy::Arguments),
    Bootstrap(bootstrap::Arguments),
    Explain(explain::Arguments),
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    Init(init::Arguments),
    Completions(completions::Arguments),
}

/// The end of the long help: files, variables, exit codes.
fn reference() -> String {
    let mut text = String::from(
        "Project file:\n  formwork.toml, in the current directory or above:\n\n  \
         app = \"cargo run --quiet\"     # how to run the app, in the directory of the file\n  \
         output = \"formwork.out\"       # where the assembly goes\n  \
         [context]                     # values for `App::context`\n  \
         stage = \"dev\"\n  \
         [check]                       # how `formwork check` judges\n  \
         fail-on = \"warning\"           # the least severity that fails\n  \
         baseline = \"check.json\"       # findings that are accepted, from the directory of the file\n  \
         [check.rules]                 # \"error\", \"warning\", \"info\" or \"off\"\n  \
         W2001 = \"off\"                 # a rule, a beginning such as W2, or `security`\n  \
         [diff]                        # how `formwork diff` compares; paths from the directory of the file\n  \
         snapshots = \"snapshots\"       # the templates that a revision is compared by\n  \
         markdown = \"comment.md.hbs\"   # a Handlebars template of one's own; `html` likewise\n  \
         [deploy.accounts]             # the role that is assumed for stacks of an account\n  \
         123456789012 = \"arn:aws:iam::123456789012:role/deploy\"\n\n  \
         An option wins over a variable, a variable over the file.\n\nEnvironment:\n",
    );
    text.extend(environment::ALL.map(|(name, meaning)| format!("  {name:<18}  {meaning}\n")));
    text += "\nExit codes:\n";
    text.extend(exit_code::ALL.map(|(code, meaning)| format!("{code:>5}  {meaning}\n")));
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
