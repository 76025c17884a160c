//! What the service recorded in change sets, against what the diff says of the same templates.
//!
//! A handful of the cases stands in `tests/change_sets`; all of them are judged when
//! `FORMWORK_CORPUS` names the directory of published templates.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use formwork_diff::{Action, Effect, Options, ResourceChange, Side, diff};
use formwork_template::Template;
use serde_json::Value;

/// Cases where the diff and the service differ, and why.
const DIFFERENT: [(&str, &str); 3] = [
    (
        "FnTransform_test_embedded_macro_fn_transform",
        "a macro writes a part of the resource: the diff says that it may be replaced",
    ),
    (
        "FnTransform_test_multiple_fn_transform_order",
        "a macro writes a part of the resource: the diff says that it may be replaced",
    ),
    (
        "FnTransform_test_serverless_fn_transform",
        "the service shows what the transform makes of the function, the diff the function",
    ),
];

fn read(path: &Path) -> Value {
    let value: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    // Templates that were submitted as text are kept as text.
    value.as_str().map_or_else(|| value.clone(), |text| serde_json::from_str(text).unwrap())
}

fn template(path: &Path) -> Template {
    Template::from_json(&read(path).to_string()).unwrap()
}

fn parameters(expected: &Value, side: &str) -> BTreeMap<String, String> {
    let given = expected[side].as_object().into_iter().flatten();
    given.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// What a change set of the service would say, by logical id.
fn predicted(directory: &Path, expected: &Value) -> BTreeMap<String, String> {
    let (old, new) = (template(&directory.join("old.json")), template(&directory.join("new.json")));
    let old_side = Side::new(&old).parameters(parameters(expected, "parameters_old"));
    let new_side = Side::new(&new).parameters(parameters(expected, "parameters_new"));
    let diff = diff(&old_side, &new_side, &Options::new());
    // The service does not list a resource that only waits for others.
    let listed = |resource: &&ResourceChange| {
        resource.action != Action::Modify
            || resource.changes.iter().any(|change| !change.path.to_string().starts_with("DependsOn"))
    };
    diff.resources
        .iter()
        .filter(listed)
        .map(|resource| {
            let text = match (resource.action, resource.effect) {
                (Action::Add, _) => "Add",
                (Action::Remove, _) => "Remove",
                (_, Effect::Replace) => "Modify True",
                (_, Effect::MayReplace) => "Modify Conditional",
                _ => "Modify False",
            };
            (resource.logical_id.clone(), text.to_owned())
        })
        .collect()
}

fn recorded(expected: &Value) -> BTreeMap<String, String> {
    let changes = expected["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let action = change["Action"].as_str().unwrap();
            let replacement = change["Replacement"].as_str().filter(|_| action == "Modify");
            let text = replacement.map_or(action.to_owned(), |replacement| format!("{action} {replacement}"));
            (change["LogicalResourceId"].as_str().unwrap().to_owned(), text)
        })
        .collect()
}

fn cases(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn judge(directory: &Path) {
    let (mut table, mut wrong, mut agreed, mut all) = (String::new(), Vec::new(), 0, 0);
    for case in cases(directory) {
        let name = case.file_name().unwrap().to_str().unwrap();
        let expected = read(&case.join("expected.json"));
        let (recorded, predicted) = (recorded(&expected), predicted(&case, &expected));
        let known = DIFFERENT.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason);
        all += 1;
        agreed += usize::from(recorded == predicted);
        writeln!(table, "{} {name}", if recorded == predicted { " " } else { "!" }).unwrap();
        for (id, verdict) in &recorded {
            let own = predicted.get(id).map_or("-", String::as_str);
            writeln!(table, "    {id}: service {verdict}, diff {own}").unwrap();
        }
        if recorded != predicted && known.is_none() {
            wrong.push(format!("{name}: service {recorded:?}, diff {predicted:?}"));
        }
    }
    println!("{table}{agreed} of {all} agree");
    assert!(all > 0, "no cases in {}", directory.display());
    assert_eq!(wrong, Vec::<String>::new(), "{agreed} of {all} agree");
}

#[test]
fn the_diff_says_what_the_service_recorded() {
    judge(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/change_sets"));
}

#[test]
fn the_diff_says_what_the_service_recorded_in_the_corpus() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    judge(&Path::new(&corpus).join("changesets/aws-changesets"));
}
