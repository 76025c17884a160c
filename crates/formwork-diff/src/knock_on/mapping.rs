//! Values that are looked up in a mapping by keys that are not known.

use formwork_template::{Map, Value, intrinsic};

use crate::{
    canonical::Known,
    evaluate::{Environment, scalar_text},
};

/// A `Fn::FindInMap` that could not be worked out: its keys, as far as they are known.
pub(super) struct LookUp<'v> {
    pub(super) mapping: &'v str,
    first: Option<String>,
    second: Option<String>,
}

impl LookUp<'_> {
    /// Whether a value that may be meant is another on the new side.
    pub(super) fn may_differ(&self, old: &Environment<'_>, new: &Environment<'_>) -> bool {
        let (Some(before), Some(after)) = (map(old.mapping(self.mapping)), map(new.mapping(self.mapping)))
        else {
            return old.mapping(self.mapping).is_some();
        };
        let wanted = |key: &str, known: Option<&String>| known.is_none_or(|known| known == key);
        before.iter().filter(|(key, _)| wanted(key, self.first.as_ref())).any(|(key, row)| {
            let Some(entries) = row.as_map() else { return false };
            entries.iter().filter(|(key, _)| wanted(key, self.second.as_ref())).any(|(name, value)| {
                let other = after.get(key).and_then(|row| row.get(name));
                other.is_none_or(|other| !Known::NOTHING.same(value, other))
            })
        })
    }
}

fn map(value: Option<&Value>) -> Option<&Map> {
    value?.as_map()
}

/// Calls `visit` with every look-up in a value.
pub(super) fn look_ups<'v>(value: &'v Value, visit: &mut impl FnMut(LookUp<'v>)) {
    match value {
        Value::List(items) => items.iter().for_each(|item| look_ups(item, visit)),
        Value::Map(map) => {
            if let Some(("Fn::FindInMap", Value::List(arguments))) = intrinsic::of(map)
                && let [Value::String(mapping), first, second, ..] = arguments.as_slice()
            {
                visit(LookUp { mapping, first: scalar_text(first), second: scalar_text(second) });
            }
            map.iter().for_each(|(_, item)| look_ups(item, visit));
        }
        _ => {}
    }
}
