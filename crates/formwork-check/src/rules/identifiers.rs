//! Names that must be a resource's own.

use std::collections::HashMap;

use formwork_spec::{Reference, ResourceFacts};
use formwork_template::{ResourceView, Value, intrinsic, json};

use crate::{
    conditions::{Settled, World, asked, asked_within, settle},
    judge::Judge,
};

/// Types of which several resources may share an identifier.
const SHARED: [&str; 2] = ["AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Macro"];

/// What a resource is called, in one way that conditions may turn out.
struct Called<'a> {
    resource: ResourceView<'a>,
    property: String,
    world: World,
}

/// Two resources of a type with the same identifier are one, and the second cannot be made.
pub(super) fn check(judge: &mut Judge<'_>) {
    let mut called: HashMap<(String, String), Vec<Called<'_>>> = HashMap::new();
    let mut order = Vec::new();
    for resource in judge.index.template.resources() {
        let Some(facts) = resource.resource_type().and_then(formwork_spec::resource) else { continue };
        let parts = parts(facts);
        if parts.is_empty() || SHARED.contains(&facts.type_name.as_str()) {
            continue;
        }
        for (identifier, world) in identifiers(judge, resource, &parts) {
            let key = (facts.type_name.clone(), identifier);
            if !called.contains_key(&key) {
                order.push(key.clone());
            }
            let property = parts.first().cloned().unwrap_or_default();
            called.entry(key).or_default().push(Called { resource, property, world });
        }
    }
    for key in order {
        let Some(same) = called.get(&key) else { continue };
        let mut told: Vec<&str> = Vec::new();
        for one in same {
            let id = one.resource.logical_id;
            let other = same.iter().find(|other| other.resource.logical_id != id && both(judge, one, other));
            let Some(other) = other.filter(|_| !told.contains(&id)) else { continue };
            told.push(id);
            let message = format!(
                "`{id}` and `{}` have the same {}, which must be a resource's own",
                other.resource.logical_id, one.property
            );
            judge.error("E3019", &["Resources", id, "Properties", &one.property], message);
        }
    }
}

/// Whether both resources can be there under these names at once.
fn both(judge: &Judge<'_>, one: &Called<'_>, other: &Called<'_>) -> bool {
    let condition = |resource: ResourceView<'_>| {
        let name = resource.attributes.get("Condition").and_then(Value::as_str);
        name.map(|name| (name.to_owned(), true))
    };
    let mut assumed: World = one.world.iter().chain(&other.world).cloned().collect();
    assumed.extend(condition(one.resource));
    assumed.extend(condition(other.resource));
    assumed.sort();
    assumed.dedup();
    let contradiction = assumed.windows(2).any(|pair| pair[0].0 == pair[1].0);
    !contradiction && judge.conditions.possible(&assumed)
}

/// The properties that name a resource, where the template sets them: the identifier, or else the
/// name that `Ref` returns.
fn parts(facts: &ResourceFacts) -> Vec<String> {
    let settable = |name: &String| facts.property(name).is_some();
    if !facts.primary_identifier.is_empty() && facts.primary_identifier.iter().all(settable) {
        return facts.primary_identifier.clone();
    }
    match &facts.reference {
        Reference::Identifier(name) if name.ends_with("Name") && settable(name) => vec![name.clone()],
        _ => Vec::new(),
    }
}

/// The objects that a value may turn out to be.
fn branches(value: &Value) -> Vec<&Value> {
    match value.as_map().and_then(intrinsic::of) {
        Some(("Fn::If", Value::List(operands))) => operands.iter().skip(1).flat_map(branches).collect(),
        _ => vec![value],
    }
}

/// Every identifier that a resource may have, with the way that conditions turn out for it.
fn identifiers(judge: &Judge<'_>, resource: ResourceView<'_>, parts: &[String]) -> Vec<(String, World)> {
    let Some(properties) = resource.attributes.get("Properties") else { return Vec::new() };
    let mut names = Vec::new();
    asked(properties, &mut names);
    for part in parts {
        for holder in branches(properties) {
            if let Some(value) = holder.get(part) {
                asked_within(value, &mut names);
            }
        }
    }
    let Some(worlds) = judge.conditions.worlds(&names, &[]) else { return Vec::new() };
    let identifier = |world: &World| -> Option<String> {
        let Settled::Plain(properties) = settle(properties, world) else { return None };
        let texts: Option<Vec<String>> = parts
            .iter()
            .map(|part| match settle(properties.get(part)?, world) {
                Settled::Absent => None,
                Settled::Plain(value) => Some(json::write(value, json::Style::Compact)),
                Settled::Open(function, argument) => {
                    Some(format!("{function} {}", json::write(argument, json::Style::Compact)))
                }
            })
            .collect();
        Some(texts?.join(" "))
    };
    worlds.into_iter().filter_map(|world| Some((identifier(&world)?, world))).collect()
}
