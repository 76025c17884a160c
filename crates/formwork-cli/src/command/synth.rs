//! `formwork synth`

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::Args;
use formwork_core::{Assembly, AssemblyStack, Finding, Severity};
use formwork_template::limits::TEMPLATE_BYTES_INLINE;
use serde::Serialize;

use crate::{
    app::{self, Synthesized},
    arguments::Global,
    exit_code,
    fail_on::FailOn,
    failure::Failure,
    findings, place,
    plural::grouped,
    selection::{listing, select},
    settings::{App, Settings},
    table::{
        self,
        Align::{Left, Right},
        Column,
    },
    terminal::Terminal,
};

/// How the files of `--yaml` end.
const YAML: &str = ".template.yaml";
/// How the files of `--yaml` begin, which tells them from files that somebody else put there.
const MADE: &str = "# made by `formwork synth --yaml`; what is deployed is the JSON beside it\n";

/// Run the app, and show the stacks that it synthesizes
///
/// The table of stacks, or with `--json` one object, goes to standard output; findings go to
/// standard error, each with the line of Rust that it is about. Where synthesis finds errors there
/// is no assembly, and what stood in its directory before is still there.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only these stacks; without a name, all of them
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// Print the template of a stack; an app with several wants its name
    #[arg(long, conflicts_with = "json")]
    stdout: bool,
    /// YAML: print it with `--stdout`, else write `NAME.template.yaml` beside each template
    #[arg(long)]
    yaml: bool,
    /// Exit with 5 where a finding is this bad
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    stacks: Vec<Stack<'a>>,
    findings: Vec<&'a Finding>,
}

#[derive(Serialize)]
struct Stack<'a> {
    name: &'a str,
    template: PathBuf,
    resources: usize,
    bytes: usize,
}

impl<'a> Report<'a> {
    fn new(stacks: Vec<Stack<'a>>, findings: Vec<&'a Finding>) -> Self {
        Self { schema: "formwork.synth/1", stacks, findings }
    }
}

pub(crate) fn run(arguments: &Arguments, global: &Global, terminal: &mut Terminal) -> Result<u8> {
    let settings = Settings::load(global)?;
    let assembly = match app::synthesize(&settings, terminal)? {
        Synthesized::Assembly(assembly) => assembly,
        Synthesized::Findings(findings) => {
            if terminal.wants_json() {
                terminal.json(&Report::new(Vec::new(), findings.iter().collect()))?;
            }
            return Err(report_failed(&findings, terminal));
        }
    };
    if matches!(settings.app, App::Program(_)) {
        remove_yaml(&assembly)?;
    }
    let stacks = select(&assembly, &arguments.stacks)?;
    if arguments.stdout {
        let text = print(&assembly, &stacks, arguments.yaml)?;
        terminal.data(&text)?;
    } else if arguments.yaml {
        for stack in &stacks {
            write_yaml(&assembly, stack)?;
        }
    }
    let found = about(&assembly.findings, &stacks, arguments);
    let report =
        Report::new(stacks.iter().map(|stack| described(&assembly, stack, arguments.yaml)).collect(), found);
    if terminal.wants_json() {
        terminal.json(&report)?;
    } else if report.stacks.is_empty() {
        terminal.tell("the app has no stack");
    } else if !arguments.stdout && !terminal.is_quiet() {
        terminal.data(&table(&report))?;
    }
    let fail_on = arguments.fail_on.severity();
    if !terminal.wants_json() {
        if !report.findings.is_empty() && !arguments.stdout {
            terminal.tell("");
        }
        findings::show(&report.findings, fail_on, terminal);
    }
    let failing = report.findings.iter().copied().filter(|finding| finding.severity >= fail_on);
    match findings::summary(failing) {
        Some(summary) => {
            Err(Failure::new(format!("synthesis found {summary}")).code(exit_code::FINDINGS).into())
        }
        None => Ok(exit_code::DONE),
    }
}

/// Shows the findings of a synthesis that failed, and gives the error that ends the command.
pub(crate) fn report_failed(found: &[Finding], terminal: &mut Terminal) -> anyhow::Error {
    if !terminal.wants_json() {
        findings::show(&found.iter().collect::<Vec<_>>(), Severity::Error, terminal);
    }
    let summary = findings::summary(found).unwrap_or_else(|| "errors".to_owned());
    Failure::new(format!("synthesis found {summary}")).code(exit_code::FINDINGS).into()
}

/// The text of the one template that is asked for.
fn print(assembly: &Assembly, stacks: &[&AssemblyStack], yaml: bool) -> Result<String> {
    let [stack] = stacks else {
        if stacks.is_empty() {
            return Err(Failure::new("the app has no stack to print").into());
        }
        let failure = Failure::new(format!("`--stdout` prints one template, and there are {}", stacks.len()));
        return Err(failure.hint(format!("name the stack: {}", listing(stacks))).into());
    };
    let template = assembly.template(stack)?;
    Ok(if yaml { template.to_yaml() } else { template.to_json() })
}

fn described<'a>(assembly: &Assembly, stack: &'a AssemblyStack, yaml: bool) -> Stack<'a> {
    let template = if yaml { yaml_path(assembly, stack) } else { assembly.template_path(stack) };
    Stack { name: &stack.name, template, resources: stack.resources, bytes: stack.bytes }
}

/// The findings on the stacks that are asked for, and those on the whole app.
fn about<'a>(findings: &'a [Finding], stacks: &[&AssemblyStack], arguments: &Arguments) -> Vec<&'a Finding> {
    let wanted = |finding: &&Finding| {
        let named = |name: &String| stacks.iter().any(|stack| stack.name == *name);
        arguments.stacks.is_empty() || finding.stack.as_ref().is_none_or(named)
    };
    findings.iter().filter(wanted).collect()
}

fn table(report: &Report<'_>) -> String {
    let columns = [
        Column("stack", Left),
        Column("resources", Right),
        Column("bytes", Right),
        Column("of inline limit", Right),
        Column("findings", Left),
        Column("template", Left),
    ];
    let rows = report.stacks.iter().map(|stack| {
        let of_stack =
            report.findings.iter().copied().filter(|finding| finding.stack.as_deref() == Some(stack.name));
        vec![
            stack.name.to_owned(),
            grouped(stack.resources),
            grouped(stack.bytes),
            format!("{} %", (stack.bytes * 100).div_ceil(TEMPLATE_BYTES_INLINE)),
            findings::summary(of_stack).unwrap_or_else(|| "-".to_owned()),
            place::shown(&stack.template),
        ]
    });
    table::render(&columns, rows)
}

/// Where the template of a stack goes as YAML: beside the JSON.
fn yaml_path(assembly: &Assembly, stack: &AssemblyStack) -> PathBuf {
    assembly.template_path(stack).with_extension("yaml")
}

fn write_yaml(assembly: &Assembly, stack: &AssemblyStack) -> Result<()> {
    let path = yaml_path(assembly, stack);
    if path.exists() && !is_made(&path) {
        let shown = place::shown(&path);
        let failure = Failure::new(format!("`{shown}` was not made by `--yaml`; it is not overwritten"));
        return Err(failure.hint("write the assembly to another directory with `--output`").into());
    }
    let text = format!("{MADE}{}", assembly.template(stack)?.to_yaml());
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", place::shown(&path)))
}

/// Takes away the YAML of an earlier run, which the templates of this one may contradict.
fn remove_yaml(assembly: &Assembly) -> Result<()> {
    let unreadable = || format!("cannot read `{}`", place::shown(&assembly.directory));
    for entry in fs::read_dir(&assembly.directory).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.to_str().is_some_and(|path| path.ends_with(YAML)) && is_made(&path) {
            fs::remove_file(&path).with_context(|| format!("cannot remove `{}`", place::shown(&path)))?;
        }
    }
    Ok(())
}

/// Whether a file was made by `--yaml`.
fn is_made(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(MADE.as_bytes()))
}
