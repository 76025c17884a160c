//! The names of rules, as people write them.

use formwork_check::{RuleText, catalogue, explain};

use crate::{exit_code, failure::Failure, suggestion};

/// The rule of an id, in whatever case it is written.
pub(crate) fn rule(id: &str) -> Result<RuleText, Failure> {
    explain(id).or_else(|| explain(&id.to_uppercase())).ok_or_else(|| unknown(id))
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::new(format!("there is no rule `{name}`")).code(exit_code::USAGE);
    let ids: Vec<&str> = catalogue().map(|rule| rule.id).collect();
    match suggestion::nearest(name, ids) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`? `formwork explain` lists all rules")),
        None => failure.hint("`formwork explain` lists all rules"),
    }
}
