//! Merging a whole template into a stack.

use formwork_template::{Map, Template, Text, Value};

use crate::{
    handle::ResourceId,
    model::{Element, index},
    node::{Node, Target, Where},
    output::Output,
    parameter::ParameterId,
    properties::Properties,
    resource::{Draft, Tagging},
    scope::{Included, Scope, text},
};

pub(crate) fn include(scope: &mut Scope<'_>, template: Template, location: Where) -> Included {
    let mut included = Included { resources: Vec::new(), parameters: Vec::new() };
    for (name, section) in template.into_sections() {
        let section = match (name.as_ref(), section) {
            (
                "Resources" | "Parameters" | "Conditions" | "Mappings" | "Rules" | "Outputs",
                Value::Map(map),
            ) => Value::Map(set_functions_aside(scope, &name, map, location)),
            (_, section) => section,
        };
        match (name.as_ref(), section) {
            ("Resources", Value::Map(map)) => resources(scope, map, location, &mut included),
            ("Parameters", Value::Map(map)) => {
                for (logical_id, body) in map {
                    let (app, stack) = (scope.model.app, scope.stack);
                    let parameters = &mut scope.stack_model().parameters;
                    let id = ParameterId { app, stack, index: index(parameters.len()) };
                    included.parameters.push((logical_id.clone().into_owned(), id));
                    parameters.push(element(logical_id.into_owned(), location, body));
                }
            }
            ("Conditions", Value::Map(map)) => {
                let elements = elements(map, location);
                scope.stack_model().conditions.extend(elements);
            }
            ("Mappings", Value::Map(map)) => {
                let elements = elements(map, location);
                scope.stack_model().mappings.extend(elements);
            }
            ("Rules", Value::Map(map)) => {
                let elements = elements(map, location);
                scope.stack_model().rules.extend(elements);
            }
            ("Outputs", Value::Map(map)) => {
                for (logical_id, body) in map {
                    let logical_id = logical_id.into_owned();
                    match Node::from(body) {
                        Node::Map(pairs) => {
                            let body = Output(Properties::from_pairs(pairs));
                            scope.stack_model().outputs.push(Element { logical_id, location, body });
                        }
                        body => {
                            let element = Element { logical_id, location, body };
                            scope.stack_model().verbatim.push(("Outputs".into(), element));
                        }
                    }
                }
            }
            ("Metadata", Value::Map(map)) => {
                let pairs = map.into_iter().map(|(key, value)| (key, Node::from(value)));
                scope.stack_model().metadata.extend(pairs);
            }
            ("Transform", value) => {
                let transforms = match Node::from(value) {
                    Node::List(items) => items,
                    single => vec![single],
                };
                for transform in transforms {
                    let known = &mut scope.stack_model().transforms;
                    if !known.contains(&transform) {
                        known.push(transform);
                    }
                }
            }
            ("Description", value) => {
                let description = text(&value);
                scope.stack_model().description.get_or_insert(description);
            }
            ("AWSTemplateFormatVersion", _) => {}
            (_, value) => {
                scope.stack_model().other_sections.sections_mut().insert(name, value);
            }
        }
    }
    included
}

/// Takes out what is no element of a section but makes some: `Fn::ForEach::Name`, `Fn::Transform`.
fn set_functions_aside(scope: &mut Scope<'_>, section: &Text, map: Map, location: Where) -> Map {
    let mut elements = Map::with_capacity(map.len());
    for (key, value) in map {
        if key.starts_with("Fn::") {
            let function = element(key.into_owned(), location, value);
            scope.stack_model().verbatim.push((section.clone(), function));
        } else {
            elements.push(key, value);
        }
    }
    elements
}

fn element(logical_id: String, location: Where, body: Value) -> Element<Node> {
    Element { logical_id, location, body: Node::from(body) }
}

fn elements(map: Map, location: Where) -> Vec<Element<Node>> {
    map.into_iter().map(|(id, body)| element(id.into_owned(), location, body)).collect()
}

fn resources(scope: &mut Scope<'_>, map: Map, location: Where, included: &mut Included) {
    let root = scope.index;
    for (logical_id, body) in map {
        let Value::Map(attributes) = body else {
            let element = element(logical_id.into_owned(), location, body);
            scope.stack_model().verbatim.push(("Resources".into(), element));
            continue;
        };
        let mut draft = Draft::new("");
        for (name, value) in attributes {
            match (name.as_ref(), value) {
                ("Type", value) => draft.resource_type = text(&value),
                ("Properties", Value::Map(properties)) => {
                    let pairs = properties.into_iter().map(|(key, value)| (key, Node::from(value)));
                    draft.properties = Properties::from_pairs(pairs.collect());
                }
                ("DependsOn", Value::String(other)) => draft.extras().depends_on.push(Target::Name(other)),
                ("DependsOn", Value::List(others)) => {
                    let targets = others.iter().map(|other| Target::Name(text(other)));
                    draft.extras().depends_on.extend(targets);
                }
                (_, value) => draft.put_attribute(name, Node::from(value)),
            }
        }
        let (app, stack) = (scope.model.app, scope.stack);
        let resources = &mut scope.stack_model().resources;
        let id = ResourceId { app, stack, index: index(resources.len()) };
        let logical_id = logical_id.into_owned();
        included.resources.push((logical_id.clone(), draft.resource_type().to_owned(), id));
        resources.push(crate::model::ResourceModel {
            logical_id,
            scope: root,
            location,
            tagging: Tagging::None,
            draft,
        });
    }
}
