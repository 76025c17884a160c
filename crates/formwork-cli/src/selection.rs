//! Which stacks of the app a command is about.

use std::collections::BTreeSet;

use anyhow::Result;
use formwork_core::{Assembly, AssemblyStack};
use wildmatch::WildMatch;

use crate::{exit_code, failure::Failure, suggestion};

/// The stacks of these names or patterns (`web-*`), in the order of the app; without a name, all.
pub(crate) fn select<'a>(assembly: &'a Assembly, names: &[String]) -> Result<Vec<&'a AssemblyStack>> {
    if names.is_empty() {
        return Ok(assembly.stacks.iter().collect());
    }
    let mut wanted = BTreeSet::new();
    for name in names {
        let pattern = WildMatch::new(name);
        let matching = assembly.stacks.iter().enumerate().filter(|(_, stack)| pattern.matches(&stack.name));
        let matching: Vec<usize> = matching.map(|(position, _)| position).collect();
        if matching.is_empty() {
            return Err(unknown(assembly, name).into());
        }
        wanted.extend(matching);
    }
    Ok(assembly
        .stacks
        .iter()
        .enumerate()
        .filter(|(each, _)| wanted.contains(each))
        .map(|(_, each)| each)
        .collect())
}

/// The same for a command that changes what runs: several stacks want to be named, or `--all`.
pub(crate) fn select_stated<'a>(
    assembly: &'a Assembly,
    names: &[String],
    all: bool,
) -> Result<Vec<&'a AssemblyStack>> {
    if assembly.stacks.is_empty() {
        return Err(Failure::new("the app has no stack").into());
    }
    if names.is_empty() && !all && assembly.stacks.len() > 1 {
        let every: Vec<&AssemblyStack> = assembly.stacks.iter().collect();
        let failure = Failure::new(format!("the app has {} stacks, and none is named", every.len()));
        let hint = format!("name those that are meant, or `--all`: {}", listing(&every));
        return Err(failure.hint(hint).code(exit_code::USAGE).into());
    }
    select(assembly, names)
}

/// These stacks and all that they need, or with `backwards` all that need them, in the order of the app.
pub(crate) fn with_dependencies<'a>(
    assembly: &'a Assembly,
    stacks: &[&AssemblyStack],
    backwards: bool,
) -> Vec<&'a AssemblyStack> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = assembly
        .stacks
        .iter()
        .map(|stack| stack.name.as_str())
        .filter(|name| stacks.iter().any(|stack| stack.name == *name))
        .collect();
    while let Some(name) = open.pop() {
        if !wanted.insert(name) {
            continue;
        }
        if backwards {
            let dependents =
                assembly.stacks.iter().filter(|stack| stack.depends_on.iter().any(|each| each == name));
            open.extend(dependents.map(|stack| stack.name.as_str()));
        } else if let Some(stack) = assembly.stack(name) {
            open.extend(stack.depends_on.iter().map(String::as_str));
        }
    }
    assembly.stacks.iter().filter(|stack| wanted.contains(stack.name.as_str())).collect()
}

fn unknown(assembly: &Assembly, name: &str) -> Failure {
    let failure = Failure::new(format!("the app has no stack `{name}`"));
    let listing = listing(&assembly.stacks.iter().collect::<Vec<_>>());
    match suggestion::nearest(name, assembly.stacks.iter().map(|stack| stack.name.as_str())) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`? the app has {listing}")),
        None => failure.hint(format!("the app has {listing}")),
    }
}

/// The names of stacks, as a message has them.
pub(crate) fn listing(stacks: &[&AssemblyStack]) -> String {
    let names: Vec<String> = stacks.iter().map(|stack| format!("`{}`", stack.name)).collect();
    if names.is_empty() { "no stack".to_owned() } else { names.join(", ") }
}
