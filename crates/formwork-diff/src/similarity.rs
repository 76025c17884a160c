//! How alike two values are.

use std::collections::HashMap;

use formwork_template::{Value, intrinsic};

use crate::canonical::Known;

/// How much of two values is the same, from 0 to 1: their leaves with the way to them.
pub(crate) fn of(old: &Value, new: &Value) -> f64 {
    between(&leaves(old), &leaves(new))
}

/// The leaves of a value with the keys that lead to them, and how often each is there.
pub(crate) fn leaves(value: &Value) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    collect(value, &mut String::new(), &mut found);
    found
}

/// How much of two sets of leaves is the same.
#[expect(clippy::cast_precision_loss, reason = "a value has far fewer leaves than 2^52")]
pub(crate) fn between(old: &HashMap<String, usize>, new: &HashMap<String, usize>) -> f64 {
    let total: usize = old.values().chain(new.values()).sum();
    if total == 0 {
        return 1.0;
    }
    let common: usize =
        old.iter().filter_map(|(leaf, count)| new.get(leaf).map(|other| count.min(other))).sum();
    2.0 * common as f64 / total as f64
}

fn collect(value: &Value, way: &mut String, found: &mut HashMap<String, usize>) {
    match value {
        Value::Map(map) if intrinsic::of(map).is_none() => {
            for (key, item) in map.iter() {
                let length = way.len();
                way.push('/');
                way.push_str(key);
                collect(item, way, found);
                way.truncate(length);
            }
        }
        Value::List(items) => {
            for item in items {
                let length = way.len();
                way.push_str("/*");
                collect(item, way, found);
                way.truncate(length);
            }
        }
        leaf => *found.entry(format!("{way}={}", Known::NOTHING.text(leaf))).or_default() += 1,
    }
}
