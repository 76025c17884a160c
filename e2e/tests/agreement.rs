//! Whether our judgement, cfn-lint's and that of AWS's own engine are the same: has a template errors?

use anyhow::{Context as _, Result, ensure};
use formwork_check::Options;
use formwork_e2e::linters::{Level, Linter};
use formwork_e2e::{Judges, fixture, program};
use formwork_template::{Severity, read};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The fixtures of a directory, in order.
fn fixtures(directory: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(fixture(directory))?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<Result<Vec<_>>>()?;
    paths.sort();
    ensure!(!paths.is_empty(), "no fixtures in {directory}");
    Ok(paths)
}

/// What we object to; nothing where the template is sound.
fn errors(template: &Path) -> Result<Vec<String>> {
    let document = match read::read_bytes(&fs::read(template)?) {
        Ok(document) => document,
        Err(error) => return Ok(vec![error.to_string()]),
    };
    let findings = formwork_check::check(document.template(), &Options::new()).into_iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    Ok(errors.map(|finding| format!("{} {}", finding.rule, finding.message)).collect())
}

/// Fails with every judge that says otherwise of a template than all are to say.
fn all_say(judges: &Judges, templates: &[PathBuf], wrong: bool) -> Result<()> {
    let mut others = Vec::new();
    for template in templates {
        let name = template.file_name().unwrap_or_default().to_string_lossy();
        let errors = errors(template)?;
        if errors.is_empty() == wrong {
            others.push(format!("{name}: formwork: {}", errors.first().map_or("no error", String::as_str)));
        }
    }
    for linter in Linter::ALL {
        let findings = linter.judge(judges, templates)?;
        for template in templates {
            let name = template.file_name().unwrap_or_default().to_string_lossy();
            let error = findings.iter().find(|finding| finding.file == name && finding.level == Level::Error);
            if error.is_none() == wrong {
                let said = error.map_or("no error".to_owned(), ToString::to_string);
                others.push(format!("{name}: {}: {said}", linter.name()));
            }
        }
    }
    let all = if wrong { "have errors" } else { "have no error" };
    ensure!(others.is_empty(), "all judges are to say that the templates {all}, but:\n{}", others.join("\n"));
    Ok(())
}

#[test]
fn sound_templates_are_sound_to_all() -> Result<()> {
    let Some(judges) = Judges::or_skip("sound templates are sound to all judges") else { return Ok(()) };
    let mut templates = fixtures("valid")?;
    templates.extend(fixtures("assembly")?.into_iter().filter(|path| !path.ends_with("manifest.json")));
    all_say(&judges, &templates, false)
}

/// What AWS's engine objects to wrongly: in `E3050` it takes `Fn::GetAtt` for the `Ref` that it refuses.
const WRONGLY: [&str; 1] = ["E3050"];

/// What the texts of our rules show as sound.
#[test]
fn what_passes_by_our_texts_passes_by_all() -> Result<()> {
    let Some(judges) = Judges::or_skip("what passes by the texts of rules passes by all judges") else {
        return Ok(());
    };
    let directory = tempfile::tempdir()?;
    let mut templates = Vec::new();
    for rule in formwork_check::catalogue() {
        let Some(text) = rule.passes.template else { continue };
        if WRONGLY.contains(&rule.id) {
            continue;
        }
        let path = directory.path().join(format!("{}.yaml", rule.id));
        fs::write(&path, text)?;
        templates.push(path);
    }
    ensure!(templates.len() > 200, "{} examples", templates.len());
    all_say(&judges, &templates, false)
}

#[test]
fn what_is_wrong_is_wrong_to_all() -> Result<()> {
    let Some(judges) = Judges::or_skip("what is wrong is wrong to all judges") else { return Ok(()) };
    let mut templates = fixtures("invalid")?;
    templates.extend(fixtures("broken")?);
    all_say(&judges, &templates, true)
}

#[test]
fn the_command_asks_the_engine_of_aws() -> Result<()> {
    let Some(judges) = Judges::or_skip("the command asks the engine of AWS") else { return Ok(()) };
    let templates = fixtures("invalid")?;
    let mut command = Command::new(program::built()?.join("formwork"));
    command.args(["check", "--engine", "aws", "--json"]).args(&templates);
    let output = command.env("FORMWORK_AWS_ENGINE", judges.python("python")).output()?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let findings = report["findings"].as_array().context("the report has findings")?;
    for template in &templates {
        let name = template.to_string_lossy();
        let mut about = findings.iter().filter(|finding| finding["file"] == *name);
        let error = about.find(|finding| finding["severity"] == "error");
        let error = error.with_context(|| format!("{name}: the engine finds no error"))?;
        ensure!(error["line"].is_u64() || error["path"] == Value::Array(Vec::new()), "at no place: {error}");
    }
    Ok(())
}

/// Without the other judges too: ours is at hand.
#[test]
fn the_fixtures_are_what_they_are_called() -> Result<()> {
    for template in fixtures("valid")? {
        let errors = errors(&template)?;
        ensure!(errors.is_empty(), "{}: {}", template.display(), errors.join("\n"));
    }
    for template in fixtures("invalid")? {
        ensure!(!errors(&template)?.is_empty(), "{}: no error", template.display());
    }
    Ok(())
}
