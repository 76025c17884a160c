//! Which resource that is gone is probably one that is new, under another logical id or in
//! another stack.

use std::collections::{BTreeMap, HashMap, HashSet};

use formwork_template::{
    Value,
    intrinsic::{self, SubPart},
};
use serde::Serialize;

use crate::{canonical::Known, similarity};

/// How alike two resources must be to be one, from 0 to 1.
const ALIKE: f64 = 0.7;
/// The most resources of one type on each side whose likeness is measured.
const MEASURED: usize = 64;
/// The most pairs of resources with the same content among which names decide.
const SAME: usize = 40_000;
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
    let content = |lone: &&'l Lone<'a>| {
        let masked = lone.properties.map_or(Value::Null, |properties| masked(properties, ids));
        Content { text: Known::NOTHING.text(&masked), leaves: similarity::leaves(&masked), lone }
    };
    let mut gone: Vec<Content<'l, 'a>> = gone.iter().map(content).collect();
    let mut fresh: Vec<Content<'l, 'a>> = fresh.iter().map(content).collect();
    // What is the same but for its name is found however much there is of it.
    let mut groups: BTreeMap<String, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, content) in gone.iter().enumerate() {
        groups.entry(content.text.clone()).or_default().0.push(at);
    }
    for (at, content) in fresh.iter().enumerate() {
        if let Some(group) = groups.get_mut(&content.text) {
            group.1.push(at);
        }
    }
    let (mut taken_gone, mut taken_fresh) = (HashSet::new(), HashSet::new());
    for (gone_group, fresh_group) in groups.values() {
        if gone_group.len() * fresh_group.len() > SAME {
            continue;
        }
        let mut rated = Vec::new();
        for one in gone_group {
            for other in fresh_group {
                rate(&gone, &fresh, (*one, *other), 1.0, within, &mut rated);
            }
        }
        choose(rated, &gone, &fresh, (&mut taken_gone, &mut taken_fresh), found);
    }
    let left = |contents: &mut Vec<Content<'l, 'a>>, taken: &HashSet<usize>| {
        let mut at = 0;
        contents.retain(|_| {
            at += 1;
            !taken.contains(&(at - 1))
        });
    };
    left(&mut gone, &taken_gone);
    left(&mut fresh, &taken_fresh);
    if gone.len() > MEASURED || fresh.len() > MEASURED {
        return;
    }
    let mut rated = Vec::new();
    for (one, gone_content) in gone.iter().enumerate() {
        for (other, fresh_content) in fresh.iter().enumerate() {
            let similarity = similarity::between(&gone_content.leaves, &fresh_content.leaves);
            if similarity >= ALIKE {
                rate(&gone, &fresh, (one, other), similarity, within, &mut rated);
            }
        }
    }
    choose(rated, &gone, &fresh, (&mut HashSet::new(), &mut HashSet::new()), found);
}

/// A resource with what is compared of it.
struct Content<'l, 'a> {
    text: String,
    leaves: Vec<u64>,
    lone: &'l Lone<'a>,
}

/// How well two resources fit: the score, the similarity, and their positions.
type Rated = (f64, f64, usize, usize);

fn rate(
    gone: &[Content<'_, '_>],
    fresh: &[Content<'_, '_>],
    (one, other): (usize, usize),
    similarity: f64,
    within: bool,
    rated: &mut Vec<Rated>,
) {
    let (Some(gone), Some(fresh)) = (gone.get(one), fresh.get(other)) else { return };
    if within || gone.lone.stack != fresh.lone.stack {
        let names = id_likeness(gone.lone.logical_id, fresh.lone.logical_id);
        rated.push((similarity + ID_WEIGHT * names, similarity, one, other));
    }
}

/// Takes the best of what is left until nothing is.
fn choose<'l, 'a>(
    mut rated: Vec<Rated>,
    gone: &[Content<'l, 'a>],
    fresh: &[Content<'l, 'a>],
    (taken_gone, taken_fresh): (&mut HashSet<usize>, &mut HashSet<usize>),
    found: &mut Vec<Kin<'l, 'a>>,
) {
    rated.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.2, left.3).cmp(&(right.2, right.3))));
    for (_, similarity, one, other) in rated {
        let (Some(gone), Some(fresh)) = (gone.get(one), fresh.get(other)) else { continue };
        if !taken_gone.contains(&one) && !taken_fresh.contains(&other) {
            taken_gone.insert(one);
            taken_fresh.insert(other);
            found.push(Kin { gone: gone.lone, fresh: fresh.lone, similarity });
        }
    }
}

/// How much of two names is a common beginning or end, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "names are short")]
fn id_likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let start = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    let rest = one.len().min(other.len()) - start;
    let ends = one.iter().rev().zip(other.iter().rev());
    let end = ends.take(rest).take_while(|(left, right)| left == right).count();
    2.0 * (start + end) as f64 / (one.len() + other.len()).max(1) as f64
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
