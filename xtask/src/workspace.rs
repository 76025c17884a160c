//! Where the workspace and its target directory are.

use crate::process;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// The workspace that this command was built from.
pub(crate) struct Workspace {
    /// The directory of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where cargo builds, which `CARGO_TARGET_DIR` may have moved.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo, because the target directory is configurable in several places.
    pub(crate) fn locate() -> Result<Self> {
        let mut command = cargo();
        command.args(["metadata", "--no-deps", "--format-version=1"]);
        command.arg("--manifest-path").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        let metadata: Value = serde_json::from_str(&process::output(&mut command)?)?;
        let directory = |name: &str| -> Result<PathBuf> {
            Ok(metadata[name].as_str().with_context(|| format!("cargo metadata has no `{name}`"))?.into())
        };
        Ok(Self { root: directory("workspace_root")?, target: directory("target_directory")? })
    }

    /// `cargo` with these arguments, run in the root of the workspace.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = cargo();
        command.args(arguments).current_dir(&self.root);
        command
    }
}

/// The cargo that runs this command, so that a `+toolchain` holds for what it starts.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Set by the cargo that runs this command for its own package: not for what is started from here.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR") {
            command.env_remove(name);
        }
    }
    command
}
