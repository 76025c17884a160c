//! What changes in the sections beside the resources.

use std::collections::HashMap;

use formwork_template::{Map, Template, Value};

use crate::{
    change::{Action, Effect, ElementChange, PropertyChange},
    compare,
    effect::Ids,
    evaluate::{Environment, is_hidden, scalar_text, section},
    for_each,
    knock_on::{KnockOn, State},
    path::Path,
    resources::Compared,
    side::Side,
};

/// What is shown in place of a value that must not be.
const HIDDEN: &str = "****";

/// Parameters: how they are declared, and the values that were given.
pub(crate) fn parameters(old: &Side<'_>, new: &Side<'_>, ids: &Ids<'_>) -> Vec<ElementChange> {
    let mut elements = named(old.template, new.template, "Parameters", |name, before, after| {
        let hidden = before.into_iter().chain(after).any(is_hidden);
        let mut changes = compare::values(Path::default(), ids, before, after);
        let value = |side: &Side<'_>, declaration: Option<&Value>| {
            let given = side.parameters.get(name).cloned();
            given.or_else(|| scalar_text(declaration?.get("Default")?)).map(Value::from)
        };
        let (old_value, new_value) = (value(old, before), value(new, after));
        let given = old.parameters.contains_key(name) || new.parameters.contains_key(name);
        if given && before.is_some() && after.is_some() {
            let path = Path::of(["value"]);
            changes.extend(compare::values(path, ids, old_value.as_ref(), new_value.as_ref()));
        }
        if hidden {
            changes.iter_mut().for_each(hide);
        }
        changes
    });
    elements.sort_by(|left, right| left.name.cmp(&right.name));
    elements
}

fn hide(change: &mut PropertyChange) {
    let path = change.path.to_string();
    for value in [&mut change.old, &mut change.new].into_iter().flatten() {
        if path == "Default" || path == "value" {
            *value = HIDDEN.into();
        } else if let Some(default) = value.get_mut("Default") {
            *default = HIDDEN.into();
        }
    }
}

/// Conditions: whether they hold, or how they are written where that is not known.
pub(crate) fn conditions(
    old: (&Side<'_>, &Environment<'_>),
    new: (&Side<'_>, &Environment<'_>),
    ids: &Ids<'_>,
) -> Vec<ElementChange> {
    named(old.0.template, new.0.template, "Conditions", |name, before, after| {
        let (Some(before), Some(after)) = (before, after) else {
            return compare::values(Path::default(), ids, before, after);
        };
        if let (Some(held), Some(holds)) = (old.1.condition(name), new.1.condition(name)) {
            let (held, holds) = (Value::Bool(held), Value::Bool(holds));
            return compare::values(Path::of(["value"]), ids, Some(&held), Some(&holds));
        }
        let (before, after) = (old.1.evaluate(before), new.1.evaluate(after));
        compare::values(Path::default(), ids, before.as_ref(), after.as_ref())
    })
}

/// Outputs: what they give, also through what they refer to.
pub(crate) fn outputs(
    sides: (&Side<'_>, &Side<'_>),
    knock_on: &KnockOn<'_, '_>,
    resources: &[Compared<'_>],
    ids: &Ids<'_>,
) -> Vec<ElementChange> {
    let positions: HashMap<&str, usize> =
        resources.iter().enumerate().map(|(position, resource)| (resource.logical_id, position)).collect();
    let standing = |template: &Template, environment: &Environment<'_>| {
        let mut outputs = Map::new();
        for (name, output) in section(template, "Outputs") {
            let condition = output.get("Condition").and_then(Value::as_str);
            if condition.and_then(|name| environment.condition(name)) != Some(false)
                && let Some(output) = environment.evaluate(output)
            {
                outputs.push(name.to_owned(), output);
            }
        }
        outputs
    };
    let (old, new) = (standing(sides.0.template, knock_on.old), standing(sides.1.template, knock_on.new));
    elements(&old, &new, |_, before, after| {
        let mut changes = compare::values(Path::default(), ids, before, after);
        if let (Some(_), Some(after)) = (before, after)
            && let Some(value) = after.get("Value")
            && changes.iter().all(|change| !change.path.to_string().starts_with("Value"))
        {
            let worst = knock_on.worst(value, &positions, resources);
            let worst = worst.filter(|(state, _)| *state >= State::MayDiffer);
            changes.extend(worst.map(|(state, through)| PropertyChange {
                path: Path::of(["Value"]),
                old: Some(value.into()),
                new: Some(value.into()),
                effect: Effect::None,
                certain: state == State::Differs,
                reason: None,
                through: Some(through),
                reordered: false,
            }));
        }
        changes
    })
}

/// A section whose elements have names.
pub(crate) fn plain(old: &Template, new: &Template, name: &str, ids: &Ids<'_>) -> Vec<ElementChange> {
    match (old.sections().get(name), new.sections().get(name)) {
        (before, after) if before == after => Vec::new(),
        (before, after)
            if before.is_none_or(|value| value.as_map().is_some())
                && after.is_none_or(|value| value.as_map().is_some()) =>
        {
            named(old, new, name, |_, before, after| compare::values(Path::default(), ids, before, after))
        }
        _ => whole(old, new, name, ids),
    }
}

/// Loops over resources that could not be written out.
pub(crate) fn loops(old: &Template, new: &Template, ids: &Ids<'_>) -> Vec<ElementChange> {
    let loops = |template: &Template| -> Map {
        let found = section(template, "Resources").filter(|(name, _)| for_each::is_loop(name));
        found.map(|(name, value)| (format!("Resources.{name}"), value.clone())).collect()
    };
    elements(&loops(old), &loops(new), |_, before, after| {
        compare::values(Path::default(), ids, before, after)
    })
}

/// A section that is one value.
pub(crate) fn whole(old: &Template, new: &Template, name: &str, ids: &Ids<'_>) -> Vec<ElementChange> {
    let (before, after) = (old.sections().get(name), new.sections().get(name));
    let changes = compare::values(Path::default(), ids, before, after);
    element(String::new(), before, after, changes).into_iter().collect()
}

fn named(
    old: &Template,
    new: &Template,
    name: &str,
    changes: impl Fn(&str, Option<&Value>, Option<&Value>) -> Vec<PropertyChange>,
) -> Vec<ElementChange> {
    let none = Map::new();
    elements(old.section(name).unwrap_or(&none), new.section(name).unwrap_or(&none), changes)
}

fn elements(
    old: &Map,
    new: &Map,
    changes: impl Fn(&str, Option<&Value>, Option<&Value>) -> Vec<PropertyChange>,
) -> Vec<ElementChange> {
    let index = |map: &'_ Map| -> HashMap<String, usize> {
        map.keys().enumerate().map(|(position, key)| (key.to_owned(), position)).collect()
    };
    let (old_index, new_index) = (index(old), index(new));
    let old_values: Vec<&Value> = old.iter().map(|(_, value)| value).collect();
    let mut found = Vec::new();
    for (name, after) in new.iter() {
        let before = old_index.get(name).and_then(|at| old_values.get(*at)).copied();
        found.extend(element(name.to_owned(), before, Some(after), changes(name, before, Some(after))));
    }
    for (name, before) in old.iter().filter(|(name, _)| !new_index.contains_key(*name)) {
        found.extend(element(name.to_owned(), Some(before), None, changes(name, Some(before), None)));
    }
    found
}

fn element(
    name: String,
    before: Option<&Value>,
    after: Option<&Value>,
    changes: Vec<PropertyChange>,
) -> Option<ElementChange> {
    let action = match (before, after) {
        (None, Some(_)) => Action::Add,
        (Some(_), None) => Action::Remove,
        _ => Action::Modify,
    };
    (!changes.is_empty()).then_some(ElementChange { name, action, changes })
}
