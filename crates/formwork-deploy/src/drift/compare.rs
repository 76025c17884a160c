//! Comparing what is declared with what is there, whatever way each is written.

use std::borrow::Cow;

use formwork_spec::{Kind, NestedFacts, ResourceFacts, ValueFacts};
use serde_json::{Map, Value};

use super::{
    resolve,
    value::{Difference, DifferenceKind, Unseen},
};

/// Properties by which the items of a list are told apart.
const KEYS: [&str; 8] = ["Key", "Id", "Sid", "Name", "PolicyName", "AttributeName", "IndexName", "Type"];

/// Whether two values mean the same: text that is JSON as JSON, numbers and booleans as text, lists in
/// any order, nothing as an empty list or map.
pub(crate) fn same(declared: &Value, actual: &Value) -> bool {
    let (declared, actual) = (plain(declared), plain(actual));
    if resolve::is_unresolved(&declared) {
        return true;
    }
    match (declared.as_ref(), actual.as_ref()) {
        (Value::Array(declared), Value::Array(actual)) => {
            declared.len() == actual.len() && pair(declared, actual, same).is_ok_and(|left| left.is_empty())
        }
        (Value::Object(declared), Value::Object(actual)) => {
            let absent = Value::Null;
            let mut keys = declared.keys().chain(actual.keys().filter(|key| !declared.contains_key(*key)));
            keys.all(|key| same(declared.get(key).unwrap_or(&absent), actual.get(key).unwrap_or(&absent)))
        }
        // One item may stand for a list of it.
        (Value::Array(items), other) | (other, Value::Array(items)) => match items.as_slice() {
            [] => is_nothing(other),
            [only] => same(only, other) || same(other, only),
            _ => false,
        },
        (Value::Object(map), other) | (other, Value::Object(map)) => {
            (map.is_empty() && is_nothing(other)) || is_everyone(map, other)
        }
        (declared, actual) => same_scalar(declared, actual),
    }
}

/// Whether a value says no more than that there is none.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// `{"AWS": "*"}`, which a policy also writes as `*`.
fn is_everyone(map: &Map<String, Value>, other: &Value) -> bool {
    other.as_str() == Some("*") && map.len() == 1 && map.get("AWS").is_some_and(|who| same(who, other))
}

fn same_scalar(declared: &Value, actual: &Value) -> bool {
    if declared.is_null() || actual.is_null() {
        return declared == actual;
    }
    let (declared, actual) = (scalar(declared), scalar(actual));
    if declared == actual {
        return true;
    }
    if let (Ok(declared), Ok(actual)) = (declared.parse::<f64>(), actual.parse::<f64>()) {
        return declared.total_cmp(&actual).is_eq();
    }
    let is_flag = |text: &str| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    (is_flag(&declared) && declared.eq_ignore_ascii_case(&actual))
        || is_account(&declared, &actual)
        || is_account(&actual, &declared)
}

/// Whether the ARN is of the root of the account, which a policy also writes as the number.
fn is_account(number: &str, arn: &str) -> bool {
    let is_number = number.len() == 12 && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number && arn.starts_with("arn:") && arn.ends_with(&format!(":iam::{number}:root"))
}

fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Text that is JSON, as JSON.
fn plain(value: &Value) -> Cow<'_, Value> {
    if let Value::String(text) = value
        && text.trim_start().starts_with(['{', '['])
        && let Ok(parsed) = serde_json::from_str::<Value>(text)
    {
        return Cow::Owned(parsed);
    }
    Cow::Borrowed(value)
}

/// Pairs items that are the same wherever they stand: the positions of those that are left, or the
/// declared ones that nothing is like.
fn pair(
    declared: &[Value],
    actual: &[Value],
    same: impl Fn(&Value, &Value) -> bool,
) -> Result<Vec<usize>, (Vec<usize>, Vec<usize>)> {
    let mut left: Vec<usize> = (0..actual.len()).collect();
    let mut alone = Vec::new();
    // What is known in full takes its like first: what is not known takes anything.
    let mut order: Vec<usize> = (0..declared.len()).collect();
    order.sort_by_key(|position| resolve::has_unresolved(&declared[*position]));
    for position in order {
        // Most stand where they were declared.
        let found = left
            .iter()
            .position(|other| *other == position && same(&declared[position], &actual[*other]))
            .or_else(|| left.iter().position(|other| same(&declared[position], &actual[*other])));
        match found {
            Some(found) => {
                left.remove(found);
            }
            None => alone.push(position),
        }
    }
    alone.sort_unstable();
    if alone.is_empty() { Ok(left) } else { Err((alone, left)) }
}

/// Compares declared properties with the whole of a resource as it is.
pub(crate) struct Comparison<'a> {
    facts: Option<&'a ResourceFacts>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) unseen: Vec<Unseen>,
}

impl<'a> Comparison<'a> {
    pub(crate) const fn new(facts: Option<&'a ResourceFacts>) -> Self {
        Self { facts, differences: Vec::new(), unseen: Vec::new() }
    }

    /// Compares the properties of a resource. What is not declared is not compared.
    pub(crate) fn properties(&mut self, declared: &Map<String, Value>, actual: &Map<String, Value>) {
        for (name, declared) in declared {
            let value = self.facts.and_then(|facts| facts.property(name)).map(|property| &property.value);
            let path = pointer("", name);
            self.value(declared, actual.get(name).unwrap_or(&Value::Null), &path, value);
        }
    }

    /// Compares one value; a place that differs is told as deep as it lies.
    fn value(&mut self, declared: &Value, actual: &Value, path: &str, facts: Option<&'a ValueFacts>) {
        if let Some(text) = resolve::unresolved(declared) {
            let reason = format!("`{text}` is known to the service alone");
            self.unseen.push(Unseen { path: path.to_owned(), reason });
            return;
        }
        if self.is_hidden(path) {
            let reason = "the service never tells what it is".to_owned();
            self.unseen.push(Unseen { path: path.to_owned(), reason });
            return;
        }
        // A value of which parts are hidden is looked at part by part.
        let whole = !resolve::has_unresolved(declared) && !self.has_hidden_below(path);
        let (declared, actual) = (plain(declared), plain(actual));
        if whole && self.agrees(&declared, &actual, facts) {
            return;
        }
        match (declared.as_ref(), actual.as_ref()) {
            (Value::Object(declared), Value::Object(actual)) => self.map(declared, actual, path, facts),
            (Value::Array(declared), Value::Array(actual)) => self.list(declared, actual, path, facts),
            (Value::Object(_) | Value::Array(_), Value::Null) if !whole => {
                self.parts(&declared, path, facts);
            }
            (declared, Value::Null) => {
                let declared = Some(declared.clone());
                self.tell(path, declared, None, DifferenceKind::Removed);
            }
            (declared, actual) => {
                self.tell(path, Some(declared.clone()), Some(actual.clone()), DifferenceKind::Changed);
            }
        }
    }

    /// Of something that is not there at all, those parts that somebody could have seen.
    fn parts(&mut self, declared: &Value, path: &str, facts: Option<&'a ValueFacts>) {
        if let Value::Object(declared) = declared {
            self.map(declared, &Map::new(), path, facts);
        } else {
            let reason = "parts of it are known to the service alone".to_owned();
            self.unseen.push(Unseen { path: path.to_owned(), reason });
        }
    }

    fn map(
        &mut self,
        declared: &Map<String, Value>,
        actual: &Map<String, Value>,
        path: &str,
        facts: Option<&'a ValueFacts>,
    ) {
        for (key, value) in declared {
            let below = self.below(facts, key);
            self.value(value, actual.get(key).unwrap_or(&Value::Null), &pointer(path, key), below);
        }
        if !self.has_defaults(facts) {
            for (key, value) in actual.iter().filter(|(key, _)| !declared.contains_key(*key)) {
                if !is_nothing(value) {
                    self.tell(&pointer(path, key), None, Some(value.clone()), DifferenceKind::Added);
                }
            }
        }
    }

    fn list(&mut self, declared: &[Value], actual: &[Value], path: &str, facts: Option<&'a ValueFacts>) {
        let item = facts.and_then(item_of);
        let is_own = |value: &Value| !is_reserved_tag(value);
        let positions: Vec<usize> = (0..actual.len()).filter(|at| is_own(&actual[*at])).collect();
        let present: Vec<Value> = positions.iter().map(|at| actual[*at].clone()).collect();
        let paired = pair(declared, &present, |one, other| self.agrees(one, other, item));
        let (alone, mut left) = paired.map_or_else(|apart| apart, |left| (Vec::new(), left));
        for position in alone {
            let value = &declared[position];
            let partner = left.iter().position(|other| same_key(value, &present[*other])).or_else(|| {
                // Items that have no name of their own are told apart by where they stand.
                let nameless = key_of(value).is_none();
                left.iter().position(|other| nameless && *other == position)
            });
            let place = format!("{path}/{position}");
            match partner {
                Some(partner) => {
                    let partner = left.remove(partner);
                    self.value(value, &present[partner], &place, item);
                }
                None => self.tell(&place, Some(value.clone()), None, DifferenceKind::Removed),
            }
        }
        for position in left {
            let place = format!("{path}/{}", positions[position]);
            self.tell(&place, None, Some(present[position].clone()), DifferenceKind::Added);
        }
    }

    fn tell(&mut self, path: &str, declared: Option<Value>, actual: Option<Value>, kind: DifferenceKind) {
        self.differences.push(Difference {
            path: path.to_owned(),
            declared,
            actual,
            kind,
            doubt: None,
            ignored: None,
        });
    }

    /// Whether two values mean the same, but for what the service fills in by itself.
    fn agrees(&self, declared: &Value, actual: &Value, facts: Option<&'a ValueFacts>) -> bool {
        if same(declared, actual) {
            return true;
        }
        let (declared, actual) = (plain(declared), plain(actual));
        match (declared.as_ref(), actual.as_ref()) {
            (Value::Object(declared), Value::Object(actual)) => {
                let absent = Value::Null;
                let each = declared.iter().all(|(key, value)| {
                    let below = self.below(facts, key);
                    self.agrees(value, actual.get(key).unwrap_or(&absent), below)
                });
                let more =
                    || actual.iter().any(|(key, value)| !declared.contains_key(key) && !is_nothing(value));
                each && (self.has_defaults(facts) || !more())
            }
            (Value::Array(declared), Value::Array(actual)) => {
                let item = facts.and_then(item_of);
                let present: Vec<Value> =
                    actual.iter().filter(|value| !is_reserved_tag(value)).cloned().collect();
                let paired = pair(declared, &present, |one, other| self.agrees(one, other, item));
                paired.is_ok_and(|left| left.is_empty())
            }
            _ => false,
        }
    }

    /// Whether the service may fill in keys that are not declared.
    fn has_defaults(&self, facts: Option<&ValueFacts>) -> bool {
        facts.is_some_and(|facts| self.nested(facts).is_some())
    }

    fn nested(&self, value: &ValueFacts) -> Option<&'a NestedFacts> {
        let nested = |kind: &Kind| match kind {
            Kind::Nested(id) => self.facts?.nested(*id),
            _ => None,
        };
        match &value.kind {
            Kind::Union(members) => members.iter().find_map(|member| nested(&member.kind)),
            kind => nested(kind),
        }
    }

    fn below(&self, facts: Option<&'a ValueFacts>, key: &str) -> Option<&'a ValueFacts> {
        let facts = facts?;
        match &facts.kind {
            Kind::Map(inner) => Some(inner),
            _ => Some(&self.nested(facts)?.property(key)?.value),
        }
    }

    /// Whether nobody can read a place, or the service alone writes it.
    fn is_hidden(&self, path: &str) -> bool {
        self.facts.is_some_and(|facts| {
            facts.write_only.iter().chain(&facts.read_only).any(|pattern| covers(pattern, path))
        })
    }

    fn has_hidden_below(&self, path: &str) -> bool {
        self.facts.is_some_and(|facts| {
            facts.write_only.iter().chain(&facts.read_only).any(|pattern| lies_below(pattern, path))
        })
    }
}

/// The declared properties of a type that nobody can read back.
pub(crate) fn unreadable(facts: &ResourceFacts, declared: &Map<String, Value>) -> Vec<Unseen> {
    let mut unseen = Vec::new();
    for pattern in &facts.write_only {
        let mut steps = pattern.split('/').filter(|step| !step.is_empty());
        let first = steps.next().and_then(|first| declared.get(first));
        let there = steps.try_fold(first, |value, step| match (value?, step) {
            (Value::Object(map), step) => Some(map.get(step)),
            // Of a list, what its first item has is enough to know.
            (Value::Array(items), "*") => Some(items.first()),
            _ => None,
        });
        if there.flatten().is_some() {
            let path = format!("/{}", pattern.trim_start_matches('/'));
            unseen.push(Unseen { path, reason: "the service never tells what it is".to_owned() });
        }
    }
    unseen
}

fn item_of(value: &ValueFacts) -> Option<&ValueFacts> {
    match &value.kind {
        Kind::List(inner) => Some(inner),
        Kind::Union(members) => members.iter().find_map(item_of),
        _ => None,
    }
}

/// A tag that only the service writes.
fn is_reserved_tag(value: &Value) -> bool {
    value.get("Key").and_then(Value::as_str).is_some_and(|key| key.starts_with("aws:"))
}

fn key_of(value: &Value) -> Option<(&'static str, &Value)> {
    KEYS.iter().find_map(|key| Some((*key, value.get(key).filter(|name| name.is_string())?)))
}

fn same_key(declared: &Value, actual: &Value) -> bool {
    key_of(declared).is_some_and(|(key, name)| actual.get(key) == Some(name))
}

/// The JSON pointer of a key below another.
pub(crate) fn pointer(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Whether a path of the facts, `*` for any item, is this place or holds it.
fn covers(pattern: &str, path: &str) -> bool {
    let mut steps = path.split('/').filter(|step| !step.is_empty());
    pattern
        .split('/')
        .filter(|part| !part.is_empty())
        .all(|part| steps.next().is_some_and(|step| part == step || part == "*"))
}

fn lies_below(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('/').filter(|part| !part.is_empty());
    path.split('/')
        .filter(|step| !step.is_empty())
        .all(|step| parts.next().is_some_and(|part| part == step || part == "*"))
        && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::Index};
    use serde_json::json;

    use super::*;

    /// What a template can declare.
    fn declared() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (-1_000_i64..1_000).prop_map(Value::from),
            "[a-z]{1,6}".prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 1..4).prop_map(Value::Array),
                prop::collection::btree_map("[A-Z][a-z]{1,4}", inner, 1..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The same value as a service may tell it.
    fn told(value: &Value, dice: &mut impl Iterator<Item = u8>) -> Value {
        let roll = dice.next().unwrap_or_default();
        match value {
            Value::Array(items) => {
                let mut items: Vec<Value> = items.iter().map(|item| told(item, dice)).collect();
                if roll.is_multiple_of(2) {
                    items.reverse();
                }
                Value::Array(items)
            }
            Value::Object(map) => {
                let mut map: Map<String, Value> =
                    map.iter().map(|(key, value)| (key.clone(), told(value, dice))).collect();
                if roll.is_multiple_of(3) {
                    map.insert("Nothing".to_owned(), json!([]));
                }
                if roll.is_multiple_of(5) {
                    Value::String(Value::Object(map).to_string())
                } else {
                    Value::Object(map)
                }
            }
            scalar if roll.is_multiple_of(2) => {
                Value::String(scalar.to_string().trim_matches('"').to_owned())
            }
            scalar => scalar.clone(),
        }
    }

    /// Changes one scalar, the one of this number.
    fn changed(value: &mut Value, number: &mut usize) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| changed(item, number)),
            Value::Object(map) => map.values_mut().for_each(|item| changed(item, number)),
            scalar => {
                if *number == 0 {
                    *scalar = json!("CHANGED");
                }
                *number = number.wrapping_sub(1);
            }
        }
    }

    fn scalars(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.iter().map(scalars).sum(),
            Value::Object(map) => map.values().map(scalars).sum(),
            _ => 1,
        }
    }

    fn differences(declared: &Value, actual: &Value) -> Vec<Difference> {
        let map = |value: &Value| Map::from_iter([("Property".to_owned(), value.clone())]);
        let mut comparison = Comparison::new(None);
        comparison.properties(&map(declared), &map(actual));
        assert!(comparison.unseen.is_empty());
        comparison.differences
    }

    proptest! {
        #[test]
        fn another_way_to_write_it_is_no_difference(value in declared(), dice in vec(any::<u8>(), 32)) {
            let told = told(&value, &mut dice.into_iter());
            prop_assert!(same(&value, &told), "{value} {told}");
            prop_assert_eq!(differences(&value, &told), []);
        }

        #[test]
        fn another_value_is_found(value in declared(), dice in vec(any::<u8>(), 32), which in any::<Index>()) {
            let mut other = value.clone();
            changed(&mut other, &mut which.index(scalars(&value)));
            let told = told(&other, &mut dice.into_iter());
            prop_assert!(!same(&value, &told), "{value} {told}");
            let found = differences(&value, &told);
            prop_assert!(!found.is_empty(), "{value} {told}");
            // Nothing else is told: what came and what went, at the most.
            prop_assert!(found.len() <= 2, "{value} {told} {found:?}");
        }
    }

    #[test]
    fn what_a_policy_writes_in_two_ways_is_the_same() {
        let pairs = [
            (json!("*"), json!({"AWS": "*"})),
            (json!({"AWS": "123456789012"}), json!({"AWS": ["arn:aws:iam::123456789012:root"]})),
            (json!([]), Value::Null),
            (json!({"Action": "s3:*"}), json!({"Action": ["s3:*"]})),
            (json!("1.0"), json!(1)),
        ];
        for (one, other) in pairs {
            assert!(same(&one, &other) && same(&other, &one), "{one} {other}");
        }
        assert!(!same(&json!("123456789012"), &json!("arn:aws:iam::210987654321:root")));
        assert!(!same(&json!(["a", "a"]), &json!(["a", "b"])));
    }

    #[test]
    fn a_list_tells_which_item_differs() {
        let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
        let declared = json!([tag("team", "web"), tag("cost", "low"), tag("old", "1")]);
        let actual = json!([tag("aws:x", "1"), tag("cost", "high"), tag("team", "web"), tag("new", "2")]);
        let told: Vec<String> = differences(&declared, &actual)
            .iter()
            .map(|told| format!("{:?} {} {:?} {:?}", told.kind, told.path, told.declared, told.actual))
            .collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
