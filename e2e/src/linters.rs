//! cfn-lint and cloudformation-validate, each started once for many templates.

use crate::Judges;
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A judge of templates that reads files.
#[derive(Clone, Copy, Debug)]
pub enum Linter {
    /// cfn-lint.
    CfnLint,
    /// AWS's own validator, which runs inside every `cdk synth` too.
    CloudformationValidate,
}

/// One thing that a linter says about a template.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The file name of the template.
    pub file: String,
    /// The rule's id.
    pub rule: String,
    /// How bad it is.
    pub level: Level,
    /// What the linter says.
    pub message: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The template is wrong.
    Error,
    /// The template could be better.
    Warning,
    /// Something to know.
    Information,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} {}", self.file, self.rule, self.message)
    }
}

impl Linter {
    /// Both.
    pub const ALL: [Self; 2] = [Self::CfnLint, Self::CloudformationValidate];

    /// The name of the package.
    pub fn name(self) -> &'static str {
        match self {
            Self::CfnLint => "cfn-lint",
            Self::CloudformationValidate => "cloudformation-validate",
        }
    }

    /// What it says about these templates.
    pub fn judge(self, judges: &Judges, templates: &[PathBuf]) -> Result<Vec<Finding>> {
        let output = self.run(judges, templates)?;
        let findings = match self {
            Self::CfnLint => output,
            Self::CloudformationValidate => {
                ensure!(
                    output["templates"] == templates.len(),
                    "{} did not judge every template",
                    self.name()
                );
                output["findings"].clone()
            }
        };
        let findings = findings.as_array().context("a linter's findings are a list")?;
        findings.iter().map(|finding| self.finding(finding)).collect()
    }

    fn run(self, judges: &Judges, templates: &[PathBuf]) -> Result<Value> {
        let mut command = match self {
            Self::CfnLint => {
                let mut command = Command::new(judges.python("cfn-lint"));
                // A configuration that lies about on the machine must not soften the judgement.
                command.args(["--format", "json", "--config-file", "/dev/null", "--"]);
                command
            }
            Self::CloudformationValidate => {
                let mut command = Command::new(judges.python("python"));
                command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/validate.py"));
                command
            }
        };
        let output = command.args(templates).output().with_context(|| format!("start {}", self.name()))?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        // cfn-lint tells by its exit code what it found; 1 and 32 and up are its own failures.
        match (self, output.status.code()) {
            (_, Some(0)) | (Self::CfnLint, Some(2 | 4 | 6 | 8 | 10 | 12 | 14)) => {}
            _ => bail!("{} failed: {}\n{complaint}", self.name(), output.status),
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("read {}: {complaint}", self.name()))
    }

    fn finding(self, finding: &Value) -> Result<Finding> {
        let (file, rule, level, message) = match self {
            Self::CfnLint => {
                (&finding["Filename"], &finding["Rule"]["Id"], &finding["Level"], &finding["Message"])
            }
            Self::CloudformationValidate => {
                (&finding["file"], &finding["rule"], &finding["level"], &finding["message"])
            }
        };
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a finding has texts");
        let file = text(file)?;
        let name = Path::new(&file).file_name().context("a finding names its file")?;
        let level = match text(level)?.to_lowercase().as_str() {
            "error" => Level::Error,
            "warning" => Level::Warning,
            "info" | "informational" => Level::Information,
            other => bail!("{} has a level `{other}`", self.name()),
        };
        Ok(Finding {
            file: name.to_string_lossy().into_owned(),
            rule: text(rule)?,
            level,
            message: text(message)?,
        })
    }
}

/// Warnings as one line a rule and file: how many, and the first.
pub fn summary(findings: &[Finding]) -> String {
    let mut groups: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.level == Level::Warning) {
        groups.entry((&finding.file, &finding.rule)).or_default().push(finding);
    }
    let lines = groups.into_values().filter_map(|group| {
        let first = group.first()?;
        Some(match group.len() {
            1 => format!("  {first}"),
            several => format!("  {first} (and {} more)", several - 1),
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_grouped_by_rule() {
        let finding = |rule: &str, level| Finding {
            file: "web.template.json".into(),
            rule: rule.into(),
            level,
            message: "zone".into(),
        };
        let warnings =
            [finding("W1", Level::Warning), finding("I9", Level::Information), finding("W1", Level::Warning)];
        assert_eq!(summary(&warnings), "  web.template.json: W1 zone (and 1 more)");
    }
}
