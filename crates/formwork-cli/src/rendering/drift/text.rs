//! Drift for a terminal: a tree for each stack, then what it comes to, and how much was looked at.

use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;

use super::report::{Change, Report, Resource, Setting, Stack};
use crate::{
    rendering::diff::{report::cut_text, text::Layout},
    terminal::{HINT, PLACE, STRONG, WARNING, legible},
};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const PLAIN: Style = Style::new();

pub(crate) fn render(report: &Report, layout: Layout) -> String {
    let mut lines = Vec::new();
    for stack in &report.stacks {
        tree(stack, layout, &mut lines);
    }
    if !report.ignored.is_empty() {
        lines.push(format!("{HINT}left out{HINT:#}:"));
        lines.extend(report.ignored.iter().map(|rule| format!("  {}", legible(rule))));
    }
    let warnings = report.warnings.iter();
    lines.extend(warnings.map(|warning| format!("{WARNING}warning{WARNING:#}: {}", legible(warning))));
    lines.push(format!("{STRONG}{}{STRONG:#}", legible(&report.summary)));
    lines.push(legible(&report.coverage));
    lines.join("\n") + "\n"
}

/// A stack with all there is to say of it.
fn tree(stack: &Stack, layout: Layout, lines: &mut Vec<String>) {
    let style = if stack.state == "drifted" { REMOVED } else { PLAIN };
    lines.push(format!("{STRONG}{}{STRONG:#}: {style}{}{style:#}", legible(&stack.name), stack.state));
    if let Some(reason) = &stack.reason {
        lines.push(format!("  {}", legible(reason)));
    }
    // What is only worth knowing is shown to those who ask.
    let is_shown = |resource: &&Resource| layout.whole || resource.status != "in sync";
    let mut entries: Vec<Vec<String>> =
        stack.resources.iter().filter(is_shown).map(|found| resource(found, layout)).collect();
    entries.extend(stack.settings.iter().map(|found| vec![setting(found)]));
    entries.extend(stack.code.iter().map(|code| vec![legible(code)]));
    let last = entries.len().saturating_sub(1);
    for (position, entry) in entries.into_iter().enumerate() {
        let (branch, stem) = if position == last { ("└─", "  ") } else { ("├─", "│ ") };
        for (number, line) in entry.into_iter().enumerate() {
            lines.push(if number == 0 { format!("{branch} {line}") } else { format!("{stem}    {line}") });
        }
    }
}

fn resource(resource: &Resource, layout: Layout) -> Vec<String> {
    let style = style(resource.sign);
    let (kind, id) = (legible(&resource.kind), legible(&resource.logical_id));
    let mut head = format!(
        "{style}{}{style:#} {kind} {STRONG}{id}{STRONG:#}  {style}{}{style:#}",
        resource.sign, resource.status
    );
    if let Some(source) = &resource.source {
        head = format!("{head}  {PLACE}{}{PLACE:#}", legible(source));
    }
    let mut lines = vec![head];
    lines.extend(resource.reason.iter().map(|reason| legible(reason)));
    lines.extend(resource.changes.iter().map(|found| change(found, layout)));
    if layout.whole {
        lines.extend(resource.notes.iter().map(|note| format!("note: {}", legible(note))));
    }
    lines
}

fn change(change: &Change, layout: Layout) -> String {
    let style = style(change.sign);
    let path = legible(&change.path);
    let note = change.note.as_ref().map(|note| format!("  ({})", legible(note))).unwrap_or_default();
    let mut values = values(change.declared.as_deref(), change.actual.as_deref()).replace('\n', " ");
    let room = layout.width.saturating_sub(display_width(&path) + 10).max(20);
    if !layout.whole && display_width(&values) > room {
        cut_text(&mut values, room);
    }
    format!("{style}{}{style:#} {path}: {values}{note}", change.sign)
}

fn setting(setting: &Setting) -> String {
    let (sign, style) = if setting.drifted { ('~', CHANGED) } else { (' ', PLAIN) };
    let note = setting.note.as_ref().map(|note| format!("  ({})", legible(note))).unwrap_or_default();
    let values = values(setting.declared.as_deref(), setting.actual.as_deref());
    format!("{style}{sign}{style:#} {}: {values}{note}", legible(&setting.name))
}

fn values(declared: Option<&str>, actual: Option<&str>) -> String {
    legible(&match (declared, actual) {
        (Some(declared), Some(actual)) => format!("{declared} -> {actual}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => String::new(),
    })
}

const fn style(sign: char) -> Style {
    match sign {
        '+' => ADDED,
        '-' => REMOVED,
        '~' => CHANGED,
        '?' => WARNING,
        _ => PLAIN,
    }
}
