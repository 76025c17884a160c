//! [`Judged`]: a template, and what was found in it.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use formwork_check::Options;
use formwork_core::{Assembly, AssemblyStack, Finding};
use formwork_template::read::{self, Document};

use crate::excerpt::excerpt;

/// A template that was judged.
pub(crate) struct Judged {
    /// The file as it was given, or the name of the stack.
    pub(crate) subject: String,
    /// What was found, in the order of the template.
    pub(crate) shown: Vec<Shown>,
}

/// A finding, and the line that it is about where that is at hand.
pub(crate) struct Shown {
    pub(crate) finding: Finding,
    pub(crate) excerpt: Option<String>,
}

/// Whether a subject is meant as a file: there is one, or it is written like a path to one.
pub(crate) fn is_file(subject: &str) -> bool {
    let path = Path::new(subject);
    let ending = path
        .extension()
        .is_some_and(|ending| ["json", "yaml", "yml", "template"].iter().any(|known| ending == *known));
    path.is_file() || ending || path.components().count() > 1
}

impl Judged {
    /// Judges a template file. What cannot be read as a template is a finding too.
    pub(crate) fn file(file: &str, options: &Options<'_>) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("cannot read `{file}`"))?;
        let text = String::from_utf8_lossy(&bytes);
        let document = match read::read_bytes(&bytes) {
            Ok(document) => document,
            Err(error) => {
                let mut finding = Finding::error("E0000", error.message.clone());
                finding.hint.clone_from(&error.hint);
                if let Some(first) = error.first {
                    finding.message = format!("{}; it stood first in line {}", finding.message, first.line);
                }
                (finding.file, finding.line, finding.column) =
                    (Some(file.to_owned()), Some(error.position.line), Some(error.position.column));
                let excerpt = excerpt(&text, error.position.line, error.position.column, 1);
                return Ok(Self { subject: file.to_owned(), shown: vec![Shown { finding, excerpt }] });
            }
        };
        let mut found = formwork_check::check(document.template(), options);
        for finding in &mut found {
            place(finding, file, &document);
        }
        found.sort_by_key(|finding| (finding.line, finding.column));
        let shown = found.into_iter().map(|finding| {
            let width = finding.path.last().map_or(1, |step| step.chars().count());
            let excerpt = finding
                .line
                .zip(finding.column)
                .and_then(|(line, column)| excerpt(&text, line, column, width));
            Shown { finding, excerpt }
        });
        Ok(Self { subject: file.to_owned(), shown: shown.collect() })
    }

    /// Judges a stack of the app.
    pub(crate) fn stack(assembly: &Assembly, stack: &AssemblyStack, options: &Options<'_>) -> Result<Self> {
        let template = assembly.template(stack)?;
        let sources = assembly.sources(stack)?;
        let found = formwork_check::check(&template, &options.clone().sources(&sources)).into_iter();
        let shown =
            found.map(|finding| Shown { finding: finding.in_stack(&stack.name), excerpt: None }).collect();
        Ok(Self { subject: stack.name.clone(), shown })
    }

    /// What was found.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.shown.iter().map(|shown| &shown.finding)
    }
}

/// Says where in the file the nearest thing stands that the finding is about.
fn place(finding: &mut Finding, file: &str, document: &Document) {
    let start = document.locate_nearest(finding.path.iter().map(String::as_str)).start();
    finding.file = Some(file.to_owned());
    finding.line = Some(start.line);
    finding.column = Some(start.column);
}
