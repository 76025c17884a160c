//! JSON to nodes: `serde_json` judges the text, then one walk over it finds the places.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::{
    error::{ReadError, Reason},
    node::{Kind, Nodes},
    position::{Position, Span, count},
};
use crate::value::Value;

const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Whether the text means to be JSON: an object that is empty or begins with a quoted key.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start_matches(WHITE_SPACE)
        .strip_prefix('{')
        .is_some_and(|inside| inside.trim_start_matches(WHITE_SPACE).starts_with(['"', '}']))
}

pub(super) fn parse(text: &str) -> Result<Nodes<'_>, ReadError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| not_json(place(text, &error), &error))?;
    let mut nodes = Nodes::default();
    let mut rest = text;
    let mut position = Position::START;
    // The text is well formed: only the ends of its tokens are to be found.
    while let Some(first) = rest.bytes().next() {
        let length = match first {
            b'"' => string_length(rest),
            b'{' | b'}' | b'[' | b']' => 1,
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => between_length(rest),
            _ => rest.find([',', '}', ']', ' ', '\t', '\n', '\r']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        let start = position;
        position.advance(token);
        let span = Span { start, end: position };
        let kind = match first {
            b'"' => Some(Kind::Quoted(unquote(token).map_err(|error| not_json(start, &error))?)),
            b'{' => Some(Kind::Map),
            b'[' => Some(Kind::List),
            b'}' | b']' => {
                nodes.close(Some(position));
                None
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => None,
            _ => Some(Kind::Typed(
                serde_json::from_str::<Value>(token).map_err(|error| not_json(start, &error))?,
            )),
        };
        if let Some(kind) = kind {
            nodes.push(kind, None, span)?;
        }
        rest = after;
    }
    Ok(nodes)
}

fn between_length(text: &str) -> usize {
    text.bytes()
        .position(|byte| !matches!(byte, b',' | b':' | b' ' | b'\t' | b'\n' | b'\r'))
        .unwrap_or(text.len())
}

/// The length of the string that the text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let inside = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    inside.map_or(text.len(), |inside| inside + 2)
}

fn unquote(token: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    if token.contains('\\') {
        serde_json::from_str(token).map(Cow::Owned)
    } else {
        Ok(Cow::Borrowed(&token[1..token.len() - 1]))
    }
}

/// `serde_json` counts the bytes of a line, people its characters.
fn place(text: &str, error: &serde_json::Error) -> Position {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.floor_char_boundary(error.column().saturating_sub(1));
    Position { line: count(error.line().max(1)), column: 1 + count(line[..before].chars().count()) }
}

fn not_json(position: Position, error: &serde_json::Error) -> ReadError {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default();
    ReadError::new(Reason::Syntax, position, format!("not valid JSON: {message}"))
}
