//! [`AccessChange`]: who may do what, and no longer may.

mod collect;
mod grant;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet};

use formwork_template::Source;
use serde::Serialize;

use crate::{
    evaluate::Environment,
    resources::{Compared, Resources, Which},
    side::Side,
};
use grant::{Grant, Verdict};

/// A permission that is gained or lost.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the JSON form")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessChange {
    /// The resource whose policy says it.
    pub logical_id: String,
    /// Whether the permission, or the denial of it, is new; else it is gone.
    pub gained: bool,
    /// Whether something is denied, and not allowed.
    pub denied: bool,
    /// Who, in words: ``role `Web` ``, `everyone`...
    pub principal: String,
    /// What, such as `s3:GetObject`.
    pub actions: Vec<String>,
    /// On what: ARNs, with `${...}` for what is known only at deployment.
    pub resources: Vec<String>,
    /// Under which condition, as canonical JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// All of it in words.
    pub text: String,
    /// Whether somebody may now do more, or it cannot be ruled out.
    pub broadening: bool,
    /// Whether that is certain. It is not when expressions change whose values are not known.
    pub certain: bool,
    /// Whether everyone has it, under no condition.
    pub public: bool,
    /// The line of Rust behind the resource.
    pub source: Option<Source>,
}

/// What changes in access. Nothing is worked out when no policy changes.
pub(crate) fn changes<'a>(
    compared: &[Compared<'a>],
    old: (&Resources<'a>, &Environment<'_>, &Side<'_>),
    new: (&Resources<'a>, &Environment<'_>, &Side<'_>),
) -> Vec<AccessChange> {
    let touched = |resource: &Compared<'_>| !resource.is_unchanged() && collect::is_carrier(resource.facts);
    if !compared.iter().any(touched) {
        return Vec::new();
    }
    let before = collect::grants(compared, Which::Old, old.0, old.1);
    let after = collect::grants(compared, Which::New, new.0, new.1);
    let (had, has) = (Index::of(before.keys()), Index::of(after.keys()));
    let mut found = Vec::new();
    for (grant, carrier) in after.iter().filter(|(grant, _)| !before.contains_key(*grant)) {
        let covered = had.near(grant).any(|known| known.covers(grant));
        let broadening = grant.verdict == Verdict::Allow && !covered;
        let certain = !broadening || grant.is_known() || !had.near(grant).any(|known| known.resembles(grant));
        found.push(Change { grant, carrier, gained: true, broadening, certain });
    }
    for (grant, carrier) in before.iter().filter(|(grant, _)| !after.contains_key(*grant)) {
        let covered = has.near(grant).any(|known| known.covers(grant));
        // What is still covered by something else is not lost.
        if covered && grant.verdict == Verdict::Allow {
            let narrower = has.near(grant).any(|known| grant.covers(known) && !before.contains_key(known));
            if !narrower {
                continue;
            }
        }
        let broadening = grant.verdict == Verdict::Deny && !covered;
        let certain = !broadening || grant.is_known() || !has.near(grant).any(|known| known.resembles(grant));
        found.push(Change { grant, carrier, gained: false, broadening, certain });
    }
    gather(&found, old, new)
}

/// Grants by who has them.
struct Index<'g> {
    by_principal: BTreeMap<&'g str, Vec<&'g Grant>>,
}

impl<'g> Index<'g> {
    fn of(grants: impl Iterator<Item = &'g Grant>) -> Self {
        let mut by_principal: BTreeMap<&str, Vec<&Grant>> = BTreeMap::new();
        for grant in grants {
            by_principal.entry(&grant.principal).or_default().push(grant);
        }
        Self { by_principal }
    }

    /// The grants of the same principal, and of everyone.
    fn near(&self, grant: &Grant) -> impl Iterator<Item = &'g Grant> {
        let own = self.by_principal.get(grant.principal.as_str());
        let all = self.by_principal.get(words::EVERYONE);
        own.into_iter().chain(all).flatten().copied()
    }
}

/// A grant that is new or gone.
struct Change<'g> {
    grant: &'g Grant,
    carrier: &'g str,
    gained: bool,
    broadening: bool,
    certain: bool,
}

/// What the changes that are told in one sentence have in common.
type Common<'g> = (&'g str, bool, Verdict, &'g str, Option<&'g str>, bool, bool);

/// Puts together what differs in action or resource alone.
fn gather(
    changes: &[Change<'_>],
    old: (&Resources<'_>, &Environment<'_>, &Side<'_>),
    new: (&Resources<'_>, &Environment<'_>, &Side<'_>),
) -> Vec<AccessChange> {
    let mut resources: BTreeMap<(Common<'_>, &str), BTreeSet<&str>> = BTreeMap::new();
    for change in changes {
        let grant = change.grant;
        let common = (
            change.carrier,
            !change.gained,
            grant.verdict,
            grant.principal.as_str(),
            grant.condition.as_deref(),
            !change.broadening,
            change.certain,
        );
        resources.entry((common, grant.action.as_str())).or_default().insert(grant.resource.as_str());
    }
    let mut actions: BTreeMap<(Common<'_>, BTreeSet<&str>), Vec<&str>> = BTreeMap::new();
    for ((common, action), resources) in resources {
        actions.entry((common, resources)).or_default().push(action);
    }
    let mut told: Vec<AccessChange> = actions
        .into_iter()
        .map(|((common, resources), actions)| {
            let (carrier, lost, verdict, principal, condition, not_broadening, certain) = common;
            let standing = if lost { old.0 } else { new.0 };
            let resources: Vec<String> = resources.into_iter().map(str::to_owned).collect();
            let actions: Vec<String> = actions.into_iter().map(str::to_owned).collect();
            let source = new.2.sources.get(carrier).or_else(|| old.2.sources.get(carrier));
            let denied = verdict == Verdict::Deny;
            AccessChange {
                logical_id: carrier.to_owned(),
                gained: !lost,
                denied,
                text: words::sentence(standing, !lost, denied, principal, &actions, &resources, condition),
                principal: principal.to_owned(),
                actions,
                resources,
                condition: condition.map(str::to_owned),
                broadening: !not_broadening,
                certain,
                public: !denied && condition.is_none() && principal == words::EVERYONE,
                source: source.cloned(),
            }
        })
        .collect();
    told.sort_by_key(|change| (!change.broadening, !change.gained));
    told
}
