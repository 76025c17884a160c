//! `formwork destroy`

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, Result};
use clap::Args;
use formwork_core::{Assembly, AssemblyStack, Source};
use formwork_deploy::{
    app::{App, AppStack},
    client::Connection,
    clock::SystemClock,
    operator::Interruption,
    removal::{Removal, removal},
    request::DeployRequest,
};

use super::synth::report_failed;
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    connection_options::ConnectionOptions,
    deployment::{
        approval::{self, RequireApproval, is_attended, is_yes},
        desk::{Desk, Rules},
        outcome,
        screen::{Form, Screen},
    },
    duration, exit_code,
    failure::Failure,
    interruptible::interruptible,
    known_stacks,
    plural::number,
    project_file::ProjectFile,
    selection::{select_stated, with_dependencies},
    settings::Settings,
    source_lines::source_lines,
    target::{Targets, runtime},
    terminal::{ERROR, HINT, STRONG, Terminal, WARNING, legible},
};

/// Delete stacks, after showing what goes and what stays
///
/// Stacks that need a stack that is named go too, before it. What would prevent a deletion half way
/// (termination protection, exports that others import) is told before anything is touched.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
pub(crate) struct Arguments {
    /// The stacks, by name or pattern (`web-*`), and what needs them
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// Every stack of the app
    #[arg(long, conflicts_with_all = ["stacks", "by_name"])]
    all: bool,
    /// Only the stacks that are named, and not what needs them
    #[arg(short, long)]
    exclusively: bool,
    /// The names are those in the account, and the app is not run; for stacks that it no longer has
    #[arg(long, requires = "stacks")]
    by_name: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Keep resources that cannot be deleted, and delete the rest
    #[arg(long, conflicts_with = "force")]
    retain_failed: bool,
    /// Where resources cannot be deleted, give them up, and delete the stack
    #[arg(long)]
    force: bool,
    /// How many stacks are worked on at a time
    #[arg(long, value_name = "N", default_value = "4")]
    concurrency: usize,
    /// Stop watching after this time, such as `30m` or `1h 15m`; the service goes on
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<Duration>,
    /// How progress is shown on standard error
    #[arg(long, value_name = "FORM")]
    progress: Option<Form>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

/// A stack that is to go.
struct Doomed {
    name: String,
    stack_name: String,
    connection: Connection,
    depends_on: Vec<String>,
    sources: BTreeMap<String, Source>,
    removal: Option<Removal>,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let assembly = if arguments.by_name {
        None
    } else {
        let settings = Settings::load(global)?;
        match app::synthesize(&settings, terminal)? {
            Synthesized::Assembly(assembly) => Some(assembly),
            Synthesized::Findings(findings) => return Err(report_failed(&findings, terminal)),
        }
    };
    let stacks = assembly.as_ref().map(|assembly| wanted(arguments, assembly)).transpose()?;
    arguments.connection.prepare(terminal)?;
    let runtime = runtime()?;
    let done =
        runtime.block_on(destroy(arguments, global, assembly.as_ref().zip(stacks.as_deref()), terminal));
    runtime.shutdown_background();
    done
}

fn wanted<'a>(arguments: &Arguments, assembly: &'a Assembly) -> Result<Vec<&'a AssemblyStack>> {
    let named = select_stated(assembly, &arguments.stacks, arguments.all)?;
    Ok(if arguments.exclusively { named } else { with_dependencies(assembly, &named, true) })
}

async fn destroy(
    arguments: &Arguments,
    global: &Global,
    app: Option<(&Assembly, &[&AssemblyStack])>,
    terminal: &mut Terminal,
) -> Result<u8> {
    let mut targets = Targets::default();
    let mut doomed = doomed(arguments, global, app, &mut targets).await?;
    let clock = SystemClock::new();
    for stack in &mut doomed {
        let client = &targets.target(&stack.connection)?.client;
        let found = removal(client, &clock, &stack.stack_name).await;
        stack.removal = found.with_context(|| format!("cannot read the stack `{}`", stack.name))?;
    }
    order_by_imports(&mut doomed);
    refuse_what_would_fail(&doomed)?;
    if doomed.iter().all(|stack| stack.removal.is_none()) && !terminal.wants_json() {
        terminal.tell("there is nothing to delete: none of the stacks is deployed");
        return Ok(exit_code::DONE);
    }
    show(&doomed, terminal);
    if !arguments.yes && doomed.iter().any(|stack| stack.removal.is_some()) {
        ask(&doomed, terminal).await?;
    }

    let rules = Rules {
        yes: true,
        require: RequireApproval::Never,
        retain_failed: arguments.retain_failed,
        force: arguments.force,
    };
    let lines = doomed.iter().map(|stack| (stack.stack_name.clone(), stack.sources.clone())).collect();
    let desk = Desk::new(Screen::new(terminal, arguments.progress, lines), rules);
    let mut app_stacks = Vec::new();
    for stack in &doomed {
        let client = &targets.target(&stack.connection)?.client;
        let mut request = DeployRequest::new(&stack.stack_name, "{}");
        request.sources.clone_from(&stack.sources);
        let mut app_stack = AppStack::new(request, client);
        app_stack.id.clone_from(&stack.name);
        app_stack.depends_on.clone_from(&stack.depends_on);
        app_stacks.push(app_stack);
    }
    let app = App::new(app_stacks).concurrency(arguments.concurrency);
    let interruption = Interruption::new();
    let told = |ending| desk.screen.stopping(ending);
    let work = app.destroy(&clock, &desk, &interruption);
    let (report, ending) = interruptible(work, &interruption, arguments.timeout, told).await?;
    let is_unattended = desk.is_unattended();
    drop(app);
    drop(desk);
    let told = outcome::Told { options: &arguments.connection, progress: arguments.progress, is_unattended };
    outcome::tell(report.as_ref(), ending, &told, terminal)
}

/// The stacks that are to go, and where they are.
async fn doomed(
    arguments: &Arguments,
    global: &Global,
    app: Option<(&Assembly, &[&AssemblyStack])>,
    targets: &mut Targets,
) -> Result<Vec<Doomed>> {
    let mut doomed = Vec::new();
    let Some((assembly, stacks)) = app else {
        for known in known_stacks::resolve(&arguments.stacks, global, &arguments.connection)? {
            targets.connect(&known.connection).await?;
            doomed.push(Doomed {
                name: known.name,
                stack_name: known.stack_name,
                connection: known.connection,
                depends_on: Vec::new(),
                sources: known.sources,
                removal: None,
            });
        }
        return Ok(doomed);
    };
    let project = ProjectFile::of_current_directory()?;
    for stack in stacks {
        let connection = targets.add(stack, &arguments.connection, &project.deploy.accounts).await?;
        doomed.push(Doomed {
            name: stack.name.clone(),
            stack_name: stack.stack_name.clone(),
            connection,
            depends_on: stack.depends_on.clone(),
            sources: source_lines(assembly, stack, &assembly.template(stack)?)?,
            removal: None,
        });
    }
    Ok(doomed)
}

/// A stack that imports goes before the one that it imports from, whatever the code says now.
fn order_by_imports(doomed: &mut [Doomed]) {
    let mut edges = Vec::new();
    for producer in &*doomed {
        let imports = producer.removal.iter().flat_map(|removal| &removal.imports);
        for importing in imports.flat_map(|(_, stacks)| stacks) {
            edges.push((importing.clone(), producer.name.clone(), producer.connection.clone()));
        }
    }
    for (importing, producer, connection) in edges {
        let consumer =
            doomed.iter_mut().find(|stack| stack.stack_name == importing && stack.connection == connection);
        if let Some(consumer) = consumer
            && !consumer.depends_on.contains(&producer)
        {
            consumer.depends_on.push(producer);
        }
    }
}

/// Refuses all of it where a part would fail half way.
fn refuse_what_would_fail(doomed: &[Doomed]) -> Result<()> {
    let mut problems = Vec::new();
    for stack in doomed {
        let Some(removal) = &stack.removal else { continue };
        if removal.stack.termination_protection {
            problems.push(format!("`{}` has termination protection", stack.name));
        }
        for (export, importing) in &removal.imports {
            let goes = |name: &String| {
                doomed.iter().any(|other| other.stack_name == *name && other.connection == stack.connection)
            };
            let stay: Vec<String> =
                importing.iter().filter(|name| !goes(name)).map(|name| format!("`{name}`")).collect();
            if !stay.is_empty() {
                problems.push(format!(
                    "`{}` exports `{export}`, which {} imports",
                    stack.name,
                    stay.join(", ")
                ));
            }
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(format!("nothing was deleted: {}", problems.join("; ")));
    let hint = if problems.iter().any(|problem| problem.ends_with("protection")) {
        "`formwork deploy --termination-protection off STACK` lets a stack go"
    } else {
        "delete or change the stacks that import first"
    };
    Err(failure.hint(hint).into())
}

/// Shows what goes and what stays.
fn show(doomed: &[Doomed], terminal: &mut Terminal) {
    for stack in doomed {
        let name = legible(&stack.name);
        let Some(removal) = &stack.removal else {
            terminal.tell(&format!("{STRONG}{name}{STRONG:#}: not deployed"));
            continue;
        };
        let goes = removal.resources.len().saturating_sub(removal.kept.len());
        terminal.tell(&format!(
            "{STRONG}{name}{STRONG:#}: {} {ERROR}to delete{ERROR:#}",
            number(goes, "resource")
        ));
        for (id, policy) in &removal.kept {
            let what = if policy == "Snapshot" { "is copied first" } else { "stays" };
            let physical = removal.resources.iter().find(|resource| resource.logical_id == *id);
            let physical = physical.and_then(|resource| resource.physical_id.as_deref()).unwrap_or_default();
            terminal.tell(&format!("  {} {WARNING}{what}{WARNING:#}  {}", legible(id), legible(physical)));
        }
        if terminal.is_verbose() {
            for resource in &removal.resources {
                let kind = &resource.resource_type;
                terminal.detail(&format!("  {}  {kind}", legible(&resource.logical_id)));
            }
        }
    }
}

async fn ask(doomed: &[Doomed], terminal: &mut Terminal) -> Result<()> {
    let names: Vec<String> = doomed.iter().map(|stack| format!("`{}`", stack.name)).collect();
    let question = format!("delete {}? [y/N]", names.join(", "));
    if !is_attended() {
        let failure = Failure::new("nothing was deleted: it was not approved");
        return Err(failure.hint("nobody can be asked here: `--yes` approves").into());
    }
    terminal.insist(&format!("{HINT}{question}{HINT:#}"));
    if is_yes(approval::answer().await.as_deref()) {
        Ok(())
    } else {
        Err(Failure::new("nothing was deleted").into())
    }
}
