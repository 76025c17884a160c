//! Diffs of two templates in YAML as lines of text, for snapshots.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "not every test uses every part")]

use std::fmt::Write as _;

use formwork_diff::{ElementChange, Options, PropertyChange, Side, StackDiff, diff};
use formwork_template::{Template, read};

pub(crate) fn template(yaml: &str) -> Template {
    read::read(yaml).unwrap().into_template()
}

pub(crate) fn between(old: &str, new: &str) -> StackDiff {
    let (old, new) = (template(old), template(new));
    diff(&Side::new(&old), &Side::new(&new), &Options::new())
}

fn change(text: &mut String, change: &PropertyChange) {
    let value = |value: &Option<serde_json::Value>| {
        value.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
    };
    write!(text, "    {}: {} => {}", change.path, value(&change.old), value(&change.new)).unwrap();
    write!(text, " [{:?}{}]", change.effect, if change.certain { "" } else { ", uncertain" }).unwrap();
    if let Some(through) = &change.through {
        write!(text, " through {through}").unwrap();
    }
    if change.reordered {
        text.push_str(" reordered");
    }
    text.push('\n');
}

fn section(text: &mut String, name: &str, elements: &[ElementChange]) {
    for element in elements {
        writeln!(text, "{name} {} {:?}", element.name, element.action).unwrap();
        element.changes.iter().for_each(|found| change(text, found));
    }
}

/// All of a diff, a line for each thing.
pub(crate) fn tell(diff: &StackDiff) -> String {
    let mut text = String::new();
    for (name, elements) in [
        ("parameter", &diff.parameters),
        ("mapping", &diff.mappings),
        ("condition", &diff.conditions),
        ("rule", &diff.rules),
        ("metadata", &diff.metadata),
        ("transform", &diff.transform),
        ("section", &diff.sections),
    ] {
        section(&mut text, name, elements);
    }
    for resource in &diff.resources {
        write!(text, "{} {:?} {:?}", resource.logical_id, resource.action, resource.effect).unwrap();
        if let Some(old) = &resource.old_logical_id {
            write!(text, ", was {old}").unwrap();
        }
        if let Some(disposal) = resource.disposal {
            write!(text, ", old one: {disposal:?}").unwrap();
        }
        text.push_str(if resource.data_loss { ", data loss" } else { "" });
        if let Some(reason) = &resource.reason {
            write!(text, " ({reason})").unwrap();
        }
        text.push('\n');
        let within = resource.changes.iter().filter(|found| !found.path.steps().is_empty());
        within.for_each(|found| change(&mut text, found));
    }
    section(&mut text, "output", &diff.outputs);
    let mark = |broadening, certain| match (broadening, certain) {
        (true, true) => "! ",
        (true, false) => "? ",
        (false, _) => "  ",
    };
    for access in &diff.access {
        writeln!(text, "{}{}", mark(access.broadening, access.certain), access.text).unwrap();
    }
    for exposure in &diff.exposure {
        writeln!(text, "{}{}", mark(exposure.broadening, exposure.certain), exposure.text).unwrap();
    }
    for rename in &diff.renames {
        writeln!(text, "renamed: {} => {} {}", rename.from, rename.to, rename.line).unwrap();
    }
    for live in &diff.live {
        writeln!(text, "live: {:?} {} {:?}", live.kind, live.name, live.resources).unwrap();
    }
    for warning in &diff.warnings {
        writeln!(text, "warning: {warning}").unwrap();
    }
    text
}
