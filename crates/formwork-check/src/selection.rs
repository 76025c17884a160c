//! [`Selection`]: which rules speak, and how loud.

use std::collections::BTreeMap;

use formwork_template::{Finding, Severity};

/// The packs of rules: the name of each, and what the ids of its rules begin with.
pub const PACKS: [(&str, &str); 1] = [("security", "FW3")];

/// How loud a rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not at all.
    Off,
    /// With this severity, whatever is its own.
    Severity(Severity),
}

impl Level {
    /// As a note.
    #[expect(non_upper_case_globals, reason = "reads as the variant that it stands for")]
    pub const Info: Self = Self::Severity(Severity::Info);
    /// As a warning.
    #[expect(non_upper_case_globals, reason = "reads as the variant that it stands for")]
    pub const Warning: Self = Self::Severity(Severity::Warning);
    /// As an error.
    #[expect(non_upper_case_globals, reason = "reads as the variant that it stands for")]
    pub const Error: Self = Self::Severity(Severity::Error);
}

/// Which rules speak, and how loud; what is not named speaks at its own severity.
///
/// A name is the id of a rule (`W2001`), what ids begin with (`W2`), or a pack (`security`). Where
/// several names fit a rule, the longest counts; a pack counts as what its rules begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    levels: BTreeMap<String, Level>,
    only: Vec<String>,
}

impl Selection {
    /// Every rule at its own severity.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how loud the rules of a name speak.
    #[must_use]
    pub fn level(mut self, name: impl Into<String>, level: Level) -> Self {
        self.levels.insert(beginning(name.into()), level);
        self
    }

    /// Leaves out every rule but those of the names given here, in one call or several.
    #[must_use]
    pub fn only(mut self, name: impl Into<String>) -> Self {
        self.only.push(beginning(name.into()));
        self
    }

    /// How loud a rule speaks, where something is said of it.
    pub fn of(&self, rule: &str) -> Option<Level> {
        if !self.only.is_empty() && !self.only.iter().any(|name| rule.starts_with(name.as_str())) {
            return Some(Level::Off);
        }
        let named = self.levels.iter().filter(|(name, _)| rule.starts_with(name.as_str()));
        named.max_by_key(|(name, _)| name.len()).map(|(_, level)| *level)
    }

    /// Takes out the findings of rules that are off, and sets the severity of others.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| match self.of(&finding.rule) {
            Some(Level::Off) => false,
            Some(Level::Severity(severity)) => {
                finding.severity = severity;
                true
            }
            None => true,
        });
    }
}

fn beginning(name: String) -> String {
    let pack = PACKS.iter().find(|(pack, _)| pack.eq_ignore_ascii_case(&name));
    pack.map_or(name, |(_, beginning)| (*beginning).to_owned())
}
