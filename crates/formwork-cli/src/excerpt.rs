//! The line of a file that a finding is about, with a mark below it.

use anstyle::Style;
use formwork_core::Finding;
use formwork_template::read::{Document, Location, Position};
use textwrap::core::display_width;

use crate::{
    findings,
    terminal::{PLACE, legible},
};

/// More characters of a line than these are not shown, as of a template without line breaks.
const CHARACTERS: usize = 120;
/// What stands before the mark in a line that is cut.
const BEFORE: usize = 30;
/// What stands for what is cut off.
const CUT: char = '…';

/// What of a text is marked.
pub(crate) struct Mark {
    pub(crate) start: Position,
    /// How many characters.
    width: usize,
}

impl Mark {
    /// One character.
    pub(crate) const fn at(start: Position) -> Self {
        Self { start, width: 1 }
    }

    /// What a finding is about: the key that its message names; otherwise the key with its value,
    /// or the value that has no key, as far as they stand in one line.
    pub(crate) fn of(finding: &Finding, document: &Document) -> Self {
        let path = || finding.path.iter().map(String::as_str);
        let Location { key, value } = document.locate_nearest(path());
        let is_there = document.locate(path()).is_some();
        let named = finding.path.last().is_some_and(|step| finding.message.contains(&format!("`{step}`")));
        let (start, end) = match key {
            Some(key) if named || !is_there || value.start < key.end => (key.start, key.end),
            Some(key) if value.end.line != key.start.line => (key.start, key.end),
            Some(key) => (key.start, value.end),
            None => (value.start, value.end),
        };
        let width = if end.line == start.line { end.column.saturating_sub(start.column) } else { u32::MAX };
        Self { start, width: usize::try_from(width).unwrap_or(usize::MAX).max(1) }
    }
}

/// Shows the line of a mark, with the mark below it in the style of the finding.
pub(crate) fn excerpt(text: &str, mark: &Mark, finding: &Finding) -> Option<String> {
    let line = mark.start.line;
    let shown = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?.trim_end();
    let column = usize::try_from(mark.start.column).ok()?.max(1) - 1;
    let (shown, column) = cut(shown, column);
    let shown = legible(&shown);
    let marked: String = shown.chars().skip(column).take(mark.width).collect();
    let width = display_width(&marked).max(1);
    // A tab is as wide below the line as it is in the line.
    let indent: String = shown
        .chars()
        .take(column)
        .map(|each| {
            if each == '\t' {
                "\t".to_owned()
            } else {
                " ".repeat(display_width(each.encode_utf8(&mut [0; 4])))
            }
        })
        .collect();
    Some(render(line, &shown, &(indent, "^".repeat(width)), findings::style(finding.severity)))
}

fn render(line: u32, shown: &str, (indent, mark): &(String, String), style: Style) -> String {
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    format!(
        " {margin} {PLACE}|{PLACE:#}\n {PLACE}{number} |{PLACE:#} {shown}\n {margin} {PLACE}|{PLACE:#} {indent}{style}{mark}{style:#}\n"
    )
}

/// The part of a long line that a column stands in, and the column in it.
fn cut(line: &str, column: usize) -> (String, usize) {
    if end_of(line, CHARACTERS) == line.len() {
        return (line.to_owned(), column);
    }
    let start = column.saturating_sub(BEFORE);
    let rest = &line[end_of(line, start)..];
    let end = end_of(rest, CHARACTERS);
    let mut part = rest[..end].to_owned();
    if end < rest.len() {
        part.push(CUT);
    }
    if start == 0 { (part, column) } else { (format!("{CUT}{part}"), column - start + 1) }
}

/// The byte at which so many characters end. What comes after them is not looked at.
fn end_of(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte)
}

#[cfg(test)]
mod tests {
    use formwork_template::read;

    use super::*;

    /// The excerpt for a finding with this message at a path, without colour.
    fn shown(text: &str, path: &[&str], message: &str) -> String {
        let document = read::read(text).expect("it is a template");
        let finding = Finding::error("E1", message).path(path.iter().copied());
        let mark = Mark::of(&finding, &document);
        let excerpt = excerpt(text, &mark, &finding).expect("the line is there");
        anstream::adapter::strip_str(&excerpt).to_string()
    }

    #[test]
    fn the_mark_stands_below_what_is_meant() {
        let text = "Resources:\n  Topic: {Type: [a, bcd]} # e\n  Queue:\n    Type: x\n";
        let below = |path: &[&str], message: &str| {
            let shown = shown(text, path, message);
            shown.lines().nth(2).and_then(|line| line.split_once("| ")).map(|(_, mark)| mark.to_owned())
        };
        let expected = [
            (&["Resources", "Topic"][..], "it is odd", "  ^^^^^^^^^^^^^^^^^^^^^^^"),
            (&["Resources", "Topic"], "`Topic` is odd", "  ^^^^^"),
            (&["Resources", "Topic", "Gone"], "it lacks a thing", "  ^^^^^"),
            (&["Resources", "Topic", "Type", "1"], "it is odd", "                    ^^^"),
            (&["Resources", "Queue"], "it is odd", "  ^^^^^"),
        ];
        for (path, message, mark) in expected {
            assert_eq!(below(path, message).as_deref(), Some(mark), "{path:?} {message}");
        }
    }

    #[test]
    fn wide_characters_are_as_wide_below_the_line() {
        let text = "{\"Resources\": {\"日本\": {\"Type\": 1}}}";
        let expected = format!("   |\n 1 | {text}\n   | {}^^^^^^^^^\n", " ".repeat(24));
        assert_eq!(shown(text, &["Resources", "日本", "Type"], "it is odd"), expected);
    }

    #[test]
    fn a_long_line_is_cut() {
        let text = format!(
            "{{\"Resources\": {{\"{}\": {{\"Type\": 1}}, \"b\": \"{}\"}}}}",
            "a".repeat(99),
            "c".repeat(99)
        );
        let shown = shown(&text, &["Resources", "a".repeat(99).as_str(), "Type"], "it is odd");
        let widths: Vec<usize> = shown.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [4, 5 + 1 + CHARACTERS + 1, 5 + 1 + BEFORE + "\"Type\": 1".len()], "{shown}");
        assert!(
            shown.contains("{\"Type\": 1}") && shown.contains("| …aaa") && shown.contains("ccc…\n"),
            "{shown}"
        );
    }
}
