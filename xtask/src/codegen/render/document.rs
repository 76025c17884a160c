//! The facts on a property as a line of documentation.

use std::fmt::Write as _;

use formwork_spec::{Constraints, Kind, PropertyFacts, ResourceFacts, Update, ValueFacts};

/// Beyond this many, allowed values are left to the enumeration's own page.
const MOST_VALUES: usize = 12;
/// A longer pattern says nothing to a reader.
const LONGEST_PATTERN: usize = 80;

/// What is known about a property, without its name and its link.
pub(crate) fn property(facts: &ResourceFacts, property: &PropertyFacts) -> String {
    let mut text = kind(facts, &property.value);
    match property.update {
        Update::NoInterruption => {}
        Update::SomeInterruption => text.push_str("; update interrupts"),
        Update::Replacement => text.push_str("; update replaces"),
        Update::Conditional => text.push_str("; update may replace"),
    }
    if property.deprecated {
        text.push_str("; deprecated");
    }
    bounds(&mut text, &property.value);
    text.push('.');
    text
}

fn kind(facts: &ResourceFacts, value: &ValueFacts) -> String {
    match &value.kind {
        Kind::String => "string".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Timestamp => "timestamp".to_owned(),
        Kind::Json => "JSON".to_owned(),
        Kind::Tag => "tag".to_owned(),
        Kind::Nested(id) => facts.nested(*id).map_or_else(String::new, |nested| nested.name.clone()),
        Kind::List(inner) => format!("list of {}", kind(facts, inner)),
        Kind::Map(inner) => format!("map of {}", kind(facts, inner)),
        Kind::Union(members) => {
            members.iter().map(|member| kind(facts, member)).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn bounds(text: &mut String, value: &ValueFacts) {
    if let Some(bounds) = &value.constraints {
        constraints(text, bounds);
    }
    if let Kind::List(inner) | Kind::Map(inner) = &value.kind
        && inner.constraints.is_some()
    {
        let mut of_items = String::new();
        self::bounds(&mut of_items, inner);
        if !of_items.is_empty() {
            let _ = write!(text, "; each{}", of_items.trim_start_matches(';'));
        }
    }
}

fn constraints(text: &mut String, bounds: &Constraints) {
    if !bounds.allowed.is_empty() && bounds.allowed.len() <= MOST_VALUES {
        let values: Vec<String> = bounds.allowed.iter().map(|value| code(value)).collect();
        let _ = write!(text, "; one of {}", values.join(", "));
    }
    if !bounds.allowed_numbers.is_empty() && bounds.allowed_numbers.len() <= MOST_VALUES {
        let values: Vec<String> = bounds.allowed_numbers.iter().map(ToString::to_string).collect();
        let _ = write!(text, "; one of {}", values.join(", "));
    }
    range(text, "characters", bounds.min_length, bounds.max_length);
    range(text, "items", bounds.min_items, bounds.max_items);
    range(text, "entries", bounds.min_properties, bounds.max_properties);
    match (bounds.minimum, bounds.maximum) {
        (Some(least), Some(most)) => drop(write!(text, "; {least} to {most}")),
        (Some(least), None) => drop(write!(text, "; at least {least}")),
        (None, Some(most)) => drop(write!(text, "; at most {most}")),
        (None, None) => {}
    }
    if let Some(pattern) = &bounds.pattern
        && pattern.len() <= LONGEST_PATTERN
        && !pattern.chars().any(char::is_control)
    {
        let _ = write!(text, "; matches {}", code(pattern));
    }
}

fn range(text: &mut String, unit: &str, least: Option<u64>, most: Option<u64>) {
    match (least, most) {
        (Some(least), Some(most)) if least == most => drop(write!(text, "; {least} {unit}")),
        (Some(least), Some(most)) => drop(write!(text, "; {least} to {most} {unit}")),
        (Some(0) | None, None) => {}
        (Some(least), None) => drop(write!(text, "; at least {least} {unit}")),
        (None, Some(most)) => drop(write!(text, "; at most {most} {unit}")),
    }
}

/// The text as code, whatever is in it.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace(|letter: char| letter.is_control(), " ");
    if text.trim().is_empty() {
        format!("`\"{text}\"`")
    } else if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
