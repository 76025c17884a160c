//! Which resource that is gone is probably one that is new, under another logical id or in
//! another stack.

use std::collections::{BTreeMap, HashMap, HashSet};

use formwork_template::{
    Value,
    intrinsic::{self, SubPart},
};
use serde::Serialize;
use similar::{Algorithm, capture_diff_slices, get_diff_ratio};

use crate::{canonical::Known, similarity};

/// How alike two resources must be to be one, from 0 to 1.
const ALIKE: f64 = 0.7;
/// The most resources of one type on each side whose likeness is measured.
const MEASURED: usize = 64;
/// How much the likeness of logical ids counts, to choose among what is alike.
const ID_WEIGHT: f64 = 0.1;

/// A resource that is probably the same under another logical id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rename {
    /// The type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The logical id that is gone.
    pub from: String,
    /// The logical id that is new.
    pub to: String,
    /// How alike the two are, from 0 to 1.
    pub similarity: f64,
    /// What to write at the builder, so that the deployment refactors and does not replace.
    pub line: String,
}

/// A resource on one side only.
pub(crate) struct Lone<'a> {
    /// The position of the stack.
    pub(crate) stack: usize,
    pub(crate) logical_id: &'a str,
    pub(crate) resource_type: &'a str,
    pub(crate) properties: Option<&'a Value>,
}

/// Two resources that are probably one.
pub(crate) struct Kin<'l, 'a> {
    pub(crate) gone: &'l Lone<'a>,
    pub(crate) fresh: &'l Lone<'a>,
    pub(crate) similarity: f64,
}

/// Pairs what is gone with what is new, by type and likeness; `within` keeps to one stack.
pub(crate) fn find<'l, 'a>(gone: &'l [Lone<'a>], fresh: &'l [Lone<'a>], within: bool) -> Vec<Kin<'l, 'a>> {
    type Bucket<'l, 'a> = (Vec<&'l Lone<'a>>, Vec<&'l Lone<'a>>);
    let mut buckets: BTreeMap<(&str, usize), Bucket<'l, 'a>> = BTreeMap::new();
    let key = |lone: &Lone<'a>| (lone.resource_type, if within { lone.stack } else { 0 });
    for lone in gone {
        buckets.entry(key(lone)).or_default().0.push(lone);
    }
    for lone in fresh {
        if let Some(bucket) = buckets.get_mut(&key(lone)) {
            bucket.1.push(lone);
        }
    }
    // Ids on one side only are what renaming itself changes in references.
    let ids: HashSet<&str> = gone.iter().chain(fresh).map(|lone| lone.logical_id).collect();
    let mut found = Vec::new();
    for (gone, fresh) in buckets.values().filter(|(gone, fresh)| !gone.is_empty() && !fresh.is_empty()) {
        pair(gone, fresh, &ids, within, &mut found);
    }
    found
}

fn pair<'l, 'a>(
    gone: &[&'l Lone<'a>],
    fresh: &[&'l Lone<'a>],
    ids: &HashSet<&str>,
    within: bool,
    found: &mut Vec<Kin<'l, 'a>>,
) {
    let leaves = |lone: &&Lone<'a>| {
        let masked = lone.properties.map_or(Value::Null, |properties| masked(properties, ids));
        similarity::leaves(&masked)
    };
    if gone.len() > MEASURED || fresh.len() > MEASURED {
        return;
    }
    let (gone_leaves, fresh_leaves): (Vec<_>, Vec<_>) =
        (gone.iter().map(leaves).collect(), fresh.iter().map(leaves).collect());
    let mut rated = Vec::new();
    for (gone_at, one) in gone.iter().enumerate() {
        for (fresh_at, other) in fresh.iter().enumerate() {
            if !within && one.stack == other.stack {
                continue;
            }
            let similarity = match (gone_leaves.get(gone_at), fresh_leaves.get(fresh_at)) {
                (Some(one), Some(other)) => similarity::between(one, other),
                _ => 0.0,
            };
            if similarity >= ALIKE {
                let score = similarity + ID_WEIGHT * id_likeness(one.logical_id, other.logical_id);
                rated.push((score, similarity, gone_at, fresh_at));
            }
        }
    }
    rated.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.2, left.3).cmp(&(right.2, right.3))));
    let (mut taken_gone, mut taken_fresh) = (HashSet::new(), HashSet::new());
    for (_, similarity, gone_at, fresh_at) in rated {
        if taken_gone.contains(&gone_at) || taken_fresh.contains(&fresh_at) {
            continue;
        }
        taken_gone.insert(gone_at);
        taken_fresh.insert(fresh_at);
        if let (Some(gone), Some(fresh)) = (gone.get(gone_at), fresh.get(fresh_at)) {
            found.push(Kin { gone, fresh, similarity });
        }
    }
}

fn id_likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let operations = capture_diff_slices(Algorithm::Myers, one, other);
    f64::from(get_diff_ratio(&operations, one.len(), other.len()))
}

/// A value with ids of one side only masked, wherever an expression refers to them.
fn masked(value: &Value, ids: &HashSet<&str>) -> Value {
    let mask = |name: &str| if ids.contains(name) { "?".to_owned() } else { name.to_owned() };
    match value {
        Value::List(items) => Value::list(items.iter().map(|item| masked(item, ids))),
        Value::Map(map) => match intrinsic::of(map) {
            Some(("Ref", Value::String(name))) => Value::map([("Ref", Value::from(mask(name)))]),
            Some(("Fn::GetAtt", argument)) => {
                let dotted = match argument {
                    Value::List(parts) => {
                        parts.iter().filter_map(Value::as_str).collect::<Vec<&str>>().join(".")
                    }
                    other => Known::NOTHING.text(other).trim_matches('"').to_owned(),
                };
                let (name, attribute) = dotted.split_once('.').unwrap_or((&dotted, ""));
                Value::map([("Fn::GetAtt", Value::from(format!("{}.{attribute}", mask(name))))])
            }
            Some(("Fn::Sub", Value::String(format))) => {
                let mut text = String::new();
                for part in intrinsic::sub_parts(format) {
                    match part {
                        SubPart::Text(literal) | SubPart::Escaped(literal) => text.push_str(literal),
                        SubPart::Placeholder(name) => {
                            let (name, attribute) = name.split_once('.').unwrap_or((name, ""));
                            text.push_str(&mask(name));
                            text.push_str(attribute);
                        }
                    }
                }
                Value::from(text)
            }
            _ => Value::map(map.iter().map(|(key, item)| (key.to_owned(), masked(item, ids)))),
        },
        other => other.clone(),
    }
}

/// What to write at the builder of a resource that had another logical id.
pub(crate) fn line(from: &str) -> String {
    format!(".moved_from(\"{from}\")")
}

/// Logical ids that are there twice are in two stacks.
pub(crate) fn renames(gone: &[Lone<'_>], fresh: &[Lone<'_>]) -> Vec<Rename> {
    let mut renames: Vec<Rename> = find(gone, fresh, true)
        .into_iter()
        .map(|kin| Rename {
            resource_type: kin.gone.resource_type.to_owned(),
            from: kin.gone.logical_id.to_owned(),
            to: kin.fresh.logical_id.to_owned(),
            similarity: kin.similarity,
            line: line(kin.gone.logical_id),
        })
        .collect();
    let order: HashMap<&str, usize> =
        fresh.iter().enumerate().map(|(position, lone)| (lone.logical_id, position)).collect();
    renames.sort_by_key(|rename| order.get(rename.to.as_str()).copied());
    renames
}
