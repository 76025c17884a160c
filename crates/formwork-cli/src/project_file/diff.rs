//! `[diff]` of `formwork.toml`: what stacks are compared with, and how that is shown.

use std::path::PathBuf;

use anyhow::Result;
use toml::de::{DeTable, DeValue};

use super::Reader;

/// The keys that the table may have.
const KEYS: [&str; 3] = ["snapshots", "markdown", "html"];

/// Where snapshots of templates are when nothing says it.
const SNAPSHOTS: &str = "snapshots";

/// What stacks are compared with, and how that is shown. Paths start at the directory of the file.
#[derive(Debug, PartialEq)]
pub(crate) struct Diff {
    /// The directory of the snapshots `NAME.template.json` that a revision is compared by.
    pub(crate) snapshots: PathBuf,
    /// A Handlebars template in place of the one for Markdown.
    pub(crate) markdown: Option<PathBuf>,
    /// A Handlebars template in place of the one for HTML.
    pub(crate) html: Option<PathBuf>,
}

impl Default for Diff {
    fn default() -> Self {
        Self { snapshots: PathBuf::from(SNAPSHOTS), markdown: None, html: None }
    }
}

impl Diff {
    pub(super) fn read(table: &DeTable<'_>, reader: &Reader<'_>) -> Result<Self> {
        let mut diff = Self::default();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if !KEYS.contains(&name) {
                return Err(reader.unknown(key, &KEYS, None).into());
            }
            let DeValue::String(path) = value.get_ref() else {
                return Err(reader.failure(value.span(), &format!("`{name}` is a string")).into());
            };
            let path = PathBuf::from(path.as_ref());
            match name {
                "snapshots" => diff.snapshots = path,
                "markdown" => diff.markdown = Some(path),
                _ => diff.html = Some(path),
            }
        }
        Ok(diff)
    }
}
