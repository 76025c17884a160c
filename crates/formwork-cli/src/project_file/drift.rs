//! `[drift]` of `formwork.toml`: what is meant to differ, and how drift is shown.

use std::path::PathBuf;

use anyhow::Result;
use formwork_deploy::drift::ignore::Rule;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Reader;

/// The keys that the table may have.
const KEYS: [&str; 4] = ["ignore", "baseline", "markdown", "html"];
/// The keys of a rule.
const RULE_KEYS: [&str; 4] = ["stack", "resource", "path", "reason"];

/// What is meant to differ, and how drift is shown. Paths start at the directory of the file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Drift {
    /// What is meant to differ, each with its reason.
    pub(crate) ignore: Vec<Rule>,
    /// A file of differences that are known.
    pub(crate) baseline: Option<PathBuf>,
    /// A Handlebars template in place of the one for Markdown.
    pub(crate) markdown: Option<PathBuf>,
    /// A Handlebars template in place of the one for HTML.
    pub(crate) html: Option<PathBuf>,
}

impl Drift {
    pub(super) fn read(table: &DeTable<'_>, reader: &Reader<'_>) -> Result<Self> {
        let mut drift = Self::default();
        for (key, value) in table {
            let path = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
                DeValue::String(path) => Ok(Some(PathBuf::from(path.as_ref()))),
                _ => Err(reader.failure(value.span(), &format!("`{}` is a string", key.get_ref()))),
            };
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("ignore", DeValue::Array(rules)) => {
                    drift.ignore = rules.iter().map(|each| rule(each, reader)).collect::<Result<_>>()?;
                }
                ("ignore", _) => {
                    let message = "`ignore` is a list of tables, `[[drift.ignore]]`";
                    return Err(reader.failure(value.span(), message).into());
                }
                ("baseline", _) => drift.baseline = path(value)?,
                ("markdown", _) => drift.markdown = path(value)?,
                ("html", _) => drift.html = path(value)?,
                _ => return Err(reader.unknown(key, &KEYS, None).into()),
            }
        }
        Ok(drift)
    }
}

fn rule(value: &Spanned<DeValue<'_>>, reader: &Reader<'_>) -> Result<Rule> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(reader.failure(value.span(), "a rule of `ignore` is a table").into());
    };
    let mut rule = Rule { stack: None, resource: None, path: None, reason: String::new() };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        if !RULE_KEYS.contains(&name) {
            return Err(reader.unknown(key, &RULE_KEYS, None).into());
        }
        let DeValue::String(text) = value.get_ref() else {
            return Err(reader.failure(value.span(), &format!("`{name}` is a string")).into());
        };
        let text = text.to_string();
        match name {
            "stack" => rule.stack = Some(text),
            "resource" => rule.resource = Some(text),
            "path" if !text.starts_with('/') => {
                let message = "a path is a JSON pointer below the properties, such as `/DelaySeconds`";
                return Err(reader.failure(value.span(), message).into());
            }
            "path" => rule.path = Some(text),
            _ => rule.reason = text,
        }
    }
    if rule.reason.trim().is_empty() {
        return Err(reader.failure(value.span(), "a rule of `ignore` says its `reason`").into());
    }
    if (&rule.stack, &rule.resource, &rule.path) == (&None, &None, &None) {
        let message = "a rule of `ignore` says what it means: a `stack`, a `resource` or a `path`";
        return Err(reader.failure(value.span(), message).into());
    }
    Ok(rule)
}
