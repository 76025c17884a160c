//! The programs that judge formwork's templates, from packages, under `target/judges`.
//!
//! Versions are pinned in `e2e/requirements.txt` (Python) and `e2e/package.json` (npm). A stamp
//! beside each installation holds what was installed, so that a second run costs nothing.

use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Python that every pinned package has a release for.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// Installs what is missing or stale and returns the directory that the end-to-end tests are told of.
pub(crate) fn prepare(workspace: &Workspace) -> Result<PathBuf> {
    let judges = workspace.target.join("judges");
    let pins = workspace.root.join("e2e");
    fs::create_dir_all(&judges)?;
    python(&judges.join("python"), &pins.join("requirements.txt"))?;
    if process::exists("npm") {
        npm(&judges.join("npm"), &pins.join("package.json"))?;
    } else if std::env::var_os("CI").is_some_and(|ci| ci == "true") {
        bail!("npm is missing, and without it the `cdk` command is not tested: install Node.js and npm");
    } else {
        // Checked by its absence: the tests skip what needs the command, and say so too.
        remove(&judges.join("npm"))?;
        eprintln!("warning: npm is missing: the tests of the `cdk` command are SKIPPED");
    }
    Ok(judges)
}

/// A virtual environment with the packages of `requirements`.
fn python(environment: &Path, requirements: &Path) -> Result<()> {
    let version = process::output(Command::new("python3").arg("--version"))
        .context("the judges are Python packages: install Python 3 with its `venv` module")?;
    ensure!(
        parse_python_version(&version).is_some_and(|version| version >= OLDEST_PYTHON),
        "the judges need Python {}.{} or newer, and this is {}",
        OLDEST_PYTHON.0,
        OLDEST_PYTHON.1,
        version.trim()
    );
    let stamp = Stamp::new(environment, requirements, &version)?;
    if stamp.is_fresh() {
        return Ok(());
    }
    remove(environment)?;
    eprintln!("installing the Python judges");
    process::run(Command::new("python3").args(["-m", "venv"]).arg(environment))?;
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(requirements))?;
    stamp.write()
}

/// The directory of the programs that Python installs.
pub(crate) fn python_programs(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace.target.join("judges/python");
    fs::create_dir_all(workspace.target.join("judges"))?;
    python(&directory, &workspace.root.join("e2e/requirements.txt"))?;
    Ok(directory.join("bin"))
}

/// The directory of the commands that npm installs.
pub(crate) fn npm_commands(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace.target.join("judges/npm");
    npm(&directory, &workspace.root.join("e2e/package.json"))?;
    Ok(directory.join("node_modules/.bin"))
}

/// A `node_modules` with the packages of `manifest`.
fn npm(directory: &Path, manifest: &Path) -> Result<()> {
    let stamp = Stamp::new(directory, manifest, "")?;
    if stamp.is_fresh() {
        return Ok(());
    }
    eprintln!("installing the npm judges");
    npm_install(directory, manifest)?;
    stamp.write()
}

/// Installs the packages of a manifest into a directory of their own.
pub(crate) fn npm_install(directory: &Path, manifest: &Path) -> Result<()> {
    remove(directory)?;
    fs::create_dir_all(directory)?;
    fs::copy(manifest, directory.join("package.json"))?;
    let mut install = Command::new("npm");
    install.args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]);
    process::run(install.current_dir(directory))
}

fn remove(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory).with_context(|| format!("cannot remove {}", directory.display()))?;
    }
    Ok(())
}

/// `Python 3.11.7` is (3, 11).
fn parse_python_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix("Python ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// What an installation was made from, kept inside it and so removed with it.
pub(crate) struct Stamp {
    file: PathBuf,
    content: String,
}

impl Stamp {
    /// The pins, what else they depend on, and the place: neither kind of installation can be moved.
    pub(crate) fn new(installation: &Path, pins: &Path, also: &str) -> Result<Self> {
        let text = fs::read_to_string(pins).with_context(|| format!("cannot read {}", pins.display()))?;
        let content = format!("{}\n{also}\n{text}", installation.display());
        Ok(Self { file: installation.join("formwork-stamp"), content })
    }

    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|content| content == self.content)
    }

    /// Last, so that an installation that was interrupted is made again.
    pub(crate) fn write(&self) -> Result<()> {
        Ok(fs::write(&self.file, &self.content)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_fresh_until_its_pins_change() {
        let directory = tempfile::tempdir().unwrap();
        let pins = directory.path().join("pins");
        fs::write(&pins, "judge==1").unwrap();
        let stamp = Stamp::new(directory.path(), &pins, "Python 3.11.7").unwrap();
        assert!(!stamp.is_fresh(), "nothing is installed yet");
        stamp.write().unwrap();
        assert!(stamp.is_fresh());
        assert!(!Stamp::new(directory.path(), &pins, "Python 3.12.0").unwrap().is_fresh());
        fs::write(&pins, "judge==2").unwrap();
        assert!(!Stamp::new(directory.path(), &pins, "Python 3.11.7").unwrap().is_fresh());
    }

    #[test]
    fn versions_of_python_compare_by_number() {
        assert_eq!(parse_python_version("Python 3.11.7\n"), Some((3, 11)));
        assert!(parse_python_version("Python 3.9.2").unwrap() < OLDEST_PYTHON);
        assert_eq!(parse_python_version("pyenv: no such command"), None);
    }
}
