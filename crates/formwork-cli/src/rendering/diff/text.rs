//! A diff for a terminal: security first, then a tree for each stack, then the summary.

use anstyle::{AnsiColor, Style};
use formwork_diff::Effect;
use textwrap::core::display_width;

use super::{
    report::{Change, Element, Rename, Report, Resource, Security, Stack, cut_text},
    value::Line,
};
use crate::{
    table::{self, Align::Left, Column},
    terminal::{ERROR, HINT, PLACE, STRONG, WARNING, legible},
};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const PLAIN: Style = Style::new();

/// How a diff is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// The columns of the terminal.
    pub(crate) width: usize,
    /// Whether values are shown whole, and so is what comes and goes.
    pub(crate) whole: bool,
}

/// The lines of a value that are shown.
const LINES: usize = 16;
/// Sentences are not broken to less.
const LEAST: usize = 20;

pub(crate) fn render(report: &Report, layout: Layout) -> String {
    let mut page = Page { text: String::new(), layout };
    if !report.empty {
        page.security(report);
        for stack in &report.stacks {
            page.stack(stack, report.stacks.len() > 1);
            page.line("");
        }
        page.across(report);
    }
    page.line(&format!("{STRONG}{}{STRONG:#}", legible(&report.summary)));
    page.text
}

/// What is shown, while it is written.
struct Page {
    text: String,
    layout: Layout,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The tables of access and exposure.
    fn security(&mut self, report: &Report) {
        for kind in ["access", "exposure"] {
            let rows: Vec<&Security> = report.security.iter().filter(|change| change.kind == kind).collect();
            if rows.is_empty() {
                continue;
            }
            let sources = rows.iter().any(|change| change.source.is_some());
            let mut columns = vec![Column("", Left), Column(kind, Left), Column("by", Left)];
            columns.extend(sources.then_some(Column("at", Left)));
            let rows = rows.into_iter().map(|change| {
                let by = if report.several {
                    format!("{}/{}", change.stack, change.logical_id)
                } else {
                    change.logical_id.clone()
                };
                let mut row = vec![change.verdict.to_owned(), legible(&change.text), legible(&by)];
                row.extend(sources.then(|| change.source.clone().unwrap_or_default()));
                row
            });
            for line in table::render_within(&columns, rows, self.layout.width).lines() {
                let styled = [("broadens", ERROR), ("may broaden", WARNING)].into_iter().find_map(
                    |(verdict, style)| {
                        Some(format!("{style}{verdict}{style:#}{}", line.strip_prefix(verdict)?))
                    },
                );
                self.line(styled.as_deref().unwrap_or(line));
            }
            self.line("");
        }
    }

    /// What concerns several stacks.
    fn across(&mut self, report: &Report) {
        for moved in &report.moves {
            let loss = if moved.data_loss { "; its data is lost unless it is refactored" } else { "" };
            let told = format!(
                "{} {}/{} is probably {}/{}{loss}",
                moved.kind, moved.from_stack, moved.from, moved.to_stack, moved.to,
            );
            self.told(WARNING, "move", &told);
        }
        for deadlock in &report.deadlocks {
            self.told(ERROR, "deadlock", &deadlock.text);
            for (number, step) in deadlock.order.iter().enumerate() {
                self.line(&format!("  {}. {}", number + 1, legible(step)));
            }
        }
        if !report.moves.is_empty() || !report.deadlocks.is_empty() {
            self.line("");
        }
    }

    /// A sentence behind the word that says what it is.
    fn told(&mut self, style: Style, word: &str, sentence: &str) {
        self.line(&format!("{style}{word}{style:#}: {}", legible(sentence)));
    }

    /// The tree of a stack, with its summary where there are others.
    fn stack(&mut self, stack: &Stack, others: bool) {
        let state = if stack.state == "changed" { String::new() } else { format!(" ({})", stack.state) };
        let summary = if others { format!(": {}", stack.summary) } else { String::new() };
        self.line(&format!("{STRONG}{}{STRONG:#}{state}{summary}", legible(&stack.name)));
        if let Some(note) = stack.note {
            self.line(note);
        }
        let mut left = stack.resources.len() + stack.elements.len();
        for resource in &stack.resources {
            left -= 1;
            self.resource(resource, left == 0);
        }
        for element in &stack.elements {
            left -= 1;
            self.element(element, left == 0);
        }
        for rename in &stack.renames {
            let at = rename.source.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
            let Rename { from, to, line, .. } = rename;
            let told = format!("{to} is probably {from} under another id: write `{line}`{at}, and it stays");
            self.told(HINT, "rename", &told);
        }
        for warning in &stack.warnings {
            self.told(WARNING, "warning", warning);
        }
        for live in &stack.live {
            self.told(HINT, "note", live);
        }
    }

    fn resource(&mut self, resource: &Resource, last: bool) {
        let style = style(resource.sign);
        let before = |old: &Option<String>| old.as_ref().map(|old| format!("{old} -> ")).unwrap_or_default();
        let kind = legible(&format!("{}{}", before(&resource.old_type), resource.kind));
        let id = legible(&format!("{}{}", before(&resource.old_logical_id), resource.logical_id));
        let mut line = format!("{style}{}{style:#} {kind} {STRONG}{id}{STRONG:#}", resource.sign);
        let effect_style = match resource.effect_name {
            _ if resource.data_loss.is_some() => ERROR,
            Effect::Replace | Effect::Delete => REMOVED,
            Effect::MayReplace | Effect::Interrupt => CHANGED,
            _ => PLAIN,
        };
        // The sign says as much.
        if !matches!(resource.effect.as_str(), "created" | "updated in place") {
            line += &["  ", &styled(effect_style, &resource.effect)].concat();
        }
        if let Some(loss) = resource.data_loss {
            line += &["  ", &styled(ERROR, &format!("! {loss}"))].concat();
        }
        if let Some(source) = &resource.source {
            line += &["  ", &styled(PLACE, source)].concat();
        }
        let (branch, stem) = branches(last);
        self.line(&format!("{branch} {line}"));
        if let Some(reason) = &resource.reason {
            self.wrapped(&format!("{stem}    "), reason);
        }
        if let Some(definition) = resource.definition.as_ref().filter(|_| self.layout.whole) {
            for line in definition.lines() {
                self.line(&format!("{stem}    {style}{} {}{style:#}", resource.sign, legible(line)));
            }
        }
        self.changes(&resource.changes, stem);
    }

    fn element(&mut self, element: &Element, last: bool) {
        let (branch, stem) = branches(last);
        let sign = styled(style(element.sign), &element.sign.to_string());
        let name = legible(&element.name);
        let name = if name.is_empty() { name } else { [" ", &styled(STRONG, &name)].concat() };
        let head = format!("{branch} {sign} {}{name}", element.kind);
        // What is new or gone as a whole stands beside its name.
        if let [only] = element.changes.as_slice()
            && only.path.is_empty()
        {
            self.change(only, &head, stem);
        } else {
            self.line(&head);
            self.changes(&element.changes, stem);
        }
    }

    fn changes(&mut self, changes: &[Change], stem: &str) {
        for change in changes {
            let sign = styled(style(change.sign), &change.sign.to_string());
            self.change(change, &format!("{stem}    {sign} {}", legible(&change.path)), stem);
        }
    }

    /// Writes a change behind its path, or below it where there is no room.
    fn change(&mut self, change: &Change, head: &str, stem: &str) {
        let note = change.note.as_ref().map(|note| format!("({})", legible(note))).unwrap_or_default();
        let values = if change.lines.is_empty() { values(change) } else { String::new() };
        let room = self.layout.width.saturating_sub(columns(head) + 2);
        let has_room = self.layout.whole || display_width(&values) <= room;
        let line =
            if values.is_empty() || !has_room { format!("{head}:") } else { format!("{head}: {values}") };
        if note.is_empty() {
            self.line(&line);
        } else if self.layout.whole || columns(&line) + 2 + display_width(&note) <= self.layout.width {
            self.line(&format!("{line}  {note}"));
        } else {
            self.line(&line);
            self.wrapped(&format!("{stem}        "), &note);
        }
        if !change.lines.is_empty() {
            self.lines(&change.lines, stem);
        } else if !has_room {
            for (sign, value) in [('-', &change.old), ('+', &change.new)] {
                if let Some(value) = value {
                    self.value(sign, value, stem);
                }
            }
        }
    }

    /// What differs line by line; of very many the first.
    fn lines(&mut self, lines: &[Line], stem: &str) {
        // One line more tells as much as that it is left out.
        let shown = if self.layout.whole || lines.len() == LINES + 1 { lines.len() } else { LINES };
        for line in lines.iter().take(shown) {
            self.value(if line.sign == '.' { ' ' } else { line.sign }, &line.text, stem);
        }
        if let Some(more) = lines.len().checked_sub(shown).filter(|more| *more > 0) {
            self.line(&format!("{stem}          ... {more} more lines; `--verbose` shows them"));
        }
    }

    /// A line of a value, cut to the width.
    fn value(&mut self, sign: char, text: &str, stem: &str) {
        let mut text = legible(text).replace('\t', "    ");
        let room = self.layout.width.saturating_sub(columns(stem) + 10);
        if !self.layout.whole && display_width(&text) > room {
            cut_text(&mut text, room);
        }
        let text = styled(style(sign), format!("{sign} {text}").trim_end());
        self.line(format!("{stem}        {text}").trim_end());
    }

    /// A sentence on as many lines as it takes.
    fn wrapped(&mut self, indent: &str, sentence: &str) {
        let room = self.layout.width.saturating_sub(columns(indent)).max(LEAST);
        for line in textwrap::wrap(&legible(sentence), room) {
            self.line(&format!("{indent}{line}"));
        }
    }
}

/// A value that came, went or became another, on one line.
fn values(change: &Change) -> String {
    legible(&match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{old} -> {new}"),
        (None, Some(only)) | (Some(only), None) => only.clone(),
        (None, None) => String::new(),
    })
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The columns that a text takes without its styles.
fn columns(text: &str) -> usize {
    display_width(&anstream::adapter::strip_str(text).to_string())
}

/// How an entry hangs on the tree, and what stands before the lines below it.
const fn branches(last: bool) -> (&'static str, &'static str) {
    if last { ("└─", "  ") } else { ("├─", "│ ") }
}

const fn style(sign: char) -> Style {
    match sign {
        '+' => ADDED,
        '-' => REMOVED,
        '~' => CHANGED,
        _ => PLAIN,
    }
}
