//! Reads bounds and rules from the keywords of a schema.

use std::collections::BTreeSet;

use formwork_spec::{Bound, Choice, Constraints, Dependency, Kind, Rules, ValueFacts};
use serde_json::{Map, Value};

type Node<'a> = &'a Map<String, Value>;

/// Names of formats are shorter; what is longer is no name.
const LONGEST_FORMAT: usize = 40;
/// What no name of a format has, and patterns in its place do.
const FORM_MARK: char = '(';

/// The bounds on a value of this kind: what all nodes ask for, and what one of the alternatives does.
pub(crate) fn constraints(kind: &Kind, nodes: &[Node<'_>], alternatives: &[Vec<Node<'_>>]) -> Constraints {
    let mut found = Constraints::default();
    for node in nodes {
        if fits(kind, node) {
            read(kind, node, &mut found);
        }
    }
    let any_of: Vec<Constraints> = alternatives
        .iter()
        .filter(|branch| branch.iter().all(|node| fits(kind, node)))
        .map(|branch| {
            let mut alternative = Constraints::default();
            for node in branch {
                read(kind, node, &mut alternative);
            }
            alternative
        })
        .collect();
    // One branch that asks for nothing lets everything through.
    if any_of.len() == alternatives.len() && !any_of.iter().any(Constraints::is_empty) {
        found.any_of = any_of;
    }
    found
}

/// Adds found bounds to a value. In a second place of use, only what both places ask for remains.
pub(crate) fn merge(value: &mut ValueFacts, found: Constraints, first_place: bool) {
    let mut known = value.constraints.take().map(|known| *known).unwrap_or_default();
    let allowed = union(std::mem::take(&mut known.allowed), &found.allowed);
    let allowed_numbers = if known.allowed_numbers.is_empty() {
        found.allowed_numbers.clone()
    } else {
        std::mem::take(&mut known.allowed_numbers)
    };
    let mut merged = if first_place { found } else { common(known, &found) };
    merged.allowed = allowed;
    merged.allowed_numbers = allowed_numbers;
    value.constraints = (!merged.is_empty()).then(|| Box::new(merged));
}

fn union(mut known: Vec<String>, found: &[String]) -> Vec<String> {
    for value in found {
        if !known.contains(value) {
            known.push(value.clone());
        }
    }
    known
}

fn common(mut one: Constraints, other: &Constraints) -> Constraints {
    macro_rules! keep_equal {
        ($($field:ident)*) => {
            $(if one.$field != other.$field { one.$field = Default::default(); })*
        };
    }
    keep_equal!(any_case pattern format min_length max_length minimum maximum exclusive_maximum multiple_of
        min_items max_items unique_items unique_keys unordered min_properties max_properties key_pattern any_of);
    one
}

/// Whether a node speaks of this kind of value, so far as it says.
fn fits(kind: &Kind, node: Node<'_>) -> bool {
    let name = match kind {
        Kind::String | Kind::Timestamp => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::List(_) => "array",
        Kind::Map(_) | Kind::Nested(_) | Kind::Tag => "object",
        Kind::Json | Kind::Union(_) => return false,
    };
    let same = |stated: &Value| {
        stated == name
            || (name == "integer" && stated == "number")
            || (name == "number" && stated == "integer")
    };
    match node.get("type") {
        None => true,
        Some(Value::Array(names)) => names.iter().any(same),
        Some(stated) => same(stated),
    }
}

fn read(kind: &Kind, node: Node<'_>, found: &mut Constraints) {
    match kind {
        Kind::String | Kind::Timestamp => read_string(node, found),
        Kind::Integer | Kind::Number => {
            let numbers = node.get("enum").and_then(Value::as_array).into_iter().flatten();
            found.allowed_numbers.extend(numbers.filter_map(bound));
            set(&mut found.minimum, node.get("minimum").and_then(bound));
            set(&mut found.maximum, node.get("maximum").and_then(bound));
            set(&mut found.exclusive_maximum, node.get("exclusiveMaximum").and_then(bound));
            set(&mut found.multiple_of, node.get("multipleOf").and_then(bound));
        }
        Kind::List(_) => {
            set(&mut found.min_items, node.get("minItems").and_then(Value::as_u64));
            set(&mut found.max_items, node.get("maxItems").and_then(Value::as_u64));
            found.unique_items |= node.get("uniqueItems") == Some(&Value::Bool(true));
            found.unordered |= node.get("insertionOrder") == Some(&Value::Bool(false));
            found.unique_keys.extend(strings(node.get("uniqueKeys")));
        }
        Kind::Map(_) => {
            set(&mut found.min_properties, node.get("minProperties").and_then(Value::as_u64));
            set(&mut found.max_properties, node.get("maxProperties").and_then(Value::as_u64));
            let patterns = node.get("patternProperties").and_then(Value::as_object);
            // Several patterns are several kinds of keys; only a single one bounds them all.
            if let Some(patterns) = patterns.filter(|patterns| patterns.len() == 1) {
                set(&mut found.key_pattern, patterns.keys().next().cloned());
            }
        }
        Kind::Boolean | Kind::Json | Kind::Tag | Kind::Nested(_) | Kind::Union(_) => {}
    }
}

fn read_string(node: Node<'_>, found: &mut Constraints) {
    for (keyword, any_case) in [("enum", false), ("enumCaseInsensitive", true)] {
        let values = strings(node.get(keyword));
        if !values.is_empty() {
            found.any_case |= any_case;
            found.allowed = union(std::mem::take(&mut found.allowed), &values);
        }
    }
    if let Some(text) = node.get("const").and_then(Value::as_str) {
        found.allowed = union(std::mem::take(&mut found.allowed), &[text.to_owned()]);
    }
    let text = |keyword: &str| node.get(keyword).and_then(Value::as_str).map(str::to_owned);
    set(&mut found.pattern, text("pattern"));
    set(
        &mut found.format,
        text("format").filter(|format| format.len() < LONGEST_FORMAT && !format.contains(FORM_MARK)),
    );
    set(&mut found.min_length, node.get("minLength").and_then(Value::as_u64));
    set(&mut found.max_length, node.get("maxLength").and_then(Value::as_u64));
}

fn set<T>(slot: &mut Option<T>, value: Option<T>) {
    if slot.is_none() {
        *slot = value;
    }
}

fn bound(value: &Value) -> Option<Bound> {
    value.as_i64().map(Bound::Integer).or_else(|| value.as_f64().map(Bound::Number))
}

/// The strings of a list; an empty list when it is none.
pub(crate) fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The schema of a map's values.
pub(crate) fn map_entry(node: Node<'_>) -> Option<Node<'_>> {
    let patterns = node.get("patternProperties").and_then(Value::as_object);
    let entry = patterns.and_then(|patterns| patterns.values().next());
    entry.or_else(|| node.get("additionalProperties"))?.as_object()
}

/// A default that is a plain value.
pub(crate) fn default(node: Node<'_>) -> Option<String> {
    match node.get("default")? {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A format such as `AWS::EC2::VPC.Id`, which names a resource type and an attribute.
pub(crate) fn relationship_format(node: Node<'_>) -> Option<(&str, &str)> {
    let format = node.get("format")?.as_str()?;
    let (type_name, attribute) = format.split_once('.')?;
    type_name.starts_with("AWS::").then_some((type_name, attribute))
}

/// The keyword that names a resource type and a property.
pub(crate) fn relationship_keyword(node: Node<'_>) -> Option<(&str, &str)> {
    let reference = node.get("relationshipRef")?;
    let type_name = reference.get("typeName")?.as_str()?;
    let path = reference.get("propertyPath")?.as_str()?;
    Some((type_name, path.strip_prefix("/properties/").unwrap_or(path)))
}

/// The properties that an object must have.
pub(crate) fn required(views: &[Node<'_>]) -> BTreeSet<String> {
    views.iter().flat_map(|view| strings(view.get("required"))).collect()
}

/// The rules between the properties of an object. A rule about unknown properties is dropped.
pub(crate) fn rules(views: &[Node<'_>], known: &BTreeSet<&str>) -> Rules {
    let mut rules = Rules::default();
    let all_known =
        |names: &[String]| !names.is_empty() && names.iter().all(|name| known.contains(name.as_str()));
    for view in views {
        let group = strings(view.get("requiredXor"));
        if all_known(&group) {
            rules.exactly_one.push(group);
        }
        let group = strings(view.get("requiredOr"));
        if all_known(&group) {
            rules.at_least_one.push(group);
        }
        for (keyword, exactly_one) in [("oneOf", true), ("anyOf", false)] {
            if let Some(sets) = required_sets(view, keyword)
                && sets.iter().all(|set| all_known(set))
            {
                add_choice(&mut rules, exactly_one, sets);
            }
        }
        for keyword in ["dependencies", "dependentRequired"] {
            rules.needs.extend(dependencies(view, keyword, known));
        }
        rules.excludes.extend(dependencies(view, "dependentExcluded", known));
        set(&mut rules.min_properties, view.get("minProperties").and_then(Value::as_u64));
        set(&mut rules.max_properties, view.get("maxProperties").and_then(Value::as_u64));
        let open = view.get("additionalProperties").is_some_and(|value| *value != Value::Bool(false));
        rules.open |= open || view.contains_key("patternProperties");
    }
    rules
}

/// Sets of single properties are the plainer rule.
fn add_choice(rules: &mut Rules, exactly_one: bool, sets: Vec<Vec<String>>) {
    if sets.iter().all(|set| set.len() == 1) {
        let group = sets.into_iter().flatten().collect();
        let groups = if exactly_one { &mut rules.exactly_one } else { &mut rules.at_least_one };
        if !groups.contains(&group) {
            groups.push(group);
        }
    } else {
        rules.choices.push(Choice { exactly_one, sets });
    }
}

/// The branches of a choice, when all that each of them says is which properties it requires.
fn required_sets(view: Node<'_>, keyword: &str) -> Option<Vec<Vec<String>>> {
    let branches = view.get(keyword)?.as_array()?;
    branches
        .iter()
        .map(|branch| {
            let branch = branch.as_object()?;
            let silent = ["type", "title", "description", "properties", "additionalProperties"];
            let plain = branch.keys().all(|key| key == "required" || silent.contains(&key.as_str()));
            plain.then(|| strings(branch.get("required"))).filter(|set| !set.is_empty())
        })
        .collect()
}

fn dependencies(view: Node<'_>, keyword: &str, known: &BTreeSet<&str>) -> Vec<Dependency> {
    let entries = view.get(keyword).and_then(Value::as_object).into_iter().flatten();
    entries
        .map(|(when, others)| Dependency { when: when.clone(), others: strings(Some(others)) })
        .filter(|rule| known.contains(rule.when.as_str()) && !rule.others.is_empty())
        .filter(|rule| rule.others.iter().all(|name| known.contains(name.as_str())))
        .collect()
}
