//! Values of templates as people read them: on one line, or what differs line by line.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};

/// Lines around what differs.
const CONTEXT: usize = 2;
/// The longest value that stands on one line though it has parts.
const ONE_LINE: usize = 72;

/// A line of a value that stands on several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// `+`, `-`, a blank, or `.` for lines that are left out.
    pub(crate) sign: char,
    pub(crate) text: String,
}

/// A value on one line. References are written in short.
pub(crate) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::Array(items) => list(items),
        Value::Object(map) => function(map).unwrap_or_else(|| object(map)),
        other => other.to_string(),
    }
}

/// A value within another on one line, where more needs quotes.
fn nested(value: &Value) -> String {
    match value {
        Value::String(text)
            if text.contains([',', ':', '[', ']', '{', '}', '"']) || text.starts_with('!') =>
        {
            value.to_string()
        }
        other => inline(other),
    }
}

fn list(items: &[Value]) -> String {
    format!("[{}]", items.iter().map(nested).collect::<Vec<_>>().join(", "))
}

fn object(map: &Map<String, Value>) -> String {
    let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{key}: {}", nested(value))).collect();
    if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
}

/// An intrinsic function in its short form.
fn function(map: &Map<String, Value>) -> Option<String> {
    let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    match (name.as_str(), argument) {
        ("Ref", Value::String(id)) => Some(format!("!Ref {id}")),
        ("Fn::GetAtt", Value::Array(parts)) => {
            let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
            Some(format!("!GetAtt {}", parts?.join(".")))
        }
        ("Fn::GetAtt", Value::String(dotted)) => Some(format!("!GetAtt {dotted}")),
        (name, argument) => Some(format!("!{} {}", name.strip_prefix("Fn::")?, inline(argument))),
    }
}

/// Whether a text can be told from a number, a flag, an expression and nothing without quotes.
fn is_plain(text: &str) -> bool {
    let otherwise = text.parse::<f64>().is_ok()
        || matches!(text, "true" | "false" | "null")
        || text.starts_with(['!', '[', '{', '"']);
    !(text.is_empty() || otherwise || text.trim() != text || text.contains(char::is_control))
}

/// What differs line by line, where a value is too long for one line and has lines.
pub(crate) fn lines(old: Option<&Value>, new: Option<&Value>) -> Vec<Line> {
    let (old, new) = (old.map(opened), new.map(opened));
    let long = |value: Option<&Cow<'_, Value>>| value.is_some_and(|value| has_lines(value));
    if !long(old.as_ref()) && !long(new.as_ref()) {
        return Vec::new();
    }
    let text =
        |value: Option<Cow<'_, Value>>| value.map(|value| block(&value)).unwrap_or_default().join("\n");
    let (old, new) = (text(old), text(new));
    let diff = TextDiff::from_lines(&old, &new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        if !lines.is_empty() {
            lines.push(Line { sign: '.', text: "...".to_owned() });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push(Line { sign, text: change.value().trim_end_matches(['\n', '\r']).to_owned() });
        }
    }
    lines
}

/// The value that a text holds as JSON, as policies do that a property wants as text.
fn opened(value: &Value) -> Cow<'_, Value> {
    let text = value.as_str().filter(|text| text.starts_with(['{', '[']));
    match text.and_then(|text| serde_json::from_str(text).ok()) {
        Some(held) => Cow::Owned(held),
        None => Cow::Borrowed(value),
    }
}

fn has_lines(value: &Value) -> bool {
    match value {
        Value::String(_) => has_breaks(value),
        Value::Array(_) | Value::Object(_) => has_breaks(value) || inline(value).chars().count() > ONE_LINE,
        _ => false,
    }
}

/// Whether a text in a value has several lines.
fn has_breaks(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim_end_matches('\n').contains('\n'),
        Value::Array(items) => items.iter().any(has_breaks),
        Value::Object(map) => map.values().any(has_breaks),
        _ => false,
    }
}

/// A value on several lines, in the manner of YAML.
pub(crate) fn block(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.trim_end_matches('\n').split('\n').map(str::to_owned).collect(),
        Value::Array(items) if !items.is_empty() => items.iter().flat_map(item).collect(),
        Value::Object(map) if !map.is_empty() => {
            let function = map.keys().next().filter(|_| map.len() == 1);
            match function.and_then(|name| Some((name.strip_prefix("Fn::")?, map.get(name)?))) {
                Some((name, argument)) => below(&format!("!{name}"), argument),
                None => map.iter().flat_map(|(key, item)| below(&format!("{key}:"), item)).collect(),
            }
        }
        other => vec![inline(other)],
    }
}

/// An item of a list, with its dash.
fn item(value: &Value) -> Vec<String> {
    let lines = if is_short(value) { vec![nested(value)] } else { block(value) };
    let dash = |position: usize| if position == 0 { "- " } else { "  " };
    lines.into_iter().enumerate().map(|(position, line)| format!("{}{line}", dash(position))).collect()
}

/// Whether a value stands behind its key.
fn is_short(value: &Value) -> bool {
    !has_breaks(value) && nested(value).chars().count() <= ONE_LINE
}

/// A value behind what introduces it, or below it where it is long.
fn below(head: &str, value: &Value) -> Vec<String> {
    if is_short(value) {
        return vec![format!("{head} {}", nested(value))];
    }
    let bar = if value.is_string() { " |" } else { "" };
    let lines = block(value).into_iter().map(|line| format!("  {line}"));
    [format!("{head}{bar}")].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_every_kind_stand_on_one_line() {
        let values = [
            json!("web"),
            json!("80"),
            json!(80),
            json!(""),
            json!("two\nlines"),
            json!({ "Ref": "Vpc" }),
            json!({ "Fn::GetAtt": ["Queue", "Arn"] }),
            json!({ "Fn::Join": [":", ["a", { "Ref": "AWS::Region" }]] }),
            json!([{ "Key": "Name", "Value": "a, b" }]),
            json!({}),
        ];
        let told = values.map(|value| inline(&value)).join("\n");
        insta::assert_snapshot!(told, @r#"
        web
        "80"
        80
        ""
        "two\nlines"
        !Ref Vpc
        !GetAtt Queue.Arn
        !Join [":", [a, !Ref AWS::Region]]
        [{ Key: Name, Value: "a, b" }]
        {}
        "#);
    }

    #[test]
    fn long_values_differ_line_by_line() {
        let script =
            |package: &str| json!({ "Fn::Base64": format!("#!/bin/sh\ninstall {package}\nstart\nenable\n") });
        let lines = lines(Some(&script("nginx")), Some(&script("httpd")));
        let told: Vec<String> = lines.iter().map(|line| format!("{} {}", line.sign, line.text)).collect();
        insta::assert_snapshot!(told.join("\n"), @r"
          !Base64 |
            #!/bin/sh
        -   install nginx
        +   install httpd
            start
            enable
        ");
    }
}
