//! Values that the service reads from elsewhere: `{{resolve:...}}`.
//!
//! See [dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).

use formwork_template::{Map, Value};

use crate::{judge::Judge, patterns};

const START: &str = "{{resolve:";
/// References that the service understands.
const SSM: &str = r"^(ssm|ssm-secure):[a-zA-Z0-9_.\-/]+(:\d+)?$";
const SECRET: &str = r"^secretsmanager:[^:\s]+(:[^:\s]+){0,6}(:SecretString(:[^:]*)?(:[^:]*)?(:[^:]*)?)?$";

/// A reference has its form, and secrets stand in properties alone.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for section in ["Resources", "Outputs", "Metadata", "Parameters"] {
        for (id, body) in template.section(section).into_iter().flat_map(Map::iter) {
            let mut path = vec![section.to_owned(), id.to_owned()];
            search(judge, body, &mut path);
        }
    }
}

fn search(judge: &mut Judge<'_>, value: &Value, path: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains(START) => references(judge, text, path),
        Value::List(items) => {
            for (position, item) in items.iter().enumerate() {
                path.push(position.to_string());
                search(judge, item, path);
                path.pop();
            }
        }
        Value::Map(map) => {
            for (key, item) in map.iter() {
                path.push(key.to_owned());
                search(judge, item, path);
                path.pop();
            }
        }
        _ => {}
    }
}

fn references(judge: &mut Judge<'_>, text: &str, path: &[String]) {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    for rest in text.split(START).skip(1) {
        // What is put together by a function is whole at deployment alone.
        let Some(reference) = rest.split("}}").next().filter(|_| rest.contains("}}")) else { continue };
        if reference.contains("${") {
            continue;
        }
        let secret = reference.starts_with("secretsmanager");
        if !patterns::matches(if secret { SECRET } else { SSM }, reference) {
            let message = format!(
                "`{{{{resolve:{reference}}}}}` is no reference: `ssm`, `ssm-secure` or `secretsmanager`, then what is read"
            );
            judge.error("E1050", &steps, message);
            continue;
        }
        let in_properties = steps.first() == Some(&"Resources") && steps.get(2) == Some(&"Properties");
        // A default is read where the parameter is referred to, and metadata is not read at all.
        let elsewhere = ["Metadata", "Parameters"].iter().any(|section| steps.first() == Some(section));
        if secret && !in_properties && !elsewhere && steps.get(2) != Some(&"Metadata") {
            judge.error("E1051", &steps, "a secret can be read into properties of resources alone");
        }
        let secure = reference.starts_with("ssm-secure");
        if secure && !in_properties {
            judge.error("E1027", &steps, "a secure parameter can be read into properties of resources alone");
        }
    }
}
