//! Objects: which properties they have, lack, and may not have together.

use formwork_spec::{Dependency, PropertyFacts, Rules};
use formwork_template::{Map, Severity, Value, intrinsic};

use super::Checker;
use crate::{
    conditions::{Settled, World, asked, settle},
    requirement::circumstances,
};

/// Objects in whose place the commands `package` take the path of a local file.
const PACKAGED: [(&str, &str); 5] = [
    ("AWS::ApiGateway::RestApi", "BodyS3Location"),
    ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle"),
    ("AWS::Lambda::Function", "Code"),
    ("AWS::Lambda::LayerVersion", "Content"),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location"),
];
/// Functions that give properties of the object in which they stand.
const EXPANDED: [&str; 2] = ["Fn::ForEach::", "Fn::Transform"];
/// How deep `Properties` stand: below a section and a resource.
const DEPTH_OF_PROPERTIES: usize = 3;

/// Whether a property is there when the template is deployed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Yes,
    No,
    /// Under a condition, or by a transform.
    Maybe,
}

impl Checker<'_> {
    /// An object with these properties, or an expression that will be one.
    pub(super) fn object(
        &mut self,
        value: &Value,
        properties: &'static [PropertyFacts],
        rules: &'static Rules,
        name: &str,
    ) {
        let Value::Map(map) = value else {
            if let (Value::String(file), true) = (value, self.is_packaged()) {
                let message = format!("`{file}` is a local file, which the commands `package` put in S3");
                let hint = "package the template before it is deployed".to_owned();
                self.report_as("W3002", Severity::Warning, message, Some(hint));
                return;
            }
            self.report(
                "E3012",
                format!("{} stands where an object of `{name}` is wanted", describe(value)),
                None,
            );
            return;
        };
        if let Some((function, argument)) = intrinsic::of(map) {
            let whole = self.path.len() == DEPTH_OF_PROPERTIES;
            let expanded = function == "Fn::If" || EXPANDED.iter().any(|known| function.starts_with(known));
            if whole && !expanded {
                self.within(function, |checker| {
                    let message = format!("`{function}` gives no properties, and stands for all of them");
                    checker.report("E3002", message, None);
                });
            }
            self.branches(function, argument, |checker, branch| {
                checker.object(branch, properties, rules, name);
            });
            return;
        }
        let open = map.keys().any(|key| key.starts_with("Fn::"));
        for (key, value) in map.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
            match properties.iter().find(|property| property.name == key) {
                Some(property) => self.within(key, |checker| checker.value(value, &property.value)),
                None => self.unknown(key, properties, name),
            }
        }
        for function in map
            .keys()
            .filter(|key| key.starts_with("Fn::") && !EXPANDED.iter().any(|known| key.starts_with(known)))
        {
            self.within(function, |checker| {
                let message = format!("`{function}` stands beside properties, and gives a whole value");
                checker.report("E3002", message, None);
            });
        }
        if open {
            // A loop or a transform in the object may add any of its properties.
            return;
        }
        self.as_a_whole(map, properties, rules, name);
    }

    /// What an object must have and may not have together, however conditions turn out.
    fn as_a_whole(
        &mut self,
        map: &Map,
        properties: &'static [PropertyFacts],
        rules: &'static Rules,
        name: &str,
    ) {
        let mut names = Vec::new();
        map.iter().for_each(|(_, value)| asked(value, &mut names));
        let worlds = self.conditions.worlds(&names, &self.assumed).unwrap_or_else(|| vec![World::new()]);
        let mut found: Vec<(&'static str, String, Vec<&World>)> = Vec::new();
        for world in &worlds {
            for (rule, message) in wrong(map, properties, rules, name, world) {
                match found.iter_mut().find(|(known, text, _)| *known == rule && *text == message) {
                    Some((_, _, within)) => within.push(world),
                    None => found.push((rule, message, vec![world])),
                }
            }
        }
        for (rule, message, within) in found {
            self.report(rule, message + &circumstances(&within, &worlds), None);
        }
    }

    /// Whether the value at hand is one that packaging replaces by a place in S3.
    fn is_packaged(&self) -> bool {
        let kind = self.facts.map_or("", |facts| facts.type_name.as_str());
        let property = self.path.get(DEPTH_OF_PROPERTIES).map_or("", String::as_str);
        self.path.len() == DEPTH_OF_PROPERTIES + 1 && PACKAGED.contains(&(kind, property))
    }

    fn unknown(&mut self, key: &str, properties: &'static [PropertyFacts], name: &str) {
        let read_only = self.path.len() == 3
            && self.facts.is_some_and(|facts| facts.attributes.iter().any(|attribute| attribute.name == key));
        self.within(key, |checker| {
            if read_only {
                let message =
                    format!("`{key}` of `{name}` is read only: it is an attribute, for `Fn::GetAtt`");
                checker.report("E3040", message, None);
                return;
            }
            let known = checker.meant(key, properties.iter().map(|property| property.name.as_str()));
            let hint = known.map(|known| format!("is it `{known}` that is meant?"));
            checker.report("E3002", format!("`{name}` has no property `{key}`"), hint);
        });
    }

    /// Judges what `Fn::If` can give; everything else is known at deployment alone.
    pub(super) fn branches(
        &mut self,
        function: &str,
        argument: &Value,
        mut check: impl FnMut(&mut Self, &Value),
    ) {
        let ("Fn::If", Value::List(operands)) = (function, argument) else { return };
        for (position, branch) in operands.iter().enumerate().skip(1) {
            if is_no_value(branch) {
                continue;
            }
            let condition = operands.first().and_then(Value::as_str).unwrap_or_default();
            self.assumed.push((condition.to_owned(), position == 1));
            if self.conditions.possible(&self.assumed) {
                self.within("Fn::If", |checker| {
                    checker.within(&position.to_string(), |checker| check(checker, branch));
                });
            }
            self.assumed.pop();
        }
    }
}

fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

pub(super) fn is_no_value(value: &Value) -> bool {
    value
        .as_map()
        .and_then(intrinsic::of)
        .is_some_and(|(function, name)| function == "Ref" && name.as_str() == Some("AWS::NoValue"))
}

/// What is wrong with an object as a whole in one world, by rule.
fn wrong(
    map: &Map,
    properties: &'static [PropertyFacts],
    rules: &'static Rules,
    name: &str,
    world: &World,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let there = |name: &String| presence(map, name, world) != Presence::No;
    let certain = |name: &String| presence(map, name, world) == Presence::Yes;
    for property in properties.iter().filter(|property| property.required && !there(&property.name)) {
        found.push(("E3003", format!("`{name}` needs the property `{}`", property.name)));
    }
    for group in &rules.exactly_one {
        let present: Vec<&String> = group.iter().filter(|name| certain(name)).collect();
        if present.len() > 1 {
            let message = format!("`{name}` takes only one of {}, and has {}", list(group), list(present));
            found.push(("E3014", message));
        } else if !group.iter().any(there) {
            found.push(("E3014", format!("`{name}` needs one of {}", list(group))));
        }
    }
    for group in rules.at_least_one.iter().filter(|group| !group.iter().any(there)) {
        found.push(("E3017", format!("`{name}` needs at least one of {}", list(group))));
    }
    for choice in &rules.choices {
        if !choice.sets.iter().any(|set| set.iter().all(there)) {
            let sets: Vec<String> = choice.sets.iter().map(list).collect();
            let rule = if choice.exactly_one { "E3018" } else { "E3017" };
            found.push((rule, format!("`{name}` needs {}", sets.join(", or "))));
        }
    }
    for Dependency { when, others } in rules.needs.iter().filter(|rule| certain(&rule.when)) {
        let missing: Vec<&String> = others.iter().filter(|other| !there(other)).collect();
        if !missing.is_empty() {
            found.push(("E3021", format!("with `{when}`, `{name}` needs {} too", list(missing))));
        }
    }
    let mut pairs = Vec::new();
    for Dependency { when, others } in rules.excludes.iter().filter(|rule| certain(&rule.when)) {
        // Each excludes the other: that is said once.
        let one_sided = |other: &&String| certain(other) && !pairs.contains(&(*other, when));
        let present: Vec<&String> = others.iter().filter(one_sided).collect();
        if !present.is_empty() {
            let message = format!("`{name}` cannot have both `{when}` and {}", list(present.iter().copied()));
            found.push(("E3020", message));
            pairs.extend(present.into_iter().map(|other| (when, other)));
        }
    }
    found
}

/// Whether a property is there in a world.
fn presence(map: &Map, name: &str, world: &World) -> Presence {
    let Some(value) = map.get(name) else { return Presence::No };
    match settle(value, world) {
        Settled::Absent => Presence::No,
        Settled::Open("Fn::If", Value::List(operands)) if operands.iter().any(may_be_nothing) => {
            Presence::Maybe
        }
        Settled::Open("Fn::Transform", _) => Presence::Maybe,
        Settled::Plain(_) | Settled::Open(..) => Presence::Yes,
    }
}

fn may_be_nothing(value: &Value) -> bool {
    is_no_value(value)
        || match value.as_map().and_then(intrinsic::of) {
            Some(("Fn::If", Value::List(operands))) => operands.iter().any(may_be_nothing),
            _ => false,
        }
}

/// A value for a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the string `{text}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Null => "nothing".to_owned(),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Map(_) => "an object".to_owned(),
    }
}
