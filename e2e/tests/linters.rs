//! Every template that this workspace writes, before cfn-lint and AWS's own validator.

use anyhow::{Result, ensure};
use formwork_e2e::linters::{Finding, Level, Linter, summary};
use formwork_e2e::program::Program;
use formwork_e2e::{Judges, assembly::Assembly, fixture, say, workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// Every snapshot, and what the reference stacks, the examples and the fixture hold, each text once,
/// under a name that says whose it is.
fn templates(directory: &TempDir) -> Result<Vec<PathBuf>> {
    let mut seen = BTreeSet::new();
    let mut templates = Vec::new();
    let mut add = |owner: &str, template: &PathBuf| -> Result<()> {
        let text = fs::read_to_string(template)?;
        if seen.insert(text.clone()) {
            let name = template.file_name().unwrap_or_default().to_string_lossy();
            let copy = directory.path().join(format!("{owner}-{name}"));
            fs::write(&copy, text)?;
            templates.push(copy);
        }
        Ok(())
    };
    for entry in fs::read_dir(workspace().join("snapshots"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".template.json") {
            add("snapshot", &path)?;
        }
    }
    let mut programs = Program::examples()?;
    programs.push(Program::reference()?);
    for program in programs {
        for stack in &program.synthesize()?.assembly.stacks {
            add(&program.name, &stack.template)?;
        }
    }
    for stack in &Assembly::read(&fixture("assembly"))?.stacks {
        add("fixture", &stack.template)?;
    }
    Ok(templates)
}

/// Errors fail. Warnings are shown, for the person who wrote the construct. What only informs is
/// left out: it asks for what nobody decided, such as a retention period on every queue.
fn no_error(linter: Linter) -> Result<()> {
    let Some(judges) = Judges::or_skip(&format!("every template passes {}", linter.name())) else {
        return Ok(());
    };
    let directory = tempfile::tempdir()?;
    let templates = templates(&directory)?;
    let findings = linter.judge(&judges, &templates)?;
    let warnings = findings.iter().filter(|finding| finding.level == Level::Warning).count();
    say(&format!(
        "{}: {} templates, {warnings} warnings\n{}",
        linter.name(),
        templates.len(),
        summary(&findings)
    ));
    let errors: Vec<String> =
        findings.iter().filter(|finding| finding.level == Level::Error).map(Finding::to_string).collect();
    ensure!(errors.is_empty(), "{} finds errors:\n{}", linter.name(), errors.join("\n"));
    Ok(())
}

#[test]
fn every_template_passes_cfn_lint() -> Result<()> {
    no_error(Linter::CfnLint)
}

#[test]
fn every_template_passes_cloudformation_validate() -> Result<()> {
    no_error(Linter::CloudformationValidate)
}

#[test]
fn a_broken_template_is_caught_by_each() -> Result<()> {
    let Some(judges) = Judges::or_skip("a broken template is caught by each linter") else { return Ok(()) };
    for linter in Linter::ALL {
        let broken = ["Property.template.json", "Reference.template.json"];
        let templates: Vec<PathBuf> = broken.iter().map(|name| fixture("broken").join(name)).collect();
        let findings = linter.judge(&judges, &templates)?;
        for name in broken {
            let caught = findings.iter().any(|finding| finding.file == name && finding.level == Level::Error);
            ensure!(caught, "{} finds no error in {name}: {findings:?}", linter.name());
        }
    }
    Ok(())
}
