//! Generates the table of facts and the builders.
//!
//! ```text
//! sources -> facts -> crates/formwork-spec/facts.bin
//!                  -> crates/formwork-spec/authorization.bin
//!                  -> crates/formwork-cfn/codegen.lock
//! facts.bin and codegen.lock -> crates/formwork-cfn/src, [features] of two manifests
//! ```
//! The first step reads three pinned archives. The second is a pure function.

mod authorization;
mod bounds;
mod corrections;
mod database;
mod families;
mod lifecycles;
mod lock;
mod model;
mod names;
mod outputs;
mod overlay;
mod relations;
mod relationships;
mod render;
mod requirements;
mod schema_types;
mod schemas;
mod sources;
#[cfg(test)]
mod tests;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use self::{lock::Lock, outputs::Outputs, sources::Sources};
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Render the builders from the committed facts, without network
    #[arg(long)]
    offline: bool,
    /// Write nothing; fail when a file is not what this would write
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let outputs = if arguments.offline {
        render_committed(&workspace.root)?
    } else {
        generate(&workspace.root, &workspace.target.join("facts"))?
    };
    if !arguments.check {
        let changed = outputs.write(&workspace.root)?;
        println!("{changed} files changed");
        return Ok(());
    }
    match outputs.stale(&workspace.root)?.as_slice() {
        [] => Ok(()),
        [stale] => bail!("{stale} is stale\nhint: cargo xtask codegen"),
        [first, rest @ ..] => bail!("{first} and {} more are stale\nhint: cargo xtask codegen", rest.len()),
    }
}

/// All outputs from the sources, which are downloaded when `archives` has them not.
fn generate(root: &Path, archives: &Path) -> Result<Outputs> {
    let mut lock = Lock::read(&root.join(outputs::LOCK))?;
    let sources = Sources::fetch(archives)?;
    for archive in [&sources.types, &sources.authorization, &sources.schemas] {
        lock.verify(&archive.name, &archive.digest)?;
    }
    let facts: Vec<_> = model::build(&sources)?.into_values().collect();
    lock.freeze(&facts, &sources);
    let table = formwork_spec::encode(facts)?;
    // What is rendered is what the table holds, so that rendering it again gives the same.
    let facts = formwork_spec::decode(&table)?;
    let mut outputs = Outputs::default();
    outputs.add(outputs::TABLE, table);
    outputs.add(outputs::AUTHORIZATION, authorization::table(&sources)?);
    outputs.add(outputs::LOCK, lock.render().into_bytes());
    outputs.builders(root, &facts, &lock)?;
    Ok(outputs)
}

/// The builders from the committed table and lock.
fn render_committed(root: &Path) -> Result<Outputs> {
    let table = fs::read(root.join(outputs::TABLE)).context("read the table of facts")?;
    let facts = formwork_spec::decode(&table)?;
    let lock = Lock::read(&root.join(outputs::LOCK))?;
    let mut outputs = Outputs::default();
    outputs.builders(root, &facts, &lock)?;
    Ok(outputs)
}
