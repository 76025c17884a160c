//! Published templates, in the directory that `FORMWORK_CORPUS` names: no valid one has an error.
#![cfg(feature = "facts")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use formwork_check::Options;
use formwork_template::{Finding, Severity, read};
use serde::Deserialize;
use serde_json::Value;

fn templates(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            templates(&path, found);
        } else if path
            .extension()
            .is_some_and(|ending| ["json", "yaml", "yml"].iter().any(|known| ending == *known))
        {
            found.push(path);
        }
    }
}

/// The errors in a file, by rule and place.
fn errors(path: &Path) -> Vec<String> {
    let Ok(document) = read::read_bytes(&fs::read(path).unwrap()) else {
        return vec!["E0000".to_owned()];
    };
    let findings = formwork_check::check(document.template(), &Options::new()).into_iter();
    findings
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{} {}", finding.rule, finding.path.join("/")))
        .collect()
}

#[test]
fn valid_templates_have_no_error() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    let mut paths = Vec::new();
    templates(&Path::new(&corpus).join("valid"), &mut paths);
    assert!(!paths.is_empty());
    let wrong: Vec<(PathBuf, Vec<String>)> = paths
        .into_iter()
        .map(|path| {
            let errors = errors(&path);
            (path, errors)
        })
        .filter(|(_, errors)| !errors.is_empty())
        .collect();
    assert_eq!(wrong, Vec::new());
}

/// What a file of the corpus is expected to be objected to.
#[derive(Debug, Deserialize)]
struct Expected {
    path: String,
    findings: Vec<ExpectedFinding>,
}

#[derive(Debug, Deserialize)]
struct ExpectedFinding {
    rule: String,
    line: u32,
    path: Vec<Value>,
}

/// Groups of the corpus whose files are wrong without any transform.
const GROUPS: [&str; 3] = ["aws-errors/", "cdk-include/", "cfn-lint/"];

/// Expected errors that are not found, by rule or by place, each with the reason.
const MISSES: [(&str, &str, &str); 3] = [
    ("cfn-lint/resource_properties.yaml", "E2533", MOVED),
    ("cfn-lint/resources__properties__primitive_types_map.yaml", "E2533", MOVED),
    ("cfn-lint/resources__properties__primitive_types_map.yaml", "E2533", MOVED),
];
const MOVED: &str = "the service has moved the day since: W2531 stands in its place";

/// What is wrong by the rules of cfn-lint is found: the rule speaks in the file, or an error stands
/// at the place.
#[test]
fn expected_errors_are_found() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    let invalid = Path::new(&corpus).join("invalid");
    let (mut count, mut missed) = (0, Vec::new());
    for line in fs::read_to_string(invalid.join("findings.jsonl")).unwrap().lines() {
        let expected: Expected = serde_json::from_str(line).unwrap();
        if !GROUPS.iter().any(|group| expected.path.starts_with(group)) {
            continue;
        }
        let found = judged(&invalid.join(&expected.path), &Options::new());
        for wanted in expected.findings.iter().filter(|wanted| wanted.rule.starts_with('E')) {
            count += 1;
            let steps: Vec<String> = wanted
                .path
                .iter()
                .map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned))
                .collect();
            let is_it = |(line, finding): &(Option<u32>, Finding)| {
                finding.rule == wanted.rule
                    || (finding.severity == Severity::Error
                        && (finding.path == steps || *line == Some(wanted.line)))
            };
            if !found.iter().any(is_it) {
                missed.push((expected.path.clone(), wanted.rule.clone(), steps.join("/")));
            }
        }
    }
    let known = MISSES.iter().map(|(path, rule, _)| ((*path).to_owned(), (*rule).to_owned()));
    assert_eq!(
        missed.iter().map(|(path, rule, _)| (path.clone(), rule.clone())).collect::<Vec<_>>(),
        known.collect::<Vec<_>>(),
        "{missed:?}"
    );
    assert!(count > 100, "{count} expected findings");
}

/// What the service or the CDK refuses, for whatever reason, has an error.
#[test]
fn what_the_service_refuses_has_an_error() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    let invalid = Path::new(&corpus).join("invalid");
    let index = fs::read_to_string(invalid.join("index.tsv")).unwrap();
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column =
        |row: &[&str], name: &str| row[header.iter().position(|known| *known == name).unwrap()].to_owned();
    let mut without = Vec::new();
    for row in lines {
        let path = column(&row, "path");
        let refused = ["service", "template"].contains(&&*column(&row, "kind"));
        if !refused || !GROUPS[..2].iter().any(|group| path.starts_with(group)) {
            continue;
        }
        let given: BTreeMap<String, String> =
            serde_json::from_str(&column(&row, "parameters")).unwrap_or_default();
        let options =
            given.into_iter().fold(Options::new(), |options, (name, value)| options.parameter(name, value));
        let found = judged(&invalid.join(&path), &options);
        if !found.iter().any(|(_, finding)| finding.severity == Severity::Error) {
            without.push(path);
        }
    }
    assert_eq!(without, Vec::<String>::new());
}

/// The findings in a file, with their lines.
fn judged(path: &Path, options: &Options<'_>) -> Vec<(Option<u32>, Finding)> {
    let document = match read::read_bytes(&fs::read(path).unwrap()) {
        Ok(document) => document,
        Err(error) => return vec![(Some(error.position.line), Finding::error("E0000", error.message))],
    };
    let findings = formwork_check::check(document.template(), options).into_iter();
    findings
        .map(|finding| {
            let place = document.locate_nearest(finding.path.iter().map(String::as_str));
            (Some(place.start().line), finding)
        })
        .collect()
}

#[test]
fn the_projects_own_templates_have_no_error() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    templates(&root.join("snapshots"), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        assert_eq!(errors(&path), Vec::<String>::new(), "{}", path.display());
    }
}
