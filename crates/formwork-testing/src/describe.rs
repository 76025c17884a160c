//! Matchers and values in words, for messages.

use std::fmt::{self, Write as _};

use formwork_core::Value;
use formwork_template::json::{self, Style};

use crate::matcher::{Kind, Matcher};

/// From this many characters on a value is cut short.
const LONGEST: usize = 160;
/// The characters shown before the place where two long texts begin to differ.
const CONTEXT: usize = 30;
/// The widest line that a matcher is written on.
const WIDEST: usize = 90;

/// What stands for a value that is not there.
pub(crate) const NOTHING: &str = "nothing";

/// A value on one line, cut short where it is long.
pub(crate) fn brief(value: &Value) -> String {
    let text = json::write(value, Style::Compact);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// Two values that differ, each on one line. Where both are long texts, what they begin with in
/// common is left out, so that what differs is seen.
pub(crate) fn brief_pair(expected: &Value, found: &Value) -> [String; 2] {
    let (Value::String(one), Value::String(other)) = (expected, found) else {
        return [brief(expected), brief(found)];
    };
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    if common < LONGEST / 2 {
        return [brief(expected), brief(found)];
    }
    [one, other].map(|text| {
        let rest: String = text.chars().skip(common - CONTEXT).collect();
        format!("...{}", brief(&Value::from(rest)))
    })
}

/// The number of scalars in a value.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::Map(map) => map.iter().map(|(_, value)| weight(value)).sum(),
        Value::List(items) => items.iter().map(weight).sum(),
        _ => 1,
    }
}

impl Matcher {
    /// The number of places that the matcher says something about.
    pub(crate) fn weight(&self) -> usize {
        match &self.0 {
            Kind::ObjectLike(pairs) => pairs.iter().map(|(_, inner)| inner.weight()).sum(),
            Kind::ArrayEquals(items) | Kind::ArrayWith(items) => items.iter().map(Self::weight).sum(),
            Kind::SerializedJson(inner) | Kind::Capture(_, inner) => inner.weight(),
            Kind::Exact(value) => weight(value),
            Kind::Any | Kind::Absent | Kind::StringLike(_) | Kind::Not(_) => 1,
        }
    }

    /// The form of messages, over several lines where one would be too long.
    pub(crate) fn block(&self) -> String {
        let mut text = String::new();
        self.write_block(&mut text, 0);
        text
    }

    fn write_block(&self, text: &mut String, depth: usize) {
        let line = self.to_string();
        if line.len() + 2 * depth <= WIDEST {
            text.push_str(&line);
            return;
        }
        match &self.0 {
            Kind::ObjectLike(pairs) => {
                let pairs = pairs.iter().map(|(key, inner)| (Some(key.as_str()), inner));
                write_members(text, depth, ["{", "}"], pairs);
            }
            Kind::ArrayEquals(items) => {
                write_members(text, depth, ["[", "]"], items.iter().map(|item| (None, item)));
            }
            Kind::ArrayWith(items) => {
                write_members(text, depth, ["an array with [", "]"], items.iter().map(|item| (None, item)));
            }
            _ => text.push_str(&line),
        }
    }
}

fn write_members<'a>(
    text: &mut String,
    depth: usize,
    [open, close]: [&str; 2],
    members: impl Iterator<Item = (Option<&'a str>, &'a Matcher)>,
) {
    let indentation = |depth: usize| "  ".repeat(depth);
    text.push_str(open);
    for (key, inner) in members {
        text.push('\n');
        text.push_str(&indentation(depth + 1));
        if let Some(key) = key {
            let _ = write!(text, "\"{key}\": ");
        }
        inner.write_block(text, depth + 1);
        text.push(',');
    }
    text.push('\n');
    text.push_str(&indentation(depth));
    text.push_str(close);
}

/// The form of messages: JSON, with words for what is no plain value.
impl fmt::Display for Matcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Any => formatter.write_str("any value"),
            Kind::Absent => formatter.write_str("nothing"),
            Kind::Exact(value @ (Value::Map(_) | Value::List(_))) => {
                write!(formatter, "exactly {}", json::write(value, Style::Compact))
            }
            Kind::Exact(value) => formatter.write_str(&json::write(value, Style::Compact)),
            Kind::ObjectLike(pairs) => {
                formatter.write_str("{")?;
                for (position, (key, inner)) in pairs.iter().enumerate() {
                    let comma = if position == 0 { "" } else { "," };
                    write!(formatter, "{comma} \"{key}\": {inner}")?;
                }
                formatter.write_str(if pairs.is_empty() { "}" } else { " }" })
            }
            Kind::ArrayEquals(items) => array(formatter, items),
            Kind::ArrayWith(items) => {
                formatter.write_str("an array with ")?;
                array(formatter, items)
            }
            Kind::SerializedJson(inner) => write!(formatter, "a string of JSON that is {inner}"),
            Kind::StringLike(regex) => write!(formatter, "a string like /{}/", regex.as_str()),
            Kind::Not(inner) => write!(formatter, "anything but {inner}"),
            Kind::Capture(_, inner) => inner.fmt(formatter),
        }
    }
}

fn array(formatter: &mut fmt::Formatter<'_>, items: &[Matcher]) -> fmt::Result {
    formatter.write_str("[")?;
    for (position, item) in items.iter().enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        write!(formatter, "{comma}{item}")?;
    }
    formatter.write_str("]")
}
