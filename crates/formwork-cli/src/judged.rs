//! [`Judged`]: a template, and what was found in it.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use formwork_check::Options;
use formwork_core::{Assembly, AssemblyStack, Finding};
use formwork_template::read::{self, Position};

use crate::excerpt::{Mark, excerpt};

/// The rule that says that a text cannot be read. It is never off, and never accepted.
pub(crate) const UNREADABLE: &str = "E0000";

/// The findings of a file that are shown with their line. Each line is looked for from the beginning.
const EXCERPTS: usize = 100;

/// A template that was judged.
pub(crate) struct Judged {
    /// Where the template comes from.
    pub(crate) subject: Subject,
    /// What was found, in the order of the template.
    pub(crate) shown: Vec<Shown>,
}

/// Where a template comes from.
pub(crate) enum Subject {
    /// From a file, as it was given.
    File(String),
    /// From the stack of this name.
    Stack(String),
}

/// A finding, and the line that it is about where that is at hand.
pub(crate) struct Shown {
    pub(crate) finding: Finding,
    pub(crate) excerpt: Option<String>,
    /// Whether the baseline accepts it.
    pub(crate) in_baseline: bool,
}

/// Whether a subject is meant as a file: there is one, or it is written like a path to one.
pub(crate) fn is_file(subject: &str) -> bool {
    let path = Path::new(subject);
    let ending = path
        .extension()
        .is_some_and(|ending| ["json", "yaml", "yml", "template"].iter().any(|known| ending == *known));
    path.is_file() || ending || path.components().count() > 1
}

/// The bytes of a file, and of one that is too long as many as tell so.
fn read_bytes(file: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(read::BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::File(name) | Self::Stack(name)) = self;
        formatter.write_str(name)
    }
}

impl Judged {
    /// Judges a template file. What cannot be read as a template is a finding too.
    pub(crate) fn file(file: &str, options: &Options<'_>) -> Result<Self> {
        let bytes = read_bytes(file).with_context(|| format!("cannot read `{file}`"))?;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}');
        let document = match read::read_bytes(&bytes) {
            Ok(document) => document,
            Err(error) => {
                let mut finding = Finding::error(UNREADABLE, error.message.clone());
                finding.hint.clone_from(&error.hint);
                if let Some(first) = error.first {
                    finding.message = format!("{}; it stood first in line {}", finding.message, first.line);
                }
                (finding.file, finding.line, finding.column) =
                    (Some(file.to_owned()), Some(error.position.line), Some(error.position.column));
                let excerpt = excerpt(text, &Mark::at(error.position), &finding);
                return Ok(Self {
                    subject: Subject::File(file.to_owned()),
                    shown: vec![Shown { finding, excerpt, in_baseline: false }],
                });
            }
        };
        let found = formwork_check::check(document.template(), options).into_iter();
        let mut marked: Vec<(Mark, Finding)> =
            found.map(|finding| (Mark::of(&finding, &document), finding)).collect();
        marked.sort_by_key(|(mark, _)| mark.start);
        let shown = marked.into_iter().enumerate().map(|(number, (mark, mut finding))| {
            finding.file = Some(file.to_owned());
            finding.line = Some(mark.start.line);
            finding.column = Some(mark.start.column);
            let excerpt = if number < EXCERPTS { excerpt(text, &mark, &finding) } else { None };
            Shown { finding, excerpt, in_baseline: false }
        });
        Ok(Self { subject: Subject::File(file.to_owned()), shown: shown.collect() })
    }

    /// Judges a stack of the app.
    pub(crate) fn stack(assembly: &Assembly, stack: &AssemblyStack, options: &Options<'_>) -> Result<Self> {
        let template = assembly.template(stack)?;
        let sources = assembly.sources(stack)?;
        let found = formwork_check::check(&template, &options.clone().sources(&sources)).into_iter();
        let shown = found
            .map(|finding| Shown {
                finding: finding.in_stack(&stack.name),
                excerpt: None,
                in_baseline: false,
            })
            .collect();
        Ok(Self { subject: Subject::Stack(stack.name.clone()), shown })
    }

    /// Puts what another judge found in the place of what was found.
    pub(crate) fn replace(&mut self, findings: impl Iterator<Item = Finding>) {
        let text = match &self.subject {
            Subject::File(file) => read_bytes(file).unwrap_or_default(),
            Subject::Stack(_) => Vec::new(),
        };
        let text = String::from_utf8_lossy(&text);
        let text = text.trim_start_matches('\u{feff}');
        let shown = findings.enumerate().map(|(number, mut finding)| {
            let place = finding.line.zip(finding.column).map(|(line, column)| Position { line, column });
            let excerpt = match (&self.subject, place) {
                (Subject::File(file), place) => {
                    finding.file = Some(file.clone());
                    place
                        .filter(|_| number < EXCERPTS)
                        .and_then(|place| excerpt(text, &Mark::at(place), &finding))
                }
                (Subject::Stack(name), _) => {
                    // Lines of a template that nobody wrote by hand help nobody.
                    (finding.line, finding.column) = (None, None);
                    finding.stack = Some(name.clone());
                    None
                }
            };
            Shown { finding, excerpt, in_baseline: false }
        });
        self.shown = shown.collect();
        self.shown.sort_by_key(|shown| (shown.finding.line, shown.finding.column));
    }

    /// What was found.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.shown.iter().map(|shown| &shown.finding)
    }

    /// What was found and the baseline does not accept.
    pub(crate) fn unaccepted(&self) -> impl Iterator<Item = &Shown> {
        self.shown.iter().filter(|shown| !shown.in_baseline)
    }
}
