//! Facts that the tests of the CDK's diff assert, as far as they are about the templates.
//!
//! A handful stands in `tests/cdk_diff`; all of them are judged when `FORMWORK_CORPUS` names the
//! directory of published templates.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::{fs, path::Path};

use formwork_diff::{Action, Effect, Options, Side, StackDiff, diff};
use formwork_template::Template;
use serde_json::{Value, json};

/// What the CDK calls the effect of a change.
fn impact(diff: &StackDiff, id: &str) -> &'static str {
    let resource = diff.resource(id).unwrap();
    match (resource.action, resource.effect) {
        (Action::Add, _) => "WILL_CREATE",
        (Action::Import, _) => "WILL_IMPORT",
        (_, Effect::Retain) => "WILL_ORPHAN",
        (Action::Remove, _) => "WILL_DESTROY",
        (_, Effect::Replace) => "WILL_REPLACE",
        (_, Effect::MayReplace) => "MAY_REPLACE",
        _ => "WILL_UPDATE",
    }
}

/// What the diff says of a subject; nothing for what is about the CDK's own objects.
fn said(diff: &StackDiff, subject: &str) -> Option<Value> {
    let elements = diff.element_changes().count();
    match subject {
        "diff.differenceCount" => return Some(json!(diff.resources.len() + elements)),
        "diff.resources.differenceCount" => return Some(json!(diff.resources.len())),
        _ => {}
    }
    let rest = subject.strip_prefix("diff.resources.changes.")?;
    let (id, question) = rest.split_once('.').unwrap_or((rest, ""));
    let resource = diff.resource(id);
    match question {
        "" => Some(json!(resource.is_some())),
        "changeImpact" => Some(json!(impact(diff, id))),
        "isAddition" => Some(json!(resource?.action == Action::Add)),
        "isRemoval" => Some(json!(resource?.action == Action::Remove)),
        "newResourceType" | "oldResourceType" => Some(json!(resource?.resource_type)),
        "propertyUpdates" => {
            let properties = resource?.changes.iter().map(|change| {
                let impact = match change.effect {
                    Effect::Replace => "WILL_REPLACE",
                    Effect::MayReplace => "MAY_REPLACE",
                    _ => "WILL_UPDATE",
                };
                let name = change.path.to_string();
                let name = name.trim_start_matches("Properties.");
                (name.split(['.', '[']).next().unwrap_or_default().to_owned(), json!(impact))
            });
            Some(Value::Object(properties.collect()))
        }
        _ => None,
    }
}

fn judge(directory: &Path) {
    let (mut judged, mut skipped, mut wrong) = (0, 0, Vec::new());
    for entry in fs::read_dir(directory).unwrap() {
        let case = entry.unwrap().path();
        if !case.is_dir() {
            continue;
        }
        let text = |name: &str| fs::read_to_string(case.join(name)).unwrap();
        let (old, new) = (
            Template::from_json(&text("old.json")).unwrap(),
            Template::from_json(&text("new.json")).unwrap(),
        );
        let diff = diff(&Side::new(&old), &Side::new(&new), &Options::new());
        let expected: Value = serde_json::from_str(&text("expected.json")).unwrap();
        for fact in expected["facts"].as_array().unwrap() {
            let subject = fact["subject"].as_str().unwrap();
            let wanted = match fact["op"].as_str().unwrap() {
                "not.toBeUndefined" | "toBeTruthy" => json!(true),
                "toBeUndefined" | "toBeFalsy" => json!(false),
                _ if subject.ends_with("propertyUpdates") => {
                    let updates = fact["expected"].as_object().unwrap().iter();
                    updates.map(|(name, update)| (name.clone(), update["changeImpact"].clone())).collect()
                }
                _ => fact["expected"].clone(),
            };
            match said(&diff, subject) {
                None => skipped += 1,
                Some(said) if said == wanted => judged += 1,
                Some(said) => wrong.push(format!("{}: {subject}: {wanted}, not {said}", case.display())),
            }
        }
    }
    println!("{judged} facts hold, {skipped} are about other things");
    assert!(judged > 0);
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_facts_hold() {
    judge(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cdk_diff"));
}

#[test]
fn the_facts_of_the_corpus_hold() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    judge(&Path::new(&corpus).join("changesets/cdk-diff"));
}
