//! The files that code generation writes, and the comparison with what is there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use formwork_spec::ResourceFacts;

use super::{lock::Lock, render};

/// The table of facts.
pub(crate) const TABLE: &str = "crates/formwork-spec/facts.bin";
/// The table of facts on authorization.
pub(crate) const AUTHORIZATION: &str = "crates/formwork-spec/authorization.bin";
/// What must not change from run to run.
pub(crate) const LOCK: &str = "crates/formwork-cfn/codegen.lock";
/// Where the builders go. Nothing else lives there.
const BUILDERS: &str = "crates/formwork-cfn/src";
/// The manifests with a generated list of features, and the crate whose features they turn on.
const MANIFESTS: &[(&str, Option<&str>)] =
    &[("crates/formwork-cfn/Cargo.toml", None), ("crates/formwork/Cargo.toml", Some("formwork-cfn"))];
const BEGIN: &str = "# codegen:features\n";
const END: &str = "# codegen:end\n";

/// Files by path below the root of the workspace.
#[derive(Default)]
pub(crate) struct Outputs {
    files: BTreeMap<String, Vec<u8>>,
}

impl Outputs {
    /// Adds a file.
    pub(crate) fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.insert(path.to_owned(), bytes);
    }

    /// Adds the builders and the manifests that list their features.
    pub(crate) fn builders(&mut self, root: &Path, facts: &[ResourceFacts], lock: &Lock) -> Result<()> {
        for (path, text) in render::render(facts, lock) {
            self.add(&format!("{BUILDERS}/{path}"), text.into_bytes());
        }
        for (path, dependency) in MANIFESTS {
            let manifest = fs::read_to_string(root.join(path)).with_context(|| format!("read {path}"))?;
            if let Some(manifest) = with_features(&manifest, &render::features(lock, *dependency)) {
                self.add(path, manifest.into_bytes());
            }
        }
        Ok(())
    }

    /// The paths whose file is missing, differs, or should not be there.
    pub(crate) fn stale(&self, root: &Path) -> Result<Vec<String>> {
        let mut stale: Vec<String> = self
            .files
            .iter()
            .filter(|(path, bytes)| fs::read(root.join(path)).ok().as_ref() != Some(bytes))
            .map(|(path, _)| path.clone())
            .collect();
        stale.extend(self.leftovers(root)?);
        Ok(stale)
    }

    /// Writes what differs and removes what should not be there. Returns how many files changed.
    pub(crate) fn write(&self, root: &Path) -> Result<usize> {
        let mut changed = 0;
        for path in self.leftovers(root)? {
            fs::remove_file(root.join(&path)).with_context(|| format!("remove {path}"))?;
            changed += 1;
        }
        for (path, bytes) in &self.files {
            let target = root.join(path);
            if fs::read(&target).ok().as_ref() == Some(bytes) {
                continue;
            }
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).with_context(|| format!("create {}", parent.display()))?;
            }
            fs::write(&target, bytes).with_context(|| format!("write {path}"))?;
            changed += 1;
        }
        Ok(changed)
    }

    fn leftovers(&self, root: &Path) -> Result<Vec<String>> {
        let mut found = Vec::new();
        walk(&root.join(BUILDERS), &mut found)?;
        Ok(found
            .into_iter()
            .filter_map(|path| Some(path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/")))
            .filter(|path| !self.files.contains_key(path))
            .collect())
    }
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !directory.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(directory).with_context(|| format!("list {}", directory.display()))? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

/// The manifest with the lines between the markers replaced; `None` when it has no markers.
fn with_features(manifest: &str, features: &str) -> Option<String> {
    let (before, rest) = manifest.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{features}{END}{after}"))
}
