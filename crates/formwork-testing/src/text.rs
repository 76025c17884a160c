//! Strings that expressions make, in the form that `Fn::Sub` writes.

use formwork_core::Value;
use formwork_template::{
    intrinsic::{self, SubPart},
    json::{self, Style},
};

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
    let part = |part: &SubPart<'_>| match part {
        SubPart::Text(text) => (*text).to_owned(),
        SubPart::Escaped(name) => format!("${{!{name}}}"),
        SubPart::Placeholder(name) => {
            variables.get(name).and_then(piece).unwrap_or_else(|| format!("${{{name}}}"))
        }
    };
    Some(intrinsic::sub_parts(text).iter().map(part).collect())
}

fn joined(parts: &[Value]) -> Option<String> {
    let [Value::String(separator), Value::List(items)] = parts else { return None };
    let items: Option<Vec<String>> = items.iter().map(piece).collect();
    Some(items?.join(separator))
}

/// What a value is as a part of a string: numbers and booleans are written out.
fn piece(value: &Value) -> Option<String> {
    match value {
        Value::Number(_) | Value::Bool(_) => Some(json::write(value, Style::Compact)),
        other => of(other),
    }
}
