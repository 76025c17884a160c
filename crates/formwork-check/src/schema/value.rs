//! Values: their kinds, and the bounds of lists.

use formwork_spec::{Constraints, Kind, ValueFacts};
use formwork_template::{Value, intrinsic, json};

use super::{
    Checker,
    object::{describe, is_no_value},
};
use crate::shape::{self, Shape};

impl Checker<'_> {
    /// A value of a property, an item of a list, an entry of a map.
    pub(super) fn value(&mut self, value: &Value, facts: &'static ValueFacts) {
        if let Some((function, argument)) = value.as_map().and_then(intrinsic::of) {
            if !matches!(facts.kind, Kind::Json) {
                self.branches(function, argument, |checker, branch| checker.value(branch, facts));
                self.expression(function, argument, facts);
            }
            return;
        }
        match &facts.kind {
            Kind::Json => {}
            Kind::String | Kind::Timestamp => match scalar(value) {
                Some(text) => self.text(&text, facts),
                None => self.mistyped(value, "a string"),
            },
            Kind::Integer => match number(value) {
                Some(found) if found.fract() == 0.0 => self.number(found, facts),
                _ => self.mistyped(value, "a whole number"),
            },
            Kind::Number => match number(value) {
                Some(found) => self.number(found, facts),
                None => self.mistyped(value, "a number"),
            },
            Kind::Boolean => {
                let spoken = value
                    .as_str()
                    .is_some_and(|text| matches!(text.to_lowercase().as_str(), "true" | "false"));
                if value.as_bool().is_none() && !spoken {
                    self.mistyped(value, "true or false");
                }
            }
            Kind::Tag => match value {
                Value::Map(tag) => {
                    for key in ["Key", "Value"].into_iter().filter(|key| !tag.contains_key(key)) {
                        self.report("E3003", format!("a tag needs the property `{key}`"), None);
                    }
                }
                _ => self.mistyped(value, "a tag"),
            },
            Kind::Nested(id) => {
                let Some(resource) = self.facts else { return };
                let Some(nested) = resource.nested.get(usize::from(id.0)) else { return };
                self.object(value, &nested.properties, &nested.rules, &nested.name);
            }
            Kind::List(inner) => match value {
                Value::List(items) => {
                    self.items(items, facts.constraints.as_deref());
                    for (position, item) in items.iter().enumerate() {
                        self.within(&position.to_string(), |checker| checker.value(item, inner));
                    }
                }
                _ => self.mistyped(value, "a list"),
            },
            Kind::Map(inner) => match value {
                Value::Map(map) => {
                    for (key, item) in map.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
                        self.within(key, |checker| checker.value(item, inner));
                    }
                }
                _ => self.mistyped(value, "an object"),
            },
            Kind::Union(members) => self.union(value, members),
        }
    }

    /// One of several kinds: where none takes the value, the one with the fewest objections speaks.
    fn union(&mut self, value: &Value, members: &'static [ValueFacts]) {
        let before = self.findings.len();
        let mut fewest = None;
        for member in members {
            self.value(value, member);
            let objections = self.findings.split_off(before);
            if objections.is_empty() {
                return;
            }
            if fewest.as_ref().is_none_or(|known: &Vec<_>| objections.len() < known.len()) {
                fewest = Some(objections);
            }
        }
        self.findings.extend(fewest.into_iter().flatten());
    }

    fn mistyped(&mut self, value: &Value, wanted: &str) {
        self.report("E3012", format!("{} stands where {wanted} is wanted", describe(value)), None);
    }

    fn items(&mut self, items: &[Value], constraints: Option<&'static Constraints>) {
        let Some(constraints) = constraints else { return };
        // An item that is an expression may turn out to be several, or none.
        let one = |item: &Value| {
            item.as_map().and_then(intrinsic::of).is_none() || shape::of(item, self.index) == Shape::Scalar
        };
        let certain = items.iter().all(one);
        let count = items.len() as u64;
        if certain {
            if let Some(least) = constraints.min_items.filter(|least| count < *least) {
                self.report("E3032", format!("the list has {count} items, and needs at least {least}"), None);
            }
            if let Some(most) = constraints.max_items.filter(|most| count > *most) {
                self.report("E3032", format!("the list has {count} items, and takes at most {most}"), None);
            }
        }
        if constraints.unique_items {
            let mut seen: Vec<String> = Vec::with_capacity(items.len());
            for item in items.iter().filter(|item| !is_no_value(item)) {
                let text = json::write(item, json::Style::Compact);
                if seen.contains(&text) {
                    self.report("E3037", format!("{} stands in the list twice", describe(item)), None);
                }
                seen.push(text);
            }
        }
    }

    fn number(&mut self, found: f64, facts: &'static ValueFacts) {
        let Some(constraints) = facts.constraints.as_deref() else { return };
        if !constraints.allowed_numbers.is_empty() {
            let allowed = constraints.allowed_numbers.iter();
            if !allowed.clone().any(|bound| same(bound.as_f64(), found)) {
                let allowed: Vec<String> = allowed.map(ToString::to_string).collect();
                self.report("E3030", format!("{found} is none of {}", allowed.join(", ")), None);
            }
        }
        if let Some(least) = constraints.minimum.filter(|least| found < least.as_f64()) {
            self.report("E3034", format!("{found} is less than {least}"), None);
        }
        if let Some(most) = constraints.maximum.filter(|most| found > most.as_f64()) {
            self.report("E3034", format!("{found} is more than {most}"), None);
        }
        if let Some(most) = constraints.exclusive_maximum.filter(|most| found >= most.as_f64()) {
            self.report("E3034", format!("{found} is not less than {most}"), None);
        }
    }
}

fn same(left: f64, right: f64) -> bool {
    left.total_cmp(&right).is_eq()
}

/// A value that CloudFormation takes for a string, as a string.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone().into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A value that CloudFormation takes for a number.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
