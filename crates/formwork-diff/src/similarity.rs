//! How alike two values are.

use std::hash::{DefaultHasher, Hasher};

use formwork_template::{Value, intrinsic};

use crate::canonical::Known;

/// The leaves of a value with the keys that lead to them, to be counted: hashes, in order.
pub(crate) fn leaves(value: &Value) -> Vec<u64> {
    let mut found = Vec::new();
    collect(value, &mut String::new(), &mut found);
    found.sort_unstable();
    found
}

/// How much of two sets of leaves is the same, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a value has far fewer leaves than 2^52")]
pub(crate) fn between(old: &[u64], new: &[u64]) -> f64 {
    let total = old.len() + new.len();
    if total == 0 {
        return 1.0;
    }
    let (mut common, mut old, mut new) = (0, old.iter().peekable(), new.iter().peekable());
    while let (Some(left), Some(right)) = (old.peek(), new.peek()) {
        let order = left.cmp(right);
        if order.is_le() {
            old.next();
        }
        if order.is_ge() {
            new.next();
        }
        common += usize::from(order.is_eq());
    }
    2.0 * common as f64 / total as f64
}

fn collect(value: &Value, way: &mut String, found: &mut Vec<u64>) {
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
        leaf => {
            // The same on every run, which the seeded hasher of maps is not.
            let mut hasher = DefaultHasher::new();
            hasher.write(way.as_bytes());
            hasher.write(Known::NOTHING.text(leaf).as_bytes());
            found.push(hasher.finish());
        }
    }
}
