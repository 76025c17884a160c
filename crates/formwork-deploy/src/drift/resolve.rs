//! What declared properties come to in a stack that is deployed, as far as that can be known.

use std::collections::BTreeMap;

use formwork_spec::{Reference, resource};
use formwork_template::{
    Map, Template, Value,
    intrinsic::{self, SubPart},
};
use serde_json::{Value as Json, json};

use crate::service::StackDescription;

/// How deep expressions are followed.
const DEPTH: usize = 50;
/// The key of a value that is not known: no property has such a name.
const UNRESOLVED: &str = "formwork::unresolved";

/// The expression behind a value that is not known.
pub(crate) fn unresolved(value: &Json) -> Option<&str> {
    value.as_object().filter(|map| map.len() == 1)?.get(UNRESOLVED)?.as_str()
}

pub(crate) fn is_unresolved(value: &Json) -> bool {
    unresolved(value).is_some()
}

/// Whether a part of a value is not known.
pub(crate) fn has_unresolved(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().any(has_unresolved),
        Json::Object(map) => is_unresolved(value) || map.values().any(has_unresolved),
        _ => false,
    }
}

/// What is known of a stack that is deployed.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    template: &'a Template,
    parameters: &'a BTreeMap<String, String>,
    /// The physical id and the type of each logical id.
    resources: BTreeMap<&'a str, (&'a str, &'a str)>,
    pseudo: BTreeMap<&'static str, String>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(
        template: &'a Template,
        stack: &'a StackDescription,
        resources: BTreeMap<&'a str, (&'a str, &'a str)>,
    ) -> Self {
        let mut pseudo =
            BTreeMap::from([("AWS::StackName", stack.name.clone()), ("AWS::StackId", stack.arn.clone())]);
        if let ["arn", partition, _, region, account, ..] =
            stack.arn.split(':').collect::<Vec<_>>().as_slice()
        {
            let suffix = if *partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
            pseudo.insert("AWS::Partition", (*partition).to_owned());
            pseudo.insert("AWS::Region", (*region).to_owned());
            pseudo.insert("AWS::AccountId", (*account).to_owned());
            pseudo.insert("AWS::URLSuffix", suffix.to_owned());
        }
        Self { template, parameters: &stack.parameters, resources, pseudo }
    }

    /// The declared properties of a resource.
    pub(crate) fn properties(&self, logical_id: &str) -> serde_json::Map<String, Json> {
        let properties = self.template.resource(logical_id).and_then(|resource| resource.properties());
        let entries = properties.into_iter().flat_map(Map::iter);
        entries.filter_map(|(name, value)| Some((name.to_owned(), self.value(value, 0)?))).collect()
    }

    /// A value; `None` when it is `AWS::NoValue`.
    fn value(&self, value: &Value, depth: usize) -> Option<Json> {
        if depth > DEPTH {
            return Some(unknown(value));
        }
        Some(match value {
            Value::List(items) => {
                Json::Array(items.iter().filter_map(|item| self.value(item, depth + 1)).collect())
            }
            Value::Map(map) => {
                if let Some((function, argument)) = intrinsic::of(map) {
                    if function == "Ref" && argument.as_str() == Some("AWS::NoValue") {
                        return None;
                    }
                    if function == "Fn::If" {
                        let Some(branch) = self.branch(argument, depth) else { return Some(unknown(value)) };
                        return self.value(branch, depth + 1);
                    }
                    return Some(self.function(function, argument, depth).unwrap_or_else(|| unknown(value)));
                }
                let entries = map.iter();
                Json::Object(
                    entries
                        .filter_map(|(key, item)| Some((key.to_owned(), self.value(item, depth + 1)?)))
                        .collect(),
                )
            }
            Value::String(text) if text.contains("{{resolve:") => unknown(value),
            other => Json::from(other),
        })
    }

    /// The branch that is taken, where that is known.
    fn branch<'v>(&self, argument: &'v Value, depth: usize) -> Option<&'v Value> {
        let [condition, then, otherwise] = argument.as_list()? else { return None };
        Some(if self.condition(condition.as_str()?, depth)? { then } else { otherwise })
    }

    fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        self.truth(self.template.section("Conditions")?.get(name)?, depth + 1)
    }

    fn truth(&self, expression: &Value, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let (function, argument) = intrinsic::of(expression.as_map()?)?;
        let each = || argument.as_list().unwrap_or_default().iter().map(|item| self.truth(item, depth + 1));
        match function {
            "Condition" => self.condition(argument.as_str()?, depth),
            "Fn::Not" => each().next()?.map(|holds| !holds),
            "Fn::And" => each().try_fold(true, |all, holds| Some(all && holds?)),
            "Fn::Or" => each().try_fold(false, |any, holds| Some(any || holds?)),
            "Fn::Equals" => {
                let [one, other] = argument.as_list()? else { return None };
                let (one, other) = (self.value(one, depth + 1)?, self.value(other, depth + 1)?);
                (!has_unresolved(&one) && !has_unresolved(&other)).then(|| one == other)
            }
            _ => None,
        }
    }

    fn function(&self, function: &str, argument: &Value, depth: usize) -> Option<Json> {
        match function {
            "Ref" => self.name(argument.as_str()?),
            "Fn::GetAtt" => match argument {
                Value::String(dotted) => {
                    let (name, attribute) = dotted.split_once('.')?;
                    self.attribute(name, attribute)
                }
                other => match other.as_list()? {
                    [name, attribute] => self.attribute(name.as_str()?, attribute.as_str()?),
                    _ => None,
                },
            },
            "Fn::Sub" => self.substituted(argument, depth),
            "Fn::Join" => {
                let [delimiter, items] = argument.as_list()? else { return None };
                let items = self.value(items, depth + 1)?;
                let items: Option<Vec<String>> = items.as_array()?.iter().map(text).collect();
                Some(Json::String(items?.join(delimiter.as_str()?)))
            }
            "Fn::Select" => {
                let [position, items] = argument.as_list()? else { return None };
                let position: usize = text(&self.value(position, depth + 1)?)?.parse().ok()?;
                self.value(items, depth + 1)?.get(position).filter(|item| !has_unresolved(item)).cloned()
            }
            "Fn::Split" => {
                let [delimiter, whole] = argument.as_list()? else { return None };
                let whole = text(&self.value(whole, depth + 1)?)?;
                Some(whole.split(delimiter.as_str()?).map(Json::from).collect())
            }
            "Fn::FindInMap" => {
                let [mapping, first, second, ..] = argument.as_list()? else { return None };
                let mapping = self.template.section("Mappings")?.get(mapping.as_str()?)?;
                let first = text(&self.value(first, depth + 1)?)?;
                let second = text(&self.value(second, depth + 1)?)?;
                Some(Json::from(mapping.at([first.as_str(), second.as_str()])?))
            }
            _ => None,
        }
    }

    fn substituted(&self, argument: &Value, depth: usize) -> Option<Json> {
        let (format, own) = match argument {
            Value::String(format) => (format.as_ref(), None),
            other => match other.as_list()? {
                [format, own] => (format.as_str()?, own.as_map()),
                _ => return None,
            },
        };
        let mut whole = String::new();
        for part in intrinsic::sub_parts(format) {
            match part {
                SubPart::Text(text) => whole.push_str(text),
                SubPart::Escaped(name) => whole.extend(["${", name, "}"]),
                SubPart::Placeholder(name) => {
                    let value = match (own.and_then(|own| own.get(name)), name.split_once('.')) {
                        (Some(value), _) => self.value(value, depth + 1)?,
                        (None, Some((name, attribute))) => self.attribute(name, attribute)?,
                        (None, None) => self.name(name)?,
                    };
                    whole += &text(&value)?;
                }
            }
        }
        Some(Json::String(whole))
    }

    /// A parameter, a pseudo parameter, or the id of a resource.
    fn name(&self, name: &str) -> Option<Json> {
        if let Some(value) = self.pseudo.get(name) {
            return Some(json!(value));
        }
        if let Some(declaration) = self.template.section("Parameters").and_then(|all| all.get(name)) {
            let value = self.parameters.get(name)?;
            let kind = declaration.get("Type").and_then(Value::as_str).unwrap_or("String");
            // A secret is shown as asterisks, and of a parameter in SSM only its name.
            if (!value.is_empty() && value.bytes().all(|byte| byte == b'*')) || kind.starts_with("AWS::SSM::")
            {
                return None;
            }
            let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
            return Some(match value.as_str() {
                "" if is_list => json!([]),
                text if is_list => text.split(',').map(|item| Json::from(item.trim())).collect(),
                text => json!(text),
            });
        }
        self.resources.get(name).map(|(id, _)| json!(id))
    }

    /// An attribute that is what `Ref` returns.
    fn attribute(&self, name: &str, attribute: &str) -> Option<Json> {
        let (id, kind) = self.resources.get(name)?;
        match &resource(kind)?.reference {
            Reference::Identifier(identifier) if identifier == attribute => Some(json!(id)),
            _ => None,
        }
    }
}

fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A value that is not known, with the expression behind it in short.
fn unknown(value: &Value) -> Json {
    let mut text = value.as_str().map_or_else(|| Json::from(value).to_string(), str::to_owned);
    if let Some((function, argument)) = value.as_map().and_then(intrinsic::of) {
        let argument = Json::from(argument);
        let argument = match &argument {
            Json::String(text) => text.clone(),
            Json::Array(items) if items.iter().all(Json::is_string) => {
                items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(".")
            }
            other => other.to_string(),
        };
        text = format!("{function} {argument}");
    }
    if text.chars().count() > 80 {
        text = text.chars().take(77).chain("...".chars()).collect();
    }
    json!({ UNRESOLVED: text })
}
