//! `${Name}` in texts that no `Fn::Sub` works on.

use formwork_template::{
    Map, Value,
    intrinsic::{self, PSEUDO_PARAMETERS, SubPart},
};

use crate::judge::Judge;

/// Properties whose texts are other people's languages, with `${...}` of their own.
const FOREIGN: [&str; 3] = ["TemplateBody", "RequestMappingTemplate", "ResponseMappingTemplate"];
/// Properties whose `${...}` a property beside them fills in.
const DEFINITIONS: [&str; 2] = ["Definition", "DefinitionString"];

/// A placeholder of the template in a plain text is deployed as it stands.
pub(super) fn check(judge: &mut Judge<'_>) {
    for resource in judge.index.template.resources() {
        let Some(properties) = resource.properties() else { continue };
        let filled: Vec<&str> = properties
            .get("DefinitionSubstitutions")
            .and_then(Value::as_map)
            .into_iter()
            .flat_map(Map::keys)
            .collect();
        let mut path: Vec<String> =
            ["Resources", resource.logical_id, "Properties"].map(str::to_owned).into();
        let mut found = Vec::new();
        for (name, value) in properties.iter().filter(|(name, _)| !FOREIGN.contains(name)) {
            path.push(name.to_owned());
            let filled = DEFINITIONS.contains(&name).then_some(filled.as_slice());
            search(judge, value, filled, &mut path, &mut found);
            path.pop();
        }
        for (path, name) in found {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let message = format!("`${{{name}}}` stands in a plain text, and is deployed as it stands");
            judge.report(
                "E1029",
                formwork_template::Severity::Error,
                &path,
                message,
                Some("put the text into `Fn::Sub`".to_owned()),
            );
        }
    }
}

fn search(
    judge: &Judge<'_>,
    value: &Value,
    filled: Option<&[&str]>,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, String)>,
) {
    match value {
        Value::String(text) if text.contains("${") => {
            for part in intrinsic::sub_parts(text) {
                if let SubPart::Placeholder(name) = part
                    && filled.map_or_else(|| known(judge, name), |filled| !filled.contains(&name))
                {
                    found.push((path.clone(), name.to_owned()));
                }
            }
        }
        Value::List(items) => {
            for (position, item) in items.iter().enumerate() {
                path.push(position.to_string());
                search(judge, item, filled, path, found);
                path.pop();
            }
        }
        Value::Map(map) => {
            for (key, item) in map.iter().filter(|(key, _)| *key != "Fn::Sub" && *key != "Fn::Transform") {
                path.push(key.to_owned());
                search(judge, item, filled, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Whether a placeholder names something of the template, rather than of another language.
fn known(judge: &Judge<'_>, name: &str) -> bool {
    if PSEUDO_PARAMETERS.contains(&name) || judge.index.parameter(name).is_some() {
        return true;
    }
    match name.split_once('.') {
        None => judge.index.resource(name).is_some(),
        Some((resource, attribute)) => {
            let kind = judge.index.resource_type(resource);
            kind.and_then(formwork_spec::resource).is_some_and(|facts| facts.attribute(attribute).is_some())
        }
    }
}
