//! [`ReadError`]: why text is not a template.

use std::{error::Error, fmt};

use super::{
    BYTES, DEPTH, EXPANDED_BYTES, NODES,
    position::{Position, Span},
};

/// Why text cannot be read, in kinds that a program tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The bytes are not UTF-8.
    Encoding,
    /// The text is neither JSON nor YAML.
    Syntax,
    /// A limit is exceeded: bytes, depth, nodes.
    Limit,
    /// A key stands twice in one map.
    DuplicateKey,
    /// A key is not a string.
    Key,
    /// A tag that has no meaning, or not on this node.
    Tag,
    /// A merge key with something that is no map, or an alias to a node that it is in.
    Alias,
    /// The root is not a map, or there are several documents.
    Root,
}

/// Why and where text is not a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadError {
    /// The kind of error.
    pub reason: Reason,
    /// What is wrong, without the place.
    pub message: String,
    /// Where.
    pub position: Position,
    /// The other place that the error is about: where a key that stands twice stood first.
    pub first: Option<Position>,
    /// How to mend it.
    pub hint: Option<String>,
}

impl ReadError {
    pub(super) fn new(reason: Reason, position: Position, message: String) -> Self {
        Self { reason, message, position, first: None, hint: None }
    }

    pub(super) fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    pub(super) fn too_large() -> Self {
        let message = format!("the text has more than the {BYTES} bytes that are read");
        Self::new(Reason::Limit, Position::START, message)
    }

    pub(super) fn too_deep(position: Position) -> Self {
        let message = format!("lists and maps are nested more than {DEPTH} levels deep");
        Self::new(Reason::Limit, position, message)
    }

    pub(super) fn too_many_nodes(position: Position) -> Self {
        let message = format!("more than {NODES} nodes, counting those that aliases repeat");
        Self::new(Reason::Limit, position, message)
    }

    pub(super) fn too_much_text(position: Position) -> Self {
        let message =
            format!("more than {EXPANDED_BYTES} bytes of strings, counting those that aliases repeat");
        Self::new(Reason::Limit, position, message)
    }

    /// A limit that an alias exceeds is the matter of the alias, not of what it repeats.
    pub(super) fn repeated_at(mut self, alias: Span) -> Self {
        if self.reason == Reason::Limit {
            self.position = alias.start;
        }
        self
    }

    pub(super) fn duplicate_key(key: &str, first: Span, second: Span) -> Self {
        let mut error =
            Self::new(Reason::DuplicateKey, second.start, format!("the key `{key}` stands twice"));
        error.first = Some(first.start);
        error
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first {
            Some(first) => write!(formatter, "{}, at {first} and at {}", self.message, self.position)?,
            None => write!(formatter, "{}: {}", self.position, self.message)?,
        }
        if let Some(hint) = &self.hint {
            write!(formatter, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl Error for ReadError {}
