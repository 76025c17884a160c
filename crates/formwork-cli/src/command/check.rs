//! `formwork check`

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use formwork_check::Options;
use formwork_core::{Assembly, Finding};
use formwork_template::read::{self, Document};
use serde::Serialize;

use super::synth::{report_failed, select};
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    excerpt::excerpt,
    exit_code,
    fail_on::FailOn,
    failure::Failure,
    findings,
    plural::number,
    rendering::{github, sarif},
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
    /// Exit with 5 where a finding is this bad
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
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
}

/// What `--json` writes.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    files: usize,
    findings: Vec<&'a Finding>,
}

/// A finding, and the line that it is about where that is at hand.
struct Shown {
    finding: Finding,
    excerpt: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let (files, stacks): (Vec<&String>, Vec<&String>) =
        arguments.subjects.iter().partition(|subject| is_file(subject));
    let mut shown = Vec::new();
    for file in &files {
        check_file(file, &mut shown)?;
    }
    let mut templates = files.len();
    if files.is_empty() || !stacks.is_empty() {
        let settings = Settings::load(global)?;
        let assembly = match app::synthesize(&settings, terminal)? {
            Synthesized::Assembly(assembly) => assembly,
            Synthesized::Findings(findings) => return Err(report_failed(&findings, terminal)),
        };
        let names: Vec<String> = stacks.into_iter().cloned().collect();
        templates += check_stacks(&assembly, &names, &mut shown)?;
    }
    let found: Vec<&Finding> = shown.iter().map(|shown| &shown.finding).collect();
    match if terminal.wants_json() { Format::Json } else { arguments.format } {
        Format::Json => {
            let report = Report { schema: "formwork.check/1", files: templates, findings: found.clone() };
            terminal.json(&report)?;
        }
        Format::Sarif => terminal.json(&sarif::render(&found))?,
        Format::Github => terminal.data(&github::render(&found))?,
        Format::Text => {
            for Shown { finding, excerpt } in &shown {
                let text = findings::render(finding, excerpt.as_deref());
                terminal.data(&format!("{text}\n\n"))?;
            }
        }
    }
    let fail_on = arguments.fail_on.severity();
    let failing = found.iter().copied().filter(|finding| finding.severity >= fail_on);
    if let Some(summary) = findings::summary(failing) {
        let message = format!("{} in {}", summary, number(templates, "template"));
        return Err(Failure::new(message).code(exit_code::FINDINGS).into());
    }
    let noted = findings::summary(found).map(|summary| format!(", {summary}")).unwrap_or_default();
    terminal.tell(&format!("{} checked{noted}", number(templates, "template")));
    Ok(exit_code::DONE)
}

/// Whether a subject is meant as a file: there is one, or it is written like a path to one.
fn is_file(subject: &str) -> bool {
    let path = Path::new(subject);
    let ending = path
        .extension()
        .is_some_and(|ending| ["json", "yaml", "yml", "template"].iter().any(|known| ending == *known));
    path.is_file() || ending || path.components().count() > 1
}

fn check_file(file: &str, shown: &mut Vec<Shown>) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read `{file}`"))?;
    let text = String::from_utf8_lossy(&bytes);
    let document = match read::read_bytes(&bytes) {
        Ok(document) => document,
        Err(error) => {
            let mut finding = Finding::error("E0000", error.message.clone());
            finding.hint.clone_from(&error.hint);
            if let Some(first) = error.first {
                finding.message = format!("{}; it stood first in line {}", finding.message, first.line);
            }
            (finding.file, finding.line, finding.column) =
                (Some(file.to_owned()), Some(error.position.line), Some(error.position.column));
            let excerpt = excerpt(&text, error.position.line, error.position.column, 1);
            shown.push(Shown { finding, excerpt });
            return Ok(());
        }
    };
    let mut found = formwork_check::check(document.template(), &Options::new());
    for finding in &mut found {
        place(finding, file, &document);
    }
    found.sort_by_key(|finding| (finding.line, finding.column));
    shown.extend(found.into_iter().map(|finding| {
        let width = finding.path.last().map_or(1, |step| step.chars().count());
        let excerpt =
            finding.line.zip(finding.column).and_then(|(line, column)| excerpt(&text, line, column, width));
        Shown { finding, excerpt }
    }));
    Ok(())
}

/// Says where in the file the nearest thing stands that the finding is about.
fn place(finding: &mut Finding, file: &str, document: &Document) {
    let start = document.locate_nearest(finding.path.iter().map(String::as_str)).start();
    finding.file = Some(file.to_owned());
    finding.line = Some(start.line);
    finding.column = Some(start.column);
}

fn check_stacks(assembly: &Assembly, names: &[String], shown: &mut Vec<Shown>) -> Result<usize> {
    let stacks = select(assembly, names)?;
    for stack in &stacks {
        let template = assembly.template(stack)?;
        let sources = assembly.sources(stack)?;
        for finding in formwork_check::check(&template, &Options::new().sources(&sources)) {
            shown.push(Shown { finding: finding.in_stack(&stack.name), excerpt: None });
        }
    }
    Ok(stacks.len())
}
