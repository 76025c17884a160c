//! The other side: the CDK apps of `bench/cdk`, installed and compiled under `target/bench/cdk`.

use crate::judges::{Stamp, npm_install};
use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the app needs to hold the assembly of a hundred stacks and its validation; Node's own limit
/// depends on the machine.
const HEAP: &str = "--max-old-space-size=12000";

/// The CDK and the compiled apps.
pub(crate) struct Installation {
    directory: PathBuf,
    /// What the `cdk` command would hand the app: feature flags and look-ups.
    context: String,
}

impl Installation {
    pub(crate) fn prepare(workspace: &Workspace) -> Result<Self> {
        ensure!(process::exists("npm"), "the benchmark runs the CDK: install Node.js and npm");
        let source = workspace.root.join("bench/cdk");
        let directory = workspace.target.join("bench/cdk");
        let stamp = Stamp::new(&directory, &source.join("package.json"), "")?;
        if !stamp.is_fresh() {
            npm_install(&directory, &source.join("package.json"))?;
            stamp.write()?;
        }
        for part in ["apps", "lib", "tsconfig.json"] {
            copy(&source.join(part), &directory.join(part))?;
        }
        process::run(Command::new("node").arg("node_modules/typescript/bin/tsc").current_dir(&directory))?;
        Ok(Self { directory, context: context(&source)? })
    }

    /// The command that runs a compiled app.
    pub(crate) fn app(&self, name: &str, validation: bool) -> Command {
        let mut command = Command::new("node");
        command.arg(HEAP).arg(format!("dist/apps/{name}.js")).current_dir(&self.directory);
        command.env("CDK_CONTEXT_JSON", &self.context).env("CDK_VALIDATION", validation.to_string());
        command
    }

    /// Where the library of constructs is.
    pub(crate) fn library(&self) -> PathBuf {
        self.directory.join("node_modules/aws-cdk-lib")
    }

    /// What was installed, for the record.
    pub(crate) fn versions(&self) -> Result<String> {
        let node = process::output(Command::new("node").arg("--version"))?;
        let mut versions = vec![format!("Node.js {}", node.trim().trim_start_matches('v'))];
        for package in ["aws-cdk-lib", "typescript"] {
            let manifest = self.directory.join("node_modules").join(package).join("package.json");
            let manifest = read(&manifest)?;
            versions.push(format!("{package} {}", manifest["version"].as_str().unwrap_or("?")));
        }
        Ok(versions.join(", "))
    }
}

/// The context of a fresh project of the CDK's, as its command passes it to the app.
fn context(source: &Path) -> Result<String> {
    let mut context = Map::new();
    let flags = read(&source.join("cdk.json"))?;
    context.extend(flags["context"].as_object().context("cdk.json has no context")?.clone());
    context.extend(read(&source.join("cdk.context.json"))?.as_object().cloned().unwrap_or_default());
    context.insert("aws:cdk:enable-path-metadata".into(), json!(true));
    context.insert("aws:cdk:enable-asset-metadata".into(), json!(true));
    context.insert("aws:cdk:version-reporting".into(), json!(false));
    Ok(Value::Object(context).to_string())
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("cannot parse {}", file.display()))
}

/// Copies a file or a directory.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}
