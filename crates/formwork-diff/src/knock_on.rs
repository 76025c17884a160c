//! What changes because something that it refers to does.

mod mapping;

use std::collections::{HashMap, HashSet, VecDeque};

use formwork_spec::{Reference as Yielded, ResourceFacts};
use formwork_template::{
    Map, Value,
    intrinsic::{self, Reference},
};

use crate::{
    canonical::Known,
    change::{Effect, PropertyChange},
    effect::is_custom,
    evaluate::Environment,
    path::{Path, PathStep},
    resources::{Compared, Presence},
};

/// Whether what a reference gives is another value than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It is the same.
    Same,
    /// It is the same, which the service does not know before it deploys.
    Survives,
    /// It may be another.
    MayDiffer,
    /// It is another.
    Differs,
}

/// What both sides know, while changes are carried on from resource to resource.
pub(crate) struct KnockOn<'e, 'a> {
    pub(crate) old: &'e Environment<'a>,
    pub(crate) new: &'e Environment<'a>,
    /// Whether attributes that survive are carried on as well.
    pub(crate) surviving_attributes: bool,
}

impl KnockOn<'_, '_> {
    /// Adds to each resource what changes in it through its references, until nothing is new.
    pub(crate) fn carry(&self, resources: &mut [Compared<'_>]) {
        let positions: HashMap<&str, usize> = resources
            .iter()
            .enumerate()
            .map(|(position, resource)| (resource.logical_id, position))
            .collect();
        let agree = self.old.agrees_with(self.new);
        let mut queue: VecDeque<usize> = VecDeque::new();
        let quiet = agree && resources.iter().all(Compared::is_unchanged);
        if quiet {
            return;
        }
        let mut referrers: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, resource) in resources.iter().enumerate() {
            let (Some(_), Some(new)) = (resource.old, resource.new) else { continue };
            let mut by_name = new.presence == Presence::Unknown;
            if let Some(properties) = new.view.attributes.get("Properties") {
                intrinsic::references(properties, &mut |reference| match reference {
                    Reference::Name(name) | Reference::Attribute(name, _) if positions.contains_key(name) => {
                        let list = referrers.entry(name).or_default();
                        if list.last() != Some(&position) {
                            list.push(position);
                        }
                    }
                    _ => by_name = true,
                });
            }
            // Parameters, mappings and conditions differ all at once, before the first step.
            if by_name && !agree {
                queue.push_back(position);
            }
        }
        for resource in resources.iter().filter(|resource| !resource.is_unchanged()) {
            queue.extend(referrers.get(resource.logical_id).into_iter().flatten());
        }
        let mut waiting = vec![false; resources.len()];
        for position in &queue {
            waiting[*position] = true;
        }
        while let Some(position) = queue.pop_front() {
            waiting[position] = false;
            let found = self.through_references(&resources[position], &positions, resources);
            let Some(resource) = resources.get_mut(position) else { continue };
            if !merge(resource, found) {
                continue;
            }
            resource.settle();
            for next in referrers.get(resource.logical_id).into_iter().flatten() {
                if !std::mem::replace(&mut waiting[*next], true) {
                    queue.push_back(*next);
                }
            }
        }
    }

    /// Whether a resource may come or go with a condition that is known on neither side.
    fn presence(
        &self,
        resource: &Compared<'_>,
        positions: &HashMap<&str, usize>,
        resources: &[Compared<'_>],
    ) -> Option<PropertyChange> {
        let (old, new) = (resource.old?, resource.new?);
        let name = new.view.attributes.get("Condition")?.as_str()?;
        let unknown = old.presence == Presence::Unknown && new.presence == Presence::Unknown;
        let same = old.view.attributes.get("Condition")?.as_str()? == name;
        if !unknown || !same || self.unknown_condition(name, positions, resources) < State::MayDiffer {
            return None;
        }
        Some(PropertyChange {
            path: Path::of(["Condition"]),
            old: Some(name.into()),
            new: Some(name.into()),
            effect: Effect::None,
            certain: false,
            reason: Some("whether the resource is there depends on a condition that is not known".to_owned()),
            through: Some(name.to_owned()),
            reordered: false,
        })
    }

    /// What changes in a resource through references that are written the same on both sides.
    fn through_references(
        &self,
        resource: &Compared<'_>,
        positions: &HashMap<&str, usize>,
        resources: &[Compared<'_>],
    ) -> Vec<PropertyChange> {
        if !resource.stays() || resource.type_changes() {
            return Vec::new();
        }
        let Some(properties) = resource.new_properties(self.new) else { return Vec::new() };
        let mut found = Vec::new();
        found.extend(self.presence(resource, positions, resources));
        let mut search =
            Search { knock_on: self, resource, positions, resources, path: Path::of(["Properties"]), found };
        search.entries(properties);
        search.found
    }

    /// Whether what a reference gives is another value than before.
    fn state(
        &self,
        reference: Reference<'_>,
        positions: &HashMap<&str, usize>,
        resources: &[Compared<'_>],
    ) -> State {
        match reference {
            Reference::Name(name) => match positions.get(name).and_then(|at| resources.get(*at)) {
                Some(resource) => self.of_ref(resource),
                None if self.old.opaque(name) == self.new.opaque(name)
                    && self.old.parameter(name) == self.new.parameter(name) =>
                {
                    State::Same
                }
                None if self.old.is_hidden(name) && self.new.is_hidden(name) => State::Differs,
                // Two names in SSM may well hold the same.
                None => State::MayDiffer,
            },
            Reference::Attribute(name, attribute) => positions
                .get(name)
                .and_then(|at| resources.get(*at))
                .map_or(State::Same, |resource| self.of_attribute(resource, attribute)),
            // What is known of these was put in place; what is not may differ when its values do.
            Reference::Condition(name) => match (self.old.condition(name), self.new.condition(name)) {
                (Some(held), Some(holds)) if held == holds => State::Same,
                (None, None) => self.unknown_condition(name, positions, resources),
                _ => State::MayDiffer,
            },
            // Looked at with the keys that are looked up.
            Reference::Mapping(_) => State::Same,
        }
    }

    /// The reference in an expression that makes most of a difference, and its name.
    pub(crate) fn worst(
        &self,
        value: &Value,
        positions: &HashMap<&str, usize>,
        resources: &[Compared<'_>],
    ) -> Option<(State, String)> {
        let mut worst: Option<(State, String)> = None;
        let mut consider = |state: State, name: String| {
            if worst.as_ref().is_none_or(|(known, _)| state > *known) {
                worst = Some((state, name));
            }
        };
        intrinsic::references(value, &mut |reference| {
            consider(self.state(reference, positions, resources), name_of(reference));
        });
        mapping::look_ups(value, &mut |look_up| {
            if look_up.may_differ(self.old, self.new) {
                consider(State::MayDiffer, look_up.mapping.to_owned());
            }
        });
        worst
    }

    /// Whether a condition that is known on neither side may hold on one of them alone.
    fn unknown_condition(
        &self,
        name: &str,
        positions: &HashMap<&str, usize>,
        resources: &[Compared<'_>],
    ) -> State {
        let mut seen: HashSet<String> = HashSet::new();
        let mut waiting = vec![name.to_owned()];
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let (before, after) = (self.old.written_condition(&name), self.new.written_condition(&name));
            let (Some(before), Some(after)) = (before, after) else { continue };
            let mut differs = !Known::NOTHING.same(&before, &after);
            intrinsic::references(&after, &mut |reference| match reference {
                Reference::Condition(other) => waiting.push(other.to_owned()),
                Reference::Name(_) => {
                    differs |= self.state(reference, positions, resources) >= State::MayDiffer;
                }
                _ => {}
            });
            mapping::look_ups(&after, &mut |look_up| differs |= look_up.may_differ(self.old, self.new));
            if differs {
                return State::MayDiffer;
            }
        }
        State::Same
    }

    fn of_ref(&self, resource: &Compared<'_>) -> State {
        match resource.effect {
            _ if !resource.stays() => State::Same,
            Effect::Replace => State::Differs,
            Effect::MayReplace => State::MayDiffer,
            _ => match resource.facts.map(|facts| &facts.reference) {
                Some(Yielded::Identifier(name)) if has_change(resource, name) => {
                    self.property(resource, name)
                }
                _ => State::Same,
            },
        }
    }

    fn of_attribute(&self, resource: &Compared<'_>, attribute: &str) -> State {
        if !resource.stays() || resource.is_unchanged() {
            return State::Same;
        }
        if resource.type_changes() {
            return State::Differs;
        }
        let set = resource.new.is_some_and(|new| at(new.view.properties(), attribute).is_some());
        if set {
            return self.property(resource, attribute);
        }
        let touched = resource.changes.iter().any(|change| change.path.property().is_some());
        match resource.effect {
            _ if !touched => State::Same,
            Effect::Replace => State::Differs,
            Effect::MayReplace => State::MayDiffer,
            // Each change of the data makes a version.
            _ if attribute == "LatestVersionNumber" && has_change(resource, "LaunchTemplateData") => {
                State::Differs
            }
            _ if survives(resource.resource_type(), resource.facts, attribute) => State::Survives,
            _ => State::MayDiffer,
        }
    }

    /// Whether a property that an attribute repeats is another than before.
    fn property(&self, resource: &Compared<'_>, name: &str) -> State {
        let (Some(old), Some(new)) = (resource.old, resource.new) else { return State::Same };
        let value = |properties: Option<&Map>, environment: &Environment<'_>| {
            at(properties, name).and_then(|value| environment.evaluate(value))
        };
        let (before, after) =
            (value(old.view.properties(), self.old), value(new.view.properties(), self.new));
        let same = match (&before, &after) {
            (Some(before), Some(after)) => Known::NOTHING.same(before, after),
            (before, after) => before.is_none() && after.is_none(),
        };
        let through = resource.changes.iter().filter(|change| {
            change.through.is_some() && name.starts_with(change.path.property().unwrap_or("\0"))
        });
        let carried =
            through.map(|change| if change.certain { State::Differs } else { State::MayDiffer }).max();
        if same { carried.unwrap_or(State::Same) } else { State::Differs }
    }
}

fn at<'v>(properties: Option<&'v Map>, dotted: &str) -> Option<&'v Value> {
    let mut steps = dotted.split('.');
    let first = properties?.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

fn has_change(resource: &Compared<'_>, property: &str) -> bool {
    resource.changes.iter().any(|change| change.path.property() == Some(property))
}

/// Parts of the names of attributes that another version of a resource has otherwise.
const VARYING: [&str; 12] = [
    "Version",
    "Status",
    "State",
    "Time",
    "Date",
    "Count",
    "Hash",
    "Revision",
    "ETag",
    "Fingerprint",
    "Outputs.",
    "Digest",
];

/// Whether an attribute stays what it is when its resource is updated in place.
fn survives(resource_type: &str, facts: Option<&ResourceFacts>, attribute: &str) -> bool {
    if is_custom(resource_type) {
        return false;
    }
    let known = facts.is_some_and(|facts| facts.attribute(attribute).is_some());
    known && !VARYING.iter().any(|part| attribute.contains(part))
}

/// Adds changes to a resource, and says whether that is news.
fn merge(resource: &mut Compared<'_>, found: Vec<PropertyChange>) -> bool {
    let mut news = false;
    for change in found {
        match resource.changes.iter_mut().find(|known| known.path == change.path) {
            Some(known) if known.through.is_some() && !known.certain && change.certain => {
                *known = change;
                news = true;
            }
            Some(_) => {}
            None => {
                resource.changes.push(change);
                news = true;
            }
        }
    }
    news
}

/// Looks through the properties of one resource.
struct Search<'s, 'e, 'a, 'r> {
    knock_on: &'s KnockOn<'e, 'a>,
    resource: &'s Compared<'r>,
    positions: &'s HashMap<&'s str, usize>,
    resources: &'s [Compared<'r>],
    path: Path,
    found: Vec<PropertyChange>,
}

impl Search<'_, '_, '_, '_> {
    fn entries(&mut self, map: &Map) {
        for (key, item) in map.iter() {
            self.path.push(PathStep::Key(key.to_owned()));
            self.value(item);
            self.path.pop();
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.path.push(PathStep::Item { label: None, old: Some(position), new: Some(position) });
                    self.value(item);
                    self.path.pop();
                }
            }
            Value::Map(map) if intrinsic::of(map).is_none() => self.entries(map),
            Value::Map(_) => self.expression(value),
            _ => {}
        }
    }

    fn expression(&mut self, value: &Value) {
        let worst = self.knock_on.worst(value, self.positions, self.resources);
        let Some((state, through)) = worst else { return };
        let least = if self.knock_on.surviving_attributes { State::Survives } else { State::MayDiffer };
        let covered = |change: &PropertyChange| change.through.is_none() && overlap(&change.path, &self.path);
        if state < least || self.resource.changes.iter().any(covered) {
            return;
        }
        let certain = state == State::Differs;
        let (effect, reason) = self.resource.update_facts().effect(&self.path, certain);
        let reason = match effect {
            Effect::Replace => Some(format!("it refers to `{through}`, which becomes another")),
            Effect::MayReplace if !certain => {
                Some(format!("it refers to `{through}`, which may become another"))
            }
            _ => reason,
        };
        self.found.push(PropertyChange {
            path: self.path.clone(),
            old: Some(value.into()),
            new: Some(value.into()),
            effect,
            certain,
            reason,
            through: Some(through),
            reordered: false,
        });
    }
}

/// Whether a change that is written covers a place; positions may be those of either side.
fn overlap(change: &Path, place: &Path) -> bool {
    let (change, place) = (change.steps(), place.steps());
    change.len() <= place.len()
        && change.iter().zip(place).all(|(left, right)| match (left, right) {
            (PathStep::Item { new: left, .. }, PathStep::Item { new: right, .. }) => left == right,
            (left, right) => left == right,
        })
}

fn name_of(reference: Reference<'_>) -> String {
    match reference {
        Reference::Attribute(name, attribute) => format!("{name}.{attribute}"),
        Reference::Name(name) | Reference::Condition(name) | Reference::Mapping(name) => name.to_owned(),
    }
}
