//! The names of rules, as people write them.

use std::fmt;

use formwork_check::{PACKS, RuleText, catalogue, explain};

use crate::{exit_code, failure::Failure, suggestion};

/// A name that fits no rule, or none that a level can be set of.
#[derive(Debug)]
pub(crate) enum Unknown {
    /// There is no such rule.
    Nowhere(String),
    /// Only the app itself finds it, whenever it is synthesized: it is no rule of `formwork check`.
    OfSynthesis(&'static str),
}

/// The rule of an id, in whatever case it is written.
pub(crate) fn rule(id: &str) -> Result<RuleText, Unknown> {
    explain(&id.to_uppercase()).ok_or_else(|| Unknown::Nowhere(id.to_owned()))
}

/// What the ids of the rules of `formwork check` begin with that a name means: an id, a beginning of
/// ids, or a pack.
pub(crate) fn beginning(name: &str) -> Result<String, Unknown> {
    if let Some((_, beginning)) = PACKS.iter().find(|(pack, _)| pack.eq_ignore_ascii_case(name)) {
        return Ok((*beginning).to_owned());
    }
    let beginning = name.to_uppercase();
    let mut fitting = catalogue().filter(|rule| !name.is_empty() && rule.id.starts_with(&beginning));
    match fitting.next() {
        None => Err(Unknown::Nowhere(name.to_owned())),
        Some(first) if first.only.is_none() || fitting.any(|rule| rule.only.is_none()) => Ok(beginning),
        Some(first) => Err(Unknown::OfSynthesis(first.id)),
    }
}

impl Unknown {
    /// What was probably meant.
    pub(crate) fn hint(&self) -> String {
        let name = match self {
            Self::Nowhere(name) => name,
            Self::OfSynthesis(id) => return format!("`formwork explain {id}` says how to mend it"),
        };
        let packs = PACKS.iter().map(|(pack, _)| *pack);
        match suggestion::nearest(name, catalogue().map(|rule| rule.id).chain(packs)) {
            Some(meant) => format!("did you mean `{meant}`? `formwork explain` lists all rules"),
            None => "`formwork explain` lists all rules".to_owned(),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere(name) => write!(formatter, "there is no rule `{name}`"),
            Self::OfSynthesis(id) => {
                write!(formatter, "`{id}` is a rule of synthesis, and has no level")
            }
        }
    }
}

/// On the command line such a name is a mistake in its use.
impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        Self::new(unknown.to_string()).hint(unknown.hint()).code(exit_code::USAGE)
    }
}
