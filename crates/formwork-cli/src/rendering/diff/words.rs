//! What a change does, in words.

use formwork_diff::{Action, Disposal, Effect, Live, LiveKind, PropertyChange, ResourceChange};

/// What a change does to a resource.
pub(super) fn effect(resource: &ResourceChange) -> String {
    match (resource.action, resource.effect) {
        (Action::Add, _) => "created".to_owned(),
        (Action::Import, _) => "taken over as it is".to_owned(),
        (Action::Remove, effect) => match effect {
            Effect::Retain => "leaves the stack and stays",
            Effect::Snapshot => "deleted, a snapshot stays",
            _ => "deleted",
        }
        .to_owned(),
        (Action::Modify | Action::Rename, effect) => {
            let done = match effect {
                Effect::Replace => "replaced",
                Effect::MayReplace => "may be replaced",
                Effect::Interrupt => "updated, may stop for a while",
                _ if resource.action == Action::Rename && resource.changes.is_empty() => "stays as it is",
                _ => "updated in place",
            };
            let left = match (resource.disposal, effect) {
                (Some(Disposal::Delete), Effect::MayReplace) => ", and then the old one is deleted",
                (Some(Disposal::Delete), _) => ", the old one is deleted",
                (Some(Disposal::Snapshot), _) => ", a snapshot of the old one stays",
                (Some(Disposal::Orphan), _) => ", the old one stays in no stack",
                (None, _) => "",
            };
            format!("{done}{left}")
        }
    }
}

/// What becomes of the data that a resource holds, where that is lost.
pub(super) fn data_loss(resource: &ResourceChange) -> Option<&'static str> {
    let loss =
        if resource.effect == Effect::MayReplace { "its data may be lost" } else { "its data is lost" };
    resource.data_loss.then_some(loss)
}

/// What a change of a property does and why, where that is worth a word.
pub(super) fn note(change: &PropertyChange) -> Option<String> {
    let effect = match change.effect {
        Effect::Replace => Some("replaces"),
        Effect::MayReplace => Some("may replace"),
        Effect::Interrupt => Some("interrupts"),
        _ => None,
    };
    let through = change.through.as_ref().map(|name| format!("through `{name}`"));
    let uncertain = (!change.certain).then_some("known only at deployment");
    let order = change.reordered.then_some("the order alone");
    let parts = [effect.map(str::to_owned), order.map(str::to_owned), through, change.reason.clone()];
    let mut parts: Vec<String> = parts.into_iter().flatten().collect();
    if change.reason.is_none() {
        parts.extend(uncertain.map(str::to_owned));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What may change though nothing is written differently.
pub(super) fn live(live: &Live) -> String {
    match live.kind {
        LiveKind::SsmParameter => format!(
            "the parameter `{}` is looked up when this is deployed, and may change {}",
            live.name,
            names(&live.resources)
        ),
        LiveKind::NestedStack => {
            format!("the template of the nested stack `{}` is read again when this is deployed", live.name)
        }
    }
}

/// `` `A`, `B` and 3 more ``
fn names(names: &[String]) -> String {
    /// So many are named.
    const NAMED: usize = 4;
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
