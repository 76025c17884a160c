//! Requirements of the facts: what values must be, given what other values are.

mod gather;
mod verdict;
mod want;

use std::collections::BTreeMap;

use formwork_spec::{Requirement, ResourceFacts};
use formwork_template::{Finding, Map, ResourceView, Severity, Value, intrinsic};

use self::want::Want;
use crate::{
    conditions::{Conditions, World, asked_within},
    index::Index,
    sources::Sources,
};

/// More ways that conditions may turn out are not gone through for one requirement.
const WORLDS: usize = 64;

/// Rules on versions that come and go with time: what runs goes on to run.
const DATED: [&str; 3] = ["E3690", "E3691", "E3695"];

static NO_PROPERTIES: Value = Value::Map(Map::new());

/// Judges the requirements of one template.
pub(crate) struct Requirements<'a> {
    pub(crate) index: &'a Index<'a>,
    pub(crate) conditions: &'a Conditions,
    pub(crate) sources: &'a dyn Sources,
    pub(crate) findings: &'a mut Vec<Finding>,
}

/// A place in a resource where a requirement speaks.
struct Place<'t> {
    value: &'t Value,
    path: Vec<String>,
    assumed: Vec<(String, bool)>,
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    pub(crate) path: Vec<String>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Requirements<'_> {
    pub(crate) fn resource(&mut self, resource: ResourceView<'_>, facts: &'static ResourceFacts) {
        let Some(whole) = self.index.whole(resource.logical_id) else {
            return;
        };
        let mut assumed = Vec::new();
        if let Some(condition) = resource.attributes.get("Condition").and_then(Value::as_str) {
            assumed.push((condition.to_owned(), true));
        }
        if !self.conditions.possible(&assumed) {
            return;
        }
        for requirement in &facts.requirements {
            let path = vec!["Resources".to_owned(), resource.logical_id.to_owned()];
            let start = Place { value: whole, path, assumed: assumed.clone() };
            let mut places = Vec::new();
            reach(start, &requirement.place, &mut places);
            for place in places {
                self.place(resource, requirement, &place);
            }
        }
    }

    fn place(&mut self, resource: ResourceView<'_>, requirement: &'static Requirement, place: &Place<'_>) {
        for gathered in gather::subjects(self.index, resource, requirement, place.value) {
            let subject = gathered.values.as_ref().unwrap_or(place.value);
            let mut names = Vec::new();
            asked_within(subject, &mut names);
            let worlds = self.conditions.worlds(&names, &place.assumed);
            let worlds = worlds.filter(|worlds| worlds.len() <= WORLDS).unwrap_or_else(|| vec![World::new()]);
            let mut found: BTreeMap<Problem, Vec<&World>> = BTreeMap::new();
            for world in &worlds {
                let mut want = Want::new(requirement, self.index, world, &gathered.names);
                want.require(subject, &requirement.schema);
                for problem in want.problems {
                    found.entry(problem).or_default().push(world);
                }
            }
            for (problem, in_worlds) in found {
                let when = circumstances(&in_worlds, &worlds);
                self.report(requirement, place, problem, &when);
            }
        }
    }

    fn report(&mut self, requirement: &Requirement, place: &Place<'_>, problem: Problem, when: &str) {
        let severity = severity_of(&requirement.rule);
        let mut path = place.path.clone();
        path.extend(gather::written(requirement, problem.path));
        let mut finding = Finding::new(requirement.rule.clone(), severity, problem.message + when).path(path);
        finding.hint = problem.hint;
        if let [section, element, ..] = finding.path.as_slice() {
            finding.source = self.sources.source(section, element);
        }
        self.findings.push(finding);
    }
}

/// How bad a rule is, by the letter that its id begins with.
fn severity_of(rule: &str) -> Severity {
    if DATED.contains(&rule) {
        return Severity::Warning;
    }
    match rule.as_bytes().first() {
        Some(b'W') => Severity::Warning,
        Some(b'I') => Severity::Info,
        _ => Severity::Error,
    }
}

/// Which conditions make a problem appear, in words; nothing where it appears whatever they are.
pub(crate) fn circumstances(found: &[&World], all: &[World]) -> String {
    if found.len() == all.len() {
        return String::new();
    }
    let Some(first) = found.first() else { return String::new() };
    let decisive = first.iter().enumerate().filter(|(position, (_, value))| {
        !found.iter().any(|world| world.get(*position).is_some_and(|(_, other)| other != value))
    });
    let words: Vec<String> = decisive
        .map(|(_, (name, value))| format!("`{name}` is {}", if *value { "true" } else { "false" }))
        .collect();
    if words.is_empty() { String::new() } else { format!(", when {}", words.join(" and ")) }
}

/// Collects the values at the end of a way, on both branches of every `Fn::If`.
fn reach<'t>(place: Place<'t>, way: &[String], places: &mut Vec<Place<'t>>) {
    if let Some(("Fn::If", Value::List(operands))) = place.value.as_map().and_then(intrinsic::of) {
        let [Value::String(condition), branches @ ..] = operands.as_slice() else { return };
        for (position, branch) in branches.iter().enumerate() {
            let mut path = place.path.clone();
            path.extend(["Fn::If".to_owned(), (position + 1).to_string()]);
            let mut assumed = place.assumed.clone();
            assumed.push((condition.to_string(), position == 0));
            reach(Place { value: branch, path, assumed }, way, places);
        }
        return;
    }
    let Some((step, rest)) = way.split_first() else {
        places.push(place);
        return;
    };
    let inner = |key: &str, value: &'t Value| {
        let mut path = place.path.clone();
        path.push(key.to_owned());
        Place { value, path, assumed: place.assumed.clone() }
    };
    match (step.as_str(), place.value) {
        ("*", Value::List(items)) => {
            for (position, item) in items.iter().enumerate() {
                reach(inner(&position.to_string(), item), rest, places);
            }
        }
        ("*", _) => {}
        (key, value) => {
            match value.get(key) {
                Some(value) => reach(inner(key, value), rest, places),
                // What has no properties lacks those that are needed.
                None if key == "Properties" => reach(inner(key, &NO_PROPERTIES), rest, places),
                None => {}
            }
        }
    }
}
