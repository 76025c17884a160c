//! Resources that have another logical id on the new side.

use std::collections::BTreeMap;

use formwork_template::{
    Template, Value,
    intrinsic::{self, SubPart},
};

/// The old template with the new names of what moved, where anything did. `moved` leads from new
/// names to old ones; names that are not there, or still stand on the other side, do not count.
pub(crate) fn rename(old: &Template, new: &Template, moved: &BTreeMap<String, String>) -> Option<Template> {
    let has = |template: &Template, id: &str| template.resource(id).is_some();
    let names: BTreeMap<&str, &str> = moved
        .iter()
        .filter(|(to, from)| has(old, from) && has(new, to) && !has(old, to) && !has(new, from))
        .map(|(to, from)| (from.as_str(), to.as_str()))
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut template = Template::new();
    for (section, value) in old.sections().iter() {
        let mut value = value.clone();
        if let ("Resources", Some(resources)) = (section, value.as_map()) {
            let renamed = resources
                .iter()
                .map(|(id, resource)| (names.get(id).map_or(id, |to| to).to_owned(), resource.clone()));
            value = Value::Map(renamed.collect());
        }
        if matches!(section, "Resources" | "Outputs") {
            refer(&mut value, &names);
        }
        template.sections_mut().push(section.to_owned(), value);
    }
    Some(template)
}

/// Puts new names in place of old ones in what refers to them.
fn refer(value: &mut Value, names: &BTreeMap<&str, &str>) {
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| refer(item, names)),
        Value::Map(map) => {
            let function = intrinsic::of(map).map(|(function, _)| function.to_owned());
            for (key, item) in map.iter_mut() {
                match (function.as_deref(), &mut *item) {
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
                    (Some("Fn::Sub"), Value::String(format)) => *format = refer_in(format, names).into(),
                    (Some("Fn::Sub"), Value::List(parts)) => {
                        if let Some(Value::String(format)) = parts.first_mut() {
                            *format = refer_in(format, names).into();
                        }
                        parts.iter_mut().skip(1).for_each(|part| refer(part, names));
                    }
                    (None, Value::String(name)) if key == "DependsOn" => replace(name, names),
                    (None, Value::List(ids)) if key == "DependsOn" => {
                        for id in ids {
                            if let Value::String(name) = id {
                                replace(name, names);
                            }
                        }
                    }
                    _ => refer(item, names),
                }
            }
        }
        _ => {}
    }
}

fn replace(name: &mut formwork_template::Text, names: &BTreeMap<&str, &str>) {
    if let Some(to) = names.get(name.as_ref()) {
        *name = (*to).to_owned().into();
    }
}

fn refer_in(format: &str, names: &BTreeMap<&str, &str>) -> String {
    let mut text = String::new();
    for part in intrinsic::sub_parts(format) {
        match part {
            SubPart::Text(literal) => text.push_str(literal),
            SubPart::Escaped(name) => {
                text.push_str("${!");
                text.push_str(name);
                text.push('}');
            }
            SubPart::Placeholder(name) => {
                let (resource, rest) = name.find('.').map_or((name, ""), |at| name.split_at(at));
                text.push_str("${");
                text.push_str(names.get(resource).unwrap_or(&resource));
                text.push_str(rest);
                text.push('}');
            }
        }
    }
    text
}
