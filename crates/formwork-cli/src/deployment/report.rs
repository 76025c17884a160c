//! What became of the stacks, for people.

use std::fmt::Write as _;

use anstyle::Style;
use formwork_deploy::{
    deployment::{Deployment, Report, RootCause},
    machine::Outcome,
};

use crate::{
    connection_options::ConnectionOptions,
    exit_code,
    table::{self, Align::Left, Column},
    terminal::{ERROR, GOOD, HINT, PLACE, STRONG, WARNING, legible},
};

/// What became of a stack, in a word or two.
pub(crate) const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::NoChange => "no change",
        Outcome::Failed => "failed",
        Outcome::RolledBack => "rolled back",
        Outcome::Deleted => "deleted",
        Outcome::Skipped => "skipped",
    }
}

/// How it is shown.
pub(crate) const fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Created | Outcome::Updated | Outcome::Deleted => GOOD,
        Outcome::NoChange => Style::new(),
        Outcome::Failed | Outcome::RolledBack => ERROR,
        Outcome::Skipped => WARNING,
    }
}

/// The stacks, and the outputs that they have.
pub(crate) fn summary(report: &Report) -> String {
    let columns = [Column("stack", Left), Column("outcome", Left)];
    let rows = report.stacks.iter().map(|stack| {
        let (style, word) = (style(stack.outcome), word(stack.outcome));
        vec![legible(&stack.name), format!("{style}{word}{style:#}")]
    });
    let mut text = table::render(&columns, rows);
    let mut outputs = report.stacks.iter().filter(|stack| !stack.outputs.is_empty()).peekable();
    if outputs.peek().is_some() {
        text.push('\n');
    }
    for stack in outputs {
        for (key, value) in &stack.outputs {
            let _ = writeln!(text, "{}.{key} = {}", stack.name, legible(value));
        }
    }
    text
}

/// Why a stack is not as was wanted: what failed first, and what can be done.
pub(crate) fn failure(stack: &Deployment, options: &ConnectionOptions) -> Option<String> {
    if stack.is_success() {
        return None;
    }
    let name = legible(&stack.name);
    let outcome = match stack.outcome {
        Outcome::RolledBack => "failed and was rolled back",
        Outcome::Skipped => "was not tried",
        _ => "failed",
    };
    let mut text = format!("{ERROR}error{ERROR:#}: {STRONG}{name}{STRONG:#} {outcome}");
    if let Some(cause) = &stack.root_cause {
        let _ = write!(text, ", because of {}", self::cause(cause));
    }
    // The service's own reason for the stack repeats the root cause.
    if let Some(message) = stack.message.as_deref().filter(|_| stack.root_cause.is_none()) {
        let message = legible(message);
        let message = message.strip_prefix("not tried, ").unwrap_or(&message);
        let _ = write!(text, ": {}", message.replace('\n', "\n  "));
    }
    for failure in &stack.validation {
        let place = failure.path.as_deref().or(failure.logical_id.as_deref()).unwrap_or("the template");
        let _ = write!(text, "\n  {}: {}: {}", failure.name, legible(place), legible(&failure.reason));
    }
    for advice in &stack.advice {
        let _ =
            write!(text, "\n{HINT}hint{HINT:#}: {}: `{}`", advice.text, command(&advice.command, options));
    }
    Some(text)
}

/// What failed first: the resource, its line of Rust, the service's reason, and what helps.
pub(crate) fn cause(cause: &RootCause) -> String {
    let (id, kind) = (legible(&cause.logical_id), &cause.resource_type);
    let mut text = format!("{STRONG}{id}{STRONG:#} ({kind})");
    if let Some(source) = &cause.source {
        let _ = write!(text, "\n  {PLACE}-->{PLACE:#} {source}");
    }
    for line in legible(&cause.reason).lines() {
        let _ = write!(text, "\n  {line}");
    }
    for detail in &cause.details {
        let _ = write!(text, "\n  {}", legible(detail));
    }
    if let Some(hint) = &cause.hint {
        let _ = write!(text, "\n{HINT}hint{HINT:#}: {hint}");
    }
    text
}

/// What a deletion left behind.
pub(crate) fn leftovers(stack: &Deployment) -> Option<String> {
    if stack.leftovers.is_empty() {
        return None;
    }
    let mut text = format!("what is left of `{}`:", legible(&stack.name));
    for resource in &stack.leftovers {
        let id = resource.physical_id.as_deref().unwrap_or("?");
        let (logical, kind) = (&resource.logical_id, &resource.resource_type);
        let _ = write!(text, "\n  {}  {kind}  {}", legible(logical), legible(id));
        if let Some(reason) = &resource.reason {
            let _ = write!(text, "  {}", legible(reason));
        }
    }
    Some(text)
}

/// A command of formwork's own, with what it takes to reach the same place.
fn command(command: &str, options: &ConnectionOptions) -> String {
    let more = options.as_arguments();
    if more.is_empty() || !command.starts_with("formwork ") {
        return command.to_owned();
    }
    format!("{command} {more}")
}

/// What the report means for the exit code.
pub(crate) fn code(report: &Report) -> u8 {
    let failed =
        |outcome: Outcome| report.stacks.iter().any(|stack| !stack.is_success() && stack.outcome == outcome);
    match (failed(Outcome::Failed), failed(Outcome::RolledBack)) {
        (false, true) => exit_code::ROLLED_BACK,
        (false, false) if report.is_success() => exit_code::DONE,
        _ => exit_code::ERROR,
    }
}
