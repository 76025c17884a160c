//! Reading a template from YAML or JSON text, with the position of every node.
//!
//! Text that begins as a JSON object is read as JSON, strictly; everything else as YAML 1.1 the
//! way CloudFormation reads it:
//!
//! - Short forms become their long forms: `!Ref A` is `{"Ref": "A"}`, `!GetAtt A.B.C` is
//!   `{"Fn::GetAtt": ["A", "B.C"]}`, any other `!Name` is `Fn::Name`. The scalar after one is a
//!   string.
//! - Plain scalars are null, booleans (`yes`, `off`, ...), whole numbers (also octal `017`,
//!   hexadecimal, binary, sexagesimal `1:30`, and with `_`) and floats as YAML 1.1 has them. Dates
//!   stay strings, and so do infinity and what is not a number, which JSON cannot say.
//! - Keys are strings as they are written: `0123:` is `"0123"`.
//! - Anchors, aliases and merge keys (`<<`) are resolved.
//!
//! A key that stands twice in one map is an error that names both places. Text is read in time and
//! memory that grow linearly with it; [`BYTES`], [`DEPTH`], [`NODES`] and [`EXPANDED_BYTES`] bound
//! both, and text beyond them is an error.
//!
//! ```
//! let text = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";
//! let document = formwork_template::read::read(text)?;
//! let place = document.locate(["Resources", "Topic", "Type"]).unwrap();
//! assert_eq!((place.value.start.line, place.value.start.column), (3, 11));
//! # Ok::<(), formwork_template::read::ReadError>(())
//! ```

mod compose;
mod error;
mod indent;
mod json;
mod node;
mod position;
mod scalar;
mod yaml;

pub use error::{ReadError, Reason};
pub use position::{Location, Position, Span};

use crate::{
    template::Template,
    value::{Map, Value},
};
use position::Mark;

/// Bytes of text; the service itself takes a quarter of this.
pub const BYTES: usize = 4 << 20;
/// Lists and maps inside one another, a short form being a map.
pub const DEPTH: usize = 100;
/// Nodes, those that aliases repeat included.
pub const NODES: usize = 500_000;
/// Bytes of strings, those that aliases repeat included.
pub const EXPANDED_BYTES: usize = 4 * BYTES;

/// The language that a template is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML 1.1.
    Yaml,
}

/// A template that was read, and where everything in it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    format: Format,
    template: Template,
    mark: Mark,
}

impl Document {
    /// The language of the text.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The template.
    pub const fn template(&self) -> &Template {
        &self.template
    }

    /// The template, without the positions.
    pub fn into_template(self) -> Template {
        self.template
    }

    /// Where the node at a path of keys and list positions stands; an empty path is the root.
    ///
    /// What an alias or a merge key brought in stands where it was written.
    pub fn locate<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<Location> {
        let (location, complete) = self.walk(path);
        complete.then_some(location)
    }

    /// Where the node at a path stands, or the innermost one around it that is there.
    pub fn locate_nearest<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Location {
        self.walk(path).0
    }

    fn walk<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> (Location, bool) {
        let mut mark = &self.mark;
        let mut value: Option<&Value> = None;
        for step in path {
            let child = match value {
                None => child_of_map(self.template.sections(), mark, step),
                Some(Value::Map(map)) => child_of_map(map, mark, step),
                Some(Value::List(items)) => {
                    step.parse().ok().and_then(|index| Some((index, items.get(index)?)))
                }
                Some(_) => None,
            };
            let Some((index, found)) = child else { return (mark.location(), false) };
            let Some(below) = mark.children.get(index) else { return (mark.location(), false) };
            (mark, value) = (below, Some(found));
        }
        (mark.location(), true)
    }
}

fn child_of_map<'a>(map: &'a Map, mark: &Mark, key: &str) -> Option<(usize, &'a Value)> {
    let pair = |position: usize| map.0.get(position).map(|(name, value)| (&**name, value));
    if mark.sorted.is_empty() {
        return (0..map.len()).find_map(|position| {
            pair(position).filter(|(name, _)| *name == key).map(|(_, value)| (position, value))
        });
    }
    let name = |position: u32| pair(position as usize).map_or("", |(name, _)| name);
    let found = mark.sorted.binary_search_by(|position| name(*position).cmp(key)).ok()?;
    let position = *mark.sorted.get(found)? as usize;
    Some((position, pair(position)?.1))
}

/// Reads a template.
///
/// # Errors
/// The text is neither JSON nor YAML, is no map, has a key twice or a tag that CloudFormation does
/// not know how to read, or is beyond a limit.
pub fn read(text: &str) -> Result<Document, ReadError> {
    if text.len() > BYTES {
        return Err(ReadError::too_large());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (format, (value, mark)) = if json::is_json(text) {
        (Format::Json, compose::compose(&json::parse(text)?)?)
    } else {
        (Format::Yaml, yaml::read(text)?)
    };
    match value {
        Value::Map(sections) => Ok(Document { format, template: Template::from_sections(sections), mark }),
        other => Err(ReadError::new(
            Reason::Root,
            mark.span.start,
            format!("a template is a map of sections, this is {}", other.kind()),
        )),
    }
}

/// Reads a template from bytes, which must be UTF-8.
///
/// # Errors
/// As [`read`], and when the bytes are not UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > BYTES {
        return Err(ReadError::too_large());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let found = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
                "the text is UTF-16, not UTF-8"
            } else {
                "the text is not UTF-8"
            };
            Err(ReadError::new(Reason::Encoding, Position::after(&valid), found.to_owned())
                .hint("save the file as UTF-8"))
        }
    }
}
