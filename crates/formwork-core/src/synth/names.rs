//! Names that CloudFormation takes, and that each is given once.

use std::collections::HashMap;

use formwork_template::{Finding, limits};

use crate::{
    model::{Element, Model, StackModel},
    node::Where,
};

/// Reports a stack name that CloudFormation refuses, or that another stack of the app has.
pub(crate) fn check_stack_name(model: &mut Model, name: &str, location: Where) {
    check_deployed_name(model, name, location);
    if let Some(first) = model.stacks.iter().find(|stack| stack.name == name) {
        let (file, line) = (first.location.file(), first.location.line());
        let message = format!("two stacks have the name `{name}`: the first is at {file}:{line}");
        let hint = "give each stack its own name; `deployed_as` sets the name that it has in the account";
        model.findings.push(Finding::error("FW0101", message).hint(hint).at(location));
    }
}

/// Reports a name that CloudFormation refuses.
pub(crate) fn check_deployed_name(model: &mut Model, name: &str, location: Where) {
    let legal = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|each| each.is_ascii_alphanumeric() || each == '-')
        && name.len() <= limits::STACK_NAME_CHARACTERS;
    if !legal {
        let hint = format!(
            "a name begins with a letter, goes on with letters, digits and hyphens, and has at most {} characters",
            limits::STACK_NAME_CHARACTERS
        );
        let finding = Finding::error("FW0106", format!("`{name}` is not a name that a stack can have"));
        model.findings.push(finding.hint(hint).at(location));
    }
}

/// Reports logical ids that are illegal or stand twice.
pub(crate) fn check(model: &mut Model) {
    let mut findings = Vec::new();
    for stack in &model.stacks {
        check_stack(stack, &mut findings);
    }
    model.findings.append(&mut findings);
}

/// One namespace of logical ids, and what has been seen in it.
struct Names<'a> {
    stack: &'a str,
    seen: HashMap<&'a str, (&'static str, Where)>,
    findings: &'a mut Vec<Finding>,
}

fn check_stack(stack: &StackModel, findings: &mut Vec<Finding>) {
    // `Ref` does not tell a resource from a parameter, so that both share their names.
    let mut names =
        Names { stack: &stack.name, seen: HashMap::with_capacity(stack.resources.len()), findings };
    for resource in &stack.resources {
        names.take(&resource.logical_id, resource.location, RESOURCE);
    }
    names.take_all(&stack.parameters, PARAMETER);
    for (elements, section) in
        [(&stack.mappings, MAPPING), (&stack.conditions, CONDITION), (&stack.rules, RULE)]
    {
        names.seen.clear();
        names.take_all(elements, section);
    }
    names.seen.clear();
    names.take_all(&stack.outputs, OUTPUT);
}

/// A kind of element: its noun, its section, the rule for illegal names, the rule for names that stand twice.
#[derive(Clone, Copy)]
struct Kind {
    noun: &'static str,
    section: &'static str,
    illegal: &'static str,
    twice: &'static str,
}

const RESOURCE: Kind = Kind { noun: "resource", section: "Resources", illegal: "E3006", twice: "E3007" };
const PARAMETER: Kind = Kind { noun: "parameter", section: "Parameters", illegal: "E2003", twice: "E3007" };
const MAPPING: Kind = Kind { noun: "mapping", section: "Mappings", illegal: "E7002", twice: "FW0101" };
const CONDITION: Kind = Kind { noun: "condition", section: "Conditions", illegal: "E8001", twice: "FW0101" };
const RULE: Kind = Kind { noun: "rule", section: "Rules", illegal: "FW0107", twice: "FW0101" };
const OUTPUT: Kind = Kind { noun: "output", section: "Outputs", illegal: "E6004", twice: "FW0101" };

impl<'a> Names<'a> {
    fn take_all<T>(&mut self, elements: &'a [Element<T>], kind: Kind) {
        for element in elements {
            self.take(&element.logical_id, element.location, kind);
        }
    }

    fn take(&mut self, id: &'a str, location: Where, kind: Kind) {
        let legal = !id.is_empty()
            && id.len() <= limits::LOGICAL_ID_CHARACTERS
            && id.bytes().all(|each| each.is_ascii_alphanumeric());
        if !legal {
            let hint = match suggestion(id) {
                Some(suggestion) => format!("letters and digits only: `{suggestion}`"),
                None => format!("one to {} letters and digits", limits::LOGICAL_ID_CHARACTERS),
            };
            let article = if kind.noun.starts_with('o') { "an" } else { "a" };
            let message = format!("`{id}` is not an id that {article} {} can have", kind.noun);
            self.report(Finding::error(kind.illegal, message).hint(hint), id, location, &kind);
        }
        if let Some((noun, first)) = self.seen.insert(id, (kind.noun, location)) {
            let message = if noun == kind.noun {
                format!("two {noun}s have the id `{id}`: the first is at {}:{}", first.file(), first.line())
            } else {
                let (file, line) = (first.file(), first.line());
                format!("a {noun} and a {} have the id `{id}`: the {noun} is at {file}:{line}", kind.noun)
            };
            let hint = "give one of them another id, or build it in a scope of its own";
            self.report(Finding::error(kind.twice, message).hint(hint), id, location, &kind);
        }
    }

    fn report(&mut self, finding: Finding, id: &str, location: Where, kind: &Kind) {
        self.findings.push(finding.at(location).in_stack(self.stack).path([kind.section, id]));
    }
}

/// The id without what is not allowed in it, each word with a capital.
fn suggestion(id: &str) -> Option<String> {
    let words = id.split(|each: char| !each.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut joined = String::with_capacity(id.len());
    for word in words {
        let (first, rest) = word.split_at(1);
        joined.push_str(&first.to_ascii_uppercase());
        joined.push_str(rest);
    }
    (!joined.is_empty() && joined.len() <= limits::LOGICAL_ID_CHARACTERS && joined != id).then_some(joined)
}
