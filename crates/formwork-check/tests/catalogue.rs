//! That every rule has its text, and that the text says what the rule does.
#![cfg(feature = "facts")]

use std::{collections::BTreeSet, fs, path::Path};

use formwork_check::{Options, RuleText, catalogue, explain};
use formwork_template::{Finding, Severity, read};
use regex::Regex;

/// Rules that words show: each needs a template that is too long for an example, values of
/// parameters that are given beside it, or a variable of the environment.
const BY_WORDS: [&str; 19] = [
    "E1002", "E1003", "E2010", "E2900", "E3697", "E3010", "E6010", "E7010", "FW0109", "FW0301", "FW0302",
    "FW0303", "FW0304", "I1002", "I1003", "I2010", "I3010", "I6010", "I7010",
];
/// What the reader says of a text that is no template; there is nothing to judge then.
const UNREADABLE: &str = "E0000";

fn judged(example: &str) -> Vec<Finding> {
    match read::read(example) {
        Ok(document) => formwork_check::check(document.template(), &Options::new()),
        Err(error) => vec![Finding::error(UNREADABLE, error.message.clone())],
    }
}

/// The texts of the catalogue; a file that cannot be taken apart is missing among them.
fn ids() -> Vec<&'static str> {
    catalogue().map(|rule| rule.id).collect()
}

#[test]
fn the_list_is_the_directory_in_order() {
    let directory = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap();
    let files: BTreeSet<String> =
        directory.map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".md", "")).collect();
    assert_eq!(ids(), files.into_iter().collect::<Vec<_>>());
    assert!(catalogue().all(|rule| explain(rule.id) == Some(rule)));
}

#[test]
fn every_rule_that_reports_is_in_the_catalogue() {
    fn collect(directory: &Path, pattern: &Regex, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, pattern, found);
            } else if !path.ends_with("catalogue.rs") {
                let text = fs::read_to_string(path).unwrap();
                found.extend(pattern.captures_iter(&text).map(|ids| ids[1].to_owned()));
            }
        }
    }
    let pattern = Regex::new(r#""((?:E|W|I|FW)\d{4})""#).unwrap();
    let mut reported = BTreeSet::from([UNREADABLE.to_owned()]);
    // What the crates above report has its text here as well.
    for name in ["formwork-check", "formwork-core", "formwork-aws"] {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        collect(&crates.join(name).join("src"), &pattern, &mut reported);
    }
    for facts in formwork_spec::services().flat_map(formwork_spec::service_types) {
        reported.extend(facts.requirements.iter().map(|requirement| requirement.rule.clone()));
    }
    let known: BTreeSet<String> = ids().into_iter().map(str::to_owned).collect();
    let (bare, idle): (Vec<_>, Vec<_>) =
        (reported.difference(&known).collect(), known.difference(&reported).collect());
    assert!(
        bare.is_empty(),
        "{bare:?}: write crates/formwork-check/rules/ID.md for each (CONTRIBUTING.md has the form) and name it in \
         crates/formwork-check/src/catalogue.rs",
    );
    assert!(idle.is_empty(), "{idle:?}: nothing reports these rules");
}

/// What is wrong with the text of a rule. Examples in Rust are judged where there is what they build:
/// `crates/formwork-aws/tests/rules`.
fn objections(rule: &RuleText) -> Vec<String> {
    let mut objections = Vec::new();
    let is_of_synthesis = rule.only.is_some();
    let by_words = BY_WORDS.contains(&rule.id);
    match (rule.fails.template, rule.fails.code) {
        (Some(template), _) => {
            let found = judged(template);
            if !found.iter().any(|finding| finding.rule == rule.id && finding.severity == rule.severity) {
                objections.push(format!("no such {} where it fails: {found:#?}", rule.severity));
            }
        }
        (None, Some(_)) if is_of_synthesis => {}
        (None, _) if by_words => {}
        (None, _) => objections.push("no example that fails".to_owned()),
    }
    match (rule.passes.template, rule.passes.code) {
        (Some(template), _) => {
            let mut found = judged(template);
            found.retain(|finding| finding.rule == rule.id || finding.severity == Severity::Error);
            if !found.is_empty() {
                objections.push(format!("found where it passes: {found:#?}"));
            }
        }
        (None, Some(_)) if is_of_synthesis => {}
        (None, _) if by_words && is_of_synthesis => {}
        (None, _) => objections.push("no example that passes".to_owned()),
    }
    objections
}

#[test]
fn examples_fail_and_pass_as_they_say() {
    let wrong: Vec<String> = catalogue()
        .flat_map(|rule| {
            objections(&rule).into_iter().map(move |objection| format!("{}: {objection}", rule.id))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
