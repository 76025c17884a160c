//! The grammar of intrinsic functions: which map is one, and what it refers to.

use crate::value::{Map, Value};

/// The functions that may stand in `Resources` and `Outputs`.
pub const FUNCTIONS: [&str; 19] = [
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
];

/// The parameters that CloudFormation itself provides.
pub const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// The function and its argument, if the map is an intrinsic: one key that is `Ref`,
/// `Condition` or begins with `Fn::`.
pub fn of(map: &Map) -> Option<(&str, &Value)> {
    let mut pairs = map.iter();
    let (key, argument) = pairs.next()?;
    let intrinsic = pairs.next().is_none()
        && (key == "Ref" || key.starts_with("Fn::") || (key == "Condition" && argument.as_str().is_some()));
    intrinsic.then_some((key, argument))
}

/// What an expression refers to by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference<'a> {
    /// `Ref`, or `${Name}` in a `Fn::Sub`: a resource, a parameter or a pseudo parameter.
    Name(&'a str),
    /// `Fn::GetAtt`, or `${Name.Attribute}` in a `Fn::Sub`.
    Attribute(&'a str, &'a str),
    /// `Fn::If` or `Condition`.
    Condition(&'a str),
    /// `Fn::FindInMap`.
    Mapping(&'a str),
}

/// Calls `visit` with every reference in a value, in the order they stand.
pub fn references<'a>(value: &'a Value, visit: &mut impl FnMut(Reference<'a>)) {
    match value {
        Value::List(items) => items.iter().for_each(|item| references(item, visit)),
        Value::Map(map) => {
            if let Some((function, argument)) = of(map) {
                references_of(function, argument, visit);
            }
            map.iter().for_each(|(_, item)| references(item, visit));
        }
        _ => {}
    }
}

/// Calls `visit` with what one function refers to itself, and not with what its operands do.
pub fn references_of<'a>(function: &str, argument: &'a Value, visit: &mut impl FnMut(Reference<'a>)) {
    match (function, argument) {
        ("Ref", Value::String(name)) => visit(Reference::Name(name)),
        ("Condition", Value::String(name)) => visit(Reference::Condition(name)),
        ("Fn::GetAtt", Value::String(dotted)) => {
            if let Some((name, attribute)) = dotted.split_once('.') {
                visit(Reference::Attribute(name, attribute));
            }
        }
        ("Fn::GetAtt", Value::List(parts)) => {
            if let [Value::String(name), Value::String(attribute)] = parts.as_slice() {
                visit(Reference::Attribute(name, attribute));
            }
        }
        ("Fn::If", Value::List(parts)) => {
            if let Some(Value::String(condition)) = parts.first() {
                visit(Reference::Condition(condition));
            }
        }
        ("Fn::FindInMap", Value::List(parts)) => {
            if let Some(Value::String(mapping)) = parts.first() {
                visit(Reference::Mapping(mapping));
            }
        }
        ("Fn::Sub", Value::String(format)) => sub_references(format, None, visit),
        ("Fn::Sub", Value::List(parts)) => {
            if let Some(Value::String(format)) = parts.first() {
                sub_references(format, parts.get(1).and_then(Value::as_map), visit);
            }
        }
        _ => {}
    }
}

fn sub_references<'a>(format: &'a str, variables: Option<&Map>, visit: &mut impl FnMut(Reference<'a>)) {
    for part in sub_parts(format) {
        let SubPart::Placeholder(name) = part else { continue };
        if variables.is_some_and(|variables| variables.contains_key(name)) {
            continue;
        }
        match name.split_once('.') {
            Some((resource, attribute)) => visit(Reference::Attribute(resource, attribute)),
            None => visit(Reference::Name(name)),
        }
    }
}

/// A piece of the text of a `Fn::Sub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubPart<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// `${!Name}`, which becomes `${Name}`: the part between the braces, without the mark.
    Escaped(&'a str),
    /// `${Name}`: the part between the braces, trimmed.
    Placeholder(&'a str),
}

/// Takes the text of a `Fn::Sub` apart. A `${` that is never closed is text.
pub fn sub_parts(format: &str) -> Vec<SubPart<'_>> {
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        if start > 0 {
            parts.push(SubPart::Text(&rest[..start]));
        }
        let inside = &rest[start + 2..start + length];
        parts.push(match inside.strip_prefix('!') {
            Some(name) => SubPart::Escaped(name),
            None => SubPart::Placeholder(inside.trim()),
        });
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        parts.push(SubPart::Text(rest));
    }
    parts
}
