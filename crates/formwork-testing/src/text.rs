//! Strings that expressions make, in the form that `Fn::Sub` writes.

use formwork_core::Value;
use formwork_template::intrinsic;

/// The text of a string, or of an expression that makes one: what is known at deploy time stands as
/// `${Name}` or `${Name.Attribute}`. Nothing for other values.
pub(crate) fn of(value: &Value) -> Option<String> {
    let map = match value {
        Value::String(text) => return Some(text.clone().into_owned()),
        Value::Map(map) => map,
        _ => return None,
    };
    match intrinsic::of(map)? {
        ("Ref", name) => Some(format!("${{{}}}", name.as_str()?)),
        ("Fn::GetAtt", Value::String(path)) => Some(format!("${{{path}}}")),
        ("Fn::GetAtt", Value::List(parts)) => {
            let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
            Some(format!("${{{}}}", parts?.join(".")))
        }
        ("Fn::Sub", Value::String(text)) => Some(text.clone().into_owned()),
        ("Fn::Sub", Value::List(parts)) => substituted(parts),
        ("Fn::Join", Value::List(parts)) => joined(parts),
        _ => None,
    }
}

/// The long form of `Fn::Sub`, with its own variables replaced by what they stand for.
fn substituted(parts: &[Value]) -> Option<String> {
    let [Value::String(text), Value::Map(variables)] = parts else { return None };
    let mut text = text.clone().into_owned();
    for (name, value) in variables.iter() {
        if let Some(value) = of(value) {
            text = text.replace(&format!("${{{name}}}"), &value);
        }
    }
    Some(text)
}

fn joined(parts: &[Value]) -> Option<String> {
    let [Value::String(separator), Value::List(items)] = parts else { return None };
    let items: Option<Vec<String>> = items.iter().map(of).collect();
    Some(items?.join(separator))
}
