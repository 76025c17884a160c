//! `formwork drift --accept`: the code says what is there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, Result};
use formwork_deploy::drift::{Difference, DriftReport, ResourceDrift, Verdict};
use serde::Serialize;
use serde_json::Value;
use similar::TextDiff;

use super::literal::{Edit, edit};
use crate::{
    exit_code,
    plural::number,
    terminal::{Terminal, legible},
};

/// What was taken over, and what is left to people.
#[derive(Debug, Serialize)]
struct Accepted {
    schema: &'static str,
    written: Vec<Entry>,
    by_hand: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    stack: String,
    logical_id: String,
    path: String,
    declared: Option<Value>,
    actual: Option<Value>,
    source: Option<String>,
}

/// Writes what is there into the code. The patch, and the lines to change by hand, are data.
pub(crate) fn accept(report: &DriftReport, current: &Path, terminal: &mut Terminal) -> Result<u8> {
    let mut accepted = Accepted { schema: "formwork.accept/1", written: Vec::new(), by_hand: Vec::new() };
    let mut edits: BTreeMap<PathBuf, (String, Vec<Edit>)> = BTreeMap::new();
    for stack in &report.stacks {
        for resource in stack.resources.iter().filter(|resource| resource.is_drift()) {
            if resource.status == Verdict::Deleted {
                accepted.by_hand.push(entry(&stack.name, resource, None));
                continue;
            }
            for difference in resource.differences.iter().filter(|told| told.ignored.is_none()) {
                let entry = entry(&stack.name, resource, Some(difference));
                let list = match found(resource, difference, current, &mut edits) {
                    Some(()) => &mut accepted.written,
                    None => &mut accepted.by_hand,
                };
                list.push(entry);
            }
        }
    }
    let patch = write(edits)?;
    if terminal.wants_json() {
        terminal.json(&accepted)?;
        return Ok(exit_code::DONE);
    }
    terminal.data(&patch)?;
    for entry in &accepted.by_hand {
        terminal.data(&(legible(&by_hand(entry)) + "\n"))?;
    }
    let (written, left) = (accepted.written.len(), accepted.by_hand.len());
    let mut told =
        format!("{} written into the code, {left} left to change by hand", number(written, "value"));
    if written > 0 {
        told += "; once that is deployed, nothing differs any more";
    }
    terminal.tell(&told);
    Ok(exit_code::DONE)
}

fn entry(stack: &str, resource: &ResourceDrift, difference: Option<&Difference>) -> Entry {
    Entry {
        stack: stack.to_owned(),
        logical_id: resource.logical_id.clone(),
        path: difference.map(|difference| difference.path.clone()).unwrap_or_default(),
        declared: difference.and_then(|difference| difference.declared.clone()),
        actual: difference.and_then(|difference| difference.actual.clone()),
        source: resource.source.as_ref().map(ToString::to_string),
    }
}

/// What somebody has to change.
fn by_hand(entry: &Entry) -> String {
    let Entry { stack, logical_id, path, .. } = entry;
    let place = entry.source.as_deref().unwrap_or(stack);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (&entry.declared, &entry.actual) {
        (None, None) => {
            format!("{place}: {logical_id} is gone: remove it here, or `formwork drift --revert`")
        }
        (None, Some(actual)) => format!("{place}: {logical_id} {path}: add {}", text(actual)),
        (Some(declared), None) => format!("{place}: {logical_id} {path}: remove {}", text(declared)),
        (Some(declared), Some(actual)) => {
            format!("{place}: {logical_id} {path}: {} -> {}", text(declared), text(actual))
        }
    }
}

/// Finds the literal of a difference in the code of the project.
fn found(
    resource: &ResourceDrift,
    difference: &Difference,
    current: &Path,
    edits: &mut BTreeMap<PathBuf, (String, Vec<Edit>)>,
) -> Option<()> {
    let source = resource.source.as_ref()?;
    let path = file(source.file.as_ref(), current)?;
    let (declared, actual) = (difference.declared.as_ref()?, difference.actual.as_ref()?);
    if !edits.contains_key(&path) {
        edits.insert(path.clone(), (fs::read_to_string(&path).ok()?, Vec::new()));
    }
    let (code, edits) = edits.get_mut(&path)?;
    let edit = edit(code, usize::try_from(source.line).ok()?, &difference.path, declared, actual)?;
    // One literal cannot say two things.
    if edits.iter().any(|other| other.place == edit.place) {
        return None;
    }
    edits.push(edit);
    Some(())
}

/// A file of the project: relative to the workspace, which is here or above.
fn file(name: &str, current: &Path) -> Option<PathBuf> {
    let relative = Path::new(name);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    current.ancestors().map(|directory| directory.join(relative)).find(|path| path.is_file())
}

/// Makes the edits, and gives the patch.
fn write(edits: BTreeMap<PathBuf, (String, Vec<Edit>)>) -> Result<String> {
    let mut patch = String::new();
    for (path, (code, mut edits)) in edits {
        if edits.is_empty() {
            continue;
        }
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.start));
        let mut changed = code.clone();
        for Edit { place, text } in edits {
            changed.replace_range(place, &text);
        }
        let shown = crate::place::shown(&path);
        let (old, new) = (format!("a/{shown}"), format!("b/{shown}"));
        patch += &TextDiff::from_lines(&code, &changed).unified_diff().header(&old, &new).to_string();
        fs::write(&path, changed).with_context(|| format!("cannot write `{shown}`"))?;
    }
    Ok(patch)
}
