//! `cargo xtask doc`

use crate::{process, workspace::Workspace};
use anyhow::Result;

/// Only the services that some member of the workspace asks for are documented: all of them cost
/// half a minute and gigabytes, and every page has the same shape.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(["doc", "--workspace", "--no-deps"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}
