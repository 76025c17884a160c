//! [`Revision`]: the stacks of a revision of the repository, as the `git` command gives them.

mod checkout;

use std::{
    ffi::OsString,
    fs,
    io::{self, BufReader, Write as _},
    path::{Component, Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

use anyhow::{Context as _, Result};

use self::checkout::Checkout;
use crate::{
    app::{self, Synthesized},
    arguments::Global,
    command::synth::report_failed,
    failure::Failure,
    place,
    settings::Settings,
    stack_state::{self, MANIFEST, StackState},
    terminal::Terminal,
};

/// A revision of the repository that a directory is in.
pub(crate) struct Revision {
    /// As it was given.
    name: String,
    /// Its commit.
    commit: String,
    /// The root of the repository.
    root: PathBuf,
    /// The project, from the root.
    project: PathBuf,
}

impl Revision {
    /// Finds a revision, seen from the directory of a project.
    pub(crate) fn find(name: &str, project: &Path) -> Result<Self> {
        let root = git(project, &["rev-parse", "--show-toplevel"])?;
        if !root.status.success() {
            let message = format!("`{}` is in no git repository", place::shown(project));
            let hint = "`--against git:REV` wants one; `--against DIR` compares with a directory";
            return Err(Failure::new(message).hint(hint).into());
        }
        let root = PathBuf::from(line(&root.stdout));
        let commit = format!("{name}^{{commit}}");
        let commit = git(project, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        if !commit.status.success() {
            let failure = Failure::new(format!("the repository has no revision `{name}`"));
            let hint = "`git branch --all` and `git tag` name what there is; `git fetch` brings what is not";
            return Err(failure.hint(hint).into());
        }
        let real = project.canonicalize().unwrap_or_else(|_| project.to_owned());
        let project = real.strip_prefix(&root).map(Path::to_owned).unwrap_or_default();
        Ok(Self { name: name.to_owned(), commit: line(&commit.stdout), root, project })
    }

    /// What messages call it.
    pub(crate) fn shown(&self) -> String {
        format!("git:{}", self.name)
    }

    /// The stacks of the revision: by its snapshots, else by the assembly that is committed there;
    /// nothing where neither is.
    pub(crate) fn stacks(&self, snapshots: &Path, assembly: &Path) -> Result<Option<Vec<StackState>>> {
        let is_snapshot = |file: &str| !file.contains('/') && stack_state::snapshot_name(file).is_some();
        for (directory, kind) in [(snapshots, Kind::Snapshots), (assembly, Kind::Assembly)] {
            let Some(inside) = self.inside(directory) else { continue };
            let files: Vec<String> = match kind {
                Kind::Snapshots => {
                    self.files(&inside)?.into_iter().filter(|file| is_snapshot(file)).collect()
                }
                Kind::Assembly => self.files(&inside)?,
            };
            let there = match kind {
                Kind::Snapshots => !files.is_empty(),
                Kind::Assembly => files.iter().any(|file| file == MANIFEST),
            };
            if there {
                let copy = tempfile::tempdir().context("cannot make a temporary directory")?;
                self.copy(&inside, &files, copy.path())?;
                let shown = format!("{}:{inside}", self.shown());
                return stack_state::of_directory(copy.path(), &shown).map(Some);
            }
        }
        Ok(None)
    }

    /// The stacks that the app of the revision synthesizes.
    pub(crate) fn build(&self, global: &Global, terminal: &mut Terminal) -> Result<Vec<StackState>> {
        let place = tempfile::tempdir().context("cannot make a temporary directory")?;
        terminal.tell(&format!("building the app of `{}`", self.shown()));
        let checkout = Checkout::new(&self.root, &self.commit, &place.path().join("checkout"))?;
        let mut settings = Settings::load_in(global, &checkout.path().join(&self.project))
            .with_context(|| format!("the project of `{}`", self.shown()))?;
        settings.output = place.path().join("assembly");
        let synthesized = app::synthesize(&settings, terminal)
            .with_context(|| format!("`{}` cannot be synthesized", self.shown()))?;
        match synthesized {
            Synthesized::Assembly(assembly) => stack_state::of_assembly(&assembly),
            Synthesized::Findings(findings) => Err(report_failed(&findings, terminal)),
        }
    }

    /// A directory as git names it, from the root of the repository.
    fn inside(&self, directory: &Path) -> Option<String> {
        let whole = if directory.is_absolute() {
            let parent = directory.parent()?.canonicalize().ok()?;
            parent.join(directory.file_name()?).strip_prefix(&self.root).ok()?.to_owned()
        } else {
            self.project.join(directory)
        };
        let mut parts: Vec<&str> = Vec::new();
        for component in whole.components() {
            match component {
                Component::Normal(part) => parts.push(part.to_str()?),
                Component::ParentDir => {
                    parts.pop()?;
                }
                _ => {}
            }
        }
        (!parts.is_empty()).then(|| parts.join("/"))
    }

    /// The files below a directory, from there.
    fn files(&self, directory: &str) -> Result<Vec<String>> {
        let tree = format!("{}:{directory}", self.commit);
        let listing = git(&self.root, &["ls-tree", "-r", "-z", "--name-only", "--end-of-options", &tree])?;
        // Git fails where the revision has no such directory.
        let names = String::from_utf8_lossy(&listing.stdout);
        Ok(names
            .split('\0')
            .filter(|name| !name.is_empty() && !name.contains('\n'))
            .map(str::to_owned)
            .collect())
    }

    /// Writes files of a directory of the revision into another directory.
    fn copy(&self, directory: &str, files: &[String], to: &Path) -> Result<()> {
        let cannot = || format!("cannot read `{directory}` of `{}`", self.shown());
        let mut child = command(&self.root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| no_git(&error))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(mut input), Some(output)) = (input, output) else {
            return Err(Failure::new(cannot()).into());
        };
        let copied: io::Result<()> = thread::scope(|scope| {
            // Git answers while it is asked; who asks all first waits for ever.
            scope.spawn(move || -> io::Result<()> {
                files.iter().try_for_each(|file| writeln!(input, "{}:{directory}/{file}", self.commit))
            });
            let mut output = BufReader::new(output);
            files.iter().try_for_each(|file| {
                let bytes = answer(&mut output)?;
                let path = to.join(file);
                fs::create_dir_all(path.parent().unwrap_or(to))?;
                fs::write(path, bytes)
            })
        });
        copied.with_context(cannot)?;
        child.wait().with_context(cannot)?;
        Ok(())
    }
}

/// What a directory of a revision may be.
#[derive(Clone, Copy)]
enum Kind {
    Snapshots,
    Assembly,
}

/// One answer of `git cat-file --batch`: a line that ends with the size, the bytes, a line's end.
fn answer(output: &mut impl io::BufRead) -> io::Result<Vec<u8>> {
    let mut header = String::new();
    output.read_line(&mut header)?;
    let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
    let size: usize = size.ok_or_else(|| io::Error::other(header.trim_end().to_owned()))?;
    let mut bytes = vec![0; size];
    output.read_exact(&mut bytes)?;
    output.read_exact(&mut [0])?;
    Ok(bytes)
}

fn command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(directory).stdin(Stdio::null());
    command
}

fn git(directory: &Path, arguments: &[&str]) -> Result<Output> {
    let arguments = arguments.iter().map(OsString::from);
    Ok(command(directory).args(arguments).output().map_err(|error| no_git(&error))?)
}

fn no_git(error: &io::Error) -> Failure {
    let failure = Failure::new(format!("cannot run `git`: {error}"));
    failure.hint("`--against git:REV` reads the revision by the `git` command")
}

/// The one line that git wrote.
fn line(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim_end_matches(['\n', '\r']).to_owned()
}
