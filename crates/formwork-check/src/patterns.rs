//! [`Patterns`]: regular expressions of the facts, compiled once.

use std::{cell::RefCell, collections::HashMap};

use fancy_regex::{Regex, RegexBuilder};

/// The memory that a pattern may take when it is compiled, in bytes.
const PATTERN_BYTES: usize = 4 * 1024 * 1024;
/// The steps that looking for a pattern may take, where it looks around.
const STEPS: usize = 100_000;

/// Patterns that were compiled; none for those that this engine does not know.
#[derive(Default)]
pub(crate) struct Patterns(RefCell<HashMap<&'static str, Option<Regex>>>);

impl Patterns {
    /// Whether a pattern is found in a text; what cannot be told is taken for found.
    pub(crate) fn matches(&self, pattern: &'static str, text: &str) -> bool {
        self.find(pattern, text).unwrap_or(true)
    }

    /// Whether a pattern is found in a text. Nothing where the pattern is of another kind, or takes
    /// too long.
    pub(crate) fn find(&self, pattern: &'static str, text: &str) -> Option<bool> {
        let mut known = self.0.borrow_mut();
        let compiled = known.entry(pattern).or_insert_with(|| compile(pattern));
        compiled.as_ref()?.is_match(text).ok()
    }
}

fn compile(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&literal_braces(pattern));
    builder.delegate_size_limit(PATTERN_BYTES).backtrack_limit(STEPS).build().ok()
}

/// In the expressions of ECMA 262 a brace that counts nothing is a brace.
fn literal_braces(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find('{') {
        let (before, brace) = rest.split_at(at);
        text += before;
        let inside = brace.get(1..).and_then(|inside| inside.split('}').next()).unwrap_or_default();
        let counts =
            !inside.is_empty() && inside.chars().all(|letter| letter.is_ascii_digit() || letter == ',');
        let escaped =
            before.ends_with('\\') || ["\\p", "\\u", "\\x"].iter().any(|class| before.ends_with(class));
        if counts || escaped {
            text.push('{');
            rest = &brace[1..];
        } else {
            // The closing brace is taken as it is.
            text += "\\{";
            rest = &brace[1..];
        }
    }
    text + rest
}
