//! [`Options`]: what a diff is told beside the two templates.

use std::collections::{BTreeMap, BTreeSet};

use formwork_template::{MOVED_FROM, Template};

/// What a diff is told beside the two templates.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub(crate) moved: BTreeMap<String, String>,
    pub(crate) imported: BTreeSet<String>,
    pub(crate) surviving_attributes: bool,
}

impl Options {
    /// Nothing moved, nothing imported.
    pub const fn new() -> Self {
        Self { moved: BTreeMap::new(), imported: BTreeSet::new(), surviving_attributes: false }
    }

    /// The resource that the old template calls `from` is the one that the new template calls
    /// `to`, and is refactored rather than replaced when it is deployed.
    #[must_use]
    pub fn moved(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.moved.insert(to.into(), from.into());
        self
    }

    /// With what the new template's resources say themselves of where they were.
    pub(crate) fn with_written(&self, old: &Template, new: &Template) -> Self {
        let mut options = self.clone();
        let ids = |template: &Template| -> BTreeSet<String> {
            template.resources().map(|resource| resource.logical_id.to_owned()).collect()
        };
        let said = new.resources().filter_map(|resource| {
            let from = resource.attributes.get("Metadata")?.at(MOVED_FROM)?.as_str()?;
            Some((resource.logical_id, from))
        });
        let said: Vec<(&str, &str)> = said.collect();
        if said.is_empty() {
            return options;
        }
        let (before, after) = (ids(old), ids(new));
        for (to, from) in said {
            // Once it is deployed so, there is nothing to move any more.
            if before.contains(from) && !before.contains(to) && !after.contains(from) {
                options.moved.entry(to.to_owned()).or_insert_with(|| from.to_owned());
            }
        }
        options
    }

    /// The resource exists, and its deployment takes it over.
    #[must_use]
    pub fn import(mut self, logical_id: impl Into<String>) -> Self {
        self.imported.insert(logical_id.into());
        self
    }

    /// Whether resources are listed that take an attribute of a resource that is updated in place,
    /// though the attribute stays what it is, such as an ARN.
    ///
    /// The change sets of the service list them, since it does not know. Off by default.
    #[must_use]
    pub const fn surviving_attributes(mut self, listed: bool) -> Self {
        self.surviving_attributes = listed;
        self
    }
}
