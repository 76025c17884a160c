//! `formwork outputs`

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use clap::Args;
use formwork_deploy::{client::Client, clock::SystemClock, read};
use serde::Serialize;

use crate::{
    arguments::Global,
    connection_options::{ConnectionOptions, connect},
    exit_code,
    failure::Failure,
    known_stacks, suggestion,
    target::runtime,
    terminal::{Terminal, legible},
};

/// Show the outputs of stacks that are deployed
///
/// A line `STACK.KEY = VALUE` for each, or the value alone with `--key`. The app is not run: stacks are
/// those of the last assembly, or are named as in the account.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The stacks; without a name, all of the last assembly
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// Only the value of this output
    #[arg(short, long, value_name = "KEY", conflicts_with = "json")]
    key: Option<String>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Listing {
    schema: &'static str,
    stacks: Vec<Stack>,
}

#[derive(Serialize)]
struct Stack {
    name: String,
    arn: Option<String>,
    outputs: BTreeMap<String, String>,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let known = known_stacks::resolve(&arguments.stacks, global, &arguments.connection)?;
    arguments.connection.prepare(terminal)?;
    let stacks = runtime()?.block_on(async {
        let mut stacks = Vec::new();
        for stack in known {
            let client = Client::new(&connect(&stack.connection).await?);
            let found = read::deployed(&client, &SystemClock::new(), &stack.stack_name).await;
            let found = found.with_context(|| format!("cannot read the stack `{}`", stack.name))?;
            if found.is_none() && !arguments.stacks.is_empty() {
                return Err(Failure::new(format!("`{}` is not deployed there", stack.name)).into());
            }
            let arn = found.as_ref().map(|found| found.stack.arn.clone());
            let outputs = found.into_iter().flat_map(|found| found.stack.outputs);
            let outputs = outputs.map(|output| (output.key, output.value)).collect();
            stacks.push(Stack { name: stack.name, arn, outputs });
        }
        anyhow::Ok(stacks)
    })?;
    if let Some(key) = &arguments.key {
        terminal.data(&format!("{}\n", value(&stacks, key)?))?;
    } else if terminal.wants_json() {
        terminal.json(&Listing { schema: "formwork.outputs/1", stacks })?;
    } else {
        let lines = stacks.iter().flat_map(|stack| {
            stack.outputs.iter().map(|(key, value)| format!("{}.{key} = {}\n", stack.name, legible(value)))
        });
        let text: String = lines.collect();
        if text.is_empty() {
            terminal.tell("there are no outputs");
        }
        terminal.data(&text)?;
    }
    Ok(exit_code::DONE)
}

/// The one output of a key.
fn value<'a>(stacks: &'a [Stack], key: &str) -> Result<&'a str> {
    let found: Vec<&Stack> = stacks.iter().filter(|stack| stack.outputs.contains_key(key)).collect();
    match found.as_slice() {
        [only] => Ok(&only.outputs[key]),
        [] => {
            let failure = Failure::new(format!("there is no output `{key}`"));
            let keys = stacks.iter().flat_map(|stack| stack.outputs.keys()).map(String::as_str);
            Err(match suggestion::nearest(key, keys) {
                Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                None => failure,
            }
            .into())
        }
        several => {
            let names: Vec<String> = several.iter().map(|stack| format!("`{}`", stack.name)).collect();
            let failure =
                Failure::new(format!("several stacks have an output `{key}`: {}", names.join(", ")));
            Err(failure.hint("name the stack").into())
        }
    }
}
