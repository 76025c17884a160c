//! `cargo xtask fmt`

use crate::{process, workspace::Workspace};
use anyhow::Result;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Rewrite the files
    #[arg(long)]
    write: bool,
}

pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let mut command = workspace.cargo(["fmt", "--all"]);
    if !arguments.write {
        command.arg("--check");
    }
    process::run(&mut command)
}

/// The form that CI runs.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    run(workspace, &Arguments { write: false })
}
