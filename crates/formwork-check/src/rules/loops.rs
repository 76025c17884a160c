//! Loops: `Fn::ForEach`.
//!
//! See [the function](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html).

use formwork_template::{Map, Value};

use crate::judge::Judge;

const LOOP: &str = "Fn::ForEach::";

/// A loop has a name, what it goes through, and a body, and the transform that knows it.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for section in ["Conditions", "Outputs", "Resources"] {
        if let Some(map) = template.section(section) {
            search(judge, map, &mut vec![section.to_owned()]);
        }
    }
}

fn search(judge: &mut Judge<'_>, map: &Map, path: &mut Vec<String>) {
    for (key, value) in map.iter() {
        path.push(key.to_owned());
        if key.starts_with(LOOP) {
            one(judge, value, path);
        }
        match value {
            Value::Map(inner) => search(judge, inner, path),
            Value::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    if let Value::Map(inner) = item {
                        path.push(position.to_string());
                        search(judge, inner, path);
                        path.pop();
                    }
                }
            }
            _ => {}
        }
        path.pop();
    }
}

fn one(judge: &mut Judge<'_>, value: &Value, path: &[String]) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if !judge.index.extended {
        judge.error("E1032", &path, "`Fn::ForEach` needs the transform `AWS::LanguageExtensions`");
        return;
    }
    let sound = match value.as_list() {
        Some([name, through, body]) => {
            name.as_str().is_some()
                && (through.as_list().is_some() || through.as_map().is_some())
                && body.as_map().is_some()
        }
        _ => false,
    };
    if !sound {
        judge.error("E1032", &path, "a loop takes a list of a name, what it goes through, and a body");
    }
}
