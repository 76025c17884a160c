//! Differences that are known, in a file.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use formwork_deploy::drift::{DriftReport, ignore::Known};
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, place};

/// The form of the file.
const SCHEMA: &str = "formwork.drift-baseline/1";

#[derive(Serialize, Deserialize)]
struct Content {
    schema: String,
    differences: Vec<Known>,
}

/// Writes what differs now.
pub(crate) fn write(file: &Path, report: &DriftReport) -> Result<()> {
    let content = Content { schema: SCHEMA.to_owned(), differences: report.known() };
    let text = serde_json::to_string_pretty(&content)? + "\n";
    fs::write(file, text).with_context(|| format!("cannot write `{}`", place::shown(file)))
}

/// Leaves out what a file knows, and says what of it is there no more.
pub(crate) fn forgive(file: &Path, report: &mut DriftReport) -> Result<Vec<String>> {
    let shown = place::shown(file);
    let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
    let content = serde_json::from_str::<Content>(&text).ok().filter(|content| content.schema == SCHEMA);
    let Some(content) = content else {
        let failure = Failure::new(format!("`{shown}` is no baseline of drift"));
        return Err(failure.hint(format!("`formwork drift --write-baseline {shown}` writes one")).into());
    };
    let gone = report.forgive(&content.differences);
    Ok(gone
        .iter()
        .map(|known| {
            format!(
                "`{shown}` knows {} {} {}, which is there no more",
                known.stack, known.logical_id, known.path
            )
            .replace("  ", " ")
        })
        .collect())
}
