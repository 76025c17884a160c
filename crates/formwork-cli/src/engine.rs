//! `formwork check --engine aws`: AWS's own engine in place of the rules of this command.
//!
//! The engine is the Python package `cloudformation-validate`. The crate of that name needs a newer
//! compiler than this workspace, and some hundred crates more.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use formwork_check::{Level, Options};
use formwork_core::{Finding, Severity};
use serde::Deserialize;

use crate::{environment, failure::Failure, judged::Judged};

/// The package of the engine.
const PACKAGE: &str = "cloudformation-validate";
/// What the script exits with where the package is missing.
const MISSING: i32 = 3;

/// What judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// The rules of this command
    Formwork,
    /// AWS's own engine, the Python package `cloudformation-validate`
    Aws,
}

/// What the engine says.
#[derive(Deserialize)]
struct Said {
    rule: String,
    severity: Severity,
    message: String,
    #[serde(default)]
    hint: Option<String>,
    #[serde(default)]
    line: Option<u32>,
    #[serde(default)]
    column: Option<u32>,
    path: Vec<String>,
}

/// Judges templates by AWS's engine, started once for all: what it says of each stands in place of
/// what was found. `paths` are the files of the templates, in their order.
pub(crate) fn judge_by_aws(judged: &mut [Judged], paths: &[PathBuf], options: &Options<'_>) -> Result<()> {
    for (judged, said) in judged.iter_mut().zip(run(paths)?) {
        judged.replace(said.into_iter().filter_map(|said| said.finding(options)));
    }
    Ok(())
}

impl Said {
    /// The finding, as loud as the user wants it.
    fn finding(self, options: &Options<'_>) -> Option<Finding> {
        let severity = match options.rules().of(&self.rule) {
            Some(Level::Off) => return None,
            Some(Level::Severity(severity)) => severity,
            None => self.severity,
        };
        let mut finding = Finding::new(self.rule, severity, self.message).path(self.path);
        finding.hint = self.hint;
        (finding.line, finding.column) = (self.line, self.column);
        Some(finding)
    }
}

fn run(paths: &[PathBuf]) -> Result<Vec<Vec<Said>>> {
    let python = environment::get(environment::AWS_ENGINE).unwrap_or_else(|| OsString::from("python3"));
    let shown = python.to_string_lossy().into_owned();
    let mut command = Command::new(&python);
    command.args(["-c", include_str!("engine.py")]).args(paths).stdin(Stdio::null());
    let hint =
        format!("`pip install {PACKAGE}`, and name the Python that has it in `{}`", environment::AWS_ENGINE);
    let Ok(output) = command.output() else {
        return Err(Failure::new(format!("cannot start `{shown}` for AWS's engine")).hint(hint).into());
    };
    if output.status.code() == Some(MISSING) {
        let message = format!("`{shown}` has no package `{PACKAGE}`, which is AWS's engine");
        return Err(Failure::new(message).hint(hint).into());
    }
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let last = complaint.trim_end().lines().last().unwrap_or_default();
        return Err(Failure::new(format!("AWS's engine failed: {last}")).into());
    }
    serde_json::from_slice(&output.stdout).context("AWS's engine says what is not understood")
}
