//! [`Patterns`]: regular expressions of the facts, compiled once.

use std::{cell::RefCell, collections::HashMap};

use regex::{Regex, RegexBuilder};

/// The memory that a pattern may take when it is compiled, in bytes.
const PATTERN_BYTES: usize = 4 * 1024 * 1024;

/// Patterns that were compiled; none for those that this engine does not know.
#[derive(Default)]
pub(crate) struct Patterns(RefCell<HashMap<&'static str, Option<Regex>>>);

impl Patterns {
    /// Whether a pattern is found in a text. A pattern that this engine does not know (it has no
    /// look-around) is held by everything.
    pub(crate) fn matches(&self, pattern: &'static str, text: &str) -> bool {
        let mut known = self.0.borrow_mut();
        let compiled = known
            .entry(pattern)
            .or_insert_with(|| RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().ok());
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}
