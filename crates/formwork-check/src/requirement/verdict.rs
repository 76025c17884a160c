//! Whether a schema holds of a value, as far as the template says it.

use formwork_spec::{JsonKind, Literal, Operand, Schema, Test};
use formwork_template::{
    Map, Value,
    intrinsic::{self, Reference},
    json,
};

use super::want::Want;
use crate::{
    conditions::{Settled, settle},
    index::Index,
    judge::referred,
    patterns,
    schema::format,
    shape::{self, Shape},
};

/// Whether something holds. The worst of several counts, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Holds,
    /// It depends on what is known at deployment alone.
    Open,
    Fails,
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// What stands for a value that the service reads from elsewhere.
const DYNAMIC: &str = "{{resolve:";
/// Parts that name each other deeper than this are not followed.
const DEPTH: usize = 48;

impl Want<'_> {
    /// A value in this world: nothing where it is absent, an error where it is open.
    pub(super) fn settled<'v>(&self, value: &'v Value) -> Result<Option<&'v Value>, ()> {
        match settle(value, self.world) {
            Settled::Absent => Ok(None),
            Settled::Plain(Value::String(text)) if text.contains(DYNAMIC) => Err(()),
            Settled::Plain(value) => Ok(Some(value)),
            Settled::Open(..) if self.requirement.expressions => Ok(Some(value)),
            Settled::Open(..) => Err(()),
        }
    }

    pub(super) fn verdict(&self, value: &Value, schema: &'static Schema, depth: usize) -> Verdict {
        if depth > DEPTH {
            return Verdict::Open;
        }
        match self.settled(value) {
            Ok(Some(value)) => {
                let tests = schema.tests.iter().map(|test| self.test(value, test, schema, depth));
                tests.max().unwrap_or(Verdict::Holds)
            }
            Ok(None) => Verdict::Holds,
            Err(()) => schema.tests.iter().map(|test| self.open(value, test)).max().unwrap_or(Verdict::Holds),
        }
    }

    /// Whether one test holds of a function: the ARN of a resource is that of its type.
    pub(super) fn open(&self, value: &Value, test: &Test) -> Verdict {
        let Test::Format(format) = test else { return Verdict::Open };
        let Some((wanted, "Arn")) = format.split_once('.') else { return Verdict::Open };
        let Some(("Fn::GetAtt", argument)) = value.as_map().and_then(intrinsic::of) else {
            return Verdict::Open;
        };
        let mut found = Verdict::Open;
        intrinsic::references_of("Fn::GetAtt", argument, &mut |reference| {
            if let Reference::Attribute(name, attribute) = reference
                && attribute.ends_with("Arn")
                && let Some(kind) = self.index.resource_type(name)
            {
                found = (kind == wanted).into();
            }
        });
        found
    }

    /// Whether one test holds of a value that is no function.
    pub(super) fn test(
        &self,
        value: &Value,
        test: &'static Test,
        schema: &'static Schema,
        depth: usize,
    ) -> Verdict {
        let all = |schemas: &mut dyn Iterator<Item = Verdict>| schemas.max().unwrap_or(Verdict::Holds);
        match test {
            Test::Never => Verdict::Fails,
            Test::Part(name) => match self.part(name) {
                Some(part) => self.verdict(value, part, depth + 1),
                None => Verdict::Open,
            },
            Test::Kinds(kinds) => kinds.iter().any(|kind| is_of(value, *kind)).into(),
            Test::Equal(operand) => match self.operand(operand) {
                Some(wanted) => same(value, &wanted, self.index),
                None => Verdict::Open,
            },
            Test::Allowed(allowed) => allowed.iter().any(|literal| is(value, literal)).into(),
            Test::Pattern(pattern) => match text_of(value).map(|text| patterns::find(pattern, &text)) {
                None | Some(Some(true)) => Verdict::Holds,
                Some(Some(false)) => Verdict::Fails,
                Some(None) => Verdict::Open,
            },
            Test::Format(format) => match (format.as_str(), value.as_str()) {
                (_, None) => Verdict::Holds,
                ("ipv4", Some(text)) => text.parse::<std::net::Ipv4Addr>().is_ok().into(),
                ("ipv6", Some(text)) => text.parse::<std::net::Ipv6Addr>().is_ok().into(),
                (format, Some(text)) => match format::pattern(format) {
                    Some((_, pattern)) => patterns::matches(pattern, text).into(),
                    None => Verdict::Open,
                },
            },
            Test::MinLength(least) => length(value).is_none_or(|length| length >= *least).into(),
            Test::MaxLength(most) => length(value).is_none_or(|length| length <= *most).into(),
            Test::Minimum(operand) => self.compare(value, operand, |value, bound| value >= bound),
            Test::Maximum(operand) => self.compare(value, operand, |value, bound| value <= bound),
            Test::Above(operand) => self.compare(value, operand, |value, bound| value > bound),
            Test::Below(operand) => self.compare(value, operand, |value, bound| value < bound),
            Test::MultipleOf(factor) => {
                number(value).is_none_or(|number| (number / factor).fract() == 0.0).into()
            }
            Test::MinItems(least) => self.items(value, |count| count >= *least),
            Test::MaxItems(most) => self.items(value, |count| count <= *most),
            Test::Items(inner) => {
                let items = value.as_list().unwrap_or_default();
                all(&mut items.iter().map(|item| self.verdict(item, inner, depth + 1)))
            }
            Test::Contains(inner) => match value.as_list() {
                Some(items) => {
                    let items = items.iter().filter(|item| !matches!(self.settled(item), Ok(None)));
                    items.map(|item| self.verdict(item, inner, depth + 1)).min().unwrap_or(Verdict::Fails)
                }
                None => Verdict::Holds,
            },
            Test::UniqueItems => unique(value).into(),
            Test::Properties(properties) => all(&mut properties.iter().filter_map(|(name, inner)| {
                Some(self.verdict(value.as_map()?.get(name)?, inner, depth + 1))
            })),
            Test::Patterned(patterned) => all(&mut entries(value).filter_map(|(key, item)| {
                let (_, inner) = patterned.iter().find(|(pattern, _)| patterns::matches(pattern, key))?;
                Some(self.verdict(item, inner, depth + 1))
            })),
            Test::Closed => entries(value).all(|(key, _)| named(key, schema)).into(),
            Test::Others(inner) => all(&mut entries(value)
                .filter(|(key, _)| !named(key, schema))
                .map(|(_, item)| self.verdict(item, inner, depth + 1))),
            Test::Names(inner) => all(&mut entries(value)
                .map(|(key, _)| self.verdict(&Value::String(key.to_owned().into()), inner, depth + 1))),
            Test::Required(names) => self.count(value, names, |present, wanted| present == wanted),
            Test::ExactlyOne(names) => self.count(value, names, |present, _| present == 1),
            Test::AtLeastOne(names) => self.count(value, names, |present, _| present > 0),
            Test::MinProperties(least) => {
                (entries(value).count() as u64 >= *least || value.as_map().is_none()).into()
            }
            Test::MaxProperties(most) => (entries(value).count() as u64 <= *most).into(),
            Test::Needs(dependencies) => all(&mut dependencies.iter().map(|(when, others)| {
                if self.has(value, when) {
                    self.count(value, others, |present, wanted| present == wanted)
                } else {
                    Verdict::Holds
                }
            })),
            Test::Excludes(dependencies) => all(&mut dependencies.iter().map(|(when, others)| {
                let both = self.has(value, when) && others.iter().any(|other| self.has(value, other));
                (!both).into()
            })),
            Test::Any(choices) => choices
                .iter()
                .map(|choice| self.verdict(value, choice, depth + 1))
                .min()
                .unwrap_or(Verdict::Holds),
            Test::One(choices) => self.exactly_one(value, choices, depth),
            Test::Not(inner) => match self.verdict(value, inner, depth + 1) {
                Verdict::Holds => Verdict::Fails,
                Verdict::Open => Verdict::Open,
                Verdict::Fails => Verdict::Holds,
            },
            Test::If(choose) => match self.verdict(value, &choose.when, depth + 1) {
                Verdict::Holds => self.verdict(value, &choose.then, depth + 1),
                Verdict::Fails => self.verdict(value, &choose.otherwise, depth + 1),
                Verdict::Open => Verdict::Open,
            },
        }
    }

    fn exactly_one(&self, value: &Value, choices: &'static [Schema], depth: usize) -> Verdict {
        let verdicts: Vec<Verdict> =
            choices.iter().map(|choice| self.verdict(value, choice, depth + 1)).collect();
        let holding = verdicts.iter().filter(|verdict| **verdict == Verdict::Holds).count();
        match (holding, verdicts.contains(&Verdict::Open)) {
            (2.., _) => Verdict::Fails,
            (_, true) => Verdict::Open,
            (holding, false) => (holding == 1).into(),
        }
    }

    pub(super) fn part(&self, name: &str) -> Option<&'static Schema> {
        self.requirement.parts.iter().find(|(known, _)| known == name).map(|(_, schema)| schema)
    }

    /// Whether an object has a property in this world.
    pub(super) fn has(&self, value: &Value, name: &str) -> bool {
        value
            .as_map()
            .and_then(|map| map.get(name))
            .is_some_and(|value| !matches!(self.settled(value), Ok(None)))
    }

    fn count(&self, value: &Value, names: &[String], holds: impl Fn(usize, usize) -> bool) -> Verdict {
        let Some(map) = value.as_map() else { return Verdict::Holds };
        let present = names.iter().filter(|name| self.has(value, name)).count();
        if holds(present, names.len()) {
            Verdict::Holds
        } else if map.keys().any(|key| key.starts_with("Fn::")) {
            Verdict::Open
        } else {
            Verdict::Fails
        }
    }

    fn items(&self, value: &Value, holds: impl Fn(u64) -> bool) -> Verdict {
        let Some(items) = value.as_list() else { return Verdict::Holds };
        let (mut count, mut open) = (0, false);
        for item in items {
            match self.settled(item) {
                Ok(None) => {}
                Ok(Some(_)) => count += 1,
                Err(()) if shape::of(item, self.index) == Shape::Scalar => count += 1,
                // Another function may give one item, several, or none.
                Err(()) => open = true,
            }
        }
        if open { Verdict::Open } else { holds(count).into() }
    }

    fn compare(&self, value: &Value, operand: &Operand, holds: impl Fn(f64, f64) -> bool) -> Verdict {
        let Some(found) = number(value) else { return Verdict::Holds };
        match self.operand(operand).as_ref().map(number) {
            Some(Some(bound)) => holds(found, bound).into(),
            Some(None) => Verdict::Holds,
            None => Verdict::Open,
        }
    }

    /// What an operand is, where that is known.
    pub(super) fn operand(&self, operand: &Operand) -> Option<Value> {
        match operand {
            Operand::Literal(literal) => Some(match literal {
                Literal::Null => Value::Null,
                Literal::Bool(flag) => (*flag).into(),
                // Texts and numbers are compared as CloudFormation does: either may stand for the other.
                Literal::Number(number) => number.to_string().into(),
                Literal::String(text) => text.clone().into(),
            }),
            Operand::Gathered(path) => {
                let value = self.root?.at(path.iter().map(String::as_str))?;
                self.settled(value).ok().flatten().cloned()
            }
        }
    }
}

/// Whether a schema speaks of a property by its name.
pub(super) fn named(key: &str, schema: &'static Schema) -> bool {
    key.starts_with("Fn::")
        || schema.tests.iter().any(|test| match test {
            Test::Properties(properties) => properties.iter().any(|(name, _)| name == key),
            Test::Patterned(patterned) => {
                patterned.iter().any(|(pattern, _)| patterns::matches(pattern, key))
            }
            _ => false,
        })
}

/// The entries of an object that are no functions.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_map().into_iter().flat_map(Map::iter).filter(|(key, _)| !key.starts_with("Fn::"))
}

fn is_of(value: &Value, kind: JsonKind) -> bool {
    match kind {
        JsonKind::Null => matches!(value, Value::Null),
        // CloudFormation takes the text of a number for the number, and so on.
        JsonKind::Boolean => {
            text_of(value).is_some_and(|text| matches!(&*text, "true" | "false" | "True" | "False"))
        }
        JsonKind::Integer => number(value).is_some_and(|number| number.fract() == 0.0),
        JsonKind::Number => number(value).is_some(),
        JsonKind::String => text_of(value).is_some(),
        JsonKind::List => matches!(value, Value::List(_)),
        JsonKind::Object => matches!(value, Value::Map(_)),
    }
}

fn is(value: &Value, literal: &Literal) -> bool {
    match literal {
        Literal::Null => matches!(value, Value::Null),
        Literal::Bool(flag) => {
            text_of(value).is_some_and(|text| text.eq_ignore_ascii_case(if *flag { "true" } else { "false" }))
        }
        Literal::Number(wanted) => number(value).is_some_and(|number| number.total_cmp(wanted).is_eq()),
        Literal::String(wanted) => text_of(value).is_some_and(|text| text == *wanted),
    }
}

/// Whether two values are the same. What is obtained from one resource in two ways is taken for the
/// same, and of two other expressions that differ nobody knows.
fn same(left: &Value, right: &Value, index: &Index<'_>) -> Verdict {
    match (text_of(left), text_of(right)) {
        (Some(one), Some(other)) if matches!((left, right), (Value::Bool(_), _) | (_, Value::Bool(_))) => {
            one.eq_ignore_ascii_case(&other).into()
        }
        (Some(left), Some(right)) => (left == right).into(),
        _ if left == right => Verdict::Holds,
        _ => match (referred(left), referred(right)) {
            (Some(left), Some(right)) if left == right => Verdict::Holds,
            (Some(left), Some(right))
                if index.resource(left).is_some() && index.resource(right).is_some() =>
            {
                Verdict::Fails
            }
            (None, None) if left.as_map().is_none() && right.as_map().is_none() => Verdict::Fails,
            _ => Verdict::Open,
        },
    }
}

pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The length of a text; of the text of a number nobody knows how it was written.
fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn unique(value: &Value) -> bool {
    let mut texts: Vec<String> = value
        .as_list()
        .unwrap_or_default()
        .iter()
        .map(|item| json::write(item, json::Style::Compact))
        .collect();
    texts.sort_unstable();
    texts.windows(2).all(|pair| pair[0] != pair[1])
}
