//! `cargo xtask bench build`: what a user waits for, from downloaded crates to a new template.

use super::measure::{self, Sample, Series, significant};
use super::report::{Section, table};
use super::{Arguments, cdk, machine};
use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program of `bench/` that stands for a user's stack.
const PROGRAM: &str = "web-asg";

/// A cold build takes long and varies little.
const COLD_RUNS: u32 = 3;

pub(super) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Section> {
    let stack = UserStack::create(workspace)?;
    let runs = if arguments.quick { 1 } else { arguments.runs };
    let mut cold = Series::default();
    for _ in 0..runs.min(COLD_RUNS) {
        eprintln!("timing a first `cargo run`");
        cold.push(stack.first_run()?);
    }
    let mut edits = Series::default();
    for run in 0..=runs {
        eprintln!("timing an edit");
        let sample = stack.edit()?;
        // The first one also writes the state of incremental compilation.
        if run > 0 {
            edits.push(sample);
        }
    }
    eprintln!("timing all services");
    let all = all_services(workspace)?;
    let crates = stack.crates()?;
    let row = |what: &str, series: &Series| {
        let memory = significant(series.memory().median);
        vec![what.to_owned(), series.cpu().time(), series.wall().time(), memory]
    };
    let mut everything = Series::default();
    everything.push(all);
    let rows = [
        row("first `cargo run` of a user's stack", &cold),
        row("an edit of one line to a new template", &edits),
        row("`cargo build` with every service", &everything),
    ];
    let machine = machine::describe(arguments.date.as_deref())?;
    let body = format!(
        "{machine}. `cargo xtask bench build`\n\n\
         The stack is `bench/src/bin/{PROGRAM}.rs` in a package of its own, with its own target directory, in the \
         `dev` profile, with the features {}; crates are downloaded beforehand. An edit changes one number in \
         it, compiles and runs. Memory is the peak of the largest process, `rustc`.\n\n{}\n\
         Crates that the stack compiles, its own not counted: {}, of which {} are formwork's.\n",
        stack.features.join(", "),
        table(&["", "CPU", "wall", "memory, MiB"], None, rows.into_iter()),
        crates.len(),
        crates.iter().filter(|name| name.starts_with("formwork")).count(),
    );
    Ok(Section::new("## Building", body))
}

/// A package outside the workspace, as a user would have it.
struct UserStack {
    directory: PathBuf,
    features: Vec<String>,
}

impl UserStack {
    fn create(workspace: &Workspace) -> Result<Self> {
        let features = features(workspace)?;
        let directory = workspace.target.join("bench/user-stack");
        fs::create_dir_all(directory.join("src/bin"))?;
        let facade = workspace.root.join("crates/formwork").display().to_string();
        let quoted: Vec<String> = features.iter().map(|feature| format!("{feature:?}")).collect();
        let manifest = format!(
            "[package]\nname = \"user-stack\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             anyhow = \"1\"\nformwork = {{ path = {facade:?}, features = [{}] }}\n\n[workspace]\n",
            quoted.join(", ")
        );
        fs::write(directory.join("Cargo.toml"), manifest)?;
        // The versions that the workspace was tested with.
        fs::copy(workspace.root.join("Cargo.lock"), directory.join("Cargo.lock"))?;
        let stack = Self { directory, features };
        cdk::copy(&workspace.root.join(format!("bench/src/bin/{PROGRAM}.rs")), &stack.program())?;
        // Beside the package, as in the workspace: a program includes its user data by a relative path.
        cdk::copy(&workspace.root.join("templates"), &workspace.target.join("bench/templates"))?;
        process::run(&mut stack.cargo(&["fetch"]))?;
        Ok(stack)
    }

    /// Cargo in the user's package, at the user's own target directory.
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&self.directory);
        command.env("CARGO_TARGET_DIR", self.directory.join("target"));
        command
    }

    fn first_run(&self) -> Result<Sample> {
        let target = self.directory.join("target");
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        self.run()
    }

    fn run(&self) -> Result<Sample> {
        let assembly = self.assembly();
        if assembly.exists() {
            fs::remove_dir_all(&assembly)?;
        }
        let mut command = self.cargo(&["run", "--offline"]);
        measure::measure(command.env("CDK_OUTDIR", assembly), &self.directory.join("log"))
    }

    /// Changes one number in the program and runs it; an error when the template stays the same.
    fn edit(&self) -> Result<Sample> {
        let program = self.program();
        let before = templates(&self.assembly())?;
        fs::write(&program, edited(&fs::read_to_string(&program)?)?)?;
        let sample = self.run()?;
        ensure!(templates(&self.assembly())? != before, "the edit of one line changed no template");
        Ok(sample)
    }

    fn program(&self) -> PathBuf {
        self.directory.join(format!("src/bin/{PROGRAM}.rs"))
    }

    fn assembly(&self) -> PathBuf {
        self.directory.join("assembly")
    }

    /// The names of the crates that the stack compiles, without its own.
    fn crates(&self) -> Result<BTreeSet<String>> {
        let mut command =
            self.cargo(&["tree", "--offline", "--edges=normal,build", "--prefix=none", "--format={p}"]);
        let tree = process::output(&mut command)?;
        let names = tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned);
        Ok(names.filter(|name| name != "user-stack" && !name.is_empty()).collect())
    }
}

/// The features that the program needs, from `package.metadata` in the manifest of `bench/`: the
/// package itself also has those of its other programs.
fn features(workspace: &Workspace) -> Result<Vec<String>> {
    let mut command = workspace.cargo(["metadata", "--no-deps", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&process::output(&mut command)?)?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let bench =
        packages.find(|package| package["name"] == "formwork-bench").context("no `formwork-bench`")?;
    let features = bench["metadata"][PROGRAM]["features"].as_array();
    let features = features.with_context(|| {
        format!("bench/Cargo.toml has no `[package.metadata.{PROGRAM}]` with `features = [\"ec2\", ...]`")
    })?;
    Ok(features.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// The program with the number of its first `const NAME: TYPE = NUMBER;` increased by one.
fn edited(source: &str) -> Result<String> {
    let number = source.lines().find_map(|line| {
        let (declaration, value) = line.trim_start().strip_prefix("const ")?.split_once(" = ")?;
        let number: u64 = value.strip_suffix(';')?.parse().ok()?;
        Some((format!("const {declaration} = {number};"), format!("const {declaration} = {};", number + 1)))
    });
    let (old, new) = number.context("the program has no line `const NAME: TYPE = NUMBER;` to edit")?;
    Ok(source.replacen(&old, &new, 1))
}

/// The templates of an assembly, by file name.
fn templates(assembly: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut templates = Vec::new();
    for entry in fs::read_dir(assembly).with_context(|| format!("cannot read {}", assembly.display()))? {
        let path = entry?.path();
        if path.to_str().is_some_and(|path| path.ends_with(".template.json")) {
            let text = fs::read_to_string(&path)?;
            templates.push((path, text));
        }
    }
    templates.sort();
    Ok(templates)
}

/// Compiles the builders of every service, and the crates below them.
fn all_services(workspace: &Workspace) -> Result<Sample> {
    let target = workspace.target.join("bench/all-services");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let mut command = workspace.cargo(["build", "--package", "formwork-cfn", "--all-features"]);
    measure::measure(command.arg("--target-dir").arg(&target), &workspace.target.join("bench/log"))
}

#[cfg(test)]
mod tests {
    use super::edited;

    #[test]
    fn an_edit_increases_the_first_number() {
        let source = "const NAME: &str = \"web\";\n    const TARGET: f64 = 70;\nconst MOST: u32 = 10;\n";
        let once = edited(source).unwrap();
        assert_eq!(once, "const NAME: &str = \"web\";\n    const TARGET: f64 = 71;\nconst MOST: u32 = 10;\n");
        assert!(edited(&once).unwrap().contains("= 72;"));
        assert!(edited("fn main() {}").unwrap_err().to_string().contains("const NAME"));
    }
}
