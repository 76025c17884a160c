//! Quoted strings that go on further left than YAML 1.2 wants.
//!
//! ```yaml
//! Description: 'a string that goes on
//! in the column of its key'
//! ```
//!
//! PyYAML and the service take this, the parser does not. White space at the beginning of such a
//! line means nothing, so the line is moved right before the parser sees it, and what is found on
//! it moved back.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Parser};

use super::position::{Position, count};

/// Bytes that are parsed to find such strings; each one costs the parsing of what is before it.
const WORK: usize = 16 << 20;

/// A text with some lines moved right.
#[derive(Debug, Default)]
pub(super) struct Indented {
    pub(super) text: String,
    /// The number of columns by line.
    moved: HashMap<u32, u32>,
}

impl Indented {
    /// Where a place of the moved text stands in the text as it is written.
    pub(super) fn original(&self, place: Position) -> Position {
        let moved = self.moved.get(&place.line).copied().unwrap_or_default();
        Position { column: place.column.saturating_sub(moved).max(1), ..place }
    }
}

/// The text with such strings moved right, if the parser stops at one.
pub(super) fn indent_quoted(text: &str) -> Option<Indented> {
    let mut indented = Indented { text: text.to_owned(), moved: HashMap::new() };
    let longest = 2 * text.len() + 64 * 1024;
    let mut work = 0;
    while work < WORK
        && let Some((after, failed)) = find_failure(&indented.text)
        && let Some((start, length)) = find_quoted(&indented.text, after)
        && (start..start + length).contains(&failed)
        && indented.move_right(start, length, longest)
    {
        // Copying the rest is cheap beside parsing, but not free.
        work += failed + indented.text.len() / 64;
    }
    (work > 0).then_some(indented)
}

/// Where the last event before the first such string ends, and where the string goes wrong.
fn find_failure(text: &str) -> Option<(usize, usize)> {
    let mut after = 0;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((_, span)) => after = span.end.byte_offset()?.max(after),
            Err(error) if *error.kind() == ErrorKind::InvalidQuotedScalarIndent => {
                return Some((after, error.marker().byte_offset()?));
            }
            Err(_) => return None,
        }
    }
    None
}

/// Where the first quoted string after a place begins, and its length.
fn find_quoted(text: &str, after: usize) -> Option<(usize, usize)> {
    let mut rest = text.get(after..)?;
    loop {
        rest = rest.trim_start();
        let skipped = match rest.chars().next()? {
            quote @ ('"' | '\'') => return Some((text.len() - rest.len(), quoted_length(rest, quote)?)),
            '#' => rest.find('\n')?,
            '&' | '!' => rest.find(char::is_whitespace)?,
            ':' | '-' | '?' => 1,
            _ => return None,
        };
        rest = &rest[skipped..];
    }
}

fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((position, character)) = characters.next() {
        if character == '\\' && quote == '"' {
            characters.next();
        } else if character == quote {
            if quote == '\'' && characters.next_if(|(_, next)| *next == quote).is_some() {
                continue;
            }
            return Some(position + 1);
        }
    }
    None
}

impl Indented {
    /// Moves the lines after the first of a quoted string as far right as the string begins. Says
    /// whether that moved any, and left the text within its bounds.
    fn move_right(&mut self, start: usize, length: usize, longest: usize) -> bool {
        let before = &self.text[..start];
        let column = count(before[before.rfind('\n').map_or(0, |newline| newline + 1)..].chars().count());
        let first_line = 1 + count(before.matches('\n').count());
        let mut moved = String::with_capacity(self.text.len() + 1024);
        let mut lines = Vec::new();
        moved.push_str(before);
        for (line, part) in (first_line..).zip(self.text[start..start + length].split_inclusive('\n')) {
            let blanks = part.len() - part.trim_start_matches([' ', '\t']).len();
            let missing = column.saturating_sub(count(blanks));
            if moved.len() > longest {
                return false;
            }
            if line > first_line && missing > 0 && !part.trim().is_empty() {
                moved.extend(std::iter::repeat_n(' ', missing as usize));
                lines.push((line, missing));
            }
            moved.push_str(part);
        }
        moved.push_str(&self.text[start + length..]);
        self.text = moved;
        for (line, missing) in &lines {
            *self.moved.entry(*line).or_default() += missing;
        }
        !lines.is_empty()
    }
}
