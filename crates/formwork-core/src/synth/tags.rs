//! Puts the tags of app, stack and scopes on every resource that can hold them.

use std::collections::BTreeMap;

use formwork_template::Text;

use crate::{
    model::{Model, ResourceModel, ScopeModel, ScopeTag, StackModel},
    node::Node,
    properties::Properties,
    resource::Tagging,
};

/// Tags by key, in order.
type Tags<'a> = BTreeMap<&'a str, &'a Node>;

pub(crate) fn apply(model: &mut Model) {
    let Model { stacks, tags, .. } = model;
    for StackModel { scopes, resources, .. } in stacks {
        if tags.is_empty() && scopes.iter().all(|scope| scope.tags.is_empty()) {
            continue;
        }
        for resource in resources {
            add(tags, scopes, resource);
        }
    }
}

/// Puts the tags that reach a resource on it.
pub(crate) fn add(app: &[ScopeTag], scopes: &[ScopeModel], resource: &mut ResourceModel) {
    let inherited = inherited(app, scopes, resource.scope);
    if !inherited.is_empty() {
        put(resource.tagging, &inherited, resource.draft.properties_mut());
    }
}

/// The tags that reach a scope; of one key, the one that was set nearest.
fn inherited<'a>(app: &'a [ScopeTag], scopes: &'a [ScopeModel], scope: u32) -> Tags<'a> {
    let mut tags = Tags::new();
    let mut add = |own: &'a [ScopeTag]| {
        // Of one scope, the last word counts.
        for tag in own.iter().rev() {
            tags.entry(&tag.key).or_insert(&tag.value);
        }
    };
    for scope in super::scopes_up(scopes, scope) {
        add(&scopes[scope as usize].tags);
    }
    add(app);
    tags
}

fn put(tagging: Tagging, tags: &Tags<'_>, properties: &mut Properties) {
    match tagging {
        Tagging::None => {}
        Tagging::List(property) => add_to_list(properties.entry(property), tags, &[]),
        Tagging::AutoScaling(property) => {
            add_to_list(properties.entry(property), tags, &[("PropagateAtLaunch", Node::Bool(true))]);
        }
        Tagging::Map(property) => add_to_map(properties.entry(property), tags),
        Tagging::LaunchTemplate => {
            add_specification(properties.entry("TagSpecifications"), "launch-template", tags);
            let data = properties.entry("LaunchTemplateData");
            if matches!(data, Node::Null) {
                *data = Node::Map(Vec::new());
            }
            if let Node::Map(pairs) = data {
                let position =
                    pairs.iter().position(|(key, _)| key == "TagSpecifications").unwrap_or_else(|| {
                        pairs.push((Text::Borrowed("TagSpecifications"), Node::Null));
                        pairs.len() - 1
                    });
                for resource_type in ["instance", "volume"] {
                    add_specification(&mut pairs[position].1, resource_type, tags);
                }
            }
        }
    }
}

/// Adds the tags whose keys the list does not have. An expression in the list's place is the
/// author's own choice of all tags.
fn add_to_list(list: &mut Node, tags: &Tags<'_>, more: &[(&'static str, Node)]) {
    if matches!(list, Node::Null) {
        *list = Node::List(Vec::new());
    }
    let Node::List(items) = list else { return };
    for (&key, &value) in tags {
        if items.iter().any(|item| item.get("Key").and_then(Node::as_str) == Some(key)) {
            continue;
        }
        let mut pairs = vec![
            (Text::Borrowed("Key"), Node::String(Text::Owned(key.to_owned()))),
            (Text::Borrowed("Value"), value.clone()),
        ];
        pairs.extend(more.iter().map(|(key, value)| (Text::Borrowed(*key), value.clone())));
        items.push(Node::Map(pairs));
    }
}

fn add_to_map(map: &mut Node, tags: &Tags<'_>) {
    if matches!(map, Node::Null) {
        *map = Node::Map(Vec::new());
    }
    let Node::Map(pairs) = map else { return };
    for (&key, &value) in tags {
        if !pairs.iter().any(|(known, _)| known == key) {
            pairs.push((Text::Owned(key.to_owned()), value.clone()));
        }
    }
}

fn add_specification(list: &mut Node, resource_type: &'static str, tags: &Tags<'_>) {
    if matches!(list, Node::Null) {
        *list = Node::List(Vec::new());
    }
    let Node::List(items) = list else { return };
    let known = |item: &Node| item.get("ResourceType").and_then(Node::as_str) == Some(resource_type);
    let position = items.iter().position(known).unwrap_or_else(|| {
        items.push(Node::Map(vec![
            (Text::Borrowed("ResourceType"), Node::String(Text::Borrowed(resource_type))),
            (Text::Borrowed("Tags"), Node::Null),
        ]));
        items.len() - 1
    });
    if let Node::Map(pairs) = &mut items[position]
        && let Some((_, own)) = pairs.iter_mut().find(|(key, _)| key == "Tags")
    {
        add_to_list(own, tags, &[]);
    }
}
