//! Reading JSON, and writing the canonical form.

use std::{borrow::Cow, error::Error, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::{
    order::Place,
    quote,
    template::Template,
    value::{Map, Text, Value},
};

/// With white space for people, or without for the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Indented by two spaces, with a newline at the end.
    Pretty,
    /// Without white space.
    Compact,
}

/// Why JSON text is not a template.
#[derive(Debug)]
pub enum ReadError {
    /// The text is not JSON.
    Syntax(serde_json::Error),
    /// The root is not an object.
    Root(&'static str),
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(formatter, "not valid JSON: {error}"),
            Self::Root(kind) => write!(formatter, "a template is a JSON object, this is {kind}"),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Syntax(error) => Some(error),
            Self::Root(_) => None,
        }
    }
}

/// Reads any JSON value, keys in the order they stand.
///
/// # Errors
/// The text is not JSON, or an object has a key twice.
pub fn read(text: &str) -> Result<Value, ReadError> {
    serde_json::from_str(text).map_err(ReadError::Syntax)
}

/// Reads a template.
///
/// # Errors
/// The text is not JSON, has a key twice, or its root is not an object.
pub fn read_template(text: &str) -> Result<Template, ReadError> {
    match read(text)? {
        Value::Map(sections) => Ok(Template::from_sections(sections)),
        other => Err(ReadError::Root(other.kind())),
    }
}

/// Writes any value: keys sorted.
pub fn write(value: &Value, style: Style) -> String {
    let mut writer = Writer { out: String::new(), style, depth: 0 };
    writer.value(value, Place::Inside);
    writer.finish()
}

/// Writes a template in its canonical form.
pub fn write_template(template: &Template, style: Style) -> String {
    let mut writer = Writer { out: String::with_capacity(16 * 1024), style, depth: 0 };
    writer.map(template.sections(), Place::Root);
    writer.finish()
}

/// The bytes of a value in the compact form, without writing it: their number does not depend on the
/// order of keys.
pub fn compact_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => quote::json_bytes(text),
        Value::List(items) => around(items.len()) + items.iter().map(compact_bytes).sum::<usize>(),
        Value::Map(map) => compact_map_bytes(map),
    }
}

pub(crate) fn compact_map_bytes(map: &Map) -> usize {
    let pairs = map.iter().map(|(key, value)| quote::json_bytes(key) + 1 + compact_bytes(value));
    around(map.len()) + pairs.sum::<usize>()
}

/// The brackets, and the commas between so many items.
const fn around(items: usize) -> usize {
    2 + items.saturating_sub(1)
}

struct Writer {
    out: String,
    style: Style,
    depth: usize,
}

impl Writer {
    fn finish(mut self) -> String {
        if self.style == Style::Pretty {
            self.out.push('\n');
        }
        self.out
    }

    fn value(&mut self, value: &Value, place: Place) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) => self.out.push_str(&number.to_string()),
            Value::String(text) => quote::json(&mut self.out, text),
            Value::List(items) => self.list(items),
            Value::Map(map) => self.map(map, place),
        }
    }

    fn list(&mut self, items: &[Value]) {
        self.out.push('[');
        self.depth += 1;
        for (position, item) in items.iter().enumerate() {
            self.separate(position);
            self.value(item, Place::Inside);
        }
        self.close(items.is_empty(), ']');
    }

    fn map(&mut self, map: &Map, place: Place) {
        self.out.push('{');
        self.depth += 1;
        place.visit(map, |position, pair| self.pair(position, pair, place));
        self.close(map.is_empty(), '}');
    }

    fn pair(&mut self, position: usize, (key, value): &(Text, Value), place: Place) {
        self.separate(position);
        quote::json(&mut self.out, key);
        self.out.push_str(if self.style == Style::Pretty { ": " } else { ":" });
        self.value(value, place.below(key));
    }

    fn separate(&mut self, position: usize) {
        if position > 0 {
            self.out.push(',');
        }
        self.line();
    }

    fn close(&mut self, empty: bool, bracket: char) {
        self.depth -= 1;
        if !empty {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if self.style == Style::Pretty {
            self.out.push('\n');
            for _ in 0..self.depth {
                self.out.push_str("  ");
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that JSON cannot hold"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut seen = std::collections::HashSet::new();
        let mut map = Map::new();
        while let Some((key, value)) = access.next_entry::<String, Value>()? {
            if !seen.insert(key.clone()) {
                return Err(serde::de::Error::custom(format_args!("the key `{key}` stands twice")));
            }
            map.push(key, value);
        }
        Ok(Value::Map(map))
    }
}
