//! `formwork check`

use anyhow::Result;
use clap::{Args, ValueEnum};
use formwork_check::Options;
use formwork_core::Finding;
use serde::Serialize;

use super::synth::{report_failed, select};
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    exit_code,
    fail_on::FailOn,
    failure::Failure,
    findings,
    judged::{self, Judged},
    plural::number,
    project_file,
    rendering::{github, junit, sarif},
    rule_options::RuleOptions,
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
    #[command(flatten)]
    rules: RuleOptions,
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
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let settings = project_file::of_current_directory()?.unwrap_or_default().check;
    let options = Options::new().selection(arguments.rules.selection(&settings.rules)?);
    let fail_on = arguments.fail_on.or(settings.fail_on).unwrap_or(FailOn::Error).severity();
    let judged = judge(arguments, &options, global, terminal)?;
    let found: Vec<&Finding> = judged.iter().flat_map(Judged::findings).collect();
    match if terminal.wants_json() { Format::Json } else { arguments.format } {
        Format::Json => {
            let report = Report { schema: "formwork.check/1", files: judged.len(), findings: found.clone() };
            terminal.json(&report)?;
        }
        Format::Sarif => terminal.json(&sarif::render(&found))?,
        Format::Github => terminal.data(&github::render(&found))?,
        Format::Junit => terminal.data(&junit::render(&judged, fail_on)?)?,
        Format::Text => {
            for judged::Shown { finding, excerpt } in judged.iter().flat_map(|judged| &judged.shown) {
                let text = findings::render(finding, excerpt.as_deref());
                terminal.data(&format!("{text}\n\n"))?;
            }
        }
    }
    let templates = judged.len();
    let failing = found.iter().copied().filter(|finding| finding.severity >= fail_on);
    if let Some(summary) = findings::summary(failing) {
        let message = format!("{} in {}", summary, number(templates, "template"));
        return Err(Failure::new(message).code(exit_code::FINDINGS).into());
    }
    let noted = findings::summary(found).map(|summary| format!(", {summary}")).unwrap_or_default();
    terminal.tell(&format!("{} checked{noted}", number(templates, "template")));
    Ok(exit_code::DONE)
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
    for file in &files {
        judged.push(Judged::file(file, options)?);
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
        }
    }
    Ok(judged)
}
