//! `formwork events`

use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use formwork_deploy::{
    client::Client, clock::SystemClock, deployment::RootCause, operator::Interruption, read,
    service::StackEvent, watch::Watch,
};
use formwork_template::Source;
use serde::Serialize;

use crate::{
    arguments::Global,
    connection_options::{ConnectionOptions, connect},
    deployment::{report, screen::event_line},
    duration, exit_code,
    failure::Failure,
    interruptible::interruptible,
    known_stacks::{self, KnownStack},
    target::runtime,
    terminal::Terminal,
};

/// Show what happened to a stack, and what happens
///
/// The events of the latest operation, those of nested stacks among them, oldest first. While the operation
/// goes on, they are shown as they come. The app is not run: the lines of Rust are those of the last
/// assembly. A stack that is gone is named by its ARN.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The stack, by its name in the app or in the account, or by its ARN
    #[arg(value_name = "STACK")]
    stack: String,
    /// The events of earlier operations too, the latest so many
    #[arg(long, value_name = "N", conflicts_with = "timeout")]
    limit: Option<usize>,
    /// Only what failed
    #[arg(long)]
    failed: bool,
    /// Do not wait for what is still to come
    #[arg(long)]
    no_follow: bool,
    /// Stop watching after this time, such as `30m` or `1h 15m`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<Duration>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Listing {
    schema: &'static str,
    name: String,
    arn: String,
    status: String,
    events: Vec<Event>,
    root_cause: Option<RootCause>,
}

#[derive(Serialize)]
struct Event {
    #[serde(flatten)]
    event: StackEvent,
    source: Option<Source>,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let mut known =
        known_stacks::resolve(std::slice::from_ref(&arguments.stack), global, &arguments.connection)?;
    let stack = known.pop().context("one stack is named")?;
    arguments.connection.prepare(terminal)?;
    runtime()?.block_on(async {
        let client = Client::new(&connect(&stack.connection).await?);
        let interruption = Interruption::new();
        let work = show(arguments, &stack, &client, &interruption, terminal);
        let (done, _) = interruptible(work, &interruption, arguments.timeout, |_| ()).await?;
        done.unwrap_or(Ok(exit_code::INTERRUPTED))
    })
}

async fn show(
    arguments: &Arguments,
    stack: &KnownStack,
    client: &Client,
    interruption: &Interruption,
    terminal: &mut Terminal,
) -> Result<u8> {
    let clock = SystemClock::new();
    let unreadable = || format!("cannot read the events of `{}`", stack.name);
    let found = Watch::latest(client, &clock, &stack.stack_name).await.with_context(unreadable)?;
    let Some(mut watch) = found else {
        let failure = Failure::new(format!("there is no stack `{}`", stack.stack_name));
        return Err(failure.hint("one that is gone is named by its ARN").into());
    };
    let mut all = Vec::new();
    let is_wanted = |event: &StackEvent| !arguments.failed || event.status.ends_with("_FAILED");
    let show = |event: &StackEvent, terminal: &mut Terminal| -> Result<()> {
        if !terminal.wants_json() && is_wanted(event) {
            let line = event_line(stack_of(event), None, event, stack.sources.get(&event.logical_id));
            terminal.data(&(line + "\n"))?;
        }
        Ok(())
    };
    if let Some(limit) = arguments.limit {
        let earlier =
            read::events(client, &clock, &stack.stack_name, limit).await.with_context(unreadable)?;
        for event in &earlier {
            show(event, terminal)?;
        }
        all = earlier;
    }
    let (mut status, mut arn) = (String::new(), String::new());
    loop {
        let (mut events, found) = watch.look(client, &clock).await.with_context(unreadable)?;
        // With a limit, what of the latest operation is older than that stays out.
        let last =
            all.last().and_then(|last: &StackEvent| events.iter().position(|event| event.id == last.id));
        events.drain(..last.map_or(0, |last| last + 1));
        for event in &events {
            show(event, terminal)?;
        }
        all.extend(events);
        let Some(found) = found else { break };
        status = found.status.name().to_owned();
        arn = found.arn;
        if !found.status.is_in_progress() || arguments.no_follow || interruption.is_interrupted() {
            break;
        }
        watch.wait(&clock).await;
    }
    let root_cause = watch.root_cause(&stack.sources);
    if terminal.wants_json() {
        let wanted = all.into_iter().filter(is_wanted);
        let source =
            |event: &StackEvent| stack.sources.get(&event.logical_id).filter(|_| event.stack == arn).cloned();
        let events = wanted.map(|event| Event { source: source(&event), event }).collect();
        let name = stack.name.clone();
        terminal.json(&Listing { schema: "formwork.events/1", name, arn, status, events, root_cause })?;
    } else {
        terminal.tell(&format!("`{}` is {status}", stack.name));
        if let Some(cause) = root_cause {
            terminal.tell(&report::cause(&cause));
        }
    }
    Ok(if interruption.is_interrupted() { exit_code::INTERRUPTED } else { exit_code::DONE })
}

/// The name of the stack that an event is of.
fn stack_of(event: &StackEvent) -> &str {
    event.stack.split('/').nth(1).unwrap_or(&event.stack)
}
