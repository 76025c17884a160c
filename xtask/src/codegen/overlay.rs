//! Lays the constraints of a schema over the facts of the database, by walking
//! both from the resource's properties down.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use formwork_spec::{Kind, NestedId, PropertyFacts, ResourceFacts, Rules, Source, Update, ValueFacts};
use serde_json::{Map, Value};

use super::{bounds, database::relate, schemas::Schema};

type Node<'a> = &'a Map<String, Value>;

/// Whose properties are being walked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Root,
    Nested(NestedId),
}

/// What the schema said of a property type, in each of the places where it is used.
#[derive(Default)]
struct Places {
    required: Vec<BTreeSet<String>>,
    rules: Vec<Rules>,
}

/// Adds to the facts what the schema knows.
pub(crate) fn apply(facts: &mut ResourceFacts, schema: Schema<'_>) {
    if facts.source == Source::Types {
        facts.source = Source::Both;
    }
    let mut walk = Walk::new(facts, schema);
    walk.queue.push_back((Owner::Root, schema.views(schema.root)));
    while let Some((owner, views)) = walk.queue.pop_front() {
        walk.object(facts, owner, &views);
    }
    walk.settle(facts);
    attributes(facts, schema);
    behaviour(facts, schema);
}

struct Walk<'a> {
    schema: Schema<'a>,
    seen: BTreeSet<(Owner, *const Map<String, Value>)>,
    queue: VecDeque<(Owner, Vec<Node<'a>>)>,
    places: BTreeMap<Owner, Places>,
    /// The names of the properties of each property type.
    shapes: Vec<BTreeSet<String>>,
}

impl<'a> Walk<'a> {
    fn new(facts: &ResourceFacts, schema: Schema<'a>) -> Self {
        let names =
            |properties: &[PropertyFacts]| properties.iter().map(|property| property.name.clone()).collect();
        let shapes = facts.nested.iter().map(|nested| names(&nested.properties)).collect();
        Self { schema, seen: BTreeSet::new(), queue: VecDeque::new(), places: BTreeMap::new(), shapes }
    }

    fn object(&mut self, facts: &mut ResourceFacts, owner: Owner, views: &[Node<'a>]) {
        // Only the innermost object identifies the place: a definition is one place however often it is used.
        let describes =
            |view: &&Node<'_>| ["properties", "oneOf", "anyOf"].iter().any(|key| view.contains_key(*key));
        let Some(place) = views.iter().rev().find(describes) else { return };
        if !self.seen.insert((owner, std::ptr::from_ref(*place))) {
            return;
        }
        let properties = match owner {
            Owner::Root => &mut facts.properties,
            Owner::Nested(id) => match facts.nested.get_mut(usize::from(id.0)) {
                Some(nested) => &mut nested.properties,
                None => return,
            },
        };
        let first_place = !self.places.contains_key(&owner);
        let known: BTreeSet<&str> = properties.iter().map(|property| property.name.as_str()).collect();
        let place = self.places.entry(owner).or_default();
        place.required.push(bounds::required(views));
        place.rules.push(bounds::rules(views, &known));
        for property in properties {
            let nodes = self.property(views, &property.name);
            if !nodes.is_empty() {
                self.value(&mut property.value, &nodes, first_place);
                if property.default.is_none() {
                    property.default = nodes.iter().find_map(|node| bounds::default(node));
                }
            }
        }
    }

    /// What the schema says of a property: where it describes the object, or else in the first
    /// branch of a choice that knows the property. What other branches ask for is not asked for always.
    fn property(&self, views: &[Node<'a>], name: &str) -> Vec<Node<'a>> {
        let find = |view: &Node<'a>| view.get("properties")?.get(name)?.as_object();
        let stated: Vec<Node<'a>> = views.iter().filter_map(find).collect();
        let nodes = if stated.is_empty() {
            let branches = views.iter().flat_map(|view| self.schema.branches(view));
            branches.flatten().find_map(|view| find(&view)).into_iter().collect()
        } else {
            stated
        };
        nodes.into_iter().flat_map(|node| self.schema.views(node)).collect()
    }

    fn value(&mut self, value: &mut ValueFacts, nodes: &[Node<'a>], first_place: bool) {
        self.relationships(value, nodes);
        match &mut value.kind {
            Kind::Nested(id) => {
                self.queue.push_back((Owner::Nested(*id), nodes.to_vec()));
            }
            Kind::List(inner) => {
                for node in nodes {
                    let items = node.get("items").and_then(Value::as_object);
                    if let Some(items) = items {
                        let views = self.schema.views(items);
                        self.value(inner, &views, first_place);
                    }
                }
            }
            Kind::Map(inner) => {
                for node in nodes {
                    if let Some(entry) = bounds::map_entry(node) {
                        let views = self.schema.views(entry);
                        self.value(inner, &views, first_place);
                    }
                }
            }
            Kind::Union(members) => {
                let branches = self.alternatives(nodes);
                for member in members {
                    for branch in &branches {
                        if self.is_about(&member.kind, branch) {
                            self.value(member, branch, first_place);
                        }
                    }
                }
                return;
            }
            _ => {}
        }
        let alternatives = self.alternatives(nodes);
        let found = bounds::constraints(&value.kind, nodes, &alternatives);
        bounds::merge(value, found, first_place);
    }

    /// Whether a branch of a choice is what a member of a union stands for.
    fn is_about(&self, kind: &Kind, branch: &[Node<'_>]) -> bool {
        let of_type =
            |name: &str| branch.iter().any(|node| node.get("type").and_then(Value::as_str) == Some(name));
        let objects = branch.iter().filter_map(|node| node.get("properties")?.as_object());
        let names: BTreeSet<&String> = objects.flat_map(Map::keys).collect();
        match kind {
            Kind::List(_) => of_type("array"),
            Kind::Map(_) => of_type("object") && names.is_empty(),
            Kind::Nested(id) => self
                .shapes
                .get(usize::from(id.0))
                .is_some_and(|shape| shape.iter().collect::<BTreeSet<_>>() == names),
            _ => false,
        }
    }

    fn alternatives(&self, nodes: &[Node<'a>]) -> Vec<Vec<Node<'a>>> {
        nodes.iter().flat_map(|node| self.schema.branches(node)).collect()
    }

    fn relationships(&self, value: &mut ValueFacts, nodes: &[Node<'a>]) {
        let branches = self.alternatives(nodes);
        for node in nodes.iter().copied().chain(branches.into_iter().flatten()) {
            if let Some((type_name, attribute)) = bounds::relationship_format(node) {
                relate(value, type_name, attribute);
            }
            if let Some((type_name, attribute)) = bounds::relationship_keyword(node) {
                relate(value, type_name, attribute);
            }
        }
    }

    /// A property type used in several places requires what all of them require.
    fn settle(self, facts: &mut ResourceFacts) {
        for (owner, places) in self.places {
            let Some((first, rest)) = places.required.split_first() else { continue };
            let required: BTreeSet<&String> =
                first.iter().filter(|name| rest.iter().all(|other| other.contains(*name))).collect();
            let rules = places.rules.first().filter(|rules| places.rules.iter().all(|other| other == *rules));
            let rules = rules.cloned().unwrap_or_default();
            let properties = match owner {
                Owner::Root => {
                    facts.rules = rules;
                    &mut facts.properties
                }
                Owner::Nested(id) => {
                    let Some(nested) = facts.nested.get_mut(usize::from(id.0)) else { continue };
                    nested.rules = rules;
                    &mut nested.properties
                }
            };
            for property in properties {
                property.required |= required.contains(&property.name);
            }
        }
    }
}

fn attributes(facts: &mut ResourceFacts, schema: Schema<'_>) {
    let mut walk = Walk::new(facts, schema);
    for attribute in &mut facts.attributes {
        let path: Vec<&str> = attribute.name.split('.').collect();
        let nodes = at_path(schema, &path);
        if nodes.is_empty() {
            continue;
        }
        walk.value(&mut attribute.value, &nodes, true);
    }
}

/// What the schema says of a property at a path of keys.
fn at_path<'a>(schema: Schema<'a>, path: &[&str]) -> Vec<Node<'a>> {
    let mut views = schema.views(schema.root);
    for key in path {
        views = views
            .iter()
            .filter_map(|view| view.get("properties")?.get(*key)?.as_object())
            .flat_map(|node| schema.views(node))
            .collect();
    }
    views
}

fn behaviour(facts: &mut ResourceFacts, schema: Schema<'_>) {
    let text = |keyword: &str| schema.root.get(keyword).and_then(Value::as_str);
    facts.deletes_before_create = text("replacementStrategy") == Some("delete_then_create");
    for path in schema.paths("createOnlyProperties") {
        match root_property(facts, &path) {
            Some(property) => property.update = Update::Replacement,
            None => facts.create_only.push(path),
        }
    }
    for path in schema.paths("conditionalCreateOnlyProperties") {
        match root_property(facts, &path) {
            Some(property) if property.update == Update::NoInterruption => {
                property.update = Update::Conditional;
            }
            Some(_) => {}
            None => facts.conditional_create_only.push(path),
        }
    }
    for path in schema.paths("deprecatedProperties") {
        match root_property(facts, &path) {
            Some(property) => property.deprecated = true,
            None => facts.deprecated.push(path),
        }
    }
    facts.write_only = schema.paths("writeOnlyProperties");
    facts.read_only = schema.paths("readOnlyProperties");
    for list in [
        &mut facts.create_only,
        &mut facts.conditional_create_only,
        &mut facts.write_only,
        &mut facts.read_only,
        &mut facts.deprecated,
    ] {
        list.retain(|path| {
            let root = path.split('/').next().unwrap_or_default();
            facts.properties.iter().any(|property| property.name == root)
        });
        list.sort();
        list.dedup();
    }
}

fn root_property<'a>(facts: &'a mut ResourceFacts, path: &str) -> Option<&'a mut PropertyFacts> {
    facts.properties.iter_mut().find(|property| property.name == path)
}
