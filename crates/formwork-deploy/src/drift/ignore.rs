//! What is meant to differ: rules with a reason, and a baseline of what is known.

use formwork_template::Source;
use serde_json::Value;

use super::value::{DriftReport, Ignored, Mover, StackDrift, Verdict};

/// A rule by which differences are no drift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The stack; what is nested in it is meant too. `None` is any.
    pub stack: Option<String>,
    /// The logical id, which may end in `*`. `None` is any.
    pub resource: Option<String>,
    /// Where, as a JSON pointer; what is below it is meant too. `None` is all of it, also that the
    /// resource is gone.
    pub path: Option<String>,
    /// Why it is meant to differ.
    pub reason: String,
}

/// A difference that is known, as a baseline keeps it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Known {
    /// The stack.
    pub stack: String,
    /// The logical id.
    pub logical_id: String,
    /// Where, as a JSON pointer; empty where the resource is gone.
    pub path: String,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
}

/// The reason of what a baseline knows.
const KNOWN: &str = "it is in the baseline";

impl DriftReport {
    /// Marks what rules leave out, and lists them with how often each matched.
    pub fn ignore(&mut self, rules: &[Rule]) {
        let mut matched = vec![0; rules.len()];
        for stack in &mut self.stacks {
            let name = stack.name.clone();
            let mut find = |resource: &str, path: Option<&str>| {
                let position = rules.iter().position(|rule| rule.matches(&name, resource, path))?;
                matched[position] += 1;
                Some(rules[position].reason.clone())
            };
            mark(stack, &mut find);
            stack.settle();
        }
        self.ignored.extend(rules.iter().zip(matched).map(|(rule, matched)| Ignored {
            stack: rule.stack.clone(),
            logical_id: rule.resource.clone(),
            path: rule.path.clone(),
            reason: rule.reason.clone(),
            matched,
        }));
    }

    /// Marks what a baseline knows, and gives what is in it and is there no more.
    pub fn forgive(&mut self, known: &[Known]) -> Vec<Known> {
        let mut seen = vec![false; known.len()];
        for stack in &mut self.stacks {
            for resource in &mut stack.resources {
                let id = resource.logical_id.clone();
                let mut find = |path: &str, actual: Option<&Value>| {
                    let position = known.iter().position(|known| {
                        known.stack == stack.name
                            && known.logical_id == id
                            && known.path == path
                            && known.actual.as_ref() == actual
                    })?;
                    seen[position] = true;
                    Some(KNOWN.to_owned())
                };
                if resource.status == Verdict::Deleted && resource.ignored.is_none() {
                    resource.ignored = find("", None);
                }
                for difference in resource.differences.iter_mut().filter(|told| told.ignored.is_none()) {
                    difference.ignored = find(&difference.path, difference.actual.as_ref());
                }
            }
            stack.settle();
        }
        known.iter().zip(seen).filter(|(_, seen)| !seen).map(|(known, _)| known.clone()).collect()
    }

    /// All that differs in resources now and is not left out by a rule, for a baseline.
    pub fn known(&self) -> Vec<Known> {
        let mut all = Vec::new();
        for stack in &self.stacks {
            for resource in &stack.resources {
                let is_open = |ignored: &Option<String>| ignored.as_deref().is_none_or(|why| why == KNOWN);
                let known = |path: &str, actual: Option<&Value>| Known {
                    stack: stack.name.clone(),
                    logical_id: resource.logical_id.clone(),
                    path: path.to_owned(),
                    actual: actual.cloned(),
                };
                if resource.status == Verdict::Deleted && is_open(&resource.ignored) {
                    all.push(known("", None));
                }
                let differences = resource.differences.iter().filter(|told| is_open(&told.ignored));
                all.extend(differences.map(|told| known(&told.path, told.actual.as_ref())));
            }
        }
        all
    }

    /// The Rust lines behind what has drifted, for messages that only point.
    pub fn sources(&self) -> Vec<&Source> {
        let resources = self.stacks.iter().flat_map(|stack| &stack.resources);
        resources
            .filter(|resource| resource.is_drift())
            .filter_map(|resource| resource.source.as_ref())
            .collect()
    }
}

/// Asks for each thing that differs whether it is left out.
fn mark(stack: &mut StackDrift, find: &mut impl FnMut(&str, Option<&str>) -> Option<String>) {
    for resource in &mut stack.resources {
        if resource.status == Verdict::Deleted {
            resource.ignored = find(&resource.logical_id, None);
        }
        for difference in &mut resource.differences {
            difference.ignored = find(&resource.logical_id, Some(&difference.path));
        }
    }
    for setting in stack.settings.iter_mut().filter(|setting| setting.changed_by == Mover::Stack) {
        let place = match &setting.name {
            Some(name) => format!("{}/{name}", setting.setting.text()),
            None => setting.setting.text().to_owned(),
        };
        setting.ignored = find(&place, None);
    }
}

impl Rule {
    /// Whether the rule means this; without a path, that a resource is gone or a setting differs.
    fn matches(&self, stack: &str, resource: &str, path: Option<&str>) -> bool {
        let is_stack = |wanted: &String| {
            stack == wanted || stack.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        let is_resource = |wanted: &String| match wanted.strip_suffix('*') {
            Some(start) => resource.starts_with(start),
            None => resource == wanted,
        };
        let is_path = |wanted: &String| {
            path.and_then(|path| path.strip_prefix(wanted.as_str()))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || wanted.ends_with('/'))
        };
        self.stack.as_ref().is_none_or(is_stack)
            && self.resource.as_ref().is_none_or(is_resource)
            && self.path.as_ref().is_none_or(is_path)
    }
}
