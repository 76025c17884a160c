//! That every rule has its text, and that the text says what the rule does.
#![cfg(feature = "facts")]

use std::{collections::BTreeSet, fs, path::Path};

use formwork_check::{Example, Options, RuleText, catalogue, explain};
use formwork_template::{Finding, Severity, read};
use regex::Regex;

/// Rules without a template that fails: each needs one that is too long for an example, or values
/// of parameters that are given beside it.
const TOO_LONG: [&str; 18] = [
    "E1002", "E1003", "E2010", "E2900", "E3697", "E3010", "E6010", "E7010", "FW0301", "FW0302", "FW0303",
    "FW0304", "I1002", "I1003", "I2010", "I3010", "I6010", "I7010",
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
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &pattern, &mut reported);
    for facts in formwork_spec::services().flat_map(formwork_spec::service_types) {
        reported.extend(facts.requirements.iter().map(|requirement| requirement.rule.clone()));
    }
    assert_eq!(ids(), reported.into_iter().collect::<Vec<_>>());
}

/// What is wrong with the text of a rule.
fn objections(rule: &RuleText) -> Vec<String> {
    let mut objections = Vec::new();
    match rule.fails {
        Example::Template(template) => {
            let found = judged(template);
            if !found.iter().any(|finding| finding.rule == rule.id && finding.severity == rule.severity) {
                objections.push(format!("no such {} where it fails: {found:#?}", rule.severity));
            }
        }
        Example::Words(_) if TOO_LONG.contains(&rule.id) => {}
        Example::Words(_) => objections.push("no template that fails".to_owned()),
    }
    match rule.passes {
        Example::Template(template) => {
            let mut found = judged(template);
            found.retain(|finding| finding.rule == rule.id || finding.severity == Severity::Error);
            if !found.is_empty() {
                objections.push(format!("found where it passes: {found:#?}"));
            }
        }
        Example::Words(_) => objections.push("no template that passes".to_owned()),
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
