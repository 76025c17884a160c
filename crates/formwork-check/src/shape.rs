//! What a value is when the template is deployed, as far as the template alone says it.

use formwork_template::{Value, intrinsic};

use crate::index::Index;

/// What a value is: one text, a list of them, or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text, a number, true or false.
    Scalar,
    /// A list.
    List,
    /// An object.
    Object,
    /// Nobody knows yet.
    Unknown,
}

impl Shape {
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Scalar => "a text",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Unknown => "something",
        }
    }
}

/// The shape of a value.
pub(crate) fn of(value: &Value, index: &Index<'_>) -> Shape {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Shape::Scalar,
        Value::List(_) => Shape::List,
        Value::Null => Shape::Unknown,
        Value::Map(map) => match intrinsic::of(map) {
            Some((function, argument)) => of_function(function, argument, index),
            None => Shape::Object,
        },
    }
}

/// The shape of what a function gives.
pub(crate) fn of_function(function: &str, argument: &Value, index: &Index<'_>) -> Shape {
    match function {
        "Ref" => argument.as_str().map_or(Shape::Unknown, |name| of_reference(name, index)),
        "Fn::GetAtt" => of_attribute(argument, index),
        "Fn::Split" | "Fn::GetAZs" | "Fn::Cidr" => Shape::List,
        "Fn::Sub" | "Fn::Join" | "Fn::Base64" | "Fn::ImportValue" | "Fn::ToJsonString" | "Fn::Length" => {
            Shape::Scalar
        }
        "Fn::FindInMap" => of_lookup(argument, index),
        _ => Shape::Unknown,
    }
}

fn of_reference(name: &str, index: &Index<'_>) -> Shape {
    let parameter = index.parameter(name);
    if let Some(parameter) = parameter {
        return match parameter.get("Type").and_then(Value::as_str) {
            Some(kind) if is_list(kind) => Shape::List,
            Some(_) => Shape::Scalar,
            None => Shape::Unknown,
        };
    }
    match name {
        "AWS::NotificationARNs" => Shape::List,
        "AWS::NoValue" => Shape::Unknown,
        _ if name.starts_with("AWS::") => Shape::Scalar,
        _ => match index.resource_type(name) {
            Some(kind) if kind.starts_with("AWS::") && !kind.ends_with("::MODULE") => Shape::Scalar,
            _ => Shape::Unknown,
        },
    }
}

/// Whether a parameter of a type is a list.
fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList"
        || kind.starts_with("List<")
        || kind.contains("Value<List<")
        || kind.contains("Value<CommaDelimitedList")
}

#[cfg(feature = "facts")]
fn of_attribute(argument: &Value, index: &Index<'_>) -> Shape {
    use formwork_spec::Kind;

    let mut attribute = None;
    intrinsic::references_of("Fn::GetAtt", argument, &mut |reference| {
        if let intrinsic::Reference::Attribute(name, asked) = reference {
            attribute = Some((name, asked));
        }
    });
    let Some((name, asked)) = attribute else { return Shape::Unknown };
    let kind = index.resource_type(name);
    let Some(facts) = kind.and_then(formwork_spec::resource) else { return Shape::Unknown };
    match facts.attribute(asked).map(|known| &known.value.kind) {
        Some(Kind::String | Kind::Integer | Kind::Number | Kind::Boolean | Kind::Timestamp) => Shape::Scalar,
        Some(Kind::List(_)) => Shape::List,
        Some(Kind::Nested(_) | Kind::Map(_)) => Shape::Object,
        _ => Shape::Unknown,
    }
}

#[cfg(not(feature = "facts"))]
fn of_attribute(_: &Value, _: &Index<'_>) -> Shape {
    Shape::Unknown
}

/// What all entries that may be found are.
fn of_lookup(argument: &Value, index: &Index<'_>) -> Shape {
    let Some([Value::String(mapping), _, second]) = argument.as_list() else { return Shape::Unknown };
    let Some(rows) = index.mapping(mapping) else {
        return Shape::Unknown;
    };
    let mut shapes = rows.iter().flat_map(|(_, row)| {
        let entries = row.as_map().into_iter().flat_map(formwork_template::Map::iter);
        entries.filter(|(key, _)| second.as_str().is_none_or(|wanted| wanted == *key)).map(|(_, entry)| {
            match entry {
                Value::List(_) => Shape::List,
                Value::Map(_) | Value::Null => Shape::Unknown,
                _ => Shape::Scalar,
            }
        })
    });
    let Some(first) = shapes.next() else { return Shape::Unknown };
    if shapes.all(|shape| shape == first) { first } else { Shape::Unknown }
}
