//! What the operands of functions are.

use formwork_template::{
    Finding, Map, Value,
    intrinsic::{self, SubPart},
};

use super::{rule_of, within};
use crate::{
    index::Index,
    shape::{self, Shape},
    walk::Step,
};

/// What says whether something is so.
const CONDITIONS: [&str; 5] = ["Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"];
/// Functions that cannot be asked where nothing is deployed yet: in conditions, and for what to import.
const DEPLOYED: [&str; 2] = ["Fn::GetAtt", "Fn::ImportValue"];
/// The most ranges that `Fn::Cidr` makes.
const RANGES: f64 = 256.0;
/// The most bits that the ranges of `Fn::Cidr` are wide.
const BITS: f64 = 128.0;

/// Judges the operands of one function.
pub(super) struct Operands<'f> {
    pub(super) index: &'f Index<'f>,
    pub(super) steps: &'f [Step<'f>],
    pub(super) findings: &'f mut Vec<Finding>,
}

impl Operands<'_> {
    fn error(&mut self, rule: &'static str, message: String, more: &[&str]) {
        self.findings.push(Finding::error(rule, message).path(within(self.steps, more)));
    }

    pub(super) fn check(&mut self, function: &str, argument: &Value) {
        let operands = argument.as_list().unwrap_or_default();
        match (function, operands) {
            ("Fn::Sub", _) => self.substitution(argument),
            ("Fn::Join", [delimiter, list]) => {
                if delimiter.as_str().is_none() {
                    self.error(
                        "E1022",
                        "the delimiter of `Fn::Join` is a plain text".to_owned(),
                        &[function, "0"],
                    );
                }
                self.wants(function, &[function, "1"], list, Shape::List);
                for (position, item) in list.as_list().unwrap_or_default().iter().enumerate() {
                    self.wants(function, &[function, "1", &position.to_string()], item, Shape::Scalar);
                }
            }
            ("Fn::Select", [position, list]) => self.selection(position, list),
            ("Fn::Split", [delimiter, text]) => {
                if delimiter.as_str().is_none() {
                    self.error(
                        "E1018",
                        "the delimiter of `Fn::Split` is a plain text".to_owned(),
                        &[function, "0"],
                    );
                }
                self.wants(function, &[function, "1"], text, Shape::Scalar);
            }
            ("Fn::Base64" | "Fn::GetAZs", _) => self.wants(function, &[function], argument, Shape::Scalar),
            ("Fn::ImportValue", _) => {
                self.wants(function, &[function], argument, Shape::Scalar);
                self.known_before(function, argument, &[function]);
            }
            ("Fn::Equals", [left, right]) => {
                for (position, operand) in [("0", left), ("1", right)] {
                    self.wants(function, &[function, position], operand, Shape::Scalar);
                    self.known_before(function, operand, &[function, position]);
                }
            }
            ("Fn::Not" | "Fn::And" | "Fn::Or", _) => {
                for (position, operand) in operands.iter().enumerate() {
                    self.condition(function, operand, &position.to_string());
                }
            }
            ("Fn::If", [condition, ..]) if condition.as_str().is_none() => {
                self.error(
                    "E1028",
                    "`Fn::If` names its condition by a plain text".to_owned(),
                    &[function, "0"],
                );
            }
            ("Fn::FindInMap", [mapping, first, second, ..]) => {
                self.lookup(mapping, first, second, operands.len() > 3);
            }
            ("Fn::Cidr", [range, count, ..]) => {
                self.wants(function, &[function, "0"], range, Shape::Scalar);
                self.bounded(count, RANGES, "1");
                if let Some(bits) = operands.get(2) {
                    self.bounded(bits, BITS, "2");
                }
            }
            ("Fn::Length" | "Fn::ToJsonString", _) => {
                if !self.index.extended && !self.index.open {
                    let message = format!("`{function}` needs the transform `AWS::LanguageExtensions`");
                    self.error(rule_of(function), message, &[function]);
                }
                if function == "Fn::Length" {
                    self.wants(function, &[function], argument, Shape::List);
                }
            }
            _ => {}
        }
    }

    /// A value of a certain shape. The rule is that of the function which gives something else, or
    /// else of the one that wants it.
    fn wants(&mut self, function: &str, more: &[&str], value: &Value, wanted: Shape) {
        let found = shape::of(value, self.index);
        if found == wanted || found == Shape::Unknown {
            return;
        }
        let inner = value.as_map().and_then(intrinsic::of).map(|(function, _)| function);
        let rule = rule_of(inner.unwrap_or(function));
        let (found, wanted) = (found.noun(), wanted.noun());
        let message = match inner {
            Some(inner) => format!("`{inner}` gives {found}, and `{function}` takes {wanted} here"),
            None => format!("{found} stands where `{function}` takes {wanted}"),
        };
        self.error(rule, message, more);
    }

    /// A value that is known before anything is deployed.
    fn known_before(&mut self, function: &str, value: &Value, more: &[&str]) {
        let mut asked = Vec::new();
        let mut see = |inner: &str, argument: &Value| {
            let of_resource =
                inner == "Ref" && argument.as_str().is_some_and(|name| self.index.resource(name).is_some());
            if DEPLOYED.contains(&inner) || of_resource {
                asked.push(inner.to_owned());
            }
        };
        if let Some((inner, argument)) = value.as_map().and_then(intrinsic::of) {
            see(inner, argument);
        }
        for inner in asked {
            let message =
                format!("`{inner}` is known after a deployment, and `{function}` must know it before");
            self.error(rule_of(function), message, more);
        }
    }

    fn condition(&mut self, function: &str, operand: &Value, position: &str) {
        let found = operand.as_map().and_then(intrinsic::of).map(|(function, _)| function);
        if !found.is_some_and(|found| {
            CONDITIONS.contains(&found) || found.starts_with("Fn::Contains") || found.starts_with("Fn::Each")
        }) {
            let message = format!("`{function}` takes conditions: `Fn::Equals` and its like, or `Condition`");
            self.error(rule_of(function), message, &[function, position]);
        }
    }

    fn substitution(&mut self, argument: &Value) {
        const FUNCTION: &str = "Fn::Sub";
        let none = Map::new();
        let (text, variables) = match argument {
            Value::String(text) => (&**text, &none),
            Value::List(operands) => match operands.as_slice() {
                [Value::String(text)] => (&**text, &none),
                [Value::String(text), Value::Map(variables)] => (&**text, variables),
                _ => return,
            },
            _ => return,
        };
        for (name, value) in variables.iter() {
            self.wants(FUNCTION, &[FUNCTION, "1", name], value, Shape::Scalar);
        }
        let mut used = Vec::new();
        let place: &[&str] = if argument.as_str().is_some() { &[FUNCTION] } else { &[FUNCTION, "0"] };
        for part in intrinsic::sub_parts(text) {
            let SubPart::Placeholder(name) = part else { continue };
            used.push(name);
            if variables.contains_key(name) {
                continue;
            }
            let (function, asked) = if name.contains('.') { ("Fn::GetAtt", name) } else { ("Ref", name) };
            let found = shape::of_function(function, &Value::String(asked.to_owned().into()), self.index);
            if !matches!(found, Shape::Scalar | Shape::Unknown) {
                self.error("E1019", format!("`{name}` is {}, and stands in a text", found.noun()), place);
            }
        }
        for name in variables.keys().filter(|name| !used.contains(name)) {
            let message = format!("the text does not use the variable `{name}`");
            let finding = Finding::warning("W1019", message);
            self.findings.push(finding.path(within(self.steps, &[FUNCTION, "1", name])));
        }
    }

    fn selection(&mut self, position: &Value, list: &Value) {
        const FUNCTION: &str = "Fn::Select";
        self.wants(FUNCTION, &[FUNCTION, "1"], list, Shape::List);
        let number = match position {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse::<f64>().ok(),
            Value::Map(_) => return,
            _ => None,
        };
        let certain = list
            .as_list()
            .filter(|items| !items.iter().any(|item| item.as_map().and_then(intrinsic::of).is_some()));
        match number {
            None => {
                self.error("E1017", "the position of `Fn::Select` is a number".to_owned(), &[FUNCTION, "0"]);
            }
            Some(number) if number < 0.0 || number.fract() != 0.0 => {
                self.error("E1017", format!("{number} is no position in a list"), &[FUNCTION, "0"]);
            }
            Some(number) => {
                let beyond = |items: &&[Value]| {
                    !(0_u32..).zip(items.iter()).any(|(at, _)| f64::from(at).total_cmp(&number).is_eq())
                };
                if let Some(items) = certain.filter(beyond) {
                    let message =
                        format!("there is no item {number} in a list of {}; the first is 0", items.len());
                    self.error("E1017", message, &[FUNCTION, "0"]);
                }
            }
        }
    }

    /// Whether a mapping has the keys, where they are plain.
    fn lookup(&mut self, mapping: &Value, first: &Value, second: &Value, default: bool) {
        const FUNCTION: &str = "Fn::FindInMap";
        for (position, operand) in [("0", mapping), ("1", first), ("2", second)] {
            self.wants(FUNCTION, &[FUNCTION, position], operand, Shape::Scalar);
        }
        let Some(rows) = mapping.as_str().and_then(|name| self.index.mapping(name)) else { return };
        if default || rows.keys().any(|key| key.starts_with("Fn::")) {
            return;
        }
        if let Some(key) = first.as_str().filter(|key| !rows.contains_key(key)) {
            self.error("E1011", format!("the mapping has no `{key}`"), &[FUNCTION, "1"]);
            return;
        }
        let mut chosen = rows.iter().filter(|(key, _)| first.as_str().is_none_or(|wanted| wanted == *key));
        if let Some(key) = second.as_str()
            && !chosen.any(|(_, row)| {
                row.as_map()
                    .is_none_or(|row| row.contains_key(key) || row.keys().any(|key| key.starts_with("Fn::")))
            })
        {
            self.error("E1011", format!("the mapping has no `{key}` there"), &[FUNCTION, "2"]);
        }
    }

    fn bounded(&mut self, value: &Value, most: f64, position: &str) {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => return,
        };
        if !number.is_some_and(|number| number >= 1.0 && number <= most) {
            self.error("E1024", format!("a number from 1 to {most} is wanted"), &["Fn::Cidr", position]);
        }
    }
}
