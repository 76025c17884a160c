//! [`Options`]: what a template is judged by.

use std::collections::BTreeMap;

use crate::{own_rule::Rule, selection::Selection, sources::Sources};

/// What a template is judged by: where its parts were written, which rules speak, and the day.
///
/// ```
/// use formwork_check::{Level, Options, Selection};
///
/// let selection = Selection::new().level("security", Level::Error).level("W2001", Level::Off);
/// let options = Options::new().selection(selection).on("2026-11-21");
/// assert!(options.rules().of("W2001").is_some_and(|level| level == Level::Off));
/// ```
#[derive(Clone, Default)]
pub struct Options<'a> {
    sources: Option<&'a dyn Sources>,
    selection: Selection,
    day: Option<String>,
    parameters: BTreeMap<String, String>,
    rules: Vec<&'a dyn Rule>,
}

impl<'a> Options<'a> {
    /// Every rule at its own severity; dated facts as of the day that they were taken.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the parts of the template were written in Rust.
    #[must_use]
    pub fn sources(mut self, sources: &'a dyn Sources) -> Self {
        self.sources = Some(sources);
        self
    }

    /// Which rules speak, and how loud.
    #[must_use]
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// The day (`2026-11-21`) by which runtimes and engine versions are too old.
    #[must_use]
    pub fn on(mut self, day: impl Into<String>) -> Self {
        self.day = Some(day.into());
        self
    }

    /// The value of a parameter, by which conditions are decided. Once one is given, all that have no
    /// default must be.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// A rule of the user's own, beside all others.
    #[must_use]
    pub fn rule(mut self, rule: &'a dyn Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Which rules speak.
    pub const fn rules(&self) -> &Selection {
        &self.selection
    }

    /// The day, if one was given.
    pub fn day(&self) -> Option<&str> {
        self.day.as_deref()
    }

    pub(crate) fn own(&self) -> &[&'a dyn Rule] {
        &self.rules
    }

    pub(crate) const fn given(&self) -> &BTreeMap<String, String> {
        &self.parameters
    }

    pub(crate) fn written(&self) -> &dyn Sources {
        self.sources.unwrap_or(&())
    }
}
