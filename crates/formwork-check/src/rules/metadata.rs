//! The section `Metadata`: how the console shows parameters.

use formwork_template::{Map, Severity, Value};

use crate::{judge::Judge, nearest::nearest};

const INTERFACE: &str = "AWS::CloudFormation::Interface";

/// The interface has groups and labels, of parameters that are there.
/// See [the interface](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-interface.html).
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for (key, value) in template.section("Metadata").into_iter().flat_map(Map::iter) {
        nothing(judge, value, &mut vec!["Metadata".to_owned(), key.to_owned()]);
    }
    let Some(interface) = template.section("Metadata").and_then(|metadata| metadata.get(INTERFACE)) else {
        return;
    };
    let path = ["Metadata", INTERFACE];
    let Some(map) = interface.as_map() else {
        judge.error("E4001", &path, format!("the interface is {}, and must be an object", interface.kind()));
        return;
    };
    only(judge, map, &["ParameterGroups", "ParameterLabels"], &path);
    for (position, group) in
        map.get("ParameterGroups").and_then(Value::as_list).unwrap_or_default().iter().enumerate()
    {
        let position = position.to_string();
        let path = [&path[..], &["ParameterGroups", &position]].concat();
        let Some(group) = group.as_map() else {
            judge.error("E4001", &path, "a group is an object");
            continue;
        };
        only(judge, group, &["Label", "Parameters"], &path);
        if let Some(label) = group.get("Label") {
            label_of(judge, label, &[&path[..], &["Label"]].concat());
        }
        for (position, name) in
            group.get("Parameters").and_then(Value::as_list).unwrap_or_default().iter().enumerate()
        {
            parameter(judge, name.as_str(), &[&path[..], &["Parameters", &position.to_string()]].concat());
        }
    }
    for (name, label) in map.get("ParameterLabels").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let path = [&path[..], &["ParameterLabels", name]].concat();
        parameter(judge, Some(name), &path);
        label_of(judge, label, &path);
    }
}

/// There is no `null` in a template.
fn nothing(judge: &mut Judge<'_>, value: &Value, path: &mut Vec<String>) {
    match value {
        Value::Null => {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            judge.error("E4002", &path, "metadata has a key with nothing under it");
        }
        Value::List(items) => {
            for (position, item) in items.iter().enumerate() {
                path.push(position.to_string());
                nothing(judge, item, path);
                path.pop();
            }
        }
        Value::Map(map) => {
            for (key, item) in map.iter() {
                path.push(key.to_owned());
                nothing(judge, item, path);
                path.pop();
            }
        }
        _ => {}
    }
}

fn label_of(judge: &mut Judge<'_>, label: &Value, path: &[&str]) {
    match label.as_map() {
        Some(label) => only(judge, label, &["default"], path),
        None => judge.error("E4001", path, "a label is an object with `default`"),
    }
}

fn only(judge: &mut Judge<'_>, map: &Map, known: &[&str], path: &[&str]) {
    for key in map.keys().filter(|key| !known.contains(key)) {
        let hint = nearest(key, known.iter().copied()).map(|known| format!("is it `{known}` that is meant?"));
        judge.report(
            "E4001",
            Severity::Error,
            &[path, &[key]].concat(),
            format!("there is no `{key}` here: {}", known.join(", ")),
            hint,
        );
    }
}

fn parameter(judge: &mut Judge<'_>, name: Option<&str>, path: &[&str]) {
    let Some(name) = name else {
        judge.error("E4001", path, "a group lists parameters by their ids");
        return;
    };
    if judge.index.parameter(name).is_none() {
        judge.warning(
            "W4001",
            path,
            format!("there is no parameter `{name}`"),
            "take it out, or add the parameter",
        );
    }
}
