//! `formwork list`

use anyhow::Result;
use clap::Args;
use formwork_core::AssemblyStack;
use serde::Serialize;

use super::synth::report_failed;
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    exit_code,
    settings::Settings,
    table::{self, Align::Left, Column},
    terminal::Terminal,
};

/// List the stacks of the app
///
/// One name a line, in the order in which the app adds them.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Show the name in the account, the environment and what is deployed before, too
    #[arg(short, long)]
    long: bool,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Listing<'a> {
    schema: &'static str,
    stacks: Vec<Stack<'a>>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the name of the field is that of the assembly")]
struct Stack<'a> {
    name: &'a str,
    stack_name: &'a str,
    account: Option<&'a str>,
    region: Option<&'a str>,
    depends_on: &'a [String],
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let settings = Settings::load(global)?;
    let assembly = match app::synthesize(&settings, terminal)? {
        Synthesized::Assembly(assembly) => assembly,
        Synthesized::Findings(findings) => return Err(report_failed(&findings, terminal)),
    };
    let stacks: Vec<Stack<'_>> = assembly.stacks.iter().map(Stack::from).collect();
    if terminal.wants_json() {
        terminal.json(&Listing { schema: "formwork.list/1", stacks })?;
    } else if stacks.is_empty() {
        terminal.tell("the app has no stack");
    } else if arguments.long {
        let columns = ["stack", "in the account", "environment", "after"].map(|title| Column(title, Left));
        terminal.data(&table::render(&columns, stacks.iter().map(Stack::row)))?;
    } else {
        let names: Vec<&str> = stacks.iter().flat_map(|stack| [stack.name, "\n"]).collect();
        terminal.data(&names.concat())?;
    }
    Ok(exit_code::DONE)
}

impl<'a> From<&'a AssemblyStack> for Stack<'a> {
    fn from(stack: &'a AssemblyStack) -> Self {
        Self {
            name: &stack.name,
            stack_name: &stack.stack_name,
            account: stack.environment.account.as_deref(),
            region: stack.environment.region.as_deref(),
            depends_on: &stack.depends_on,
        }
    }
}

impl Stack<'_> {
    fn row(&self) -> Vec<String> {
        let environment = match (self.account, self.region) {
            (None, None) => "any".to_owned(),
            (account, region) => format!("{}/{}", account.unwrap_or("any"), region.unwrap_or("any")),
        };
        let after = if self.depends_on.is_empty() { "-".to_owned() } else { self.depends_on.join(", ") };
        vec![self.name.to_owned(), self.stack_name.to_owned(), environment, after]
    }
}
