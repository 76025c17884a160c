//! Comparing two evaluated values place by place.

use formwork_spec::ResourceFacts;
use formwork_template::{Map, Value, intrinsic};

use crate::{
    align::{self, Pair},
    canonical::Known,
    change::{Effect, PropertyChange},
    effect::Ids,
    path::{Path, PathStep},
};

/// Compares two values of a section or attribute that no facts are known about.
pub(crate) fn values(
    path: Path,
    ids: &Ids<'_>,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Vec<PropertyChange> {
    let mut comparison = Comparison { ids, path, changes: Vec::new() };
    comparison.pair(Known::NOTHING, old, new);
    comparison.changes
}

/// Compares the evaluated properties of a resource.
pub(crate) fn properties(
    facts: Option<&ResourceFacts>,
    ids: &Ids<'_>,
    old: &Map,
    new: &Map,
) -> Vec<PropertyChange> {
    let mut comparison = Comparison { ids, path: Path::of(["Properties"]), changes: Vec::new() };
    let known = Known::of(facts);
    comparison.entries(old, new, |name| known.property(name));
    comparison.changes
}

struct Comparison<'a> {
    ids: &'a Ids<'a>,
    path: Path,
    changes: Vec<PropertyChange>,
}

impl Comparison<'_> {
    fn pair(&mut self, known: Known<'_>, old: Option<&Value>, new: Option<&Value>) {
        match (old, new) {
            (Some(old), Some(new)) => self.both(known, old, new),
            (None, None) => {}
            (old, new) => self.report(old, new, false),
        }
    }

    fn both(&mut self, known: Known<'_>, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        let (old_known, old_plain) = known.plain(old);
        let (new_known, new_plain) = known.plain(new);
        match (old_plain.as_ref(), new_plain.as_ref()) {
            (Value::Map(old_map), Value::Map(new_map))
                if intrinsic::of(old_map).is_none()
                    && intrinsic::of(new_map).is_none()
                    && old_known.policy == new_known.policy =>
            {
                self.entries(old_map, new_map, |key| new_known.key(key));
            }
            (Value::List(old_items), Value::List(new_items)) => self.items(new_known, old_items, new_items),
            _ if known.same(old, new) => {}
            _ => self.report(Some(old), Some(new), false),
        }
    }

    fn entries<'f>(&mut self, old: &Map, new: &Map, known: impl Fn(&str) -> Known<'f>) {
        for (key, old_item) in old.iter() {
            self.within(PathStep::Key(key.to_owned()), |comparison| {
                comparison.pair(known(key), Some(old_item), new.get(key));
            });
        }
        for (key, new_item) in new.iter().filter(|(key, _)| !old.contains_key(key)) {
            self.within(PathStep::Key(key.to_owned()), |comparison| {
                comparison.pair(known(key), None, Some(new_item));
            });
        }
    }

    fn items(&mut self, known: Known<'_>, old: &[Value], new: &[Value]) {
        let alignment = align::align(known, old, new);
        for Pair { label, old: old_at, new: new_at } in alignment.pairs {
            self.within(PathStep::Item { label, old: old_at, new: new_at }, |comparison| {
                let (old, new) = (old_at.and_then(|at| old.get(at)), new_at.and_then(|at| new.get(at)));
                comparison.pair(known.item(), old, new);
            });
        }
        if alignment.reordered {
            self.report(Some(&Value::List(old.to_vec())), Some(&Value::List(new.to_vec())), true);
        }
    }

    fn within(&mut self, step: PathStep, compare: impl FnOnce(&mut Self)) {
        self.path.push(step);
        compare(self);
        self.path.pop();
    }

    fn report(&mut self, old: Option<&Value>, new: Option<&Value>, reordered: bool) {
        let certain = match (old, new) {
            (Some(old), Some(new)) => self.ids.differ_for_sure(old, new),
            _ => true,
        };
        self.changes.push(PropertyChange {
            path: self.path.clone(),
            old: old.map(serde_json::Value::from),
            new: new.map(serde_json::Value::from),
            effect: Effect::None,
            certain,
            reason: None,
            through: None,
            reordered,
        });
    }
}
