//! The programs of this workspace that synthesize: the reference stacks and the examples.

use crate::assembly::Assembly;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A program that writes an assembly.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name, as cargo knows it.
    pub name: String,
    /// The built program.
    pub path: PathBuf,
}

/// An assembly that a program wrote; it goes when this goes.
#[derive(Debug)]
pub struct Synthesized {
    /// The assembly.
    pub assembly: Assembly,
    _directory: TempDir,
}

impl Program {
    /// The reference stacks.
    pub fn reference() -> Result<Self> {
        let programs = Self::of_package("stacks")?;
        let reference = programs.into_iter().find(|program| program.name == "stacks");
        reference.context("the package `stacks` has no binary `stacks`")
    }

    /// Every example.
    pub fn examples() -> Result<Vec<Self>> {
        Self::of_package("formwork-examples")
    }

    /// The binaries and examples of a package of the workspace, which `cargo xtask test` has built.
    fn of_package(package: &str) -> Result<Vec<Self>> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
            .current_dir(crate::workspace());
        let output = cargo.output().context("start cargo")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let built = built()?;
        let mut packages = metadata["packages"].as_array().into_iter().flatten();
        let package = packages.find(|candidate| candidate["name"] == package);
        let targets = package.and_then(|package| package["targets"].as_array()).context("no such package")?;
        let programs = targets.iter().filter_map(|target| {
            let name = target["name"].as_str()?.to_owned();
            let directory = match target["kind"][0].as_str()? {
                "bin" => built.clone(),
                "example" => built.join("examples"),
                _ => return None,
            };
            Some(Self { path: directory.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)), name })
        });
        Ok(programs.collect())
    }

    /// Runs the program, in a directory of its own, and reads what it wrote.
    pub fn synthesize(&self) -> Result<Synthesized> {
        let directory = tempfile::tempdir()?;
        let assembly = directory.path().join("assembly");
        let mut command = Command::new(&self.path);
        command.env("CDK_OUTDIR", &assembly).current_dir(directory.path());
        let output = command.output().with_context(|| format!("start {}", self.path.display()))?;
        ensure!(
            output.status.success(),
            "`{}` failed: {}\n{}",
            self.name,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        let assembly = Assembly::read(&assembly).with_context(|| format!("what `{}` wrote", self.name))?;
        Ok(Synthesized { assembly, _directory: directory })
    }
}

/// Where cargo put the programs: this test is in `deps` below it.
pub fn built() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let directory = test.parent().and_then(Path::parent);
    Ok(directory.context("a test runs from a directory of cargo's")?.to_owned())
}
