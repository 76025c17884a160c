//! Findings, diffs and drift in the forms that people and other programs read.

pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod github;
pub(crate) mod junit;
pub(crate) mod sarif;

use formwork_core::Finding;

/// Where a finding is: in a template file, or in the Rust code that made it.
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
}

impl<'a> Place<'a> {
    pub(crate) fn of(finding: &'a Finding) -> Option<Self> {
        if let Some(file) = &finding.file {
            return Some(Self { file, line: finding.line, column: finding.column });
        }
        let source = finding.source.as_ref()?;
        Some(Self { file: &source.file, line: Some(source.line), column: None })
    }
}

/// What is wrong and how to mend it, in one text.
pub(crate) fn text(finding: &Finding) -> String {
    match &finding.hint {
        Some(hint) => format!("{}\nhint: {hint}", finding.message),
        None => finding.message.clone(),
    }
}
