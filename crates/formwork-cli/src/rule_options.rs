//! [`RuleOptions`]: which rules speak, and how loud.

use std::collections::BTreeMap;

use clap::Args;
use formwork_check::{Level, Selection};

use crate::{failure::Failure, rule_name};

/// The levels that a rule can have, for messages.
pub(crate) const LEVELS: &str = "\"error\", \"warning\", \"info\", \"off\"";

/// Which rules speak, and how loud.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleOptions {
    /// Leave these rules out
    ///
    /// A rule is an id (`W2001`), what ids begin with (`W2`), or the pack `security`.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Leave every other rule out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    only: Vec<String>,
    /// Set how bad the findings of a rule are: error, warning, info, or off; can be repeated
    ///
    /// Where several names fit a rule, the longest counts. An option wins over `[check.rules]` in
    /// `formwork.toml`.
    #[arg(long, value_name = "RULE=LEVEL", value_parser = setting)]
    level: Vec<(String, Level)>,
}

impl RuleOptions {
    /// What the options and `formwork.toml` say together.
    pub(crate) fn selection(&self, file: &[(String, Level)]) -> Result<Selection, Failure> {
        let mut given = BTreeMap::new();
        for (name, level) in &self.level {
            given.insert(rule_name::beginning(name)?, *level);
        }
        for name in &self.ignore {
            given.insert(rule_name::beginning(name)?, Level::Off);
        }
        let only = self.only.iter().map(|name| rule_name::beginning(name));
        let only = only.collect::<Result<Vec<_>, _>>()?;
        // The file must not narrow what the command line says of all rules of a name, nor silence
        // a rule that is asked for by name.
        let overruled = |name: &str, level: Level| {
            given.keys().any(|wider| name.starts_with(wider.as_str()))
                || (level == Level::Off && only.iter().any(|asked| asked.starts_with(name)))
        };
        let mut selection = Selection::new();
        for (name, level) in file.iter().filter(|(name, level)| !overruled(name, *level)) {
            selection = selection.level(name, *level);
        }
        for (name, level) in given {
            selection = selection.level(name, level);
        }
        Ok(only.into_iter().fold(selection, Selection::only))
    }
}

/// A level by its name.
pub(crate) fn level(name: &str) -> Option<Level> {
    match name {
        "error" => Some(Level::Error),
        "warning" => Some(Level::Warning),
        "info" => Some(Level::Info),
        "off" => Some(Level::Off),
        _ => None,
    }
}

fn setting(text: &str) -> Result<(String, Level), String> {
    let (rule, name) = text.split_once('=').ok_or("it is a rule and a level, such as `W2001=off`")?;
    let level = level(name).ok_or_else(|| format!("`{name}` is no level; it is one of {LEVELS}"))?;
    Ok((rule.to_owned(), level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_wins_over_the_file() {
        let file = [("W2001".to_owned(), Level::Off), ("W8".to_owned(), Level::Error)];
        let of = |level: &[(&str, Level)], only: &[&str], rule: &str| {
            let options = RuleOptions {
                ignore: Vec::new(),
                only: only.iter().map(|&name| name.to_owned()).collect(),
                level: level.iter().map(|&(name, level)| (name.to_owned(), level)).collect(),
            };
            options.selection(&file).expect("the names are known").of(rule)
        };
        assert_eq!(of(&[], &[], "W2001"), Some(Level::Off));
        assert_eq!(of(&[("w2", Level::Error)], &[], "W2001"), Some(Level::Error));
        assert_eq!(of(&[], &["W2001"], "W2001"), None);
        assert_eq!(of(&[], &["W2"], "W2001"), Some(Level::Off));
        assert_eq!(of(&[("W8001", Level::Info)], &[], "W8001"), Some(Level::Info));
        assert_eq!(of(&[("E", Level::Info)], &[], "W8001"), Some(Level::Error));
        assert_eq!(of(&[("security", Level::Off)], &[], "FW3001"), Some(Level::Off));
    }
}
