//! Writing YAML that a reader of YAML 1.1 reads back to the same data.
//!
//! Keys stand in the canonical order, collections in block style, and intrinsic functions in their
//! short form (`!Ref`, `!GetAtt Name.Attribute`, `!If` with a list below). YAML allows one tag for
//! a node, so a function that is the whole argument of another is written in the long form.
//!
//! A string is plain only if no version of YAML could read it as anything else. Text of several
//! lines is a literal block when that keeps every character; all other strings are double-quoted.

use std::fmt::Write;

use serde_json::Number;

use crate::{
    intrinsic,
    order::Place,
    quote,
    template::Template,
    value::{Map, Text, Value},
};

/// The functions that have a short form and take a string, a list or a map after it.
const SHORT_FORMS: [&str; 15] = [
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
];

/// A reader need not look further than 1,024 characters for the colon after a key.
const SIMPLE_KEY_BYTES: usize = 1_000;

/// Writes any value: keys sorted, with a newline at the end.
pub fn write(value: &Value) -> String {
    let mut writer = Writer::default();
    writer.node(value, Place::Inside, Lead::Root);
    writer.finish()
}

/// Writes a template in the canonical order.
pub fn write_template(template: &Template) -> String {
    let mut writer = Writer { out: String::with_capacity(16 * 1024), depth: 0 };
    writer.collection(template.sections(), Place::Root);
    writer.finish()
}

/// What stands before a node on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// Nothing: the root.
    Root,
    /// `key:` or a tag: a block begins on the next line.
    Key,
    /// `-`: a block begins on the same line.
    Item,
}

#[derive(Default)]
struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    fn collection(&mut self, sections: &Map, place: Place) {
        if sections.is_empty() {
            self.out.push_str("{}");
        } else {
            self.map(sections, place, Lead::Root);
        }
    }

    fn node(&mut self, value: &Value, place: Place, lead: Lead) {
        // Sections, resources and their attributes are names, even when one is called `Condition`.
        if place == Place::Inside
            && let Some((tag, argument)) = short_form(value)
        {
            self.space(lead);
            self.out.push('!');
            self.out.push_str(tag);
            match argument {
                Argument::Attribute(name, attribute) => {
                    self.out.push(' ');
                    self.string(&format!("{name}.{attribute}"));
                }
                Argument::Value(value) => self.long(value, Place::Inside, Lead::Key),
            }
        } else {
            self.long(value, place, lead);
        }
    }

    /// Writes a node without a tag of its own.
    fn long(&mut self, value: &Value, place: Place, lead: Lead) {
        match value {
            Value::Map(map) if !map.is_empty() => return self.map(map, place, lead),
            Value::List(items) if !items.is_empty() => return self.list(items, lead),
            _ => self.space(lead),
        }
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) => self.number(number),
            Value::String(text) => match block_header(text) {
                Some(header) => self.block(header, text),
                None => self.string(text),
            },
            Value::List(_) => self.out.push_str("[]"),
            Value::Map(_) => self.out.push_str("{}"),
        }
    }

    fn map(&mut self, map: &Map, place: Place, lead: Lead) {
        self.depth += usize::from(lead != Lead::Root);
        place.visit(map, |position, (key, value)| {
            self.begin(position, lead);
            self.key(key);
            self.node(value, place.below(key), Lead::Key);
        });
        self.depth -= usize::from(lead != Lead::Root);
    }

    fn key(&mut self, key: &Text) {
        let start = self.out.len();
        self.string(key);
        if self.out.len() - start > SIMPLE_KEY_BYTES {
            self.out.insert_str(start, "? ");
            self.line();
        }
        self.out.push(':');
    }

    fn list(&mut self, items: &[Value], lead: Lead) {
        self.depth += usize::from(lead != Lead::Root);
        for (position, item) in items.iter().enumerate() {
            self.begin(position, lead);
            self.out.push('-');
            self.node(item, Place::Inside, Lead::Item);
        }
        self.depth -= usize::from(lead != Lead::Root);
    }

    /// Goes to where the entry of a collection begins.
    fn begin(&mut self, position: usize, lead: Lead) {
        match (position, lead) {
            (0, Lead::Root) => {}
            (0, Lead::Item) => self.out.push(' '),
            _ => self.line(),
        }
    }

    fn space(&mut self, lead: Lead) {
        if lead != Lead::Root {
            self.out.push(' ');
        }
    }

    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    /// A float needs the point, and the exponent its sign, to be a number in YAML 1.1.
    fn number(&mut self, number: &Number) {
        let text = number.to_string();
        if !number.is_f64() {
            self.out.push_str(&text);
            return;
        }
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, ""));
        self.out.push_str(mantissa);
        if !mantissa.contains('.') {
            self.out.push_str(".0");
        }
        if !exponent.is_empty() {
            let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
            write!(self.out, "e{sign}{exponent}").unwrap_or_else(|_| unreachable!("a string takes any text"));
        }
    }

    fn string(&mut self, text: &str) {
        if is_plain(text) {
            self.out.push_str(text);
        } else {
            quote::yaml(&mut self.out, text);
        }
    }

    fn block(&mut self, header: &str, text: &str) {
        self.out.push_str(header);
        self.depth += 1;
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if line.is_empty() {
                self.out.push('\n');
            } else {
                self.line();
                self.out.push_str(line);
            }
        }
        self.depth -= 1;
    }
}

enum Argument<'a> {
    Attribute(&'a str, &'a str),
    Value(&'a Value),
}

/// The tag without its mark, and what follows it, if the value is a function that a reader makes
/// of that tag again. The scalar after a tag is always a string, and `!GetAtt` splits its own.
fn short_form(value: &Value) -> Option<(&str, Argument<'_>)> {
    let (function, argument) = intrinsic::of(value.as_map()?)?;
    let tag = match function {
        "Ref" | "Condition" => function,
        _ if SHORT_FORMS.contains(&function) => function.strip_prefix("Fn::")?,
        _ => return None,
    };
    match argument {
        Value::List(parts) if tag == "GetAtt" => match parts.as_slice() {
            [Value::String(name), Value::String(attribute)] if !name.contains('.') => {
                Some((tag, Argument::Attribute(name, attribute)))
            }
            _ => Some((tag, Argument::Value(argument))),
        },
        Value::String(_) if tag == "GetAtt" => None,
        Value::String(_) => Some((tag, Argument::Value(argument))),
        Value::List(_) | Value::Map(_) if !matches!(tag, "Ref" | "Condition") => {
            Some((tag, Argument::Value(argument)))
        }
        _ => None,
    }
}

/// Whether every reader takes the text for a string as it stands, in block style: it begins with a
/// letter or a slash, is no word that stands for something else, and has no character that could
/// be an indicator where it is.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];
    let bytes = text.as_bytes();
    let Some((first, last)) = bytes.first().zip(bytes.last()) else { return false };
    (first.is_ascii_alphabetic() || *first == b'/')
        && !matches!(last, b' ' | b':')
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b" _-./:@+,()=".contains(byte))
        && !text.contains(": ")
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The header of the literal block that keeps the text exactly, if there is one. The first line
/// must tell the indentation; space at the end of a line would not survive an editor.
fn block_header(text: &str) -> Option<&'static str> {
    let lossless = text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && text.chars().all(|character| matches!(character, '\n' | '\t') || quote::is_printable(character))
        && !text.split('\n').any(|line| line.ends_with([' ', '\t']));
    lossless.then_some(match text.strip_suffix('\n') {
        None => "|-",
        Some(rest) if rest.ends_with('\n') => "|+",
        Some(_) => "|",
    })
}
