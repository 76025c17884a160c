//! Places in a text.

use std::fmt;

/// A place in the text: a line and a column, both from 1. Columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Position {
    /// Where a text begins.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The position after a text that begins at the start.
    pub(super) fn after(text: &str) -> Self {
        let mut position = Self::START;
        position.advance(text);
        position
    }

    /// Moves past a text.
    pub(super) fn advance(&mut self, text: &str) {
        match text.rfind('\n') {
            None => self.column += count(text.chars().count()),
            Some(newline) => {
                self.line += count(text.bytes().filter(|byte| *byte == b'\n').count());
                self.column = 1 + count(text[newline + 1..].chars().count());
            }
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// Numbers of lines, columns and nodes stay far below this for any text within the limits.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// From the first character of a node to the place after its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// After the last character.
    pub end: Position,
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    /// The key, for the value of a map. The key of a short form is its tag.
    pub key: Option<Span>,
    /// The value, its tag or anchor included.
    pub value: Span,
}

impl Location {
    /// Where a reader looks first: the key if there is one, else the value.
    pub fn start(&self) -> Position {
        self.key.unwrap_or(self.value).start
    }
}

/// The location of a node and of all below it, in the order of the values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub(super) key: Option<Span>,
    pub(super) span: Span,
    pub(super) children: Vec<Mark>,
    /// The positions of the children of a large map in the order of their keys: what a path names is
    /// then found without looking at all of them.
    pub(super) sorted: Box<[u32]>,
}

impl Mark {
    /// The mark of a list, or of a map that is not large.
    pub(super) fn collection(span: Span, children: Vec<Self>) -> Self {
        Self { key: None, span, children, sorted: Box::default() }
    }

    pub(super) fn leaf(span: Span) -> Self {
        Self::collection(span, Vec::new())
    }

    pub(super) fn location(&self) -> Location {
        Location { key: self.key, value: self.span }
    }
}
