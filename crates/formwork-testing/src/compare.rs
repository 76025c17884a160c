//! Holds a value against a matcher, and tells every difference.

use formwork_core::Value;
use formwork_template::{Map, intrinsic, json};

use crate::{
    Capture,
    describe::{self, brief},
    matcher::{Kind, Matcher},
    text,
};

/// One place where a value is not what the matcher wants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    pub(crate) path: Vec<String>,
    pub(crate) expected: String,
    pub(crate) found: String,
    /// How much of the matcher it stands for: a whole object that is missing is further off than
    /// one of its keys, and what is missing is further off than what is different.
    weight: usize,
}

/// What comparing gave.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) differences: Vec<Difference>,
    captured: Vec<(Capture, Value)>,
}

impl Comparison {
    /// Compares a value, or that there is none, found at a path.
    pub(crate) fn of(matcher: &Matcher, value: Option<&Value>, path: &[&str]) -> Self {
        let mut comparison = Self::default();
        let mut path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        comparison.run(matcher, value, &mut path);
        comparison
    }

    pub(crate) fn is_match(&self) -> bool {
        self.differences.is_empty()
    }

    /// How far off the value is.
    pub(crate) fn distance(&self) -> usize {
        self.differences.iter().map(|difference| difference.weight).sum()
    }

    /// Hands over what was captured on the way.
    pub(crate) fn keep_captured(self) {
        for (capture, value) in self.captured {
            capture.take(value);
        }
    }

    fn run(&mut self, matcher: &Matcher, value: Option<&Value>, path: &mut Vec<String>) {
        match &matcher.0 {
            Kind::Any => {
                if matches!(value, None | Some(Value::Null)) {
                    self.differ(matcher, value, path);
                }
            }
            Kind::Absent => {
                if value.is_some() {
                    self.differ(matcher, value, path);
                }
            }
            Kind::Not(inner) => {
                if Self::of(inner, value, &[]).is_match() {
                    self.differ(matcher, value, path);
                }
            }
            Kind::Capture(capture, inner) => {
                self.run(inner, value, path);
                if let Some(value) = value {
                    self.captured.push((capture.clone(), value.clone()));
                }
            }
            Kind::Exact(expected) => match value {
                Some(value) => self.exact(expected, value, path),
                None => self.differ(matcher, value, path),
            },
            Kind::ObjectLike(pairs) => match value {
                Some(Value::Map(map)) => {
                    for (key, inner) in pairs {
                        self.below(key, path, |comparison, path| comparison.run(inner, map.get(key), path));
                    }
                }
                _ => self.differ(matcher, value, path),
            },
            Kind::ArrayEquals(items) => match value {
                Some(Value::List(found)) => self.array_equals(items, found, path),
                _ => self.differ(matcher, value, path),
            },
            Kind::ArrayWith(items) => match value {
                Some(Value::List(found)) => self.array_with(items, found, path),
                _ => self.differ(matcher, value, path),
            },
            Kind::StringLike(regex) => {
                if !value.and_then(text::of).is_some_and(|text| regex.is_match(&text)) {
                    self.differ(matcher, value, path);
                }
            }
            Kind::SerializedJson(inner) => match value.and_then(serialized) {
                Some(inside) => self.below("(JSON)", path, |comparison, path| {
                    comparison.run(inner, Some(&inside), path);
                }),
                None => self.differ(matcher, value, path),
            },
        }
    }

    fn exact(&mut self, expected: &Value, found: &Value, path: &mut Vec<String>) {
        match (expected, found) {
            (Value::Map(expected), Value::Map(found)) => self.exact_map(expected, found, path),
            (Value::List(expected), Value::List(found)) => {
                self.lengths(expected.len(), found.len(), path);
                for (position, (expected, found)) in expected.iter().zip(found).enumerate() {
                    self.below(&position.to_string(), path, |comparison, path| {
                        comparison.exact(expected, found, path);
                    });
                }
            }
            _ if expected == found => {}
            _ => {
                let [one, other] = describe::brief_pair(expected, found);
                self.push(one, other, describe::weight(expected), path);
            }
        }
    }

    fn exact_map(&mut self, expected: &Map, found: &Map, path: &mut Vec<String>) {
        for (key, expected) in expected.iter() {
            self.below(key, path, |comparison, path| match found.get(key) {
                Some(found) => comparison.exact(expected, found, path),
                None => {
                    comparison.push(
                        brief(expected),
                        describe::NOTHING.to_owned(),
                        describe::weight(expected),
                        path,
                    );
                }
            });
        }
        for (key, value) in found.iter().filter(|(key, _)| !expected.contains_key(key)) {
            self.below(key, path, |comparison, path| {
                comparison.push(describe::NOTHING.to_owned(), brief(value), 1, path);
            });
        }
    }

    fn array_equals(&mut self, items: &[Matcher], found: &[Value], path: &mut Vec<String>) {
        self.lengths(items.len(), found.len(), path);
        for (position, (item, value)) in items.iter().zip(found).enumerate() {
            self.below(&position.to_string(), path, |comparison, path| {
                comparison.run(item, Some(value), path);
            });
        }
    }

    /// The earliest item that fits leaves the most for those that follow, so that the first way
    /// through is as good as any other.
    fn array_with(&mut self, items: &[Matcher], found: &[Value], path: &mut Vec<String>) {
        let mut from = 0;
        for item in items {
            let mut nearest: Option<(usize, Self)> = None;
            for (position, value) in found.iter().enumerate().skip(from) {
                let mut comparison = Self::default();
                self.below(&position.to_string(), path, |_, path| comparison.run(item, Some(value), path));
                if comparison.is_match() {
                    nearest = Some((position, comparison));
                    break;
                }
                if nearest.as_ref().is_none_or(|(_, nearest)| comparison.distance() < nearest.distance()) {
                    nearest = Some((position, comparison));
                }
            }
            match nearest {
                Some((position, comparison)) if comparison.is_match() => {
                    self.captured.extend(comparison.captured);
                    from = position + 1;
                }
                Some((_, comparison)) => self.differences.extend(comparison.differences),
                None => {
                    let found = if from == 0 { "an empty array" } else { "no item left" };
                    self.push(format!("an item: {item}"), found.to_owned(), item.weight(), path);
                }
            }
        }
    }

    fn lengths(&mut self, expected: usize, found: usize, path: &[String]) {
        if expected != found {
            let items = |count: usize| format!("{count} item{}", if count == 1 { "" } else { "s" });
            self.push(items(expected), items(found), expected.abs_diff(found), path);
        }
    }

    fn below(&mut self, step: &str, path: &mut Vec<String>, run: impl FnOnce(&mut Self, &mut Vec<String>)) {
        path.push(step.to_owned());
        run(self, path);
        path.pop();
    }

    fn differ(&mut self, matcher: &Matcher, value: Option<&Value>, path: &[String]) {
        let found = value.map_or_else(|| describe::NOTHING.to_owned(), brief);
        self.push(matcher.to_string(), found, matcher.weight(), path);
    }

    fn push(&mut self, expected: String, found: String, weight: usize, path: &[String]) {
        let weight = 2 * weight.max(1) - usize::from(found != describe::NOTHING);
        self.differences.push(Difference { path: path.to_vec(), expected, found, weight });
    }
}

/// The value that a string of JSON holds.
fn serialized(value: &Value) -> Option<Value> {
    if let Some(("Fn::ToJsonString", inside)) = value.as_map().and_then(intrinsic::of) {
        return Some(inside.clone());
    }
    json::read(&text::of(value)?).ok()
}
