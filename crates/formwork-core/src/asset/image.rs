//! [`ImageAsset`]: a container image in a repository.

use std::{
    fs,
    panic::Location,
    path::{Path, PathBuf},
};

use super::{
    AssetContent, ImageBuild, Staging,
    file::substituted,
    pattern::Patterns,
    tree::{self, TreeError},
};
use crate::{expr::Expr, scope::Scope};

/// What `docker build` reads unless told.
const DOCKERFILE: &str = "Dockerfile";
const IGNORED: &str = ".dockerignore";

/// A directory of this machine with a Dockerfile. What its `.dockerignore` names is left out.
#[derive(Debug, Clone)]
#[must_use]
pub struct ImageSource {
    directory: PathBuf,
    build: ImageBuild,
}

impl ImageSource {
    /// A directory; a relative path as with [`FileSource`](crate::FileSource).
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), build: ImageBuild::default() }
    }

    /// The Dockerfile in the directory, where it is not `Dockerfile`.
    pub fn file(mut self, path: impl Into<String>) -> Self {
        self.build.file = Some(path.into());
        self
    }

    /// The stage of the Dockerfile to build; the last one unless told.
    pub fn target(mut self, stage: impl Into<String>) -> Self {
        self.build.target = Some(stage.into());
        self
    }

    /// The platform to build for (`linux/arm64`); that of the machine unless told.
    pub fn platform(mut self, platform: impl Into<String>) -> Self {
        self.build.platform = Some(platform.into());
        self
    }

    /// The value of an `ARG`. It is in the assembly, and in the image's history: no place for secrets.
    pub fn argument(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.build.arguments.insert(name.into(), value.into());
        self
    }
}

impl From<&str> for ImageSource {
    fn from(directory: &str) -> Self {
        Self::new(directory)
    }
}

impl From<&Path> for ImageSource {
    fn from(directory: &Path) -> Self {
        Self::new(directory)
    }
}

impl From<PathBuf> for ImageSource {
    fn from(directory: PathBuf) -> Self {
        Self::new(directory)
    }
}

/// A container image that is in a repository by the time that its stack is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageAsset {
    staging: Staging,
    tag: String,
}

impl ImageAsset {
    /// The address with the tag, as ECS and Lambda want it.
    pub fn uri(&self) -> Expr<String> {
        substituted(format!(
            "${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/{}:{}",
            self.staging.repository, self.tag
        ))
    }

    /// The name of the repository, for who may pull from it.
    pub fn repository(&self) -> Expr<String> {
        substituted(self.staging.repository.clone())
    }

    /// The ARN of the repository, for who may pull from it.
    pub fn repository_arn(&self) -> Expr<String> {
        substituted(format!(
            "arn:${{AWS::Partition}}:ecr:${{AWS::Region}}:${{AWS::AccountId}}:repository/{}",
            self.staging.repository
        ))
    }

    /// The tag: the digest of what the image is built from, so that other sources are another tag.
    pub fn tag(&self) -> Expr<String> {
        Expr::from(self.tag.as_str())
    }
}

impl Scope<'_> {
    /// Adds a container image that is built and uploaded before the stack is deployed.
    ///
    /// Its directory is read now, as with [`Scope::file_asset`].
    #[track_caller]
    pub fn image_asset(&mut self, id: &str, source: impl Into<ImageSource>) -> ImageAsset {
        let location = Location::caller();
        let ImageSource { directory, build } = source.into();
        let file = build.file.as_deref().unwrap_or(DOCKERFILE);
        let files = ignored(&directory, file).and_then(|patterns| tree::read(&directory, &patterns));
        let files = files.and_then(|files| {
            let there = files.iter().any(|known| known.path == file);
            if there { Ok(files) } else { Err(TreeError::Missing(directory.join(file))) }
        });
        let (staging, tag) = self.add_asset(id, files, AssetContent::Image(build), location);
        ImageAsset { staging, tag }
    }
}

/// What docker leaves out: the Dockerfile's own list goes before the directory's.
fn ignored(directory: &Path, file: &str) -> Result<Patterns, TreeError> {
    let mut patterns = Patterns::default();
    for name in [format!("{file}{IGNORED}"), IGNORED.to_owned()] {
        let path = directory.join(name);
        if path.is_file() {
            let text = fs::read_to_string(&path).map_err(|error| TreeError::Read(path, error))?;
            text.lines().for_each(|line| patterns.add(line));
            break;
        }
    }
    // These docker reads itself, whatever the list says.
    for kept in [file, IGNORED] {
        patterns.add(&format!("!{kept}"));
    }
    Ok(patterns)
}
