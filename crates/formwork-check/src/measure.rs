//! How large the parts of a template are. Where a value is known only at deploy time, what is
//! measured is the least that it can be.

use std::collections::{BTreeMap, HashMap};

use formwork_template::{
    Template, Value,
    intrinsic::{self, SubPart},
    json,
};

/// How many of the heaviest are named.
const NAMED: usize = 3;

/// The types that most resources have, with their numbers.
pub(crate) fn most_frequent_types(template: &Template) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for resource in template.resources() {
        *counts.entry(resource.resource_type().unwrap_or_default()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    let named = counts.iter().take(NAMED).map(|(kind, count)| format!("`{kind}` ({count})"));
    named.collect::<Vec<_>>().join(", ")
}

/// The resources with the most bytes.
pub(crate) fn heaviest(template: &Template) -> String {
    let mut sizes: Vec<(usize, &str)> = template
        .section("Resources")
        .into_iter()
        .flat_map(formwork_template::Map::iter)
        .map(|(id, body)| (json::compact_bytes(body), id))
        .collect();
    sizes.sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
    let named = sizes.iter().take(NAMED).map(|(bytes, id)| format!("`{id}` ({bytes} bytes)"));
    named.collect::<Vec<_>>().join(", ")
}

/// The bytes of user data before they are encoded.
pub(crate) fn user_data_bytes(value: &Value) -> usize {
    match value {
        // Already encoded: four characters stand for three bytes.
        Value::String(encoded) => encoded.trim_end_matches('=').len() * 3 / 4,
        Value::Map(map) => match intrinsic::of(map) {
            Some(("Fn::Base64", plain)) => text_bytes(plain),
            _ => 0,
        },
        _ => 0,
    }
}

/// The bytes of a string, as far as they are known.
fn text_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Number(number) => number.to_string().len(),
        Value::Map(map) => match intrinsic::of(map) {
            Some(("Fn::Sub", Value::String(format))) => sub_bytes(format),
            Some(("Fn::Sub", Value::List(operands))) => {
                operands.first().and_then(Value::as_str).map_or(0, sub_bytes)
            }
            Some(("Fn::Join", Value::List(operands))) => {
                let [Value::String(delimiter), Value::List(items)] = operands.as_slice() else { return 0 };
                let delimiters = delimiter.len() * items.len().saturating_sub(1);
                delimiters + items.iter().map(text_bytes).sum::<usize>()
            }
            _ => 0,
        },
        _ => 0,
    }
}

fn sub_bytes(format: &str) -> usize {
    let parts = intrinsic::sub_parts(format).into_iter();
    parts
        .map(|part| match part {
            SubPart::Text(text) => text.len(),
            // `${!Name}` becomes `${Name}`.
            SubPart::Escaped(name) => name.len() + "${}".len(),
            SubPart::Placeholder(_) => 0,
        })
        .sum()
}

/// The characters of a policy document without white space between its parts.
pub(crate) fn policy_characters(value: &Value) -> usize {
    const QUOTES: usize = 2;
    match value {
        Value::Null => 4,
        Value::Bool(flag) => flag.to_string().len(),
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.chars().filter(|each| !each.is_whitespace()).count() + QUOTES,
        Value::List(items) => {
            let commas = items.len().saturating_sub(1);
            2 + commas + items.iter().map(policy_characters).sum::<usize>()
        }
        Value::Map(map) if intrinsic::of(map).is_some() => text_bytes(value) + QUOTES,
        Value::Map(map) => {
            let commas = map.len().saturating_sub(1);
            let pairs =
                map.iter().map(|(key, item)| key.chars().count() + QUOTES + 1 + policy_characters(item));
            2 + commas + pairs.sum::<usize>()
        }
    }
}

/// Per role, user and group its type, and the characters of all its inline policies together:
/// its own, and those of policy resources that name it.
pub(crate) fn inline_policy_characters(template: &Template) -> BTreeMap<&str, (&str, usize)> {
    let mut holders: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for resource in template.resources() {
        let kind = resource.resource_type().unwrap_or_default();
        if matches!(kind, "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group") {
            let own = resource.property("Policies").and_then(Value::as_list).unwrap_or_default();
            let own =
                own.iter().filter_map(|policy| policy.get("PolicyDocument")).map(policy_characters).sum();
            holders.insert(resource.logical_id, (kind, own));
        }
    }
    for resource in template.resources() {
        let names = match resource.resource_type() {
            Some("AWS::IAM::Policy") => &["Roles", "Users", "Groups"][..],
            Some("AWS::IAM::RolePolicy") => &["RoleName"],
            Some("AWS::IAM::UserPolicy") => &["UserName"],
            Some("AWS::IAM::GroupPolicy") => &["GroupName"],
            _ => continue,
        };
        let characters = resource.property("PolicyDocument").map_or(0, policy_characters);
        for name in names {
            let Some(value) = resource.property(name) else { continue };
            intrinsic::references(value, &mut |reference| {
                if let intrinsic::Reference::Name(id) = reference
                    && let Some((_, sum)) = holders.get_mut(id)
                {
                    *sum += characters;
                }
            });
        }
    }
    holders
}
