//! Tests against judges that nobody here wrote: linters, an emulator of the service, the `cdk` command.
//!
//! `cargo xtask test` installs the judges and says where in `FORMWORK_JUDGES`. Without that variable
//! the tests of this package say that they are skipped, and pass.

pub mod assembly;
pub mod command;
pub mod emulator;
pub mod guide;
pub mod linters;
pub mod program;
pub mod proxy;
pub mod prune;

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where the judges are installed.
#[derive(Clone, Debug)]
pub struct Judges {
    directory: PathBuf,
}

impl Judges {
    /// The judges that `cargo xtask test` installed; without any, says that `what` is skipped.
    pub fn or_skip(what: &str) -> Option<Self> {
        let directory = std::env::var_os("FORMWORK_JUDGES").map(PathBuf::from);
        if directory.is_none() {
            say(&format!("SKIPPED: {what} (the judges are run by `cargo xtask test`)"));
        }
        directory.map(|directory| Self { directory })
    }

    /// A program of the Python environment.
    pub fn python(&self, program: &str) -> PathBuf {
        self.directory.join("python/bin").join(program)
    }

    /// The `cdk` command; where npm is missing, says that `what` is skipped.
    pub fn cdk_or_skip(&self, what: &str) -> Option<PathBuf> {
        let command = self.directory.join("npm/node_modules/.bin/cdk");
        if !command.exists() {
            say(&format!("SKIPPED: {what} (the `cdk` command needs npm, which is missing)"));
            return None;
        }
        Some(command)
    }
}

/// Tells the person who runs the tests; unlike `println!`, also when the test passes.
pub fn say(text: &str) {
    // Nothing to do when standard error is closed.
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// A file or directory of `e2e/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
