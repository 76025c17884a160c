//! References to resources that may not be there.

use formwork_template::{
    Map, Severity, Value,
    intrinsic::{self, Reference},
};

use crate::judge::Judge;

/// What is always there refers to what is there under a condition alone: the deployment fails when
/// the condition is false.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for section in ["Resources", "Outputs"] {
        for (id, body) in template.section(section).into_iter().flat_map(Map::iter) {
            let mut assumed = Vec::new();
            if let Some(condition) = body.get("Condition").and_then(Value::as_str) {
                assumed.push((condition.to_owned(), true));
            }
            let mut found = Vec::new();
            let mut path = vec![section.to_owned(), id.to_owned()];
            walk(judge, body, &mut assumed, &mut path, &mut found);
            for (path, severity, message) in found {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let hint = Some("choose by `Fn::If`, or give both the same condition".to_owned());
                judge.report("W1001", severity, &path, message, hint);
            }
        }
    }
}

type Found = Vec<(Vec<String>, Severity, String)>;

fn walk(
    judge: &Judge<'_>,
    value: &Value,
    assumed: &mut Vec<(String, bool)>,
    path: &mut Vec<String>,
    found: &mut Found,
) {
    match value {
        Value::List(items) => {
            for (position, item) in items.iter().enumerate() {
                path.push(position.to_string());
                walk(judge, item, assumed, path, found);
                path.pop();
            }
        }
        Value::Map(map) => {
            if let Some((function, argument)) = intrinsic::of(map) {
                intrinsic::references_of(function, argument, &mut |reference| {
                    if let Reference::Name(name) | Reference::Attribute(name, _) = reference {
                        reach(judge, name, assumed, path, found);
                    }
                });
                if let ("Fn::If", Value::List(operands)) = (function, argument)
                    && let [Value::String(condition), branches @ ..] = operands.as_slice()
                {
                    for (position, branch) in branches.iter().enumerate() {
                        path.extend(["Fn::If".to_owned(), (position + 1).to_string()]);
                        assumed.push((condition.to_string(), position == 0));
                        walk(judge, branch, assumed, path, found);
                        assumed.pop();
                        path.truncate(path.len() - 2);
                    }
                    return;
                }
            }
            for (key, item) in map.iter() {
                path.push(key.to_owned());
                walk(judge, item, assumed, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Notes a reference to a resource that may be missing where it is referred to.
fn reach(judge: &Judge<'_>, name: &str, assumed: &[(String, bool)], path: &[String], found: &mut Found) {
    let condition = judge
        .index
        .resource(name)
        .and_then(|resource| resource.attributes.get("Condition"))
        .and_then(Value::as_str);
    let Some(condition) = condition else { return };
    if path.get(1).is_some_and(|own| own == name) {
        return;
    }
    let Some(worlds) = judge.conditions.worlds(&[condition], assumed) else { return };
    let there = |world: &Vec<(String, bool)>| world.iter().all(|(_, value)| *value);
    let missing = worlds.iter().filter(|world| !there(world)).count();
    if missing == 0 {
        return;
    }
    // It is certain to fail where the values are given by which it does.
    let severity = if judge.given.is_empty() { Severity::Warning } else { Severity::Error };
    let (severity, when) = if missing == worlds.len() {
        (severity, "never exists together with what refers to it".to_owned())
    } else {
        (Severity::Warning, format!("exists only when `{condition}` is true"))
    };
    found.push((path.to_vec(), severity, format!("`{name}` is referred to, and {when}")));
}
