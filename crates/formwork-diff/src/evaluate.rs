//! Evaluating expressions as far as they are known before deployment.
//!
//! What stays unknown stays an expression, in one customary form: concatenations are `Fn::Sub` of
//! one text where that can say them, and `Fn::Join` without a delimiter where it cannot.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
};

use formwork_template::{
    Map, Template, Value,
    intrinsic::{self, SubPart},
};

use crate::{canonical::Known, side::Side};

/// How deep the expression of a condition may be.
const DEPTH: usize = 50;

/// What is known about the names that the expressions of a template use.
pub(crate) struct Environment<'a> {
    parameters: HashMap<&'a str, Value>,
    /// Values that are not shown or stand for others: their text, to compare.
    opaque: HashMap<&'a str, String>,
    /// Values that are not shown, which conditions may look at all the same.
    hidden: HashMap<&'a str, Value>,
    /// Whether hidden values are put in place, as for a condition.
    revealing: Cell<bool>,
    pseudo_parameters: &'a BTreeMap<String, String>,
    mappings: Option<&'a Map>,
    declared: Option<&'a Map>,
    /// Whether each holds, as far as was asked; unknown while it is worked out.
    conditions: RefCell<HashMap<String, Option<bool>>>,
}

impl<'a> Environment<'a> {
    pub(crate) fn of(side: &'a Side<'a>) -> Self {
        let mut parameters = HashMap::new();
        let (mut opaque, mut hidden) = (HashMap::new(), HashMap::new());
        for (name, declaration) in section(side.template, "Parameters") {
            let given = side.parameters.get(name).cloned();
            let Some(text) = given.or_else(|| declaration.get("Default").and_then(scalar_text)) else {
                continue;
            };
            let kind = declaration.get("Type").and_then(Value::as_str).unwrap_or("String");
            let looked_up = is_looked_up(declaration);
            if is_hidden(declaration) && !looked_up {
                hidden.insert(name, Value::from(text.clone()));
            }
            if is_hidden(declaration) || looked_up {
                opaque.insert(name, text);
            } else if kind == "CommaDelimitedList" || kind.starts_with("List<") {
                let items = text.split(',').map(|item| Value::from(item.trim().to_owned()));
                let items = if text.is_empty() { Vec::new() } else { items.collect() };
                parameters.insert(name, Value::List(items));
            } else {
                parameters.insert(name, Value::from(text));
            }
        }
        let environment = Self {
            parameters,
            opaque,
            hidden,
            revealing: Cell::new(false),
            pseudo_parameters: &side.pseudo_parameters,
            mappings: side.template.section("Mappings"),
            declared: side.template.section("Conditions"),
            conditions: RefCell::new(HashMap::new()),
        };
        for (name, _) in section(side.template, "Conditions") {
            environment.condition(name);
        }
        environment
    }

    /// Whether expressions that are written the same have the same value on both sides, as far as
    /// parameters, mappings and conditions go.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        self.parameters == other.parameters
            && self.opaque == other.opaque
            && self.pseudo_parameters == other.pseudo_parameters
            && self.mappings == other.mappings
            && self.conditions == other.conditions
            && (self.declared == other.declared || self.unknown_conditions_agree(other))
    }

    /// Whether the conditions that are not known are written the same.
    fn unknown_conditions_agree(&self, other: &Self) -> bool {
        let mut names = self.declared.into_iter().flat_map(Map::keys);
        names.all(|name| {
            self.condition(name).is_some()
                || match (self.written_condition(name), other.written_condition(name)) {
                    (Some(own), Some(other)) => Known::NOTHING.same(&own, &other),
                    (own, other) => own.is_none() && other.is_none(),
                }
        })
    }

    /// The text behind a parameter whose value is not shown or stands for another.
    pub(crate) fn opaque(&self, name: &str) -> Option<&str> {
        self.opaque.get(name).map(String::as_str)
    }

    /// Whether a parameter's value is known, and only not shown.
    pub(crate) fn is_hidden(&self, name: &str) -> bool {
        self.hidden.contains_key(name)
    }

    /// The value of a parameter, where it is known and may be shown.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    /// Whether a condition holds, where that is known.
    pub(crate) fn condition(&self, name: &str) -> Option<bool> {
        if let Some(known) = self.conditions.borrow().get(name) {
            return *known;
        }
        let expression = self.declared?.get(name)?;
        // One that leads back to itself is never known.
        self.conditions.borrow_mut().insert(name.to_owned(), None);
        let known = self.truth(expression, 0);
        self.conditions.borrow_mut().insert(name.to_owned(), known);
        known
    }

    /// How a condition is written, as far as it is evaluated.
    pub(crate) fn written_condition(&self, name: &str) -> Option<Value> {
        self.evaluate(self.declared?.get(name)?)
    }

    /// A mapping.
    pub(crate) fn mapping(&self, name: &str) -> Option<&'a Value> {
        self.mappings?.get(name)
    }

    /// Whether the expression of a condition holds, where that is known.
    fn truth(&self, expression: &Value, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let map = match expression {
            Value::Bool(flag) => return Some(*flag),
            Value::String(text) => return text.parse().ok(),
            Value::Map(map) => map,
            _ => return None,
        };
        let (function, argument) = intrinsic::of(map)?;
        let several = |all: bool| {
            let operands = argument.as_list()?;
            let known: Vec<Option<bool>> =
                operands.iter().map(|operand| self.truth(operand, depth + 1)).collect();
            if known.contains(&Some(!all)) {
                Some(!all)
            } else {
                known.iter().all(Option::is_some).then_some(all)
            }
        };
        match function {
            "Condition" => self.condition(argument.as_str()?),
            "Fn::Not" => {
                let [operand] = argument.as_list()? else { return None };
                self.truth(operand, depth + 1).map(|known| !known)
            }
            "Fn::And" => several(true),
            "Fn::Or" => several(false),
            "Fn::Equals" => {
                let [left, right] = argument.as_list()? else { return None };
                let before = self.revealing.replace(true);
                let sides = (self.evaluate(left), self.evaluate(right));
                self.revealing.set(before);
                let (left, right) = (sides.0?, sides.1?);
                if is_known(&left) && is_known(&right) {
                    return Some(same_value(&left, &right));
                }
                (left == right).then_some(true)
            }
            _ => None,
        }
    }

    /// The value, with all that is known put in place; nothing for `AWS::NoValue`.
    pub(crate) fn evaluate(&self, value: &Value) -> Option<Value> {
        match value {
            Value::List(items) => {
                Some(Value::List(items.iter().filter_map(|item| self.evaluate(item)).collect()))
            }
            Value::Map(map) => match intrinsic::of(map) {
                Some((function, argument)) => self.function(function, argument),
                None => Some(Value::Map(self.entries(map))),
            },
            other => Some(other.clone()),
        }
    }

    fn entries(&self, map: &Map) -> Map {
        let mut entries = Map::with_capacity(map.len());
        for (key, item) in map.iter() {
            if let Some(item) = self.evaluate(item) {
                entries.push(key.to_owned(), item);
            }
        }
        entries
    }

    fn function(&self, function: &str, argument: &Value) -> Option<Value> {
        match function {
            "Ref" => self.reference(argument),
            "Fn::GetAtt" => Some(call("Fn::GetAtt", self.attribute(argument))),
            "Fn::If" => self.choice(argument),
            "Fn::FindInMap" => Some(self.look_up(argument)),
            "Fn::Join" => Some(self.join(argument)),
            "Fn::Sub" => Some(self.substitute(argument)),
            "Fn::Select" => Some(self.select(argument)),
            "Fn::Split" => Some(self.split(argument)),
            "Fn::Length" => {
                let argument = self.evaluate(argument)?;
                match &argument {
                    Value::List(items) => Some(Value::from(i64::try_from(items.len()).unwrap_or_default())),
                    _ => Some(call("Fn::Length", argument)),
                }
            }
            "Condition" => {
                let known = argument.as_str().and_then(|name| self.condition(name));
                Some(known.map_or_else(|| call("Condition", argument.clone()), Value::Bool))
            }
            other => Some(Value::map([(other.to_owned(), self.evaluate(argument).unwrap_or_default())])),
        }
    }

    fn reference(&self, argument: &Value) -> Option<Value> {
        let Some(name) = argument.as_str() else { return Some(call("Ref", argument.clone())) };
        if name == "AWS::NoValue" {
            return None;
        }
        let known = self.parameters.get(name).cloned();
        let known = known.or_else(|| self.hidden.get(name).filter(|_| self.revealing.get()).cloned());
        let known = known.or_else(|| Some(Value::from(self.pseudo_parameters.get(name)?.clone())));
        Some(known.unwrap_or_else(|| call("Ref", argument.clone())))
    }

    /// The arguments of `Fn::GetAtt` as a list, the attribute evaluated.
    fn attribute(&self, argument: &Value) -> Value {
        match argument {
            Value::String(dotted) => match dotted.split_once('.') {
                Some((name, attribute)) => {
                    Value::list([Value::from(name.to_owned()), Value::from(attribute.to_owned())])
                }
                None => argument.clone(),
            },
            Value::List(parts) => {
                let parts: Vec<Value> = parts.iter().filter_map(|part| self.evaluate(part)).collect();
                match parts.as_slice() {
                    // `[A, B, C]` is `A.B.C`.
                    [name, Value::String(first), rest @ ..]
                        if !rest.is_empty() && rest.iter().all(|part| part.as_str().is_some()) =>
                    {
                        let rest = rest.iter().filter_map(Value::as_str);
                        let dotted: Vec<&str> = std::iter::once(first.as_ref()).chain(rest).collect();
                        Value::list([name.clone(), Value::from(dotted.join("."))])
                    }
                    _ => Value::List(parts),
                }
            }
            other => other.clone(),
        }
    }

    fn choice(&self, argument: &Value) -> Option<Value> {
        let Some([Value::String(condition), then, otherwise]) = argument.as_list() else {
            return Some(call("Fn::If", self.evaluate(argument).unwrap_or_default()));
        };
        match self.condition(condition) {
            Some(true) => self.evaluate(then),
            Some(false) => self.evaluate(otherwise),
            None => {
                let no_value = || call("Ref", Value::from("AWS::NoValue"));
                let then = self.evaluate(then).unwrap_or_else(no_value);
                let otherwise = self.evaluate(otherwise).unwrap_or_else(no_value);
                if then == otherwise {
                    return Some(then);
                }
                Some(call("Fn::If", Value::list([Value::String(condition.clone()), then, otherwise])))
            }
        }
    }

    fn look_up(&self, argument: &Value) -> Value {
        let evaluated = self.evaluate(argument).unwrap_or_default();
        let found = match evaluated.as_list() {
            Some([mapping, first, second, rest @ ..]) => self.mapped(mapping, first, second, rest.first()),
            _ => None,
        };
        found.unwrap_or_else(|| call("Fn::FindInMap", evaluated))
    }

    fn mapped(&self, mapping: &Value, first: &Value, second: &Value, rest: Option<&Value>) -> Option<Value> {
        let (mapping, first, second) = (mapping.as_str()?, scalar_text(first)?, scalar_text(second)?);
        let found = self.mapping(mapping).and_then(|mapping| mapping.get(&first)?.get(&second));
        found.or_else(|| rest?.get("DefaultValue")).cloned()
    }

    fn join(&self, argument: &Value) -> Value {
        let evaluated = self.evaluate(argument).unwrap_or_default();
        let Some([Value::String(delimiter), Value::List(items)]) = evaluated.as_list() else {
            return call("Fn::Join", evaluated);
        };
        let mut text = Concatenation::default();
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                text.literal(delimiter);
            }
            text.value(item.clone());
        }
        text.into_value()
    }

    fn substitute(&self, argument: &Value) -> Value {
        let (format, variables) = match argument {
            Value::String(format) => (format, None),
            Value::List(parts) => match parts.as_slice() {
                [Value::String(format)] => (format, None),
                [Value::String(format), Value::Map(variables)] => (format, Some(variables)),
                _ => return call("Fn::Sub", self.evaluate(argument).unwrap_or_default()),
            },
            _ => return call("Fn::Sub", self.evaluate(argument).unwrap_or_default()),
        };
        let mut text = Concatenation::default();
        for part in intrinsic::sub_parts(format) {
            match part {
                SubPart::Text(literal) => text.literal(literal),
                SubPart::Escaped(name) => text.literal(&format!("${{{name}}}")),
                SubPart::Placeholder(name) => {
                    let variable = variables.and_then(|variables| variables.get(name));
                    let value = match (variable, name.split_once('.')) {
                        (Some(variable), _) => self.evaluate(variable),
                        (None, Some((resource, attribute))) => {
                            let parts = [resource, attribute].map(|part| Value::from(part.to_owned()));
                            Some(call("Fn::GetAtt", Value::list(parts)))
                        }
                        (None, None) => self.reference(&Value::from(name.to_owned())),
                    };
                    if let Some(value) = value {
                        text.value(value);
                    }
                }
            }
        }
        text.into_value()
    }

    fn select(&self, argument: &Value) -> Value {
        let evaluated = self.evaluate(argument).unwrap_or_default();
        let found = match evaluated.as_list() {
            Some([index, Value::List(items)]) => scalar_text(index)
                .and_then(|index| index.parse::<usize>().ok())
                .and_then(|index| items.get(index)),
            _ => None,
        };
        found.cloned().unwrap_or_else(|| call("Fn::Select", evaluated))
    }

    fn split(&self, argument: &Value) -> Value {
        let evaluated = self.evaluate(argument).unwrap_or_default();
        match evaluated.as_list() {
            Some([Value::String(delimiter), Value::String(text)])
                if !delimiter.is_empty() && is_known_text(text) =>
            {
                Value::list(text.split(delimiter.as_ref()).map(|part| Value::from(part.to_owned())))
            }
            _ => call("Fn::Split", evaluated),
        }
    }
}

/// The named elements of a section.
pub(crate) fn section<'a>(template: &'a Template, name: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    template.section(name).into_iter().flat_map(Map::iter)
}

/// Whether a parameter's value must not be shown.
pub(crate) fn is_hidden(declaration: &Value) -> bool {
    declaration.get("NoEcho").and_then(scalar_text).is_some_and(|text| text == "true")
}

/// Whether a parameter's value names another in SSM, which the service looks up when it deploys.
pub(crate) fn is_looked_up(declaration: &Value) -> bool {
    let kind = declaration.get("Type").and_then(Value::as_str);
    kind.is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter"))
}

/// The text of a string, number or boolean, as the service reads it.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone().into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Whether a value has no expression in it, dynamic references included.
pub(crate) fn is_known(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(is_known),
        Value::Map(map) => intrinsic::of(map).is_none() && map.iter().all(|(_, item)| is_known(item)),
        Value::String(text) => is_known_text(text),
        _ => true,
    }
}

fn is_known_text(text: &str) -> bool {
    !text.contains("{{resolve:")
}

fn same_value(left: &Value, right: &Value) -> bool {
    match (scalar_text(left), scalar_text(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

pub(crate) fn call(function: &'static str, argument: Value) -> Value {
    let mut map = Map::with_capacity(1);
    map.push(function, argument);
    Value::Map(map)
}

/// A text that is put together from literals and expressions.
#[derive(Default)]
struct Concatenation {
    parts: Vec<Value>,
}

impl Concatenation {
    fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Value::String(last)) = self.parts.last_mut() {
            last.to_mut().push_str(text);
        } else {
            self.parts.push(Value::from(text.to_owned()));
        }
    }

    fn value(&mut self, value: Value) {
        if let Some(text) = scalar_text(&value) {
            self.literal(&text);
            return;
        }
        match inner_parts(&value) {
            Some(parts) => parts.into_iter().for_each(|part| self.value(part)),
            None => self.parts.push(value),
        }
    }

    fn into_value(self) -> Value {
        let mut parts = self.parts;
        if parts.len() <= 1 {
            return parts.pop().unwrap_or_else(|| Value::from(""));
        }
        let mut format = String::new();
        for part in &parts {
            let Some(()) = write_part(&mut format, part) else {
                return call("Fn::Join", Value::list([Value::from(""), Value::List(parts)]));
            };
        }
        call("Fn::Sub", Value::from(format))
    }
}

fn write_part(format: &mut String, part: &Value) -> Option<()> {
    if let Some(text) = part.as_str() {
        format.push_str(&text.replace("${", "${!"));
        return Some(());
    }
    let (function, argument) = intrinsic::of(part.as_map()?)?;
    let name = match (function, argument) {
        ("Ref", Value::String(name)) => name.clone().into_owned(),
        ("Fn::GetAtt", Value::List(parts)) => match parts.as_slice() {
            [Value::String(name), Value::String(attribute)] => format!("{name}.{attribute}"),
            _ => return None,
        },
        _ => return None,
    };
    format.push_str("${");
    format.push_str(&name);
    format.push('}');
    Some(())
}

/// The literals and expressions that an evaluated concatenation is made of.
pub(crate) fn text_parts(value: &Value) -> Option<Vec<Value>> {
    if let Some(text) = scalar_text(value) {
        return Some(vec![Value::from(text)]);
    }
    if let Some(parts) = inner_parts(value) {
        return Some(parts);
    }
    intrinsic::of(value.as_map()?)?;
    Some(vec![value.clone()])
}

fn inner_parts(value: &Value) -> Option<Vec<Value>> {
    match intrinsic::of(value.as_map()?)? {
        ("Fn::Join", Value::List(arguments)) => match arguments.as_slice() {
            [Value::String(delimiter), Value::List(parts)] if delimiter.is_empty() => Some(parts.clone()),
            _ => None,
        },
        ("Fn::Sub", Value::String(format)) => Some(
            intrinsic::sub_parts(format)
                .into_iter()
                .map(|part| match part {
                    SubPart::Text(text) => Value::from(text.to_owned()),
                    SubPart::Escaped(name) => Value::from(format!("${{{name}}}")),
                    SubPart::Placeholder(name) => match name.split_once('.') {
                        Some((resource, attribute)) => {
                            let parts = [resource, attribute].map(|part| Value::from(part.to_owned()));
                            call("Fn::GetAtt", Value::list(parts))
                        }
                        None => call("Ref", Value::from(name.to_owned())),
                    },
                })
                .collect(),
        ),
        _ => None,
    }
}
