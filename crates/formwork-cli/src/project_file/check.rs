//! `[check]` of `formwork.toml`: how templates are judged.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum as _;
use formwork_check::Level;
use toml::de::{DeTable, DeValue};

use super::Reader;
use crate::{fail_on::FailOn, rule_name, rule_options};

/// The keys that the table may have.
const KEYS: [&str; 3] = ["fail-on", "baseline", "rules"];

/// How templates are judged.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Check {
    /// How bad a finding must be to fail.
    pub(crate) fail_on: Option<FailOn>,
    /// The findings that are accepted, from the directory of the file.
    pub(crate) baseline: Option<PathBuf>,
    /// How loud rules speak, by what their ids begin with, or by pack.
    pub(crate) rules: Vec<(String, Level)>,
}

impl Check {
    pub(super) fn read(table: &DeTable<'_>, reader: &Reader<'_>) -> Result<Self> {
        let mut check = Self::default();
        for (key, value) in table {
            let wrong = |message: &str| reader.failure(value.span(), message);
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("fail-on", value) => {
                    let severity = value.as_str().and_then(|name| FailOn::from_str(name, false).ok());
                    let wrong = || wrong("`fail-on` is \"error\" or \"warning\"");
                    check.fail_on = Some(severity.ok_or_else(wrong)?);
                }
                ("baseline", DeValue::String(path)) => check.baseline = Some(PathBuf::from(path.as_ref())),
                ("baseline", _) => return Err(wrong("`baseline` is a string").into()),
                ("rules", DeValue::Table(rules)) => check.rules = levels(rules, reader)?,
                ("rules", _) => return Err(wrong("`rules` is a table").into()),
                _ => {
                    let elsewhere = "rules stand in `[check.rules]`";
                    return Err(reader.unknown(key, &KEYS, Some(elsewhere)).into());
                }
            }
        }
        Ok(check)
    }
}

fn levels(rules: &DeTable<'_>, reader: &Reader<'_>) -> Result<Vec<(String, Level)>> {
    let mut levels = Vec::with_capacity(rules.len());
    for (name, level) in rules {
        let known = rule_name::beginning(name.get_ref())
            .map_err(|unknown| reader.failure(name.span(), &unknown.to_string()).hint(unknown.hint()))?;
        let parsed = level.get_ref().as_str().and_then(rule_options::level);
        let wrong = || {
            let message = format!("the level of `{}` is one of {}", name.get_ref(), rule_options::LEVELS);
            reader.failure(level.span(), &message)
        };
        levels.push((known, parsed.ok_or_else(wrong)?));
    }
    Ok(levels)
}
