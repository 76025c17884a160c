//! [`Checkout`]: a work tree of a revision for as long as it is needed.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{git, line};
use crate::failure::Failure;

/// A work tree of its own. It is removed when it is dropped.
pub(super) struct Checkout {
    root: PathBuf,
    path: PathBuf,
}

impl Checkout {
    /// Checks a commit out to a path where nothing is.
    pub(super) fn new(root: &Path, commit: &str, path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let added = git(root, &["worktree", "add", "--detach", "--quiet", &shown, commit])?;
        let checkout = Self { root: root.to_owned(), path: path.to_owned() };
        if added.status.success() {
            return Ok(checkout);
        }
        Err(Failure::new(format!("cannot check out `{commit}`: {}", line(&added.stderr))).into())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        // What cannot be removed is a temporary directory, and `git worktree prune` forgets it.
        let path = self.path.display().to_string();
        let _ = git(&self.root, &["worktree", "remove", "--force", &path]);
        let _ = git(&self.root, &["worktree", "prune"]);
    }
}
