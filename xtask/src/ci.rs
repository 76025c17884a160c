//! `cargo xtask ci`

use crate::{doc, fmt, licenses, lint, process, test, workspace::Workspace};
use anyhow::{Context as _, Result};
use std::{fs, time::Instant};

/// One step: its name and what it does.
type Step = (&'static str, fn(&Workspace) -> Result<()>);

/// Cheapest first. The tests are last: their closing line is then CI's.
const STEPS: &[Step] = &[
    ("formatting", fmt::check),
    ("licences", licenses::run),
    ("generated code is fresh", freshness),
    ("clippy", lint::run),
    ("documentation", doc::run),
    ("every service builds", every_service),
    ("every group of constructs builds alone", every_group),
    ("tests", test::with_judges),
];

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for (number, (name, step)) in STEPS.iter().enumerate() {
        println!("\n== {} of {}: {name} ==", number + 1, STEPS.len());
        let start = Instant::now();
        step(workspace).with_context(|| format!("step `{name}`"))?;
        // After the last step nothing is printed: the tests close the output.
        if number + 1 < STEPS.len() {
            println!("== {name}: {} s ==", start.elapsed().as_secs());
        }
    }
    Ok(())
}

/// From the pinned sources on, which a test without network cannot do.
fn freshness(workspace: &Workspace) -> Result<()> {
    process::run(&mut workspace.cargo(["xtask", "codegen", "--check"]))
}

/// The other steps see only the services that a member of the workspace uses.
fn every_service(workspace: &Workspace) -> Result<()> {
    process::run(&mut workspace.cargo(["check", "--package", "formwork-cfn", "--all-features"]))
}

/// The other steps see groups of constructs together, and one may lean on another unseen.
fn every_group(workspace: &Workspace) -> Result<()> {
    let manifest = fs::read_to_string(workspace.root.join("crates/formwork-aws/Cargo.toml"))?;
    let manifest: toml::Table = manifest.parse().context("the manifest of formwork-aws")?;
    let features = manifest["features"].as_table().context("formwork-aws has no features")?;
    for feature in features.keys() {
        let package = ["clippy", "--quiet", "--package", "formwork-aws", "--features", feature];
        process::run(workspace.cargo(package).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}
