//! `formwork bootstrap`

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, Result};
use clap::Args;
use formwork_deploy::{
    bootstrap, client::Client, clock::SystemClock, deployment::Report, engine::Engine,
    operator::Interruption, service::CloudFormation as _,
};
use formwork_template::Template;
use tokio::sync::Mutex;

use crate::{
    connection_options::{ConnectionOptions, connect},
    deployment::{
        approval::RequireApproval,
        desk::{Desk, Rules, Subject},
        outcome,
        screen::{Form, Screen},
    },
    duration, exit_code,
    interruptible::interruptible,
    stack_state::StackState,
    target::runtime,
    terminal::Terminal,
};

/// Make what an account needs before long templates and assets can be uploaded
///
/// Once in each account and region: a private bucket for templates and files, and a repository for container
/// images, in the stack `formwork-bootstrap`. The same command again changes what a later version of formwork
/// makes otherwise. Both stay when the stack is deleted, and are taken over when it is made again.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write the template of the stack and do nothing, for those who deploy it in another way
    #[arg(long)]
    print_template: bool,
    /// Stop watching after this time, such as `30m` or `1h 15m`; the service goes on
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<Duration>,
    /// How progress is shown on standard error
    #[arg(long, value_name = "FORM")]
    progress: Option<Form>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8> {
    if arguments.print_template {
        terminal.data(bootstrap::TEMPLATE)?;
        return Ok(exit_code::DONE);
    }
    arguments.connection.prepare(terminal)?;
    let runtime = runtime()?;
    let done = runtime.block_on(deploy(arguments, terminal));
    runtime.shutdown_background();
    done
}

async fn deploy(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8> {
    let client = Client::new(&connect(&arguments.connection.connection(None)).await?);
    let request = bootstrap::request();
    let template = Template::from_json(&request.template).context("the template of the stack is JSON")?;
    // Nothing is asked: the command makes this, and nothing else.
    let rules = Rules { yes: true, require: RequireApproval::Never, retain_failed: false, force: false };
    let mut desk = Desk::new(Screen::new(terminal, arguments.progress, BTreeMap::new()), rules);
    let state = Mutex::new(StackState::new(Some(request.stack.clone()), template));
    desk.add(client.region(), &request.stack, Subject { client: &client, state });
    let (clock, interruption) = (SystemClock::new(), Interruption::new());
    let engine = Engine::new(&client, &clock, &desk).interruption(&interruption);
    let told = |ending| desk.screen.stopping(ending);
    let work = engine.deploy(&request);
    let (result, ending) = interruptible(work, &interruption, arguments.timeout, told).await?;
    let report = result.map(|result| Report::new(vec![result]));
    drop(desk);
    let told =
        outcome::Told { options: &arguments.connection, progress: arguments.progress, is_unattended: false };
    outcome::tell(report.as_ref(), ending, &told, terminal)
}
