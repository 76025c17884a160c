//! Which resources change, and how each is written differently.

use std::{cell::OnceCell, collections::HashMap};

use formwork_spec::ResourceFacts;
use formwork_template::{Map, ResourceView, Value};

use crate::{
    change::{Action, Effect, PropertyChange},
    compare,
    effect::{Ids, UpdateFacts},
    evaluate::Environment,
    options::Options,
    path::Path,
    side::Side,
};

/// Whether a resource is there on a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is.
    Certain,
    /// A condition says, whose value is not known.
    Unknown,
    /// It is not, or its condition does not hold.
    Absent,
}

/// A resource on one side.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) view: ResourceView<'a>,
    pub(crate) presence: Presence,
}

impl<'a> Standing<'a> {
    pub(crate) fn resource_type(&self) -> &'a str {
        self.view.resource_type().unwrap_or_default()
    }
}

impl Standing<'_> {
    /// What to say of a resource that is there on one side alone, if at all.
    fn doubt(&self) -> Option<String> {
        (self.presence == Presence::Unknown)
            .then(|| "whether it is there depends on a condition that is not known".to_owned())
    }
}

/// A side, to choose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Old,
    New,
}

/// The resources that are there on a side, by logical id, and their order.
pub(crate) struct Resources<'a> {
    pub(crate) order: Vec<&'a str>,
    pub(crate) by_id: HashMap<&'a str, Standing<'a>>,
}

impl<'a> Resources<'a> {
    pub(crate) fn of(side: &Side<'a>, environment: &Environment<'_>) -> Self {
        let mut resources = Self { order: Vec::new(), by_id: HashMap::new() };
        for view in side.template.resources() {
            let presence = match view.attributes.get("Condition") {
                None => Presence::Certain,
                Some(condition) => match condition.as_str().and_then(|name| environment.condition(name)) {
                    Some(true) => Presence::Certain,
                    Some(false) => Presence::Absent,
                    None => Presence::Unknown,
                },
            };
            if presence != Presence::Absent {
                resources.order.push(view.logical_id);
                resources.by_id.insert(view.logical_id, Standing { view, presence });
            }
        }
        resources
    }
}

/// A resource that is there on at least one side, and what is written differently.
pub(crate) struct Compared<'a> {
    pub(crate) logical_id: &'a str,
    pub(crate) old_logical_id: Option<&'a str>,
    pub(crate) old: Option<Standing<'a>>,
    pub(crate) new: Option<Standing<'a>>,
    pub(crate) facts: Option<&'static ResourceFacts>,
    pub(crate) action: Action,
    pub(crate) effect: Effect,
    pub(crate) reason: Option<String>,
    pub(crate) changes: Vec<PropertyChange>,
    evaluated_old: OnceCell<Map>,
    evaluated_new: OnceCell<Map>,
}

impl<'a> Compared<'a> {
    /// The evaluated properties on the old side, worked out once.
    pub(crate) fn old_properties(&self, environment: &Environment<'_>) -> Option<&Map> {
        let view = self.old?.view;
        Some(self.evaluated_old.get_or_init(|| evaluated_properties(view, environment)))
    }

    /// The evaluated properties on the new side, worked out once.
    pub(crate) fn new_properties(&self, environment: &Environment<'_>) -> Option<&Map> {
        let view = self.new?.view;
        Some(self.evaluated_new.get_or_init(|| evaluated_properties(view, environment)))
    }

    pub(crate) fn resource_type(&self) -> &'a str {
        self.new.or(self.old).map_or("", |standing| standing.resource_type())
    }

    /// The resource on a side, where it is there, with its facts and evaluated properties.
    pub(crate) fn on(
        &self,
        which: Which,
        environment: &Environment<'_>,
    ) -> Option<(Standing<'a>, Option<&'static ResourceFacts>, &Map)> {
        let (standing, properties) = match which {
            Which::Old => (self.old?, self.old_properties(environment)?),
            Which::New => (self.new?, self.new_properties(environment)?),
        };
        let facts = if which == Which::Old && self.type_changes() {
            formwork_spec::resource(standing.resource_type())
        } else {
            self.facts
        };
        Some((standing, facts, properties))
    }

    /// Whether the type is another one.
    pub(crate) fn type_changes(&self) -> bool {
        match (self.old, self.new) {
            (Some(old), Some(new)) => old.resource_type() != new.resource_type(),
            _ => false,
        }
    }

    /// Whether there is nothing to say.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.action == Action::Modify && self.changes.is_empty() && !self.type_changes()
    }

    /// Whether it is there on both sides.
    pub(crate) fn stays(&self) -> bool {
        self.old.is_some() && self.new.is_some()
    }

    pub(crate) fn update_facts(&self) -> UpdateFacts<'a> {
        let policy = self.new.and_then(|new| new.view.attributes.get("UpdatePolicy"));
        UpdateFacts::new(self.resource_type(), self.facts, policy)
    }

    /// Takes the worst effect of the changes, and its reason.
    pub(crate) fn settle(&mut self) {
        if !self.stays() {
            return;
        }
        if self.type_changes() {
            self.effect = Effect::Replace;
            self.reason = Some("it becomes a resource of another type".to_owned());
            return;
        }
        let worst = self.changes.iter().max_by_key(|change| change.effect);
        self.effect = worst.map_or(Effect::None, |change| change.effect);
        self.reason = worst.and_then(|change| change.reason.clone());
    }
}

/// Compares all resources, each by itself.
pub(crate) fn compare<'a>(
    old: (&Resources<'a>, &Environment<'_>),
    new: (&Resources<'a>, &Environment<'_>),
    ids: &Ids<'_>,
    options: &'a Options,
) -> Vec<Compared<'a>> {
    let ((old, old_environment), (new, new_environment)) = (old, new);
    let agree = old_environment.agrees_with(new_environment);
    let mut compared = Vec::with_capacity(new.order.len());
    for id in &new.order {
        let Some(new_standing) = new.by_id.get(id).copied() else { continue };
        // The old side was told the new name of what moved.
        let from = options.moved.get(*id).map(String::as_str);
        let old_standing = old.by_id.get(id).copied();
        let facts = new_standing.view.resource_type().and_then(formwork_spec::resource);
        let action = match (old_standing, from) {
            (Some(_), Some(_)) => Action::Rename,
            (Some(_), None) => Action::Modify,
            (None, _) if options.imported.contains(*id) => Action::Import,
            (None, _) => Action::Add,
        };
        let mut resource = Compared {
            logical_id: id,
            old_logical_id: from.filter(|_| old_standing.is_some()),
            old: old_standing,
            new: Some(new_standing),
            facts,
            action,
            effect: if action == Action::Import { Effect::Import } else { Effect::None },
            reason: new_standing.doubt().filter(|_| old_standing.is_none()),
            changes: Vec::new(),
            evaluated_old: OnceCell::new(),
            evaluated_new: OnceCell::new(),
        };
        if let Some(old_standing) = old_standing {
            let same = agree && old_standing.view.attributes == new_standing.view.attributes;
            if !same && !resource.type_changes() {
                resource.changes =
                    changes(&resource, (old_standing, old_environment), (new_standing, new_environment), ids);
            }
        }
        resource.settle();
        compared.push(resource);
    }
    for id in old.order.iter().filter(|id| !new.by_id.contains_key(*id)) {
        let Some(standing) = old.by_id.get(id).copied() else { continue };
        compared.push(Compared {
            logical_id: id,
            old_logical_id: None,
            old: Some(standing),
            new: None,
            facts: standing.view.resource_type().and_then(formwork_spec::resource),
            action: Action::Remove,
            effect: Effect::Delete,
            reason: standing.doubt(),
            changes: Vec::new(),
            evaluated_old: OnceCell::new(),
            evaluated_new: OnceCell::new(),
        });
    }
    compared
}

/// The evaluated properties of a resource.
pub(crate) fn evaluated_properties(view: ResourceView<'_>, environment: &Environment<'_>) -> Map {
    match view.attributes.get("Properties").and_then(|properties| environment.evaluate(properties)) {
        Some(Value::Map(map)) => map,
        _ => Map::new(),
    }
}

fn changes(
    resource: &Compared<'_>,
    (old, old_environment): (Standing<'_>, &Environment<'_>),
    (new, new_environment): (Standing<'_>, &Environment<'_>),
    ids: &Ids<'_>,
) -> Vec<PropertyChange> {
    let update = resource.update_facts();
    let mut changes =
        match (resource.old_properties(old_environment), resource.new_properties(new_environment)) {
            (Some(old), Some(new)) => compare::properties(resource.facts, ids, old, new),
            _ => Vec::new(),
        };
    for change in &mut changes {
        (change.effect, change.reason) = update.effect(&change.path, change.certain);
    }
    let keys = old.view.attributes.keys();
    let more = new.view.attributes.keys().filter(|key| !old.view.attributes.contains_key(key));
    for key in keys.chain(more).filter(|key| !matches!(*key, "Type" | "Properties")) {
        let side = |standing: Standing<'_>, environment: &Environment<'_>| {
            let value = standing.view.attributes.get(key)?;
            match key {
                "DependsOn" => Some(depends_on(standing.view)),
                "Condition" => Some(value.clone()),
                _ => environment.evaluate(value),
            }
        };
        let (old_value, new_value) = (side(old, old_environment), side(new, new_environment));
        if key == "Condition" {
            changes.extend(condition(old, new, old_value.as_ref(), new_value.as_ref(), ids));
        } else {
            let path = Path::of([key]);
            changes.extend(compare::values(path, ids, old_value.as_ref(), new_value.as_ref()));
        }
    }
    changes
}

/// A condition that holds on both sides means nothing; one that is not known may take it away.
fn condition(
    old: Standing<'_>,
    new: Standing<'_>,
    old_value: Option<&Value>,
    new_value: Option<&Value>,
    ids: &Ids<'_>,
) -> Vec<PropertyChange> {
    if old.presence == Presence::Certain && new.presence == Presence::Certain {
        return Vec::new();
    }
    let mut changes = compare::values(Path::of(["Condition"]), ids, old_value, new_value);
    for change in &mut changes {
        change.certain = false;
        change.reason =
            Some("whether the resource is there depends on a condition that is not known".to_owned());
    }
    changes
}

/// What a resource waits for, in no order, a single one as a list of it.
fn depends_on(view: ResourceView<'_>) -> Value {
    let mut ids = view.depends_on();
    ids.sort_unstable();
    ids.dedup();
    Value::list(ids.into_iter().map(|id| Value::from(id.to_owned())))
}
