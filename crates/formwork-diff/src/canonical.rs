//! One form for all ways to write a value, to compare by.

use std::borrow::Cow;

use formwork_spec::{Kind, ResourceFacts, ValueFacts};
use formwork_template::{Value, intrinsic};

use crate::{base64, evaluate::scalar_text, policy};

/// What is known about a value while it is walked.
#[derive(Clone, Copy)]
pub(crate) struct Known<'f> {
    resource: Option<&'f ResourceFacts>,
    value: Option<&'f ValueFacts>,
    /// Whether this is JSON, though no facts say so.
    json: bool,
    /// Whether this is a policy document, or stands in one.
    pub(crate) policy: policy::Place,
}

impl<'f> Known<'f> {
    /// Nothing is known.
    pub(crate) const NOTHING: Known<'static> =
        Known { resource: None, value: None, json: false, policy: policy::Place::Outside };
    /// It is JSON, as an object or as text.
    pub(crate) const JSON: Known<'static> = Known { json: true, ..Self::NOTHING };

    /// The properties of a resource type.
    pub(crate) const fn of(resource: Option<&'f ResourceFacts>) -> Self {
        Self { resource, value: None, json: false, policy: policy::Place::Outside }
    }

    /// A property of the resource.
    pub(crate) fn property(self, name: &str) -> Self {
        let value = self.resource.and_then(|facts| facts.property(name)).map(|property| &property.value);
        Self { value, json: false, policy: policy::Place::Outside, ..self }
    }

    /// What stands under a key.
    pub(crate) fn key(self, key: &str) -> Self {
        let value = self.value.and_then(|value| kinds(value).find_map(|kind| self.child(kind, key)));
        Self { value, json: false, policy: self.policy.key(key), ..self }
    }

    /// The items of a list.
    pub(crate) fn item(self) -> Self {
        let value = self.value.and_then(|value| {
            kinds(value).find_map(|kind| if let Kind::List(inner) = kind { Some(&**inner) } else { None })
        });
        Self { value, json: false, policy: self.policy.item(), ..self }
    }

    /// Whether the order of a list's items means nothing.
    pub(crate) fn unordered(self) -> bool {
        let by_facts = self.value.is_some_and(|value| {
            value.constraints.as_ref().is_some_and(|constraints| constraints.unordered)
                || kinds(value)
                    .any(|kind| matches!(kind, Kind::List(inner) if matches!(inner.kind, Kind::Tag)))
        });
        by_facts || self.policy.unordered()
    }

    /// Properties by which items differ from each other.
    pub(crate) fn unique_keys(self) -> &'f [String] {
        self.value
            .and_then(|value| value.constraints.as_ref())
            .map_or(&[], |constraints| constraints.unique_keys.as_slice())
    }

    /// Whether the service takes one item in place of a list of it.
    fn one_for_list(self) -> bool {
        let mut kinds = self.value.into_iter().flat_map(kinds).peekable();
        let by_facts = kinds.peek().is_some() && kinds.all(|kind| matches!(kind, Kind::List(_)));
        by_facts || self.policy.one_for_list()
    }

    fn is_number(self) -> bool {
        self.has_kind(|kind| matches!(kind, Kind::Integer | Kind::Number))
    }

    fn is_boolean(self) -> bool {
        self.has_kind(|kind| matches!(kind, Kind::Boolean))
    }

    fn is_json(self) -> bool {
        self.json || self.has_kind(|kind| matches!(kind, Kind::Json))
    }

    fn has_kind(self, wanted: impl Fn(&Kind) -> bool) -> bool {
        self.value.is_some_and(|value| kinds(value).any(wanted))
    }

    fn child(self, kind: &'f Kind, key: &str) -> Option<&'f ValueFacts> {
        match kind {
            Kind::Nested(id) => Some(&self.resource?.nested(*id)?.property(key)?.value),
            Kind::Map(inner) => Some(inner),
            _ => None,
        }
    }

    /// The value with what is only another way to write it undone at this place, not below it.
    pub(crate) fn plain(self, value: &Value) -> (Self, Cow<'_, Value>) {
        let mut known = self;
        let mut value = Cow::Borrowed(value);
        if let Value::String(text) = value.as_ref()
            && known.is_json()
            && text.trim_start().starts_with(['{', '['])
            && let Ok(parsed) = serde_json::from_str::<serde_json::Value>(text)
        {
            value = Cow::Owned(Value::from(parsed));
        }
        if known.policy == policy::Place::Outside && policy::is_document(&value) {
            known.policy = policy::Place::Document;
        }
        let expression = value.as_map().is_some_and(|map| intrinsic::of(map).is_some());
        if known.one_for_list()
            && (!expression || known.policy.one_expression_for_list())
            && !matches!(value.as_ref(), Value::List(_) | Value::Null)
        {
            value = Cow::Owned(Value::List(vec![value.into_owned()]));
        }
        if known.policy == policy::Place::Principal && value.as_str() == Some("*") {
            value = Cow::Owned(Value::map([("AWS", Value::from("*"))]));
        }
        (known, value)
    }

    /// A text that is the same for two values exactly when the service treats them the same.
    pub(crate) fn text(self, value: &Value) -> String {
        let mut text = String::new();
        self.write(value, &mut text);
        text
    }

    fn write(self, value: &Value, out: &mut String) {
        let (known, value) = self.plain(value);
        match value.as_ref() {
            Value::Null => out.push_str("null"),
            Value::List(items) => {
                out.push('[');
                if known.unordered() {
                    let mut items: Vec<String> = items.iter().map(|item| known.item().text(item)).collect();
                    items.sort_unstable();
                    for item in items {
                        out.push_str(&item);
                        out.push(',');
                    }
                } else {
                    for item in items {
                        known.item().write(item, out);
                        out.push(',');
                    }
                }
                out.push(']');
            }
            Value::Map(map) => {
                if let Some(("Fn::Base64", Value::String(plain))) = intrinsic::of(map) {
                    write_text(&base64::encode(plain.as_bytes()), out);
                    return;
                }
                let mut entries: Vec<(&str, &Value)> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                let expression = intrinsic::of(map).is_some();
                out.push('{');
                for (key, item) in entries {
                    write_text(key, out);
                    out.push(':');
                    if expression { Known::NOTHING } else { known.key(key) }.write(item, out);
                    out.push(',');
                }
                out.push('}');
            }
            scalar => {
                let text = scalar_text(scalar).unwrap_or_default();
                write_text(&known.scalar(text), out);
            }
        }
    }

    fn scalar(self, text: String) -> String {
        if self.is_number()
            && let Ok(number) = text.parse::<f64>()
        {
            return number.to_string();
        }
        if self.is_boolean() {
            return text.to_ascii_lowercase();
        }
        self.policy.scalar(text)
    }

    /// Whether the service treats two values the same.
    pub(crate) fn same(self, old: &Value, new: &Value) -> bool {
        // Most of what is compared is written the same.
        old == new || self.text(old) == self.text(new)
    }
}

/// The kind, or those of a union.
fn kinds(value: &ValueFacts) -> impl Iterator<Item = &Kind> {
    let members: &[ValueFacts] =
        if let Kind::Union(members) = &value.kind { members } else { std::slice::from_ref(value) };
    members.iter().map(|member| &member.kind)
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}
