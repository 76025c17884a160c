//! [`Finding`]: something that is wrong, or may be, with a template or the code that makes it.

use std::{fmt, panic::Location};

use serde::{Deserialize, Serialize};

use crate::value::Text;

/// How bad a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not meant.
    Warning,
    /// Will not deploy, or must not.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A place in the user's Rust code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// The file, as the compiler was given it: relative to the workspace for its members.
    pub file: Text,
    /// The line, from 1.
    pub line: u32,
}

impl From<&'static Location<'static>> for Source {
    fn from(location: &'static Location<'static>) -> Self {
        Self { file: Text::Borrowed(location.file()), line: location.line() }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// Something that is wrong, or may be: which rule says so, where, and how to mend it.
///
/// Where a rule says what a rule of cfn-lint says, it bears that rule's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The id of the rule (`E3006`).
    pub rule: Text,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with the value that was found.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// The template file, when the finding is about one.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// The column in that file, from 1.
    pub column: Option<u32>,
    /// Where in the template (`Resources`, `Topic`, `Properties`, ...).
    pub path: Vec<String>,
    /// The line of Rust that made what the finding is about.
    pub source: Option<Source>,
    /// The stack.
    pub stack: Option<String>,
    /// The reason for which its resource accepts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

impl Finding {
    /// A finding without a place yet.
    pub fn new(rule: impl Into<Text>, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            message: message.into(),
            hint: None,
            file: None,
            line: None,
            column: None,
            path: Vec::new(),
            source: None,
            stack: None,
            accepted: None,
        }
    }

    /// An error without a place yet.
    pub fn error(rule: impl Into<Text>, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, message)
    }

    /// A warning without a place yet.
    pub fn warning(rule: impl Into<Text>, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Warning, message)
    }

    /// Says how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Makes a note of it, that its resource accepts for this reason.
    pub fn accept(&mut self, reason: &str) {
        self.severity = Severity::Info;
        self.message = format!("{} (accepted: {reason})", self.message);
        self.hint = None;
        self.accepted = Some(reason.to_owned());
    }

    /// Says which line of Rust it is about.
    #[must_use]
    pub fn at(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says which stack it is about.
    #[must_use]
    pub fn in_stack(mut self, stack: impl Into<String>) -> Self {
        self.stack = Some(stack.into());
        self
    }

    /// Says where in the template.
    #[must_use]
    pub fn path<S: Into<String>>(mut self, path: impl IntoIterator<Item = S>) -> Self {
        self.path = path.into_iter().map(Into::into).collect();
        self
    }
}

/// The form for a terminal without colour: one line, then place and hint on lines of their own.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}[{}]: {}", self.severity, self.rule, self.message)?;
        if let Some(source) = &self.source {
            write!(formatter, "\n  --> {source}")?;
        } else if let Some(file) = &self.file {
            write!(formatter, "\n  --> {file}")?;
            if let (Some(line), Some(column)) = (self.line, self.column) {
                write!(formatter, ":{line}:{column}")?;
            }
        }
        if let Some(stack) = &self.stack {
            write!(formatter, "\n  stack: {stack}")?;
            if !self.path.is_empty() {
                write!(formatter, ", at {}", self.path.join("/"))?;
            }
        } else if !self.path.is_empty() {
            write!(formatter, "\n  at {}", self.path.join("/"))?;
        }
        if let Some(hint) = &self.hint {
            write!(formatter, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
