//! [`rename`]: other logical ids, for resources and for all that refers to them.

use std::collections::BTreeMap;

use crate::{
    intrinsic::{self, SubPart},
    template::Template,
    value::{Map, Text, Value},
};

/// The same template with other logical ids; `names` leads from old ones to new ones.
///
/// What refers to the resources follows: `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`, in resources
/// and in outputs. Text that happens to say an id, such as in a script, stays.
pub fn rename(template: &Template, names: &BTreeMap<&str, &str>) -> Template {
    let mut renamed = Template::new();
    for (section, value) in template.sections().iter() {
        let mut value = value.clone();
        match (section, &mut value) {
            ("Resources", Value::Map(resources)) => rename_resources(resources, names),
            ("Outputs", value) => refer(value, names),
            _ => {}
        }
        renamed.sections_mut().push(section.to_owned(), value);
    }
    renamed
}

fn rename_resources(resources: &mut Map, names: &BTreeMap<&str, &str>) {
    let old = std::mem::take(resources);
    for (id, mut resource) in old {
        match &mut resource {
            Value::Map(attributes) => refer_in_resource(attributes, names),
            // A loop: the resources that it makes stand last.
            Value::List(parts) => {
                let last = parts.len().saturating_sub(1);
                for (position, part) in parts.iter_mut().enumerate() {
                    match part {
                        Value::Map(made) if position == last => rename_resources(made, names),
                        other => refer(other, names),
                    }
                }
            }
            _ => {}
        }
        let id = names.get(id.as_ref()).map_or(id, |to| (*to).to_owned().into());
        resources.push(id, resource);
    }
}

fn refer_in_resource(attributes: &mut Map, names: &BTreeMap<&str, &str>) {
    for (attribute, value) in attributes.iter_mut() {
        match (attribute, value) {
            ("DependsOn", Value::String(id)) => replace(id, names),
            ("DependsOn", Value::List(ids)) => {
                for id in ids {
                    if let Value::String(id) = id {
                        replace(id, names);
                    }
                }
            }
            (_, value) => refer(value, names),
        }
    }
}

/// Puts new names in place of old ones in what refers to them.
fn refer(value: &mut Value, names: &BTreeMap<&str, &str>) {
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| refer(item, names)),
        Value::Map(map) => {
            let function = intrinsic::of(map).map(|(function, _)| function.to_owned());
            for (_, argument) in map.iter_mut() {
                match (function.as_deref(), argument) {
                    (Some("Ref"), Value::String(name)) => replace(name, names),
                    (Some("Fn::GetAtt"), Value::String(dotted)) => {
                        if let Some((name, attribute)) = dotted.split_once('.')
                            && let Some(to) = names.get(name)
                        {
                            *dotted = format!("{to}.{attribute}").into();
                        }
                    }
                    (Some("Fn::GetAtt"), Value::List(parts)) => {
                        if let Some(Value::String(name)) = parts.first_mut() {
                            replace(name, names);
                        }
                    }
                    (Some("Fn::Sub"), Value::String(format)) => refer_in_text(format, None, names),
                    (Some("Fn::Sub"), Value::List(parts)) => {
                        if let [Value::String(format), rest @ ..] = parts.as_mut_slice() {
                            refer_in_text(format, rest.first().and_then(Value::as_map), names);
                            for part in rest {
                                refer(part, names);
                            }
                        }
                    }
                    (_, argument) => refer(argument, names),
                }
            }
        }
        _ => {}
    }
}

fn replace(name: &mut Text, names: &BTreeMap<&str, &str>) {
    if let Some(to) = names.get(name.as_ref()) {
        *name = (*to).to_owned().into();
    }
}

/// The text of a `Fn::Sub`; what is not referred to anew stays as it was written.
fn refer_in_text(format: &mut Text, variables: Option<&Map>, names: &BTreeMap<&str, &str>) {
    let to = |placeholder: &str| {
        let is_variable = variables.is_some_and(|variables| variables.contains_key(placeholder));
        let name = placeholder.split_once('.').map_or(placeholder, |(name, _)| name);
        names.get(name).filter(|_| !is_variable).copied()
    };
    let parts = intrinsic::sub_parts(format);
    if !parts.iter().any(|part| matches!(part, SubPart::Placeholder(name) if to(name).is_some())) {
        return;
    }
    let mut text = String::new();
    for part in parts {
        match part {
            SubPart::Text(literal) => text.push_str(literal),
            SubPart::Escaped(name) => text.extend(["${!", name, "}"]),
            SubPart::Placeholder(name) => {
                let attribute = name.find('.').map_or("", |at| &name[at..]);
                match to(name) {
                    Some(to) => text.extend(["${", to, attribute, "}"]),
                    None => text.extend(["${", name, "}"]),
                }
            }
        }
    }
    *format = text.into();
}
