//! Published templates, in the directory that `FORMWORK_CORPUS` names: no valid one has an error.
#![cfg(feature = "facts")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use formwork_check::Options;
use formwork_template::{Severity, read};

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
