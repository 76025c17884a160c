//! [`Against`]: what stacks are compared with.

use std::{
    convert::Infallible,
    env,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::Result;

use crate::{
    arguments::Global,
    failure::Failure,
    place,
    project_file::ProjectFile,
    revision::Revision,
    settings::Settings,
    stack_state::{self, StackState},
    terminal::Terminal,
};

/// What a revision's name begins with.
const GIT: &str = "git:";

/// What stacks are compared with.
#[derive(Debug, Clone)]
pub(crate) enum Against {
    /// A revision of the repository.
    Revision(String),
    /// A file or a directory.
    Path(PathBuf),
}

impl FromStr for Against {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix(GIT) {
            Some(revision) => Self::Revision(revision.to_owned()),
            None => Self::Path(PathBuf::from(text)),
        })
    }
}

/// The old side.
pub(crate) struct Before {
    pub(crate) stacks: Vec<StackState>,
    /// What messages call it.
    pub(crate) shown: String,
}

impl Before {
    /// Reads a directory.
    pub(crate) fn of_directory(directory: &Path) -> Result<Self> {
        let shown = place::shown(directory);
        Ok(Self { stacks: stack_state::of_directory(directory, &shown)?, shown })
    }
}

impl Against {
    /// The directory that this is, unless the app writes there.
    pub(crate) fn directory_beside(&self, settings: &Settings) -> Result<Option<PathBuf>> {
        let Self::Path(path) = self else { return Ok(None) };
        let path = place::from(&env::current_dir()?, path)?;
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Ok((path.is_dir() && real(&path) != real(&settings.output)).then_some(path))
    }

    /// Reads the old side of a project. A file is the template of a stack that is yet to be named.
    pub(crate) fn read(
        &self,
        build: bool,
        global: &Global,
        settings: &Settings,
        project: &ProjectFile,
        terminal: &mut Terminal,
    ) -> Result<Before> {
        let current = env::current_dir()?;
        match self {
            Self::Revision(name) => {
                let directory = project.path.parent().filter(|path| !path.as_os_str().is_empty());
                let revision = Revision::find(name, directory.unwrap_or(&current))?;
                let stacks = match revision.stacks(&project.diff.snapshots, &settings.output)? {
                    Some(stacks) => stacks,
                    None if build => revision.build(global, terminal)?,
                    None => return Err(nothing_committed(&revision, &project.diff.snapshots)),
                };
                Ok(Before { stacks, shown: revision.shown() })
            }
            Self::Path(path) => {
                let path = place::from(&current, path)?;
                if path.is_dir() {
                    return Before::of_directory(&path);
                }
                let shown = place::shown(&path);
                if !path.exists() {
                    let failure = Failure::new(format!("there is neither a file nor a directory `{shown}`"));
                    return Err(failure.hint(meaning(&path, &self.to_text())).into());
                }
                Ok(Before { stacks: vec![StackState::of_file(&shown)?], shown })
            }
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Revision(name) => format!("{GIT}{name}"),
            Self::Path(path) => path.display().to_string(),
        }
    }
}

/// What was probably meant by a path that is not there.
fn meaning(path: &Path, text: &str) -> String {
    if path.extension().is_none() {
        return format!("a revision of the repository is `{GIT}{text}`");
    }
    "give an assembly, a directory of snapshots, a template, or `git:REV`".to_owned()
}

fn nothing_committed(revision: &Revision, snapshots: &Path) -> anyhow::Error {
    let shown = revision.shown();
    let message = format!(
        "`{shown}` has no snapshots in `{}`, and no assembly is committed there",
        snapshots.display()
    );
    let hint = "`--build` builds the app at that revision; `[diff] snapshots` in `formwork.toml` says where snapshots are";
    Failure::new(message).hint(hint).into()
}
