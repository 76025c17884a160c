//! YAML to nodes, from the events of `saphyr-parser`.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::{
    error::{ReadError, Reason},
    node::{Kind, Nodes},
    position::{Position, Span, count},
};

pub(super) fn parse(text: &str) -> Result<Nodes<'_>, ReadError> {
    let mut nodes = Nodes::default();
    // The parser numbers anchors from 1, in the order they stand.
    let mut anchors = vec![0];
    let mut lines = Lines { text, line: 1, offset: 0 };
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, found) = event.map_err(|error| not_yaml(&error))?;
        let span = Span { start: position(found.start), end: position(found.end) };
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    let message = "a second document begins, but a file holds one template".to_owned();
                    return Err(ReadError::new(Reason::Root, span.start, message));
                }
            }
            Event::Alias(anchor) => {
                let target = anchors.get(anchor).copied().unwrap_or_default();
                nodes.push(Kind::Alias(target), None, span)?;
            }
            Event::Scalar(scalar, style, anchor, tag) => {
                let bare = anchor == 0 && tag.is_none();
                let (kind, start) = match style {
                    ScalarStyle::Plain => (Kind::Plain(scalar), span.start),
                    ScalarStyle::Literal | ScalarStyle::Folded if bare => {
                        (Kind::Quoted(scalar), lines.block_start(span.start))
                    }
                    _ => (Kind::Quoted(scalar), span.start),
                };
                let index = nodes.push(kind, resolved(tag), Span { start, ..span })?;
                remember(&mut anchors, anchor, index);
            }
            Event::SequenceStart(anchor, tag) => {
                let index = nodes.push(Kind::List, resolved(tag), span)?;
                remember(&mut anchors, anchor, index);
            }
            Event::MappingStart(anchor, tag) => {
                let index = nodes.push(Kind::Map, resolved(tag), span)?;
                remember(&mut anchors, anchor, index);
            }
            // A block ends without a mark of its own, where the next thing begins.
            Event::SequenceEnd | Event::MappingEnd => {
                nodes.close((!found.is_empty()).then_some(span.end));
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    Ok(nodes)
}

fn remember(anchors: &mut Vec<usize>, anchor: usize, index: usize) {
    if anchor > 0 {
        anchors.resize(anchors.len().max(anchor + 1), 0);
        anchors[anchor] = index;
    }
}

fn resolved(tag: Option<Cow<'_, Tag>>) -> Option<Box<str>> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix).into_boxed_str())
}

fn position(marker: Marker) -> Position {
    Position { line: count(marker.line()), column: count(marker.col() + 1) }
}

fn not_yaml(error: &ScanError) -> ReadError {
    let place = position(*error.marker());
    if error.info() == "recursion limit exceeded" {
        return ReadError::too_deep(place);
    }
    let error = ReadError::new(Reason::Syntax, place, format!("not valid YAML: {}", error.info()));
    if error.message.contains("tab") { error.hint("indent with spaces, not with tabs") } else { error }
}

/// The lines of the text, walked forward as events come.
struct Lines<'t> {
    text: &'t str,
    line: u32,
    offset: usize,
}

impl Lines<'_> {
    /// Where the header (`|`, `>-`, ...) of a block scalar stands: the parser tells where the
    /// content begins, which only blank lines part from the header.
    fn block_start(&mut self, content: Position) -> Position {
        while self.line < content.line
            && let Some(length) = self.text[self.offset..].find('\n')
        {
            self.offset += length + 1;
            self.line += 1;
        }
        let own = self.text[self.offset..].lines().next().unwrap_or_default();
        if header_column(own) == Some(content.column) {
            return content;
        }
        let mut line = self.line;
        for before in self.text[..self.offset].lines().rev() {
            line -= 1;
            if !before.trim().is_empty() {
                return header_column(before).map_or(content, |column| Position { line, column });
            }
        }
        content
    }
}

/// The column of a block scalar's header, if the line ends with one.
fn header_column(line: &str) -> Option<u32> {
    let (start, _) = line.match_indices(['|', '>']).find(|(start, _)| {
        let after =
            line[start + 1..].trim_start_matches(|mark: char| mark.is_ascii_digit() || "+-".contains(mark));
        let ends = after.trim().is_empty()
            || (after.starts_with([' ', '\t']) && after.trim_start().starts_with('#'));
        ends && (*start == 0 || line[..*start].ends_with([' ', '\t']))
    })?;
    Some(1 + count(line[..start].chars().count()))
}
