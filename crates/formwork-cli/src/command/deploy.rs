//! `formwork deploy`

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use formwork_core::{Assembly, AssemblyStack, Via};
use formwork_deploy::{
    app::{App, AppStack, Input},
    asset::{AssetManifest, Publisher, StackAssets},
    client::Connection,
    clock::SystemClock,
    deployment::Report,
    operator::Interruption,
    request::DeployRequest,
    service::CloudFormation as _,
};
use tokio::sync::Mutex;

use super::synth::report_failed;
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    connection_options::ConnectionOptions,
    deployment::{
        approval::RequireApproval,
        desk::{Desk, Rules, Subject},
        outcome,
        screen::{Form, Screen},
    },
    duration,
    failure::Failure,
    interruptible::interruptible,
    parameter_values::ParameterValues,
    project_file::ProjectFile,
    selection::{listing, select_stated, with_dependencies},
    settings::Settings,
    source_lines::source_lines,
    stack_state::StackState,
    target::{Targets, runtime},
    terminal::Terminal,
};

/// Deploy the stacks of the app
///
/// Each stack is deployed by a change set, which is shown, approved and executed, after the stacks that it
/// needs; those that need nothing of each other are deployed at the same time. What happens is told on
/// standard error, what became of each stack and its outputs on standard output. The same command again
/// goes on where an earlier one was stopped, killed or failed.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
pub(crate) struct Arguments {
    /// The stacks, by name or pattern (`web-*`), and what they need; an app with one stack needs no name
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// Every stack of the app
    #[arg(long, conflicts_with = "stacks")]
    all: bool,
    /// Only the stacks that are named, and not what they need
    #[arg(short, long)]
    exclusively: bool,
    /// Approve everything
    #[arg(short, long)]
    yes: bool,
    /// What has to be approved
    #[arg(long, value_name = "WHAT", default_value = "broadening")]
    require_approval: RequireApproval,
    /// The value of a parameter, `NAME=VALUE` or `STACK:NAME=VALUE`; can be repeated
    ///
    /// Other parameters keep their values, or take their defaults.
    #[arg(long, value_name = "[STACK:]NAME=VALUE")]
    parameters: Vec<String>,
    /// A tag of the stacks, which reaches their resources; can be repeated, and then names all of them
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    tag: Vec<(String, String)>,
    /// Leave things as they are after a failure
    #[arg(long)]
    no_rollback: bool,
    /// Bring back what has drifted
    #[arg(long)]
    revert_drift: bool,
    /// Be done when the configuration is applied, before resources are stable; for development
    #[arg(long)]
    express: bool,
    /// Take in existing resources that have the names in the template
    #[arg(long)]
    import_existing: bool,
    /// Replace resources that are to have another id, where the service does not rename them
    #[arg(long)]
    replace_renamed: bool,
    /// The role that the service acts with; it stays with the stacks
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// A topic that events go to; can be repeated, and then names all of them
    #[arg(long, value_name = "ARN")]
    notification_arn: Vec<String>,
    /// An alarm whose ringing rolls back; can be repeated, and then names all of them
    #[arg(long, value_name = "ARN")]
    rollback_alarm: Vec<String>,
    /// A file with the stack policy, which says what no update may touch
    #[arg(long, value_name = "FILE")]
    stack_policy: Option<PathBuf>,
    /// Whether the stacks refuse to be deleted; without it, those of the app that say so do
    #[arg(long, value_name = "WHETHER")]
    termination_protection: Option<Switch>,
    /// The bucket for templates that are too long for a call; otherwise that of the bootstrap stack
    #[arg(long, value_name = "BUCKET")]
    template_bucket: Option<String>,
    /// How many stacks are worked on at a time
    #[arg(long, value_name = "N", default_value = "4")]
    concurrency: usize,
    /// Stop watching after this time, such as `30m` or `1h 15m`; the service goes on
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<Duration>,
    /// How progress is shown on standard error
    #[arg(long, value_name = "FORM")]
    progress: Option<Form>,
    /// Write the outputs of all stacks to a file, as JSON
    #[arg(short = 'O', long, value_name = "FILE")]
    outputs_file: Option<PathBuf>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("a key and a value are wanted, such as `team=web`")?;
    Ok((key.to_owned(), value.to_owned()))
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let settings = Settings::load(global)?;
    let assembly = match app::synthesize(&settings, terminal)? {
        Synthesized::Assembly(assembly) => assembly,
        Synthesized::Findings(findings) => return Err(report_failed(&findings, terminal)),
    };
    let named = select_stated(&assembly, &arguments.stacks, arguments.all)?;
    let stacks = if arguments.exclusively { named } else { with_dependencies(&assembly, &named, false) };
    if stacks.len() > arguments.stacks.len() && !arguments.stacks.is_empty() {
        terminal.tell(&format!("deploying {}", listing(&stacks)));
    }
    arguments.connection.prepare(terminal)?;
    let runtime = runtime()?;
    let done = runtime.block_on(deploy(arguments, &assembly, &stacks, terminal));
    // A question that nobody answered may still wait for its line.
    runtime.shutdown_background();
    done
}

async fn deploy(
    arguments: &Arguments,
    assembly: &Assembly,
    stacks: &[&AssemblyStack],
    terminal: &mut Terminal,
) -> Result<u8> {
    let project = ProjectFile::of_current_directory()?;
    let mut targets = Targets::with_bucket(arguments.template_bucket.as_deref());
    let mut places = BTreeMap::new();
    for stack in stacks {
        let connection = targets.add(stack, &arguments.connection, &project.deploy.accounts).await?;
        places.insert(stack.name.as_str(), connection);
    }
    let mut values = ParameterValues::parse(&arguments.parameters, stacks)?;
    let mut sources = BTreeMap::new();
    let mut requests = Vec::new();
    for stack in stacks {
        let template = assembly.template(stack)?;
        let lines = source_lines(assembly, stack, &template)?;
        sources.insert(stack.stack_name.clone(), lines.clone());
        let mut request = request(arguments, stack, template.to_compact_json())?;
        request.sources = lines;
        request.parameters = values.take(&stack.name, &template);
        for (parameter, value) in
            deployed_inputs(assembly, stack, stacks, &mut targets, arguments, &project).await?
        {
            request.parameters.entry(parameter).or_insert(value);
        }
        requests.push(request);
    }
    values.check_all_taken()?;

    let rules =
        Rules { yes: arguments.yes, require: arguments.require_approval, retain_failed: false, force: false };
    let mut desk = Desk::new(Screen::new(terminal, arguments.progress, sources), rules);
    let mut app_stacks = Vec::new();
    for (stack, request) in stacks.iter().zip(requests) {
        let connection = places.get(stack.name.as_str()).context("every stack has a place")?;
        let target = targets.target(connection)?;
        let client = &target.client;
        let mut state = StackState::of_assembly(assembly, stack)?;
        state.parameters.clone_from(&request.parameters);
        desk.add(client.region(), &stack.stack_name, Subject { client, state: Mutex::new(state) });
        let mut app_stack = AppStack::new(request, client);
        app_stack.id.clone_from(&stack.name);
        app_stack.store = Some(&target.bucket);
        app_stack.tasks = Some(&target.tasks);
        app_stack.depends_on.clone_from(&stack.depends_on);
        app_stack.inputs =
            inputs(assembly, stack, |producer| stacks.iter().any(|stack| stack.name == producer));
        app_stacks.push(app_stack);
    }
    let app = App::new(app_stacks).concurrency(arguments.concurrency);
    let (clock, interruption) = (SystemClock::new(), Interruption::new());
    let told = |ending| desk.screen.stopping(ending);
    let work = async {
        publish(assembly, stacks, &places, &targets, &desk).await?;
        anyhow::Ok(app.deploy(&clock, &desk, &interruption).await)
    };
    let (report, ending) = interruptible(work, &interruption, arguments.timeout, told).await?;
    let report = report.transpose()?;
    let is_unattended = desk.is_unattended();
    drop(app);
    drop(desk);
    if let (Some(file), Some(report)) = (&arguments.outputs_file, &report) {
        write_outputs(file, report)?;
    }
    let told = outcome::Told { options: &arguments.connection, progress: arguments.progress, is_unattended };
    outcome::tell(report.as_ref(), ending, &told, terminal)
}

/// Uploads the assets of all stacks, before anything is deployed.
async fn publish(
    assembly: &Assembly,
    stacks: &[&AssemblyStack],
    places: &BTreeMap<&str, Connection>,
    targets: &Targets,
    desk: &Desk<'_>,
) -> Result<()> {
    let mut manifests = Vec::new();
    for stack in stacks {
        let Some(file) = &stack.assets else { continue };
        let manifest = AssetManifest::read(&assembly.directory, file, &stack.template)?;
        if !manifest.is_empty() {
            let place = places.get(stack.name.as_str()).context("every stack has a place")?;
            manifests.push((stack.name.as_str(), manifest, &targets.target(place)?.site));
        }
    }
    let assets = manifests.iter().map(|(stack, manifest, site)| StackAssets { stack, manifest, site });
    let assets: Vec<StackAssets<'_>> = assets.collect();
    let clock = SystemClock::new();
    let published = Publisher::new(&clock, desk).publish(&assets).await;
    published.map(|_| ()).map_err(|failure| {
        let text = failure.to_string();
        match text.split_once("\nhint: ") {
            Some((message, hint)) => Failure::new(message).hint(hint).into(),
            None => Failure::new(text).into(),
        }
    })
}

/// What a stack is to be, but for its parameters.
fn request(arguments: &Arguments, stack: &AssemblyStack, template: String) -> Result<DeployRequest> {
    let some = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
    let mut request = DeployRequest::new(&stack.stack_name, template);
    request.tags = (!arguments.tag.is_empty()).then(|| arguments.tag.iter().cloned().collect());
    request.notification_arns = some(&arguments.notification_arn);
    request.rollback_alarms = some(&arguments.rollback_alarm);
    request.role.clone_from(&arguments.role_arn);
    request.termination_protection = match arguments.termination_protection {
        Some(switch) => Some(switch == Switch::On),
        // What somebody has switched on by hand stays on, unless it is said here.
        None => stack.termination_protection.then_some(true),
    };
    if let Some(file) = &arguments.stack_policy {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        if serde_json::from_str::<serde_json::Value>(&text).is_err() {
            return Err(
                Failure::new(format!("`{}` is no stack policy: it is not JSON", file.display())).into()
            );
        }
        request.stack_policy = Some(text);
    }
    request.mode.disable_rollback = arguments.no_rollback;
    request.mode.retain_except_on_create = true;
    request.mode.import_existing = arguments.import_existing;
    request.mode.revert_drift = arguments.revert_drift;
    request.mode.express = arguments.express;
    request.mode.replace_renamed = arguments.replace_renamed;
    Ok(request)
}

/// The parameters of a stack that take outputs of other stacks that are deployed with it.
fn inputs(assembly: &Assembly, stack: &AssemblyStack, is_deployed: impl Fn(&str) -> bool) -> Vec<Input> {
    let edges = assembly.edges.iter().filter(|edge| edge.via == Via::Parameter && edge.to == stack.name);
    let inputs = edges.filter(|edge| is_deployed(&edge.from.stack)).filter_map(|edge| {
        Some(Input {
            parameter: edge.parameter.clone()?,
            producer: edge.from.stack.clone(),
            output: edge.output.clone()?,
        })
    });
    inputs.collect()
}

/// The values of parameters that take outputs of stacks that are there already, and not deployed now.
async fn deployed_inputs(
    assembly: &Assembly,
    stack: &AssemblyStack,
    stacks: &[&AssemblyStack],
    targets: &mut Targets,
    arguments: &Arguments,
    project: &ProjectFile,
) -> Result<BTreeMap<String, String>> {
    let is_deployed = |name: &str| stacks.iter().any(|stack| stack.name == name);
    let mut values = BTreeMap::new();
    for Input { parameter, producer, output } in inputs(assembly, stack, |name| !is_deployed(name)) {
        let Some(producer) = assembly.stack(&producer) else { continue };
        let connection = targets.add(producer, &arguments.connection, &project.deploy.accounts).await?;
        let client = &targets.target(&connection)?.client;
        let found = formwork_deploy::read::deployed(client, &SystemClock::new(), &producer.stack_name).await;
        let found = found.with_context(|| format!("cannot read the outputs of `{}`", producer.name))?;
        let outputs = found.map(|found| found.stack.outputs).unwrap_or_default();
        let Some(found) = outputs.into_iter().find(|found| found.key == output) else {
            let message = format!(
                "`{}` needs the output `{output}` of `{}`, which has none deployed",
                stack.name, producer.name
            );
            let hint = format!("deploy `{}` too: leave `--exclusively` out", producer.name);
            return Err(Failure::new(message).hint(hint).into());
        };
        values.insert(parameter, found.value);
    }
    Ok(values)
}

/// Writes the outputs of all stacks, as the CDK does: an object a stack.
fn write_outputs(file: &Path, report: &Report) -> Result<()> {
    let outputs: BTreeMap<&str, &BTreeMap<String, String>> =
        report.stacks.iter().map(|stack| (stack.name.as_str(), &stack.outputs)).collect();
    let text = serde_json::to_string_pretty(&outputs)? + "\n";
    fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))
}
