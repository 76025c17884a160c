//! Names that a new package can have.

use std::path::Path;

use anyhow::Result;

use crate::{failure::Failure, place};

/// The most characters that a name has.
const CHARACTERS: usize = 64;
/// Names that cargo or the crates of a new project keep for themselves.
const KEPT: [&str; 13] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "formwork",
    "formwork_testing",
    "incremental",
    "main",
    "proc_macro",
    "std",
    "test",
    "tests",
];
/// Words that the language keeps for itself, now or for later.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// The name of a directory, in the form that a package may have.
pub(crate) fn of_directory(directory: &Path) -> Result<String> {
    // `.` and `..` have no name before they are resolved; what is not there yet has one.
    let resolved = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    let name = resolved.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name: String = name
        .chars()
        .map(|each| if each.is_ascii_alphanumeric() || each == '_' { each } else { '-' })
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() {
        let failure = Failure::new(format!("`{}` gives the project no name", place::shown(directory)));
        return Err(failure.hint("give it one with `--name`").into());
    }
    Ok(name.to_owned())
}

/// Refuses a name that cargo, the language or CloudFormation would refuse.
pub(crate) fn check(name: &str) -> Result<()> {
    let legal = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|each| each.is_ascii_alphanumeric() || matches!(each, '-' | '_'))
        && name.len() <= CHARACTERS;
    let crate_name = name.replace('-', "_");
    let kept = KEPT.contains(&crate_name.as_str());
    let keyword = KEYWORDS.contains(&crate_name.as_str());
    let hint = match (legal, kept, keyword) {
        (true, false, false) => return Ok(()),
        (true, true, _) => format!("`{name}` is kept for something else; give another name with `--name`"),
        (true, _, true) => format!("`{name}` is a word of the language; give another name with `--name`"),
        (false, ..) => format!(
            "a name begins with a letter, goes on with letters, digits, `-` and `_`, and has at most \
             {CHARACTERS} characters; `--name` gives one"
        ),
    };
    Err(Failure::new(format!("`{name}` is not a name that a project can have")).hint(hint).into())
}
