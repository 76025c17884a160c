//! `formwork rollback`

use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use formwork_deploy::{
    client::Client, clock::SystemClock, deployment::Report, engine::Engine, operator::Interruption, read,
    request::StackRequest,
};

use crate::{
    arguments::Global,
    connection_options::{ConnectionOptions, connect},
    deployment::{
        approval::{self, RequireApproval, is_attended, is_yes},
        desk::{Desk, Rules},
        outcome,
        screen::{Form, Screen},
    },
    duration,
    failure::Failure,
    interruptible::interruptible,
    known_stacks::{self, KnownStack},
    target::runtime,
    terminal::Terminal,
};

/// Bring a stack back to the last state that was well
///
/// For a stack whose deployment failed without a rollback (`deploy --no-rollback`), whose rollback failed, or
/// whose update is still in progress and is to be cancelled. The app is not run.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The stack, by its name in the app or in the account
    #[arg(value_name = "STACK")]
    stack: String,
    /// A resource that the rollback leaves as it is, since it cannot be rolled back; can be repeated
    ///
    /// For a rollback that has failed. What is left out is not what the template says afterwards. A resource
    /// of a nested stack is `STACK.RESOURCE`.
    #[arg(long, value_name = "RESOURCE")]
    skip: Vec<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// The role that the service acts with
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// Stop watching after this time, such as `30m` or `1h 15m`; the service goes on
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<Duration>,
    /// How progress is shown on standard error
    #[arg(long, value_name = "FORM")]
    progress: Option<Form>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let mut known =
        known_stacks::resolve(std::slice::from_ref(&arguments.stack), global, &arguments.connection)?;
    let stack = known.pop().context("one stack is named")?;
    arguments.connection.prepare(terminal)?;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let client = Client::new(&connect(&stack.connection).await?);
        ask(arguments, &stack, &client, terminal).await?;
        roll_back(arguments, &stack, &client, terminal).await
    });
    runtime.shutdown_background();
    done
}

async fn ask(
    arguments: &Arguments,
    stack: &KnownStack,
    client: &Client,
    terminal: &mut Terminal,
) -> Result<()> {
    let found = read::deployed(client, &SystemClock::new(), &stack.stack_name).await;
    let found = found.with_context(|| format!("cannot read the stack `{}`", stack.name))?;
    let Some(found) = found else {
        return Err(Failure::new(format!("there is no stack `{}` to roll back", stack.stack_name)).into());
    };
    if arguments.yes {
        return Ok(());
    }
    let question = format!("`{}` is {}: roll it back? [y/N]", stack.name, found.stack.status);
    if !is_attended() {
        return Err(Failure::new(question).hint("nobody can be asked here: `--yes` approves").into());
    }
    terminal.insist(&question);
    if is_yes(approval::answer().await.as_deref()) {
        Ok(())
    } else {
        Err(Failure::new("nothing was done").into())
    }
}

async fn roll_back(
    arguments: &Arguments,
    stack: &KnownStack,
    client: &Client,
    terminal: &mut Terminal,
) -> Result<u8> {
    let (clock, interruption) = (SystemClock::new(), Interruption::new());
    let rules = Rules { yes: true, require: RequireApproval::Never, retain_failed: false, force: false };
    let sources = [(stack.stack_name.clone(), stack.sources.clone())].into();
    let desk = Desk::new(Screen::new(terminal, arguments.progress, sources), rules);
    let mut request = StackRequest::new(&stack.stack_name);
    request.role.clone_from(&arguments.role_arn);
    request.skip.clone_from(&arguments.skip);
    request.sources.clone_from(&stack.sources);
    let engine = Engine::new(client, &clock, &desk).interruption(&interruption);
    let told = |ending| desk.screen.stopping(ending);
    let work = engine.roll_back(&request);
    let (result, ending) = interruptible(work, &interruption, arguments.timeout, told).await?;
    let report = result.map(|result| Report::new(vec![result]));
    drop(desk);
    let told =
        outcome::Told { options: &arguments.connection, progress: arguments.progress, is_unattended: false };
    outcome::tell(report.as_ref(), ending, &told, terminal)
}
