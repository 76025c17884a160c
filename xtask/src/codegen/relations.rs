//! Settles which property refers to which resource's which attribute.
//!
//! The sources name the same identifier in several ways, and some that a
//! template cannot obtain. What remains here can be obtained from a resource by
//! `Ref`, or else by `Fn::GetAtt`.

use std::collections::BTreeMap;

use formwork_spec::{Kind, Reference, ResourceFacts, Target, ValueFacts, Yield};

/// Canonicalises all relationships of all types.
pub(crate) fn settle(all: &mut BTreeMap<String, ResourceFacts>) {
    let known: BTreeMap<String, Identifiers> =
        all.iter().map(|(name, facts)| (name.clone(), Identifiers::of(facts))).collect();
    for (type_name, facts) in all.iter_mut() {
        let nested = facts.nested.iter_mut().flat_map(|nested| &mut nested.properties);
        for property in facts.properties.iter_mut().chain(nested) {
            settle_value(&mut property.value, &known);
        }
        for attribute in &mut facts.attributes {
            settle_value(&mut attribute.value, &known);
            settle_attribute(&mut attribute.value, type_name);
        }
    }
}

/// What a template can obtain from a resource of a type.
struct Identifiers {
    reference: Option<String>,
    attributes: Vec<String>,
}

impl Identifiers {
    fn of(facts: &ResourceFacts) -> Self {
        let reference = match &facts.reference {
            Reference::Identifier(name) => Some(name.clone()),
            Reference::Composite(_) | Reference::Unknown => None,
        };
        Self {
            reference,
            attributes: facts.attributes.iter().map(|attribute| attribute.name.clone()).collect(),
        }
    }
}

/// An attribute's value is one thing: of several candidates none is known to be right, and an
/// identifier of the resource itself needs no relationship.
fn settle_attribute(value: &mut ValueFacts, type_name: &str) {
    if let Kind::List(inner) = &mut value.kind {
        settle_attribute(inner, type_name);
    }
    if value.refers_to.len() > 1 || value.refers_to.iter().any(|target| target.type_name == *type_name) {
        value.refers_to.clear();
    }
}

fn settle_value(value: &mut ValueFacts, known: &BTreeMap<String, Identifiers>) {
    match &mut value.kind {
        Kind::List(inner) | Kind::Map(inner) => settle_value(inner, known),
        Kind::Union(members) => {
            for member in members {
                settle_value(member, known);
            }
        }
        _ => {}
    }
    let mut targets: Vec<Target> = Vec::new();
    for target in std::mem::take(&mut value.refers_to) {
        let (type_name, attribute) = (target.type_name.as_str(), target.attribute.as_str());
        let Some(identifiers) = known.get(type_name) else { continue };
        let obtained_by = if identifiers.reference.as_deref() == Some(attribute) {
            Yield::Ref
        } else if identifiers.attributes.iter().any(|name| name == attribute) {
            Yield::Attribute
        } else {
            continue;
        };
        targets.push(Target {
            type_name: type_name.to_owned(),
            attribute: attribute.to_owned(),
            obtained_by,
        });
    }
    targets.sort();
    targets.dedup();
    value.refers_to = targets;
}
