//! `formwork diff`

use std::{collections::BTreeSet, env, mem, path::Path, thread};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use formwork_diff::{AppDiff, Named, Options, StackDiff, diff, diff_app};

use super::synth::report_failed;
use crate::{
    against::{Against, Before},
    app::{self, Synthesized},
    arguments::Global,
    concern::Concern,
    connection_options::ConnectionOptions,
    deployed::{by_change_sets, deployed},
    exit_code,
    failure::Failure,
    judged::is_file,
    place,
    project_file::ProjectFile,
    rendering::diff::{
        page::Page,
        report::Report,
        sarif::{self, Written},
        text::{self, Layout},
    },
    settings::{App, Settings},
    stack_state::{self, MANIFEST, StackState},
    suggestion,
    terminal::{self, Terminal},
};

/// Show what changes between two states of the stacks, and what that does
///
/// Two template files are compared with each other; the stacks of the app with what `--against`
/// names, and without it with what is deployed. Nothing is written anywhere, unless a change set is asked
/// for. What is only known at deployment is said to be so.
#[derive(Debug, Args)]
#[command(override_usage = "formwork diff [OPTIONS] OLD NEW\n       \
                            formwork diff [OPTIONS] [--against DIR|FILE|git:REV] [STACK]...")]
pub(crate) struct Arguments {
    /// Two template files, the old one first; or stacks of the app, without any all of them
    #[arg(value_name = "OLD NEW|STACK")]
    subjects: Vec<String>,
    /// What the stacks of the app are compared with
    ///
    /// An assembly, a directory of snapshots `NAME.template.json`, the template of the one stack
    /// that is named, or a revision of the git repository by its snapshots or its assembly.
    #[arg(long, value_name = "DIR|FILE|git:REV")]
    against: Option<Against>,
    /// Build and run the app of the revision where it has neither snapshots nor an assembly
    #[arg(long, requires = "against")]
    build: bool,
    /// Whether the service is asked what it would replace
    #[arg(long, value_name = "METHOD", default_value = "template", conflicts_with = "against")]
    method: Method,
    /// The form of the diff; `--json` is short for `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Only who may do what, and what opens, closes or loses its encryption
    #[arg(long)]
    security_only: bool,
    /// Exit with 3 where something differs
    #[arg(long)]
    exit_code: bool,
    /// Exit with 5 where the change is of this kind; can be repeated, or have several with commas
    #[arg(long, value_name = "CONCERN", value_delimiter = ',')]
    fail_on: Vec<Concern>,
    /// The value of a template's parameter on the old side; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    parameters_old: Vec<(String, String)>,
    /// The value of a template's parameter on the new side; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    parameters_new: Vec<(String, String)>,
    #[command(flatten)]
    connection: ConnectionOptions,
}

/// How the deployed stacks are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// By templates and parameters alone, which are read
    Template,
    /// By a change set too, which is made and taken away again
    ChangeSet,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a name and a value are wanted, such as `Stage=prod`")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The form of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: security, then a tree for each stack, then the summary
    Text,
    /// One object of the schema `formwork.diff/1`
    Json,
    /// For a comment on a pull request, within its 65,536 characters
    Markdown,
    /// SARIF 2.1.0: a result for each replacement, loss of data and broadening
    Sarif,
    /// One page that needs nothing else
    Html,
}

/// Both sides, and what people call them.
struct Sides {
    old: Vec<StackState>,
    new: Vec<StackState>,
    title: String,
    counted: &'static str,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let current = env::current_dir().context("there is no current directory")?;
    let project = ProjectFile::find(&current)?.unwrap_or_default();
    let mut sides = sides(arguments, global, &project, terminal)?;
    give(&mut sides.old, &arguments.parameters_old, "old")?;
    give(&mut sides.new, &arguments.parameters_new, "new")?;
    let mut diff = sides.diff(&arguments.subjects);
    if arguments.method == Method::ChangeSet {
        by_change_sets(&mut diff, &sides.old, &sides.new, &arguments.connection, terminal)?;
    }
    show(arguments, &sides, &diff, &project, &current, terminal)?;

    let code = verdict(arguments, &diff);
    // The command ends here, and giving the templates of a large app back takes a good part of a second.
    mem::forget((sides, diff));
    code
}

/// What a diff means for the exit code.
fn verdict(arguments: &Arguments, diff: &AppDiff) -> Result<u8> {
    let reasons: BTreeSet<Concern> = arguments.fail_on.iter().copied().collect();
    let reasons: Vec<String> = reasons.into_iter().filter_map(|concern| concern.reason(diff)).collect();
    if !reasons.is_empty() {
        return Err(Failure::new(reasons.join("; ")).code(exit_code::FINDINGS).into());
    }
    let differs = if arguments.security_only {
        diff.stacks.iter().any(|stack| !stack.access.is_empty() || !stack.exposure.is_empty())
    } else {
        !diff.is_empty()
    };
    Ok(if arguments.exit_code && differs { exit_code::DIFFERENCES } else { exit_code::DONE })
}

/// Reads both sides.
fn sides(
    arguments: &Arguments,
    global: &Global,
    project: &ProjectFile,
    terminal: &mut Terminal,
) -> Result<Sides> {
    let subjects = &arguments.subjects;
    if arguments.against.is_none() && subjects.iter().any(|subject| is_file(subject)) {
        let [old, new] = subjects.as_slice() else {
            let message = format!("two template files are compared, and here {} named", are(subjects.len()));
            let failure = Failure::new(message).code(exit_code::USAGE);
            return Err(failure
                .hint("`formwork diff OLD NEW`, or `formwork diff STACK --against FILE`")
                .into());
        };
        return Ok(Sides {
            old: vec![StackState::of_file(old)?],
            new: vec![StackState::of_file(new)?],
            title: format!("{old} -> {new}"),
            counted: "template",
        });
    }
    let settings = Settings::load(global)?;
    let (before, mut new) = both(arguments, global, &settings, project, terminal)?;
    let Before { stacks: mut old, shown } = before;
    if let [template] = old.as_mut_slice()
        && template.file.is_some()
    {
        template.name = Some(the_one(subjects, &new, &shown)?);
    }
    check_names(subjects, &old, &new, &shown)?;
    if !old.is_empty() && old.iter().all(|stack| stack.file.is_some()) {
        // One template says nothing on the other stacks.
        new.retain(|stack| old.iter().any(|other| other.name == stack.name));
    }
    for stack in &mut old {
        // A snapshot does not say where it was deployed; that is no difference.
        if stack.pseudo_parameters.is_none()
            && let Some(other) = new.iter().find(|other| other.name == stack.name)
        {
            stack.pseudo_parameters.clone_from(&other.pseudo_parameters);
        }
    }
    Ok(Sides { old, new, title: format!("{shown} -> the app"), counted: "stack" })
}

/// The old side and the stacks of the app. The app may write where the old side stands, so that is
/// read first; where it cannot, both are read at the same time.
fn both(
    arguments: &Arguments,
    global: &Global,
    settings: &Settings,
    project: &ProjectFile,
    terminal: &mut Terminal,
) -> Result<(Before, Vec<StackState>)> {
    let Some(against) = &arguments.against else {
        let mut new = of_app(settings, terminal)?;
        let before = deployed(&mut new, &arguments.subjects, &arguments.connection, terminal)?;
        return Ok((before, new));
    };
    let Some(directory) = against.directory_beside(settings)? else {
        let before = against.read(arguments.build, global, settings, project, terminal)?;
        return Ok((before, of_app(settings, terminal)?));
    };
    thread::scope(|scope| {
        let reading = scope.spawn(|| Before::of_directory(&directory));
        let new = of_app(settings, terminal);
        let failed = || Err(Failure::new("the thread that reads the old side has failed").into());
        Ok((reading.join().unwrap_or_else(|_| failed())?, new?))
    })
}

/// The one stack that a template is compared with.
fn the_one(names: &[String], new: &[StackState], file: &str) -> Result<String> {
    let all: Vec<&str> = if names.is_empty() {
        new.iter().filter_map(|stack| stack.name.as_deref()).collect()
    } else {
        names.iter().map(String::as_str).collect()
    };
    if let [only] = all.as_slice() {
        return Ok((*only).to_owned());
    }
    let failure = Failure::new(format!("`{file}` is one template, and there are {} stacks", all.len()));
    Err(failure.hint("name the stack to compare with it").into())
}

fn are(count: usize) -> String {
    format!("{count} {}", if count == 1 { "is" } else { "are" })
}

/// The stacks of the app. A directory of snapshots does for an assembly that exists.
fn of_app(settings: &Settings, terminal: &mut Terminal) -> Result<Vec<StackState>> {
    if let App::Assembly(directory) = &settings.app
        && !directory.join(MANIFEST).is_file()
    {
        return stack_state::of_directory(directory, &place::shown(directory));
    }
    match app::synthesize(settings, terminal)? {
        Synthesized::Assembly(assembly) => stack_state::of_assembly(&assembly),
        Synthesized::Findings(findings) => Err(report_failed(&findings, terminal)),
    }
}

/// Refuses a stack that neither side has.
fn check_names(names: &[String], old: &[StackState], new: &[StackState], shown: &str) -> Result<()> {
    let known: Vec<&str> = new.iter().chain(old).filter_map(|stack| stack.name.as_deref()).collect();
    for name in names {
        if !known.contains(&name.as_str()) {
            let failure = Failure::new(format!("neither the app nor `{shown}` has a stack `{name}`"));
            let listing: BTreeSet<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let listing = listing.into_iter().collect::<Vec<_>>().join(", ");
            let hint = match suggestion::nearest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? there are {listing}"),
                None => format!("there are {listing}"),
            };
            return Err(failure.hint(hint).into());
        }
    }
    Ok(())
}

/// Gives the stacks of a side the values of their parameters.
fn give(stacks: &mut [StackState], values: &[(String, String)], side: &str) -> Result<()> {
    for (name, value) in values {
        let mut found = false;
        for stack in &mut *stacks {
            let declares = stack.template().section("Parameters").is_some_and(|all| all.get(name).is_some());
            if declares {
                found = true;
                stack.parameters.insert(name.clone(), value.clone());
            }
        }
        if !found {
            let declared = stacks.iter().filter_map(|stack| stack.template().section("Parameters"));
            let declared: BTreeSet<&str> =
                declared.flat_map(|all| all.iter().map(|(name, _)| name)).collect();
            let failure = Failure::new(format!("no template of the {side} side has a parameter `{name}`"));
            let hint = match suggestion::nearest(name, declared.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if declared.is_empty() => "it has no parameters".to_owned(),
                None => format!("it has {}", declared.into_iter().collect::<Vec<_>>().join(", ")),
            };
            return Err(failure.hint(hint).into());
        }
    }
    Ok(())
}

impl Sides {
    /// What changes; of stacks that are named, what concerns them.
    fn diff(&self, names: &[String]) -> AppDiff {
        if let ([old], [new]) = (self.old.as_slice(), self.new.as_slice())
            && new.name.is_none()
        {
            let stack = diff(&old.side(), &new.side(), &Options::new());
            let (moves, deadlocks) = (Vec::new(), Vec::new());
            return AppDiff { schema: formwork_diff::SCHEMA, stacks: vec![stack], moves, deadlocks };
        }
        let old: Vec<Named<'_>> = self.old.iter().map(StackState::named).collect();
        let new: Vec<Named<'_>> = self.new.iter().map(StackState::named).collect();
        let mut diff = diff_app(&old, &new);
        if !names.is_empty() {
            let wanted = |name: &String| names.contains(name);
            diff.stacks.retain(|stack| stack.name.as_ref().is_some_and(wanted));
            diff.moves.retain(|moved| wanted(&moved.from_stack) || wanted(&moved.to_stack));
            diff.deadlocks.retain(|lock| wanted(&lock.producer) || lock.consumers.iter().any(wanted));
        }
        diff
    }

    /// Where a resource stands in a file that was given: in the new one, or in the old one.
    fn written(&self, stack: &StackDiff, id: &str) -> Option<Written> {
        let states = self.new.iter().chain(&self.old).filter(|state| state.name == stack.name);
        let mut found = states.filter_map(|state| {
            let position = state.position(id)?;
            Some(Written { file: state.file.clone()?, line: position.line, column: position.column })
        });
        found.next()
    }
}

/// Shows the diff in the form that is asked for.
fn show(
    arguments: &Arguments,
    sides: &Sides,
    diff: &AppDiff,
    project: &ProjectFile,
    current: &Path,
    terminal: &mut Terminal,
) -> Result<()> {
    let report = || {
        let mut report = Report::new(diff, &sides.title, sides.counted);
        if arguments.security_only {
            report.security_alone();
        }
        report
    };
    let template = |path: &Option<std::path::PathBuf>| {
        let directory = project.path.parent().unwrap_or(current);
        path.as_ref().map(|path| place::from(directory, path)).transpose()
    };
    match if terminal.wants_json() { Format::Json } else { arguments.format } {
        Format::Json => terminal.json(diff)?,
        Format::Sarif => {
            let written = |stack: &StackDiff, id: &str| sides.written(stack, id);
            terminal.json(&sarif::render(diff, arguments.security_only, written))?;
        }
        Format::Markdown => {
            let template = template(&project.diff.markdown)?;
            terminal.data(&Page::Markdown.render(report(), template.as_deref())?)?;
        }
        Format::Html => {
            let template = template(&project.diff.html)?;
            terminal.data(&Page::Html.render(report(), template.as_deref())?)?;
        }
        Format::Text if terminal.is_quiet() => terminal.data(&format!("{}\n", report().summary))?,
        Format::Text => {
            let layout = Layout { width: terminal::width(), whole: terminal.is_verbose() };
            terminal.data(&text::render(&report(), layout))?;
        }
    }
    Ok(())
}
