//! Access in words.

use formwork_template::{
    Value,
    intrinsic::{self, SubPart},
};

use crate::{evaluate::scalar_text, resources::Resources};

/// Who a policy names by `*`.
pub(crate) const EVERYONE: &str = "everyone";
/// How a managed policy is told from an action.
pub(crate) const MANAGED: &str = "policy ";

/// One sentence that says what may be done now, or no longer.
pub(crate) fn sentence(
    resources: &Resources<'_>,
    gained: bool,
    denied: bool,
    principal: &str,
    actions: &[String],
    on: &[String],
    condition: Option<&str>,
) -> String {
    if let Some(policies) = managed(actions) {
        let verb = if gained { "now has" } else { "no longer has" };
        return format!("{principal} {verb} the managed policies {policies}");
    }
    let verb = match (gained, denied) {
        (true, false) => "may now",
        (false, false) => "may no longer",
        (true, true) => "is now denied",
        (false, true) => "is no longer denied",
    };
    let actions = actions.join(", ");
    let on: Vec<String> = on.iter().map(|resource| resource_words(resources, resource)).collect();
    let condition = condition.map(|condition| format!(" if {condition}")).unwrap_or_default();
    format!("{principal} {verb} {actions} on {}{condition}", on.join(", "))
}

fn managed(actions: &[String]) -> Option<String> {
    let names: Option<Vec<String>> =
        actions.iter().map(|action| Some(format!("`{}`", action.strip_prefix(MANAGED)?))).collect();
    names.map(|names| names.join(", "))
}

/// A resource that a policy names: by noun and logical id where it is the stack's own.
fn resource_words(resources: &Resources<'_>, text: &str) -> String {
    if text == "*" {
        return "every resource".to_owned();
    }
    let parts = intrinsic::sub_parts(text);
    if let [SubPart::Placeholder(name), rest @ ..] = parts.as_slice() {
        let id = name.split('.').next().unwrap_or(name);
        if let Some(standing) = resources.by_id.get(id) {
            let own = named(standing.resource_type(), id);
            match rest {
                [] => return own,
                [SubPart::Text(rest)] => {
                    return format!("`{}` of {own}", rest.trim_start_matches([':', '/']));
                }
                _ => {}
            }
        }
    }
    format!("`{text}`")
}

/// A resource by noun and logical id: ``role `Web` ``.
pub(crate) fn named(resource_type: &str, logical_id: &str) -> String {
    format!("{} `{logical_id}`", noun(resource_type))
}

/// What a resource of a type is called: `security group` for `AWS::EC2::SecurityGroup`.
pub(crate) fn noun(resource_type: &str) -> String {
    let name = resource_type.rsplit("::").next().unwrap_or(resource_type);
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::with_capacity(name.len() + 4);
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(position + 1).is_some_and(|after| after.is_lowercase());
        // `DBInstance` is `DB instance`.
        if letter.is_uppercase() && before.is_some_and(|before| !before.is_uppercase() || after) {
            words.push(' ');
        }
        words.push(*letter);
    }
    let words: Vec<String> = words
        .split(' ')
        .map(|word| {
            let abbreviation = word.len() > 1 && word.chars().all(char::is_uppercase);
            if abbreviation { word.to_owned() } else { word.to_lowercase() }
        })
        .collect();
    words.join(" ")
}

/// A value as text: expressions as `${...}` where they can be, else as JSON.
pub(crate) fn text_of(value: &Value) -> String {
    if let Some(text) = scalar_text(value) {
        return text;
    }
    let written = value.as_map().and_then(intrinsic::of).and_then(|call| match call {
        ("Ref", Value::String(name)) => Some(format!("${{{name}}}")),
        ("Fn::GetAtt", Value::List(parts)) => match parts.as_slice() {
            [Value::String(name), Value::String(attribute)] => Some(format!("${{{name}.{attribute}}}")),
            _ => None,
        },
        ("Fn::Sub", Value::String(format)) => Some(format.clone().into_owned()),
        ("Fn::Join", Value::List(arguments)) => match arguments.as_slice() {
            [Value::String(delimiter), Value::List(parts)] if delimiter.is_empty() => {
                Some(parts.iter().map(text_of).collect())
            }
            _ => None,
        },
        _ => None,
    });
    written.unwrap_or_else(|| serde_json::Value::from(value).to_string())
}
