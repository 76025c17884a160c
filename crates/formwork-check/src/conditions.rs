//! Conditions: which of them can be true together.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
};

use formwork_template::{Map, Template, Value, intrinsic, json};

/// More combinations of parameter values than these are not gone through.
const COMBINATIONS: usize = 4096;
/// Combinations that are gone through for one template, all questions together.
const WORK: usize = 1 << 18;
/// More conditions than these are not told apart in one place.
const TOGETHER: usize = 8;
/// Conditions that name each other deeper than this are not followed.
const DEPTH: usize = 32;

/// What is known of a template's conditions.
pub(crate) struct Conditions {
    positions: HashMap<String, usize>,
    formulas: Vec<Formula>,
    variables: Vec<Variable>,
    known: RefCell<HashMap<String, Option<Vec<World>>>>,
    /// Combinations that were gone through.
    work: Cell<usize>,
}

/// One way that conditions may turn out: each with its name.
pub(crate) type World = Vec<(String, bool)>;

/// A condition as a formula.
enum Formula {
    Constant(bool),
    /// The variable is the value at this position.
    Is(usize, usize),
    /// What the condition at this position is.
    Named(usize),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// What the deployment decides: which of so many values.
struct Variable {
    name: String,
    /// The values that conditions compare with.
    values: Vec<String>,
    /// Whether it may have another value than those.
    other: bool,
    /// Which of them it is, where that is known.
    given: Option<usize>,
}

impl Variable {
    fn choices(&self) -> usize {
        if self.given.is_some() { 1 } else { self.values.len() + usize::from(self.other) }
    }

    fn choice(&self, position: usize) -> usize {
        self.given.unwrap_or(position)
    }
}

impl Conditions {
    /// Reads the conditions, and what parameters may be: those that are given have one value.
    pub(crate) fn of(template: &Template, given: &BTreeMap<String, String>) -> Self {
        let section = || template.section("Conditions").into_iter().flat_map(Map::iter);
        let positions = section().enumerate().map(|(position, (name, _))| (name.to_owned(), position));
        let mut conditions = Self {
            positions: positions.collect(),
            formulas: Vec::new(),
            variables: Vec::new(),
            known: RefCell::default(),
            work: Cell::new(0),
        };
        for (_, value) in section() {
            let formula = conditions.formula(value, template);
            conditions.formulas.push(formula);
        }
        for variable in &mut conditions.variables {
            if let Some(value) = given.get(&variable.name) {
                let position = variable.values.iter().position(|known| known == value);
                variable.given = Some(position.unwrap_or(variable.values.len()));
                continue;
            }
            let allowed = template
                .section("Parameters")
                .and_then(|parameters| parameters.get(&variable.name)?.get("AllowedValues")?.as_list());
            if let Some(allowed) = allowed {
                let known = |value: &Value| scalar(value).is_some_and(|text| variable.values.contains(&text));
                variable.other = !allowed.iter().all(known);
            }
        }
        conditions
    }

    fn formula(&mut self, value: &Value, template: &Template) -> Formula {
        let Some((function, argument)) = value.as_map().and_then(intrinsic::of) else {
            return self.free(value);
        };
        let operands = argument.as_list().unwrap_or_default();
        match (function, operands) {
            ("Condition", _) => match argument.as_str().and_then(|name| self.positions.get(name)) {
                Some(position) => Formula::Named(*position),
                None => self.free(value),
            },
            ("Fn::Not", [operand]) => Formula::Not(Box::new(self.formula(operand, template))),
            ("Fn::And", _) => {
                Formula::All(operands.iter().map(|item| self.formula(item, template)).collect())
            }
            ("Fn::Or", _) => Formula::Any(operands.iter().map(|item| self.formula(item, template)).collect()),
            ("Fn::Equals", [left, right]) => self.equals(value, left, right, template),
            _ => self.free(value),
        }
    }

    fn equals(&mut self, whole: &Value, left: &Value, right: &Value, template: &Template) -> Formula {
        let parameter = |value: &Value| match value.as_map().and_then(intrinsic::of) {
            Some(("Ref", Value::String(name))) => Some(name.to_string()),
            _ => None,
        };
        match (parameter(left), scalar(left), parameter(right), scalar(right)) {
            (_, Some(left), _, Some(right)) => Formula::Constant(left == right),
            (Some(name), _, _, Some(text)) | (_, Some(text), Some(name), _) => {
                if !allows(template, &name, &text) {
                    return Formula::Constant(false);
                }
                let position = self.variable(&name);
                let values = &mut self.variables[position].values;
                let value = values.iter().position(|known| *known == text).unwrap_or_else(|| {
                    values.push(text);
                    values.len() - 1
                });
                Formula::Is(position, value)
            }
            _ if left == right => Formula::Constant(true),
            _ => self.free(whole),
        }
    }

    /// What nothing is known of: it may be true or not, and the same text is the same.
    fn free(&mut self, value: &Value) -> Formula {
        let position = self.variable(&json::write(value, json::Style::Compact));
        let values = &mut self.variables[position].values;
        if values.is_empty() {
            values.push("true".to_owned());
        }
        Formula::Is(position, 0)
    }

    fn variable(&mut self, name: &str) -> usize {
        if let Some(position) = self.variables.iter().position(|variable| variable.name == name) {
            return position;
        }
        self.variables.push(Variable { name: name.to_owned(), values: Vec::new(), other: true, given: None });
        self.variables.len() - 1
    }

    /// Every way that the named conditions may turn out where others are as `assumed`. Nothing where
    /// there are too many to tell.
    pub(crate) fn worlds(&self, names: &[&str], assumed: &[(String, bool)]) -> Option<Vec<World>> {
        if names.len() > TOGETHER {
            return None;
        }
        let key = format!("{names:?}{assumed:?}");
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let worlds = self.enumerate(names, assumed);
        self.known.borrow_mut().insert(key, worlds.clone());
        worlds
    }

    /// Whether conditions may turn out like this together.
    pub(crate) fn possible(&self, assumed: &[(String, bool)]) -> bool {
        assumed.is_empty() || self.worlds(&[], assumed).is_none_or(|worlds| !worlds.is_empty())
    }

    fn enumerate(&self, names: &[&str], assumed: &[(String, bool)]) -> Option<Vec<World>> {
        let position = |name: &str| self.positions.get(name).copied();
        let names: Vec<(&str, usize)> =
            names.iter().map(|name| Some((*name, position(name)?))).collect::<Option<_>>()?;
        let assumed: Vec<(usize, bool)> =
            assumed.iter().map(|(name, value)| Some((position(name)?, *value))).collect::<Option<_>>()?;
        let mut used = Vec::new();
        let mut seen = vec![false; self.formulas.len()];
        for position in
            names.iter().map(|(_, position)| position).chain(assumed.iter().map(|(position, _)| position))
        {
            self.variables_of(&Formula::Named(*position), &mut used, &mut seen, 0)?;
        }
        let mut total = 1_usize;
        for position in &used {
            total = total
                .checked_mul(self.variables[*position].choices())
                .filter(|total| *total <= COMBINATIONS)?;
        }
        let work = self.work.get() + total;
        if work > WORK {
            return None;
        }
        self.work.set(work);
        let mut worlds: Vec<World> = Vec::new();
        let mut seen = vec![false; 1 << names.len()];
        let mut chosen = vec![0; self.variables.len()];
        for combination in 0..total {
            let mut rest = combination;
            for position in &used {
                let variable = &self.variables[*position];
                chosen[*position] = variable.choice(rest % variable.choices());
                rest /= variable.choices();
            }
            let mut known = vec![None; self.formulas.len()];
            let mut holds = |position: usize| self.evaluate(&Formula::Named(position), &chosen, &mut known);
            if assumed.iter().any(|(position, value)| holds(*position) != *value) {
                continue;
            }
            let held: Vec<bool> = names.iter().map(|(_, position)| holds(*position)).collect();
            let number = held.iter().fold(0, |number, held| 2 * number + usize::from(*held));
            if !std::mem::replace(&mut seen[number], true) {
                let world = names.iter().zip(held).map(|((name, _), held)| ((*name).to_owned(), held));
                worlds.push(world.collect());
            }
        }
        Some(worlds)
    }

    /// The variables that a formula depends on; nothing where conditions name each other too deep.
    fn variables_of(
        &self,
        formula: &Formula,
        used: &mut Vec<usize>,
        seen: &mut [bool],
        depth: usize,
    ) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match formula {
            Formula::Constant(_) => {}
            Formula::Is(position, _) => {
                if !used.contains(position) {
                    used.push(*position);
                }
            }
            Formula::Named(position) => {
                if !std::mem::replace(seen.get_mut(*position)?, true) {
                    self.variables_of(self.formulas.get(*position)?, used, seen, depth + 1)?;
                }
            }
            Formula::Not(inner) => self.variables_of(inner, used, seen, depth + 1)?,
            Formula::All(parts) | Formula::Any(parts) => {
                for part in parts {
                    self.variables_of(part, used, seen, depth + 1)?;
                }
            }
        }
        Some(())
    }

    fn evaluate(&self, formula: &Formula, chosen: &[usize], known: &mut [Option<bool>]) -> bool {
        match formula {
            Formula::Constant(value) => *value,
            Formula::Is(position, value) => chosen[*position] == *value,
            Formula::Named(position) => {
                if let Some(value) = known[*position] {
                    return value;
                }
                // What a circle comes back to is taken for false; the circle itself is another rule's.
                known[*position] = Some(false);
                let value = self.evaluate(&self.formulas[*position], chosen, known);
                known[*position] = Some(value);
                value
            }
            Formula::Not(inner) => !self.evaluate(inner, chosen, known),
            Formula::All(parts) => parts.iter().all(|part| self.evaluate(part, chosen, known)),
            Formula::Any(parts) => parts.iter().any(|part| self.evaluate(part, chosen, known)),
        }
    }
}

/// Whether a parameter's allowed values, if it has any, have this one among them.
fn allows(template: &Template, parameter: &str, text: &str) -> bool {
    let allowed = template
        .section("Parameters")
        .and_then(|parameters| parameters.get(parameter)?.get("AllowedValues")?.as_list());
    allowed.is_none_or(|allowed| allowed.iter().filter_map(scalar).any(|known| known == text))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The conditions that `Fn::If` asks at the top of a value, one within the other.
pub(crate) fn asked<'v>(value: &'v Value, names: &mut Vec<&'v str>) {
    if let Some(("Fn::If", Value::List(operands))) = value.as_map().and_then(intrinsic::of) {
        if let Some(Value::String(name)) = operands.first()
            && !names.contains(&&**name)
        {
            names.push(name);
        }
        for branch in operands.iter().skip(1) {
            asked(branch, names);
        }
    }
}

/// The conditions that `Fn::If` asks anywhere in a value.
pub(crate) fn asked_within<'v>(value: &'v Value, names: &mut Vec<&'v str>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| asked_within(item, names)),
        Value::Map(map) => {
            if let Some(("Fn::If", Value::List(operands))) = intrinsic::of(map)
                && let Some(Value::String(name)) = operands.first()
                && !names.contains(&&**name)
            {
                names.push(name);
            }
            map.iter().for_each(|(_, item)| asked_within(item, names));
        }
        _ => {}
    }
}

/// What a value is once conditions have turned out.
pub(crate) enum Settled<'v> {
    /// It is not there.
    Absent,
    /// It is this, and no function.
    Plain(&'v Value),
    /// A function whose outcome is not known.
    Open(&'v str, &'v Value),
}

/// What a value is in a world. A `Fn::If` that the world does not know of stays open.
pub(crate) fn settle<'v>(value: &'v Value, world: &[(String, bool)]) -> Settled<'v> {
    let mut value = value;
    loop {
        let Some((function, argument)) = value.as_map().and_then(intrinsic::of) else {
            return Settled::Plain(value);
        };
        match (function, argument) {
            ("Ref", Value::String(name)) if name == "AWS::NoValue" => return Settled::Absent,
            ("Fn::If", Value::List(operands)) => {
                let [Value::String(condition), yes, no] = operands.as_slice() else {
                    return Settled::Open(function, argument);
                };
                match world.iter().find(|(name, _)| *name == **condition) {
                    Some((_, holds)) => value = if *holds { yes } else { no },
                    None => return Settled::Open(function, argument),
                }
            }
            _ => return Settled::Open(function, argument),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worlds(conditions: &str, names: &[&str], assumed: &[(&str, bool)]) -> String {
        let text = format!(
            r#"{{"Parameters": {{"Stage": {{"Type": "String", "AllowedValues": ["dev", "prod"]}}}}, "Conditions": {conditions}}}"#
        );
        let template = Template::from_json(&text).expect("JSON");
        let assumed: Vec<(String, bool)> =
            assumed.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        let worlds = Conditions::of(&template, &BTreeMap::new()).worlds(names, &assumed).expect("few");
        let mut lines: Vec<String> = worlds
            .iter()
            .map(|world| world.iter().map(|(_, value)| if *value { '1' } else { '0' }).collect())
            .collect();
        lines.sort();
        lines.join(" ")
    }

    #[test]
    fn what_excludes_each_other_is_never_true_together() {
        let conditions = r#"{
            "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Dev": {"Fn::Equals": ["dev", {"Ref": "Stage"}]},
            "Test": {"Fn::Equals": [{"Ref": "Stage"}, "test"]},
            "Either": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Dev"}]},
            "Home": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-central-1"]},
            "Big": {"Fn::And": [{"Condition": "Prod"}, {"Fn::Not": [{"Condition": "Home"}]}]}
        }"#;
        assert_eq!(worlds(conditions, &["Prod", "Dev"], &[]), "01 10");
        assert_eq!(worlds(conditions, &["Test"], &[]), "0");
        assert_eq!(worlds(conditions, &["Either"], &[]), "1");
        assert_eq!(worlds(conditions, &["Prod", "Home"], &[]), "00 01 10 11");
        assert_eq!(worlds(conditions, &["Prod", "Home"], &[("Big", true)]), "10");
        assert_eq!(worlds(conditions, &["Dev"], &[("Dev", true), ("Prod", true)]), "");
    }
}
