//! [`Side`]: one of the two templates, with what is known about its deployment.

use std::collections::BTreeMap;

use formwork_template::{Source, Template};

/// One of the two templates, with what is known about its deployment.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    pub(crate) template: &'a Template,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) pseudo_parameters: BTreeMap<String, String>,
    pub(crate) sources: BTreeMap<String, Source>,
}

impl<'a> Side<'a> {
    /// A template whose parameters have their defaults.
    pub const fn new(template: &'a Template) -> Self {
        Self {
            template,
            parameters: BTreeMap::new(),
            pseudo_parameters: BTreeMap::new(),
            sources: BTreeMap::new(),
        }
    }

    /// A parameter's value, in place of its default. Lists are joined by commas.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// Values of parameters.
    #[must_use]
    pub fn parameters<N, V>(mut self, values: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        self.parameters.extend(values.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// What a pseudo parameter such as `AWS::Region` is where the template is deployed.
    #[must_use]
    pub fn pseudo_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.pseudo_parameters.insert(name.into(), value.into());
        self
    }

    /// The line of Rust behind a resource.
    #[must_use]
    pub fn source(mut self, logical_id: impl Into<String>, source: Source) -> Self {
        self.sources.insert(logical_id.into(), source);
        self
    }
}
