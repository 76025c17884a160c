//! `formwork check`

use std::{env, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use formwork_check::{Level, Options};
use formwork_core::{Finding, Severity};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::synth::report_failed;
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    baseline::Baseline,
    engine::{self, Engine},
    exit_code,
    fail_on::FailOn,
    failure::Failure,
    findings,
    judged::{self, Judged, Shown, UNREADABLE},
    place,
    plural::number,
    project_file::ProjectFile,
    rendering::{github, junit, sarif},
    rule_options::RuleOptions,
    selection::select,
    settings::Settings,
    terminal::Terminal,
};

/// Judge template files, or the stacks of the app
///
/// Findings go to standard output: for a file with the line and column, for a stack of the app with
/// the line of Rust. A file is JSON or YAML, short forms included.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Template files, or stacks of the app; without any, all stacks of the app
    #[arg(value_name = "FILE|STACK")]
    subjects: Vec<String>,
    /// The form of the findings; `--json` is short for `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Exit with 5 where a finding is this bad; without it as `formwork.toml` says, or `error`
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Accept the findings that this file holds, and fail on others
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found to this file, to be accepted from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "format", "json"])]
    write_baseline: Option<PathBuf>,
    /// What judges
    #[arg(long, value_name = "ENGINE", default_value = "formwork")]
    engine: Engine,
    /// The value of a template's parameter, by which conditions are decided; can be repeated
    ///
    /// Once one is given, a parameter that has neither a value nor a default is an error.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    #[command(flatten)]
    rules: RuleOptions,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a name and a value are wanted, such as `Stage=prod`")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The form of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the line of the file
    Text,
    /// One object of the schema `formwork.check/1`
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// JUnit XML, for build servers: a suite for each template, a case for each finding
    Junit,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    files: usize,
    findings: Vec<&'a Finding>,
    baselined: Vec<&'a Finding>,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let current = env::current_dir().context("there is no current directory")?;
    let project = ProjectFile::find(&current)?.unwrap_or_default();
    let settings = &project.check;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    let options = Options::new().selection(arguments.rules.selection(&settings.rules)?).on(today);
    let options =
        arguments.parameters.iter().fold(options, |options, (name, value)| options.parameter(name, value));
    let fail_on = arguments.fail_on.or(settings.fail_on).unwrap_or(FailOn::Error).severity();
    if let Some(path) = &arguments.write_baseline {
        let judged = judge(arguments, &options, global, terminal)?;
        return write_baseline(place::from(&current, path)?, &judged, terminal);
    }
    let baseline = match (&arguments.baseline, &settings.baseline) {
        (Some(path), _) => Some(place::from(&current, path)?),
        (None, Some(path)) => Some(place::from(project.path.parent().unwrap_or(&current), path)?),
        (None, None) => None,
    };
    let mut baseline = baseline.map(Baseline::read).transpose()?;
    let mut judged = judge(arguments, &options, global, terminal)?;
    if let Some(baseline) = &mut baseline {
        baseline.accept(&mut judged);
    }

    let unaccepted = || judged.iter().flat_map(Judged::unaccepted);
    let found: Vec<&Finding> = unaccepted().map(|shown| &shown.finding).collect();
    let accepted = judged.iter().flat_map(|judged| &judged.shown).filter(|shown| shown.in_baseline);
    let accepted: Vec<&Finding> = accepted.map(|shown| &shown.finding).collect();
    let summary = Summary { templates: judged.len(), accepted: accepted.len() };
    match if terminal.wants_json() { Format::Json } else { arguments.format } {
        Format::Json => {
            let (files, findings) = (judged.len(), found.clone());
            terminal.json(&Report { schema: "formwork.check/1", files, findings, baselined: accepted })?;
        }
        Format::Sarif => terminal.json(&sarif::render(&judged, baseline.is_some()))?,
        Format::Github => terminal.data(&github::render(&found))?,
        Format::Junit => terminal.data(&junit::render(&judged, fail_on)?)?,
        Format::Text => show(unaccepted(), fail_on, terminal)?,
    }
    if let Some(baseline) = &baseline {
        let gone = baseline.gone(&judged, |rule| options.rules().of(rule) == Some(Level::Off));
        tell_gone(baseline, gone, terminal);
    }
    let failing = found.iter().copied().filter(|finding| finding.severity >= fail_on);
    if let Some(failing) = findings::summary(failing) {
        return Err(Failure::new(summary.failed(&failing)).code(exit_code::FINDINGS).into());
    }
    terminal.tell(&summary.passed(findings::summary(found)));
    Ok(exit_code::DONE)
}

/// Shows findings to people; where only errors are wanted, those that fail. Notes are counted, and
/// shown to those who ask for more; what a resource accepts is always shown.
fn show<'a>(
    found: impl Iterator<Item = &'a Shown>,
    fail_on: Severity,
    terminal: &mut Terminal,
) -> Result<()> {
    for Shown { finding, excerpt, .. } in found {
        let note = finding.severity == Severity::Info && finding.accepted.is_none();
        let wanted = !terminal.is_quiet() && (!note || terminal.is_verbose());
        if finding.severity >= fail_on || wanted {
            let text = findings::render(finding, excerpt.as_deref());
            terminal.data(&format!("{text}\n\n"))?;
        }
    }
    Ok(())
}

/// Accepts everything that can be; what cannot be read still fails.
fn write_baseline(path: PathBuf, judged: &[Judged], terminal: &mut Terminal) -> Result<u8> {
    let shown = place::shown(&path);
    let baseline = Baseline::of(judged, path);
    let count = baseline.len();
    baseline.write()?;
    terminal.tell(&format!("wrote {} to `{shown}`", number(count, "finding")));
    let unreadable = judged.iter().flat_map(|judged| &judged.shown);
    let unreadable: Vec<&Shown> = unreadable.filter(|shown| shown.finding.rule == UNREADABLE).collect();
    show(unreadable.iter().copied(), Severity::Error, terminal)?;
    let summary = Summary { templates: judged.len(), accepted: 0 };
    match findings::summary(unreadable.iter().map(|shown| &shown.finding)) {
        Some(failing) => Err(Failure::new(summary.failed(&failing)).code(exit_code::FINDINGS).into()),
        None => Ok(exit_code::DONE),
    }
}

/// Says that the baseline holds what is no more.
fn tell_gone(baseline: &Baseline, gone: usize, terminal: &mut Terminal) {
    if gone > 0 {
        let shown = place::shown(baseline.path());
        let are = if gone == 1 { "is" } else { "are" };
        let message = format!("{} of the baseline `{shown}` {are} gone", number(gone, "finding"));
        terminal.note(&message, &format!("`--write-baseline {shown}` writes it anew"));
    }
}

/// What is said at the end.
struct Summary {
    templates: usize,
    accepted: usize,
}

impl Summary {
    fn failed(&self, failing: &str) -> String {
        format!("{failing} in {}{}", number(self.templates, "template"), self.accepted())
    }

    fn passed(&self, found: Option<String>) -> String {
        let found = found.map(|found| format!(", {found}")).unwrap_or_default();
        format!("{} checked{found}{}", number(self.templates, "template"), self.accepted())
    }

    fn accepted(&self) -> String {
        match self.accepted {
            0 => String::new(),
            count => format!(", {} accepted by the baseline", number(count, "finding")),
        }
    }
}

/// Judges what the command line names.
fn judge(
    arguments: &Arguments,
    options: &Options<'_>,
    global: &Global,
    terminal: &mut Terminal,
) -> Result<Vec<Judged>> {
    let (files, stacks): (Vec<&String>, Vec<&String>) =
        arguments.subjects.iter().partition(|subject| judged::is_file(subject));
    let mut judged = Vec::new();
    let mut paths: Vec<PathBuf> = Vec::new();
    for file in &files {
        judged.push(Judged::file(file, options)?);
        paths.push(file.into());
    }
    if files.is_empty() || !stacks.is_empty() {
        let settings = Settings::load(global)?;
        let assembly = match app::synthesize(&settings, terminal)? {
            Synthesized::Assembly(assembly) => assembly,
            Synthesized::Findings(findings) => return Err(report_failed(&findings, terminal)),
        };
        let names: Vec<String> = stacks.into_iter().cloned().collect();
        for stack in select(&assembly, &names)? {
            judged.push(Judged::stack(&assembly, stack, options)?);
            paths.push(assembly.template_path(stack));
        }
    }
    if arguments.engine == Engine::Aws {
        engine::judge_by_aws(&mut judged, &paths, options)?;
    }
    Ok(judged)
}
