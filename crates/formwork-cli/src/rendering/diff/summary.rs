//! How much differs, in one line.

use formwork_diff::{Action, AppDiff, Effect, ResourceChange, StackDiff};

use crate::plural::{grouped, number};

/// `2 stacks differ: 3 to add, 1 to replace; 1 loses data; access broadens`
pub(super) fn of_app(diff: &AppDiff, counted: &str) -> String {
    let differing: Vec<&StackDiff> = diff.stacks.iter().filter(|stack| !stack.is_empty()).collect();
    if differing.is_empty() {
        let live = diff.stacks.iter().flat_map(|stack| &stack.live).count();
        let live = match live {
            0 => String::new(),
            _ => ", but what is looked up at deployment may".to_owned(),
        };
        return format!("nothing differs in {}{live}", number(diff.stacks.len(), counted));
    }
    let differ = if differing.len() == 1 { "differs" } else { "differ" };
    let mut text = format!("{} {differ}", number(differing.len(), counted));
    let counts = counts(&differing);
    if !counts.is_empty() {
        text = format!("{text}: {counts}");
    }
    for consequence in consequences(&differing) {
        text = format!("{text}; {consequence}");
    }
    text
}

/// `3 to add, 1 to replace`
pub(super) fn of_stack(stack: &StackDiff) -> String {
    let counts = counts(&[stack]);
    let consequences = consequences(&[stack]);
    [counts]
        .into_iter()
        .filter(|counts| !counts.is_empty())
        .chain(consequences)
        .collect::<Vec<_>>()
        .join("; ")
}

fn counts(stacks: &[&StackDiff]) -> String {
    let resources = || stacks.iter().flat_map(|stack| &stack.resources);
    let count = |wanted: fn(&ResourceChange) -> bool| resources().filter(|each| wanted(each)).count();
    let is_kept = |each: &ResourceChange| matches!(each.action, Action::Modify | Action::Rename);
    let updated = |each: &ResourceChange| !matches!(each.effect, Effect::Replace | Effect::MayReplace);
    let replaced = resources().filter(|each| is_kept(each) && each.effect == Effect::Replace).count();
    let may = resources().filter(|each| is_kept(each) && each.effect == Effect::MayReplace).count();
    let changed = resources().filter(|each| each.action == Action::Modify && updated(each)).count();
    let renamed = resources().filter(|each| each.action == Action::Rename && updated(each)).count();
    let elsewhere: usize = stacks.iter().map(|stack| stack.element_changes().count()).sum();
    let parts = [
        (count(|each| each.action == Action::Add), "to add"),
        (count(|each| each.action == Action::Import), "to import"),
        (changed, "to change"),
        (renamed, "to rename"),
        (replaced, "to replace"),
        (may, "that may be replaced"),
        (count(|each| each.action == Action::Remove && each.effect != Effect::Retain), "to delete"),
        (count(|each| each.action == Action::Remove && each.effect == Effect::Retain), "to let go"),
        (elsewhere, "in other sections"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, what)| format!("{} {what}", grouped(count))).collect::<Vec<_>>().join(", ")
}

fn consequences(stacks: &[&StackDiff]) -> Vec<String> {
    let resources = || stacks.iter().flat_map(|stack| &stack.resources).filter(|each| each.data_loss);
    let lost = resources().filter(|each| each.effect != Effect::MayReplace).count();
    let may = resources().count() - lost;
    let broadens = |changes: Vec<bool>, what: &str| match changes.iter().max() {
        Some(true) => Some(format!("{what} broadens")),
        Some(false) => Some(format!("{what} may broaden")),
        None => None,
    };
    let access = stacks.iter().flat_map(|stack| &stack.access).filter(|change| change.broadening);
    let exposure = stacks.iter().flat_map(|stack| &stack.exposure).filter(|change| change.broadening);
    let lose = if lost == 1 { "loses" } else { "lose" };
    [
        (lost > 0).then(|| format!("{} {lose} data", grouped(lost))),
        (may > 0).then(|| format!("{} may lose data", grouped(may))),
        broadens(access.map(|change| change.certain).collect(), "access"),
        broadens(exposure.map(|change| change.certain).collect(), "exposure"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
