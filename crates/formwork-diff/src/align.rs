//! Which items of two lists belong together.

use std::collections::{BTreeMap, HashMap, HashSet};

use formwork_template::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::{canonical::Known, evaluate::scalar_text, similarity};

/// Keys that name the items of a list, the best first.
const NAMES: [&[&str]; 22] = [
    &["Sid"],
    &["Key"],
    &["Namespace", "OptionName"],
    &["Name"],
    &["Id"],
    &["PolicyName"],
    &["ContainerName", "ContainerPort"],
    &["AttributeName"],
    &["IndexName"],
    &["DeviceName"],
    &["ParameterName"],
    &["ParameterKey"],
    &["LogicalName"],
    &["RuleName"],
    &["VolumeName"],
    &["ContainerPath"],
    &["SourceVolume", "ContainerPath"],
    &["CapacityProvider"],
    &["TargetGroupArn"],
    &["PathPattern"],
    &["RegionName"],
    &["ResourceType"],
];

/// How alike two items without a name must be to be one that changed, from 0 to 1.
const ALIKE: f64 = 0.5;
/// The most items on each side whose likeness is measured; more are taken in order.
const MEASURED: usize = 64;

/// How long the parts that differ of two lists may be for a common subsequence to be looked for.
const LONG: usize = 2_000;

/// Two items that belong together, or one that has no other.
pub(crate) struct Pair {
    /// What tells the item apart.
    pub(crate) label: Option<String>,
    pub(crate) old: Option<usize>,
    pub(crate) new: Option<usize>,
}

pub(crate) struct Alignment {
    pub(crate) pairs: Vec<Pair>,
    /// Whether items stand in another order, and the order means something.
    pub(crate) reordered: bool,
}

/// Finds which items belong together: by name where all have one, else by likeness.
pub(crate) fn align(known: Known<'_>, old: &[Value], new: &[Value]) -> Alignment {
    if let Some((old_names, new_names)) = names(known, old, new) {
        return by_name(known, &old_names, &new_names);
    }
    let texts =
        |items: &[Value]| -> Vec<String> { items.iter().map(|item| known.item().text(item)).collect() };
    let (old_texts, new_texts) = (texts(old), texts(new));
    let mut pairs = Vec::new();
    if known.unordered() {
        let (old_left, new_left) = equal_ones(&old_texts, &new_texts, &mut pairs);
        by_likeness((&old_left, &new_left), (old, new), false, &mut pairs);
    } else {
        in_order(&old_texts, &new_texts, old, new, &mut pairs);
    }
    pairs.sort_by_key(|pair| (pair.new.or(pair.old), pair.new.is_some()));
    let reordered = !known.unordered() && is_permutation(&old_texts, &new_texts);
    if reordered {
        pairs.clear();
    }
    Alignment { pairs, reordered }
}

fn is_permutation(old: &[String], new: &[String]) -> bool {
    let sorted = |texts: &[String]| {
        let mut texts = texts.to_vec();
        texts.sort_unstable();
        texts
    };
    old != new && old.len() == new.len() && sorted(old) == sorted(new)
}

fn by_name(known: Known<'_>, old: &[String], new: &[String]) -> Alignment {
    let positions: HashMap<&str, usize> =
        old.iter().enumerate().map(|(position, name)| (name.as_str(), position)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut common = Vec::new();
    for (position, name) in new.iter().enumerate() {
        let found = positions.get(name.as_str()).copied();
        common.extend(found);
        pairs.push(Pair { label: Some(name.clone()), old: found, new: Some(position) });
    }
    let present: HashSet<&str> = new.iter().map(String::as_str).collect();
    for (position, name) in old.iter().enumerate().filter(|(_, name)| !present.contains(name.as_str())) {
        pairs.push(Pair { label: Some(name.clone()), old: Some(position), new: None });
    }
    Alignment { pairs, reordered: !known.unordered() && !common.is_sorted() }
}

/// The names of all items, when all have one and no two of a side the same.
fn names(known: Known<'_>, old: &[Value], new: &[Value]) -> Option<(Vec<String>, Vec<String>)> {
    let unique = known.unique_keys();
    let by_facts = (!unique.is_empty()).then(|| unique.iter().map(String::as_str).collect::<Vec<&str>>());
    let keys = by_facts.into_iter().chain(NAMES.iter().map(|keys| keys.to_vec()));
    keys.into_iter().find_map(|keys| Some((named(old, &keys)?, named(new, &keys)?)))
}

fn named(items: &[Value], keys: &[&str]) -> Option<Vec<String>> {
    let names = items.iter().map(|item| {
        let parts = keys.iter().map(|key| {
            let value = item.get(key)?;
            let text = scalar_text(value).or_else(|| Some(Known::NOTHING.text(value)))?;
            Some(format!("{key}={text}"))
        });
        Some(parts.collect::<Option<Vec<String>>>()?.join(","))
    });
    let names: Vec<String> = names.collect::<Option<Vec<String>>>()?;
    let distinct: HashSet<&str> = names.iter().map(String::as_str).collect();
    (distinct.len() == names.len()).then_some(names)
}

/// Pairs the items that are equal; returns what is left.
fn equal_ones(old: &[String], new: &[String], pairs: &mut Vec<Pair>) -> (Vec<usize>, Vec<usize>) {
    let mut positions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, text) in old.iter().enumerate().rev() {
        positions.entry(text).or_default().push(position);
    }
    let mut new_left = Vec::new();
    for (position, text) in new.iter().enumerate() {
        match positions.get_mut(text.as_str()).and_then(Vec::pop) {
            Some(found) => pairs.push(Pair { label: None, old: Some(found), new: Some(position) }),
            None => new_left.push(position),
        }
    }
    let mut old_left: Vec<usize> = positions.into_values().flatten().collect();
    old_left.sort_unstable();
    (old_left, new_left)
}

/// Pairs items by the longest common subsequence, and what is between by likeness.
fn in_order(old_texts: &[String], new_texts: &[String], old: &[Value], new: &[Value], pairs: &mut Vec<Pair>) {
    let start = old_texts.iter().zip(new_texts).take_while(|(old, new)| old == new).count();
    pairs.extend((0..start).map(|at| Pair { label: None, old: Some(at), new: Some(at) }));
    let old_tail = old_texts.iter().skip(start).rev();
    let tail = old_tail.zip(new_texts.iter().skip(start).rev()).take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old_texts.len() - tail, new_texts.len() - tail);
    pairs.extend((0..tail).map(|at| Pair { label: None, old: Some(old_end + at), new: Some(new_end + at) }));
    let (Some(old_rest), Some(new_rest)) = (old_texts.get(start..old_end), new_texts.get(start..new_end))
    else {
        return;
    };
    if old_rest.len().min(new_rest.len()) > LONG {
        pairs.extend((start..old_end).map(|at| Pair { label: None, old: Some(at), new: None }));
        pairs.extend((start..new_end).map(|at| Pair { label: None, old: None, new: Some(at) }));
        return;
    }
    for operation in capture_diff_slices(Algorithm::Myers, old_rest, new_rest) {
        match operation {
            DiffOp::Equal { old_index, new_index, len } => {
                pairs.extend((0..len).map(|offset| Pair {
                    label: None,
                    old: Some(start + old_index + offset),
                    new: Some(start + new_index + offset),
                }));
            }
            other => {
                let old_left: Vec<usize> = other.old_range().map(|at| start + at).collect();
                let new_left: Vec<usize> = other.new_range().map(|at| start + at).collect();
                by_likeness((&old_left, &new_left), (old, new), true, pairs);
            }
        }
    }
}

/// Pairs the items that are most alike; the rest is gone or new. Scalars have no likeness.
fn by_likeness(
    (old_left, new_left): (&[usize], &[usize]),
    (old, new): (&[Value], &[Value]),
    ordered: bool,
    pairs: &mut Vec<Pair>,
) {
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    let mut taken_old = HashSet::new();
    let mut taken_new = HashSet::new();
    let one_each = old_left.len() == 1 && new_left.len() == 1;
    if old_left.len() <= MEASURED && new_left.len() <= MEASURED {
        let structured = |items: &[Value], left: &[usize]| -> Vec<Option<Vec<u64>>> {
            let left = left.iter().map(|at| items.get(*at).filter(|item| item.as_map().is_some()));
            left.map(|item| item.map(similarity::leaves)).collect()
        };
        let (old_leaves, new_leaves) = (structured(old, old_left), structured(new, new_left));
        let mut rated = Vec::new();
        for (old_at, old_leaves) in old_left.iter().zip(&old_leaves) {
            for (new_at, new_leaves) in new_left.iter().zip(&new_leaves) {
                let likeness = match (old_leaves, new_leaves) {
                    (Some(old), Some(new)) => similarity::between(old, new),
                    _ => 0.0,
                };
                let kind = |items: &[Value], at: usize| items.get(at).map(Value::kind);
                if likeness >= ALIKE || one_each && kind(old, *old_at) == kind(new, *new_at) {
                    rated.push((likeness, *old_at, *new_at));
                }
            }
        }
        // The order of what is equally alike is that of the lists, from whichever side one looks.
        let place = |rated: &(f64, usize, usize)| (rated.1 + rated.2, rated.1.abs_diff(rated.2));
        rated.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| place(left).cmp(&place(right))));
        for (_, old_at, new_at) in rated {
            // What stands in order must not change places unnoticed.
            let crosses = |other: &(usize, usize)| (other.0 < old_at) != (other.1 < new_at);
            let taken = taken_old.contains(&old_at) || taken_new.contains(&new_at);
            if taken || ordered && chosen.iter().any(crosses) {
                continue;
            }
            chosen.push((old_at, new_at));
            taken_old.insert(old_at);
            taken_new.insert(new_at);
            pairs.push(Pair { label: None, old: Some(old_at), new: Some(new_at) });
        }
    }
    let gone = old_left.iter().filter(|at| !taken_old.contains(at));
    pairs.extend(gone.map(|at| Pair { label: None, old: Some(*at), new: None }));
    let fresh = new_left.iter().filter(|at| !taken_new.contains(at));
    pairs.extend(fresh.map(|at| Pair { label: None, old: None, new: Some(*at) }));
}
