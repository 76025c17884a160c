//! The names of rules, as people write them.

use std::fmt;

use formwork_check::{PACKS, RuleText, catalogue, explain};

use crate::{exit_code, failure::Failure, suggestion};

/// A name that fits no rule.
#[derive(Debug)]
pub(crate) struct Unknown(String);

/// The rule of an id, in whatever case it is written.
pub(crate) fn rule(id: &str) -> Result<RuleText, Unknown> {
    explain(&id.to_uppercase()).ok_or_else(|| Unknown(id.to_owned()))
}

/// What the ids of the rules begin with that a name means: an id, a beginning of ids, or a pack.
pub(crate) fn beginning(name: &str) -> Result<String, Unknown> {
    if let Some((_, beginning)) = PACKS.iter().find(|(pack, _)| pack.eq_ignore_ascii_case(name)) {
        return Ok((*beginning).to_owned());
    }
    let beginning = name.to_uppercase();
    if !name.is_empty() && catalogue().any(|rule| rule.id.starts_with(&beginning)) {
        return Ok(beginning);
    }
    Err(Unknown(name.to_owned()))
}

impl Unknown {
    /// What was probably meant.
    pub(crate) fn hint(&self) -> String {
        let packs = PACKS.iter().map(|(pack, _)| *pack);
        match suggestion::nearest(&self.0, catalogue().map(|rule| rule.id).chain(packs)) {
            Some(meant) => format!("did you mean `{meant}`? `formwork explain` lists all rules"),
            None => "`formwork explain` lists all rules".to_owned(),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no rule `{}`", self.0)
    }
}

/// On the command line such a name is a mistake in its use.
impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        Self::new(unknown.to_string()).hint(unknown.hint()).code(exit_code::USAGE)
    }
}
