//! Values of a resource and of those that it refers to, side by side.

use formwork_spec::{Gathered, Literal, Requirement};
use formwork_template::{
    Map, ResourceView, Value,
    intrinsic::{self, Reference},
};

use crate::index::Index;

/// What stands for the type of a resource among its properties.
const TYPE: &str = "$type";

/// What a requirement judges.
pub(super) struct Subject {
    /// The values, where it is not the value at the place itself.
    pub(super) values: Option<Value>,
    /// The resources that values were taken from, by the names that the schema has for them.
    pub(super) names: Vec<(String, String)>,
}

/// What a requirement judges in place of the value where it stands: one subject for each resource
/// that is referred to. A single nothing says that the value itself is judged.
pub(super) fn subjects(
    index: &Index<'_>,
    resource: ResourceView<'_>,
    requirement: &Requirement,
    value: &Value,
) -> Vec<Subject> {
    if requirement.gathered.is_empty() {
        return vec![Subject { values: None, names: Vec::new() }];
    }
    let mut subjects = vec![(Map::new(), Vec::new())];
    let mut beyond = false;
    for gathered in &requirement.gathered {
        let Some((way, kind)) = &gathered.from else {
            for (subject, _) in &mut subjects {
                subject.insert(gathered.name.clone(), collect(resource, value, gathered));
            }
            continue;
        };
        let found = referred(index, value, way, kind);
        let Some((first, others)) = found.split_first() else { continue };
        beyond = true;
        let mut more = Vec::new();
        for other in others {
            let properties = properties_of(*other);
            for subject in &subjects {
                let (mut subject, mut names): (Map, Vec<_>) = subject.clone();
                subject.insert(gathered.name.clone(), collect(*other, &properties, gathered));
                names.push((gathered.name.clone(), other.logical_id.to_owned()));
                more.push((subject, names));
            }
        }
        let properties = properties_of(*first);
        for (subject, names) in &mut subjects {
            subject.insert(gathered.name.clone(), collect(*first, &properties, gathered));
            names.push((gathered.name.clone(), first.logical_id.to_owned()));
        }
        subjects.extend(more);
    }
    // What speaks of other resources alone has nothing to say where there are none.
    let own = requirement.gathered.iter().any(|gathered| gathered.from.is_none());
    if !own && !beyond {
        return Vec::new();
    }
    subjects.into_iter().map(|(values, names)| Subject { values: Some(Value::Map(values)), names }).collect()
}

/// Where in the resource a problem with a gathered value is shown.
pub(super) fn written(requirement: &Requirement, path: Vec<String>) -> Vec<String> {
    let Some((name, rest)) = path.split_first() else { return path };
    let Some(gathered) = requirement.gathered.iter().find(|gathered| gathered.name == *name) else {
        return path;
    };
    if let Some((way, _)) = &gathered.from {
        return way.iter().take_while(|step| *step != "*").cloned().collect();
    }
    let Some((property, inner)) = rest.split_first() else { return Vec::new() };
    let place = gathered.properties.iter().find(|known| known.name == *property);
    place.into_iter().flat_map(|place| &place.path).chain(inner).cloned().collect()
}

fn properties_of(resource: ResourceView<'_>) -> Value {
    resource.attributes.get("Properties").cloned().unwrap_or_default()
}

fn collect(resource: ResourceView<'_>, properties: &Value, gathered: &Gathered) -> Value {
    let mut map = Map::new();
    for property in &gathered.properties {
        if property.path.first().is_some_and(|step| step == TYPE) {
            if let Some(kind) = resource.resource_type() {
                map.insert(property.name.clone(), kind.to_owned().into());
            }
            continue;
        }
        match (properties.at(property.path.iter().map(String::as_str)), &property.default) {
            (Some(value), _) => {
                map.insert(property.name.clone(), value.clone());
            }
            (None, Some(default)) => {
                map.insert(property.name.clone(), plain(default));
            }
            (None, None) => {}
        }
    }
    Value::Map(map)
}

fn plain(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(flag) => (*flag).into(),
        Literal::Number(number) => number.to_string().into(),
        Literal::String(text) => text.clone().into(),
    }
}

/// The resources of a type that the values at the end of a way refer to.
fn referred<'t>(index: &Index<'t>, value: &Value, way: &[String], kind: &str) -> Vec<ResourceView<'t>> {
    let mut names = Vec::new();
    follow(value, way, &mut names);
    names.dedup();
    let resources = names.into_iter().filter_map(|name| index.resource(&name));
    resources.filter(|resource| kind.is_empty() || resource.resource_type() == Some(kind)).collect()
}

fn follow(value: &Value, way: &[String], names: &mut Vec<String>) {
    if let Some((function, argument)) = value.as_map().and_then(intrinsic::of) {
        if function == "Fn::If" {
            for branch in argument.as_list().unwrap_or_default().iter().skip(1) {
                follow(branch, way, names);
            }
        } else if way.is_empty() && matches!(function, "Ref" | "Fn::GetAtt") {
            intrinsic::references_of(function, argument, &mut |reference| {
                if let Reference::Name(name) | Reference::Attribute(name, _) = reference {
                    names.push(name.to_owned());
                }
            });
        }
        return;
    }
    let Some((step, rest)) = way.split_first() else { return };
    match value {
        Value::List(items) if step == "*" => items.iter().for_each(|item| follow(item, rest, names)),
        Value::Map(map) => {
            if let Some(inner) = map.get(step) {
                follow(inner, rest, names);
            }
        }
        _ => {}
    }
}
