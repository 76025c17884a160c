//! `formwork drift`

use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use formwork_deploy::{
    clock::SystemClock,
    drift::{self, DriftReport, DriftStack, LiveResources, Options, Progress},
    operator::Interruption,
    submission::TemplateStore,
};
use jiff::Timestamp;

use crate::{
    arguments::Global,
    connection_options::ConnectionOptions,
    drifting::{
        accept, baseline,
        revert::{self, Revert},
        subjects::{self, Subject},
    },
    duration, exit_code,
    interruptible::{Ending, interruptible},
    project_file::ProjectFile,
    rendering::{
        diff::{page::Page, text::Layout},
        drift::{github, page, report::Report, text},
    },
    target::{Targets, runtime},
    terminal::{self, Terminal},
};

/// Show what runs otherwise than it was written
///
/// Every resource of the stacks, and of those nested in them, is looked at: by CloudFormation's own
/// detection, and where that does not look, through Cloud Control. What nobody can look at is counted, with the
/// reason. The deployed template, parameters, tags and settings are held against what the app says now.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
pub(crate) struct Arguments {
    /// The stacks of the app, by name or pattern, without any all of them; or a stack of the account
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// The form of the report; `--json` is short for `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Exit with 4 where something has drifted
    #[arg(long)]
    exit_code: bool,
    /// Exit with 6 where not everything could be looked at
    #[arg(long)]
    strict: bool,
    /// Take the result of a detection that is not older than this, such as `1h`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    max_age: Option<Duration>,
    /// How long a detection of a stack may take; the service goes on with it
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "15m")]
    timeout: Duration,
    /// How many stacks are looked at at a time
    #[arg(long, value_name = "N", default_value = "8")]
    concurrency: usize,
    /// Leave out what CloudFormation does not look at itself
    #[arg(long)]
    no_cloud_control: bool,
    /// Leave out the differences in this file
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,
    /// Write what differs now to a file, for `--baseline`
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Bring the resources back to what is deployed, after a question
    #[arg(long, conflicts_with_all = ["accept", "write_baseline"])]
    revert: bool,
    /// Write what is there into the Rust code, where it stands as a literal
    #[arg(long, conflicts_with = "write_baseline")]
    accept: bool,
    /// Revert without a question
    #[arg(short, long, requires = "revert")]
    yes: bool,
    #[command(flatten)]
    connection: ConnectionOptions,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a tree for each stack, then how much was looked at
    Text,
    /// One object of the schema `formwork.drift/1`
    Json,
    /// For an issue, within its 65,536 characters
    Markdown,
    /// One page that needs nothing else
    Html,
    /// Annotations for GitHub Actions
    Github,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let current = env::current_dir().context("there is no current directory")?;
    let project = ProjectFile::of_current_directory()?;
    let subjects = subjects::find(&arguments.stacks, global, terminal)?;
    arguments.connection.prepare(terminal)?;
    let runtime = runtime()?;
    let done = runtime.block_on(look(arguments, &project, &subjects, &current, terminal));
    // A question that nobody answered may still wait for its line.
    runtime.shutdown_background();
    done
}

async fn look(
    arguments: &Arguments,
    project: &ProjectFile,
    subjects: &[Subject],
    current: &Path,
    terminal: &mut Terminal,
) -> Result<u8> {
    let mut targets = Targets::default();
    let mut places = Vec::new();
    for subject in subjects {
        places.push(subject.place(&mut targets, &arguments.connection, &project.deploy.accounts).await?);
    }
    let (mut stacks, mut stores) = (Vec::new(), Vec::new());
    for (subject, place) in subjects.iter().zip(&places) {
        let target = targets.target(place)?;
        let client = &target.client;
        stores.push(&target.bucket as &dyn TemplateStore);
        let live = (!arguments.no_cloud_control).then_some(client.live_resources() as &dyn LiveResources);
        stacks.push(DriftStack {
            name: subject.stack_name.clone(),
            service: client,
            live,
            code: subject.code.as_ref(),
        });
    }
    let clock = SystemClock::new();
    let options = Options {
        timeout: arguments.timeout,
        concurrency: arguments.concurrency,
        reuse_since: arguments.max_age.map(since),
    };
    let Some((report, warnings)) = detect(arguments, project, &stacks, &options, &clock, terminal).await?
    else {
        return Ok(exit_code::INTERRUPTED);
    };
    if let Some(file) = &arguments.write_baseline {
        baseline::write(file, &report)?;
    }
    if arguments.accept {
        return accept::accept(&report, current, terminal);
    }
    if arguments.revert && report.has_drift() {
        let told = Report::new(&report, &warnings);
        let layout = Layout { width: terminal::width(), whole: terminal.is_verbose() };
        terminal.tell(text::render(&told, layout).trim_end());
        let revert = Revert { subjects, stacks: &stacks, stores: &stores, clock: &clock, yes: arguments.yes };
        if !revert::revert(&revert, &report, terminal).await? {
            return Ok(exit_code::ERROR);
        }
        // What was found before says nothing any more.
        let anew = Options { reuse_since: None, ..options };
        let Some((report, warnings)) = detect(arguments, project, &stacks, &anew, &clock, terminal).await?
        else {
            return Ok(exit_code::INTERRUPTED);
        };
        show(arguments, project, current, (&report, &warnings), terminal)?;
        return Ok(verdict(arguments, &report));
    }
    show(arguments, project, current, (&report, &warnings), terminal)?;
    Ok(verdict(arguments, &report))
}

/// Looks at the stacks; nothing when the user left.
async fn detect(
    arguments: &Arguments,
    project: &ProjectFile,
    stacks: &[DriftStack<'_>],
    options: &Options,
    clock: &SystemClock,
    terminal: &mut Terminal,
) -> Result<Option<(DriftReport, Vec<String>)>> {
    let teller = std::sync::Mutex::new(&mut *terminal);
    let tell = |progress: Progress<'_>| {
        let text = match progress {
            Progress::Started { stack } => format!("looking at `{stack}`"),
            Progress::Joined { stack } => format!("waiting for another detection of `{stack}`"),
            Progress::Reused { stack } => format!("taking the last detection of `{stack}`"),
            Progress::Reading { stack, resources } => {
                format!("reading {resources} resources of `{stack}` through Cloud Control")
            }
            Progress::Done { .. } => return,
        };
        let mut terminal = teller.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        terminal.detail(&text);
    };
    let interruption = Interruption::new();
    let work = drift::detect(stacks, options, clock, &tell);
    // Nothing is left behind by going away: the service ends its detections by itself.
    let work = async {
        tokio::select! {
            report = work => Some(report),
            () = interrupted(&interruption) => None,
        }
    };
    let (report, ending) = interruptible(work, &interruption, None, |_| ()).await?;
    let Some(mut report) = report.flatten().filter(|_| ending != Ending::Interrupted) else {
        return Ok(None);
    };
    let mut warnings = Vec::new();
    report.ignore(&project.drift.ignore);
    for rule in report.ignored.iter().filter(|rule| rule.matched == 0) {
        let place = [&rule.stack, &rule.logical_id, &rule.path].map(|part| part.as_deref().unwrap_or("*"));
        warnings.push(format!(
            "the rule `{}` in `[[drift.ignore]]` matches nothing any more ({})",
            place.join(" "),
            rule.reason
        ));
    }
    let directory = project.path.parent().unwrap_or(Path::new(""));
    let of_project = project.drift.baseline.as_ref().map(|file| directory.join(file));
    let file = arguments.baseline.clone().or(of_project).filter(|_| arguments.write_baseline.is_none());
    if let Some(file) = file {
        warnings.extend(baseline::forgive(&file, &mut report)?);
    }
    Ok(Some((report, warnings)))
}

async fn interrupted(interruption: &Interruption) {
    while !interruption.is_interrupted() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The moment so long ago, in milliseconds since 1970.
fn since(age: Duration) -> i64 {
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    Timestamp::now().as_millisecond().saturating_sub(age)
}

fn show(
    arguments: &Arguments,
    project: &ProjectFile,
    current: &Path,
    (drift, warnings): (&DriftReport, &[String]),
    terminal: &mut Terminal,
) -> Result<()> {
    if terminal.wants_json() || arguments.format == Format::Json {
        for warning in warnings {
            terminal.tell(&format!("warning: {warning}"));
        }
        return Ok(terminal.json(drift)?);
    }
    let report = Report::new(drift, warnings);
    let directory = project.path.parent().unwrap_or(current);
    let template = |path: &Option<PathBuf>| path.as_ref().map(|path| directory.join(path));
    let text = match arguments.format {
        Format::Markdown => {
            page::render(Page::Markdown, &report, template(&project.drift.markdown).as_deref())?
        }
        Format::Html => page::render(Page::Html, &report, template(&project.drift.html).as_deref())?,
        Format::Github => github::render(drift, &report),
        Format::Text | Format::Json => {
            let layout = Layout { width: terminal::width(), whole: terminal.is_verbose() };
            let only = |line: &str| format!("{line}\n");
            if terminal.is_quiet() {
                only(&report.summary) + &only(&report.coverage)
            } else {
                text::render(&report, layout)
            }
        }
    };
    Ok(terminal.data(&text)?)
}

/// What drift means for the exit code.
fn verdict(arguments: &Arguments, report: &DriftReport) -> u8 {
    if arguments.exit_code && report.has_drift() {
        exit_code::DRIFT
    } else if arguments.strict && report.is_incomplete() {
        exit_code::INCOMPLETE
    } else {
        exit_code::DONE
    }
}
