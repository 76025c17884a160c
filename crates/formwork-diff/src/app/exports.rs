//! Exports that change while they are imported.

use std::collections::{BTreeMap, BTreeSet};

use formwork_template::{Value, intrinsic};
use serde::Serialize;

use super::Named;
use crate::{
    access::words,
    change::Action,
    evaluate::{Environment, section},
    stack_diff::StackDiff,
};

/// An export that the service refuses to change as long as a stack imports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadlock {
    /// The name of the export.
    pub export: String,
    /// The stack that exports it.
    pub producer: String,
    /// The stacks that import it as they are deployed.
    pub consumers: Vec<String>,
    /// Whether the export goes away; else its value changes.
    pub removed: bool,
    /// Whether deployments in this order, without a change of code between them, work.
    pub solvable: bool,
    /// What to do, one step after the other.
    pub order: Vec<String>,
    /// All of it in words.
    pub text: String,
}

/// The exports of a stack by name, with their outputs' ids; and the names that it imports.
struct Edges {
    exports: BTreeMap<String, String>,
    imports: BTreeSet<String>,
}

fn edges(stack: &Named<'_>) -> Edges {
    let environment = Environment::of(&stack.side);
    let mut exports = BTreeMap::new();
    let mut imports = BTreeSet::new();
    for (id, output) in section(stack.side.template, "Outputs") {
        let held =
            output.get("Condition").and_then(Value::as_str).and_then(|name| environment.condition(name));
        if held == Some(false) {
            continue;
        }
        let name = output.get("Export").and_then(|export| export.get("Name"));
        if let Some(name) = name.and_then(|name| environment.evaluate(name)) {
            exports.insert(words::text_of(&name), id.to_owned());
        }
        collect(output, &environment, &mut imports);
    }
    for (_, resource) in section(stack.side.template, "Resources") {
        let condition = resource.get("Condition").and_then(Value::as_str);
        if condition.and_then(|name| environment.condition(name)) != Some(false) {
            collect(resource, &environment, &mut imports);
        }
    }
    Edges { exports, imports }
}

fn collect(value: &Value, environment: &Environment<'_>, imports: &mut BTreeSet<String>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| collect(item, environment, imports)),
        Value::Map(map) => {
            if let Some(("Fn::ImportValue", name)) = intrinsic::of(map)
                && let Some(name) = environment.evaluate(name)
            {
                imports.insert(words::text_of(&name));
            }
            map.iter().for_each(|(_, item)| collect(item, environment, imports));
        }
        _ => {}
    }
}

/// Exports that go or change while deployed stacks import them.
pub(super) fn deadlocks(old: &[Named<'_>], new: &[Named<'_>], stacks: &[StackDiff]) -> Vec<Deadlock> {
    let quiet = stacks.iter().all(|stack| stack.outputs.is_empty());
    if quiet {
        return Vec::new();
    }
    let all = |stacks: &[Named<'_>]| -> BTreeMap<String, Edges> {
        stacks.iter().map(|stack| (stack.name.clone(), edges(stack))).collect()
    };
    let (before, after) = (all(old), all(new));
    let mut found = Vec::new();
    for (producer, had) in &before {
        let has = after.get(producer);
        let diff = stacks.iter().find(|stack| stack.name.as_deref() == Some(producer));
        for (export, output) in &had.exports {
            let removed = has.is_none_or(|has| !has.exports.contains_key(export));
            let changed = diff.is_some_and(|diff| {
                diff.outputs.iter().any(|element| element.name == *output && changes_value(element))
            });
            if !removed && !changed {
                continue;
            }
            let consumers: Vec<&String> = before
                .iter()
                .filter(|(name, edges)| *name != producer && edges.imports.contains(export))
                .map(|(name, _)| name)
                .collect();
            if !consumers.is_empty() {
                found.push(deadlock(export, producer, removed, &consumers, &before, &after));
            }
        }
    }
    found
}

fn changes_value(element: &crate::ElementChange) -> bool {
    element.action == Action::Modify
        && element.changes.iter().any(|change| change.path.to_string().starts_with("Value"))
}

fn deadlock(
    export: &str,
    producer: &str,
    removed: bool,
    consumers: &[&String],
    before: &BTreeMap<String, Edges>,
    after: &BTreeMap<String, Edges>,
) -> Deadlock {
    let imports = |name: &str| after.get(name).map(|edges| &edges.imports);
    let staying: Vec<&str> = consumers
        .iter()
        .map(|name| name.as_str())
        .filter(|name| imports(name).is_some_and(|imports| imports.contains(export)))
        .collect();
    // A consumer that wants a new export of the producer cannot go first.
    let new_exports: BTreeSet<&String> = after
        .get(producer)
        .into_iter()
        .flat_map(|edges| edges.exports.keys())
        .filter(|name| before.get(producer).is_none_or(|edges| !edges.exports.contains_key(*name)))
        .collect();
    let waits = |name: &str| {
        imports(name).is_some_and(|imports| new_exports.iter().any(|new| imports.contains(*new)))
    };
    let crossed = consumers.iter().any(|name| waits(name));
    let list =
        |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<String>>().join(", ");
    let names: Vec<&str> = consumers.iter().map(|name| name.as_str()).collect();
    let what = if removed { "goes away" } else { "changes its value" };
    let mut order: Vec<String> = Vec::new();
    let solvable = staying.is_empty() && !crossed;
    if !staying.is_empty() {
        let (first, second) =
            if removed { ("keep", "take it away") } else { ("keep the value of", "change it") };
        order.push(format!("{first} the export `{export}` in `{producer}`, and deploy"));
        order.push(format!("take the import out of {}, and deploy", list(&staying)));
        order.push(format!("{second}, and deploy `{producer}`"));
    } else if crossed {
        order.push(format!(
            "keep the export `{export}` beside what is new in `{producer}`, and deploy `{producer}`"
        ));
        order.push(format!("deploy {}", list(&names)));
        order.push(format!("take the export out of `{producer}`, and deploy it again"));
    } else {
        order.extend(names.iter().map(|name| match after.get(*name) {
            Some(_) => format!("deploy `{name}`"),
            None => format!("delete `{name}`"),
        }));
        let last = if after.contains_key(producer) { "deploy" } else { "delete" };
        order.push(format!("{last} `{producer}`"));
    }
    let text = if staying.is_empty() {
        format!(
            "the export `{export}` of `{producer}` {what}, and {} must be deployed without importing it first",
            list(&names)
        )
    } else {
        format!("the export `{export}` of `{producer}` {what} while {} still imports it", list(&staying))
    };
    Deadlock {
        export: export.to_owned(),
        producer: producer.to_owned(),
        consumers: names.into_iter().map(str::to_owned).collect(),
        removed,
        solvable,
        order,
        text,
    }
}
