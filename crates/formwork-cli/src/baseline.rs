//! [`Baseline`]: findings that are accepted for now, in a file.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, Result};
use formwork_core::Finding;
use serde::{Deserialize, Serialize};

use crate::{
    failure::Failure,
    judged::{Judged, Subject, UNREADABLE},
    place,
};

/// The form of the file.
const SCHEMA: &str = "formwork.baseline/1";

/// Findings that are accepted for now, and how often each.
#[derive(Debug)]
pub(crate) struct Baseline {
    /// Where the file is, absolute.
    path: PathBuf,
    counts: BTreeMap<Key, usize>,
}

/// What makes a finding the same in another run: all of it that stays when lines move.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    /// The file, from the directory of the baseline, or the name of the stack.
    subject: String,
    /// Where in the template.
    path: String,
    rule: String,
    message: String,
}

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct Content {
    schema: String,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    count: usize,
}

impl Baseline {
    /// What was found now, but for what is never accepted: of a text that cannot be read nothing
    /// else is known.
    pub(crate) fn of(judged: &[Judged], path: PathBuf) -> Self {
        let mut counts = BTreeMap::new();
        for judged in judged {
            let subject = name(&judged.subject, &path);
            for finding in judged.findings().filter(|finding| finding.rule != UNREADABLE) {
                *counts.entry(Key::new(&subject, finding)).or_insert(0) += 1;
            }
        }
        Self { path, counts }
    }

    /// Reads the file.
    pub(crate) fn read(path: PathBuf) -> Result<Self> {
        let shown = place::shown(&path);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let failure = Failure::new(format!("there is no baseline `{shown}`"));
                let hint = format!("`--write-baseline {shown}` writes the present findings to it");
                return Err(failure.hint(hint).into());
            }
            Err(error) => return Err(error).context(format!("cannot read the baseline `{shown}`")),
        };
        let content: Content =
            serde_json::from_str(&text).with_context(|| format!("`{shown}` is no baseline"))?;
        if content.schema != SCHEMA {
            let message = format!("`{shown}` is no baseline: its schema is `{}`", content.schema);
            return Err(Failure::new(message).hint(format!("`{SCHEMA}` is read here")).into());
        }
        let mut counts = BTreeMap::new();
        for Entry { key, count } in content.findings {
            *counts.entry(key).or_insert(0) += count;
        }
        Ok(Self { path, counts })
    }

    /// Writes the file. One that is no baseline is not overwritten.
    pub(crate) fn write(self) -> Result<()> {
        let shown = place::shown(&self.path);
        if self.path.exists() && Self::read(self.path.clone()).is_err() {
            let failure = Failure::new(format!("`{shown}` is no baseline; it is not overwritten"));
            return Err(failure.hint("name another file, or remove this one").into());
        }
        let findings = self.counts.into_iter().map(|(key, count)| Entry { key, count }).collect();
        let text = serde_json::to_string_pretty(&Content { schema: SCHEMA.to_owned(), findings })?;
        fs::write(&self.path, text + "\n").with_context(|| format!("cannot write the baseline `{shown}`"))
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many findings it accepts.
    pub(crate) fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Marks the findings that are accepted, which uses them up here.
    pub(crate) fn accept(&mut self, judged: &mut [Judged]) {
        for judged in judged {
            let subject = name(&judged.subject, &self.path);
            for shown in judged.shown.iter_mut().filter(|shown| shown.finding.rule != UNREADABLE) {
                if let Some(count) = self.counts.get_mut(&Key::new(&subject, &shown.finding))
                    && *count > 0
                {
                    *count -= 1;
                    shown.in_baseline = true;
                }
            }
        }
    }

    /// How many findings are left that should have been found. What was not judged now is not
    /// missed: other templates, those that cannot be read, and rules that are off.
    pub(crate) fn gone(&self, judged: &[Judged], is_off: impl Fn(&str) -> bool) -> usize {
        let read = judged.iter().filter(|judged| judged.findings().all(|finding| finding.rule != UNREADABLE));
        let subjects: Vec<String> = read.map(|judged| name(&judged.subject, &self.path)).collect();
        let missed = |key: &Key| subjects.contains(&key.subject) && !is_off(&key.rule);
        self.counts.iter().filter(|(key, _)| missed(key)).map(|(_, count)| count).sum()
    }
}

impl Key {
    fn new(subject: &str, finding: &Finding) -> Self {
        Self {
            subject: subject.to_owned(),
            path: finding.path.join("/"),
            rule: finding.rule.to_string(),
            message: without_lines(&finding.message),
        }
    }
}

/// A message without the lines of Rust that it names, as that on a circle does.
fn without_lines(message: &str) -> String {
    const BEFORE: &str = ".rs:";
    let mut parts = message.split(BEFORE);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept += BEFORE.trim_end_matches(':');
        kept += part.trim_start_matches(|each: char| each.is_ascii_digit());
    }
    kept
}

/// What a template is called in the baseline. That of a file is the same from whatever directory
/// the command is run.
fn name(subject: &Subject, baseline: &Path) -> String {
    let file = match subject {
        Subject::Stack(name) => return name.clone(),
        Subject::File(file) => Path::new(file),
    };
    let directory = baseline.parent().and_then(|directory| directory.canonicalize().ok());
    let relative =
        file.canonicalize().ok().zip(directory).map(|(file, directory)| between(&directory, &file));
    let relative = relative.unwrap_or_else(|| file.to_owned());
    let steps = relative.components().map(|step| step.as_os_str().to_string_lossy().into_owned());
    if relative.has_root() { relative.display().to_string() } else { steps.collect::<Vec<_>>().join("/") }
}

/// The way from a directory to a file.
fn between(directory: &Path, file: &Path) -> PathBuf {
    let common =
        directory.components().zip(file.components()).take_while(|(left, right)| left == right).count();
    if common == 0 {
        return file.to_owned();
    }
    let up = directory.components().skip(common).map(|_| Component::ParentDir);
    up.chain(file.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_rust_are_left_out() {
        let message = "in a circle: `A` at src/a.rs:12\n    needs `B` at src/b.rs:7";
        assert_eq!(without_lines(message), "in a circle: `A` at src/a.rs\n    needs `B` at src/b.rs");
        assert_eq!(without_lines("9999 is more than 900"), "9999 is more than 900");
    }

    #[test]
    fn the_way_to_a_file_leads_up_and_down() {
        let way = |to: &str| between(Path::new("/a/b"), Path::new(to)).display().to_string();
        assert_eq!(way("/a/b/c.yaml"), "c.yaml");
        assert_eq!(way("/a/c/d.yaml"), "../c/d.yaml");
    }
}
