//! YAML to nodes, from the events of `granit-parser`.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError};

use super::{
    compose::{Composed, compose},
    error::{ReadError, Reason},
    indent::{Indented, indent_quoted},
    node::{Kind, Nodes, Tag},
    position::{Position, Span, count},
};

pub(super) fn read(text: &str) -> Composed {
    match parse(text, &Indented::default()) {
        Ok(nodes) => compose(&nodes),
        Err(error) if error.reason == Reason::Syntax => {
            let indented = indent_quoted(text).ok_or(error)?;
            compose(&parse(&indented.text, &indented)?)
        }
        Err(error) => Err(error),
    }
}

fn parse<'t>(text: &'t str, indented: &Indented) -> Result<Nodes<'t>, ReadError> {
    let position = |marker| indented.original(position(marker));
    let mut nodes = Nodes::default();
    // The parser numbers anchors from 1, in the order they stand.
    let mut anchors = vec![0];
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, found) = event.map_err(|error| not_yaml(&error, indented))?;
        let mut span = Span { start: position(found.start), end: position(found.end) };
        let (kind, tag, anchor) = match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    let message = "a second document begins, but a file holds one template".to_owned();
                    return Err(ReadError::new(Reason::Root, span.start, message));
                }
                continue;
            }
            Event::Alias(anchor) => {
                let target = anchors.get(anchor).copied().unwrap_or_default();
                (Kind::Alias(target), None, 0)
            }
            Event::Scalar(scalar, style, anchor, tag) => match style {
                // For a value that is not there the parser makes up a `~`.
                ScalarStyle::Plain if found.is_empty() => (Kind::Plain("".into()), tag, anchor),
                ScalarStyle::Plain => (Kind::Plain(scalar), tag, anchor),
                ScalarStyle::Literal | ScalarStyle::Folded => {
                    span.start = block_start(text, found.start).unwrap_or(span.start);
                    let unfinished = found.end.byte_offset() == Some(text.len());
                    (
                        Kind::Quoted(if unfinished { without_added_newline(text, scalar) } else { scalar }),
                        tag,
                        anchor,
                    )
                }
                ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (Kind::Quoted(scalar), tag, anchor),
            },
            Event::SequenceStart(_, anchor, tag) => (Kind::List, tag, anchor),
            Event::MappingStart(_, anchor, tag) => (Kind::Map, tag, anchor),
            // A block ends without a mark of its own, where the next thing begins.
            Event::SequenceEnd | Event::MappingEnd => {
                nodes.close((!found.is_empty()).then_some(span.end));
                continue;
            }
            _ => continue,
        };
        let tag = tag.map(|tag| Tag {
            name: format!("{}{}", tag.handle(), tag.suffix()).into_boxed_str(),
            span: found
                .tag_span()
                .map_or(span, |tag| Span { start: position(tag.start), end: position(tag.end) }),
        });
        let index = nodes.push(kind, tag, span)?;
        if anchor > 0 {
            anchors.resize(anchors.len().max(anchor + 1), 0);
            anchors[anchor] = index;
        }
    }
    Ok(nodes)
}

fn position(marker: Marker) -> Position {
    Position { line: count(marker.line()), column: count(marker.col() + 1) }
}

fn not_yaml(error: &ScanError, indented: &Indented) -> ReadError {
    let place = indented.original(position(*error.marker()));
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return ReadError::too_deep(place);
    }
    let message = format!("not valid YAML: {}", error.info());
    let about_tabs = message.contains("tab");
    let error = ReadError::new(Reason::Syntax, place, message);
    if about_tabs { error.hint("indent with spaces, not with tabs") } else { error }
}

/// A block that ends with the text, on a line without an end, has no newline there: the parser
/// adds one, other readers do not.
fn without_added_newline<'t>(text: &str, scalar: Cow<'t, str>) -> Cow<'t, str> {
    let last_line = text.rsplit('\n').next().unwrap_or_default();
    match scalar.strip_suffix('\n') {
        Some(stripped) if !last_line.trim().is_empty() => Cow::Owned(stripped.to_owned()),
        _ => scalar,
    }
}

/// Where the header (`|`, `>-`, ...) of a block scalar stands: the parser tells where the content
/// begins, which only blank lines part from the header.
fn block_start(text: &str, content: Marker) -> Option<Position> {
    let found = position(content);
    let (before, after) = text.split_at_checked(content.byte_offset()?)?;
    if header_column(after.lines().next()?) == Some(1) {
        return None;
    }
    let above = &before[..before.rfind('\n')?];
    let (line, up) = above.rsplit('\n').zip(1..).find(|(line, _)| !line.trim().is_empty())?;
    Some(Position { line: found.line.checked_sub(up)?, column: header_column(line)? })
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
