//! What is below a path: its files, and the digest of them all.

use std::{
    fmt::Write as _,
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

use formwork_template::Finding;
use sha2::{Digest as _, Sha256};

use super::{AssetContent, AssetFile, Staging, SynthesizedAsset, pattern::Patterns};
use crate::{
    assembly::{FACTS, MANIFEST},
    node::Where,
    scope::Scope,
};

/// What a digest begins with: another way to make it is another digest.
const FORM: &str = "formwork.asset/1";

/// Why an asset cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum TreeError {
    #[error("there is no `{}`", .0.display())]
    Missing(PathBuf),
    #[error("`{}` holds no files", .0.display())]
    Empty(PathBuf),
    #[error("the link `{}` leads out of its directory", .0.display())]
    Outside(PathBuf),
    #[error("the link `{}` leads nowhere", .0.display())]
    Dangling(PathBuf),
    #[error("the link `{}` leads back to a directory that it is in", .0.display())]
    Circle(PathBuf),
    #[error("`{}` is neither a file nor a directory", .0.display())]
    Special(PathBuf),
    #[error("`{}` has a name that is not Unicode", .0.display())]
    Name(PathBuf),
    #[error("cannot read `{}`: {}", .0.display(), .1)]
    Read(PathBuf, io::Error),
}

impl TreeError {
    fn hint(&self) -> &'static str {
        match self {
            Self::Missing(_) => {
                "a relative path begins at the directory that the app runs in; `concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/...\")` begins at the package"
            }
            Self::Empty(_) => "build what belongs there first, or look at what is excluded",
            Self::Outside(_) | Self::Dangling(_) | Self::Circle(_) => {
                "put the file itself there, or exclude the link"
            }
            Self::Special(_) | Self::Name(_) | Self::Read(..) => "exclude it, if it is not needed",
        }
    }
}

/// The files below a path, or the file that it is, sorted by their places.
pub(super) fn read(path: &Path, exclude: &Patterns) -> Result<Vec<AssetFile>, TreeError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => TreeError::Missing(path.to_owned()),
        _ => TreeError::Read(path.to_owned(), error),
    };
    let root = fs::canonicalize(path).map_err(failed)?;
    let metadata = fs::metadata(&root).map_err(failed)?;
    if metadata.is_file() {
        return Ok(vec![AssetFile { path: String::new(), executable: is_executable(&metadata), from: root }]);
    }
    if !metadata.is_dir() {
        return Err(TreeError::Special(path.to_owned()));
    }
    let mut walk = Walk { root: root.clone(), exclude, around: Vec::new(), files: Vec::new() };
    walk.directory(&root, "")?;
    let mut files = walk.files;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    if files.is_empty() { Err(TreeError::Empty(path.to_owned())) } else { Ok(files) }
}

struct Walk<'a> {
    root: PathBuf,
    exclude: &'a Patterns,
    /// The directories that are being read, one in the other, without links.
    around: Vec<PathBuf>,
    files: Vec<AssetFile>,
}

impl Walk<'_> {
    fn directory(&mut self, directory: &Path, place: &str) -> Result<(), TreeError> {
        if directory.join(MANIFEST).is_file() && directory.join(FACTS).is_file() {
            // An assembly in its own asset would be another one each time.
            return Ok(());
        }
        self.around.push(directory.to_owned());
        let failed = |error| TreeError::Read(directory.to_owned(), error);
        for entry in fs::read_dir(directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let name = entry.file_name().into_string().map_err(|_| TreeError::Name(path.clone()))?;
            let place = if place.is_empty() { name } else { format!("{place}/{name}") };
            let excluded = self.exclude.exclude(&place);
            if excluded && self.exclude.prune() {
                continue;
            }
            let kind = entry.file_type().map_err(failed)?;
            if excluded && !kind.is_dir() {
                continue;
            }
            let from = if kind.is_symlink() { self.target(&path)? } else { path };
            let metadata = fs::metadata(&from).map_err(|error| TreeError::Read(from.clone(), error))?;
            if metadata.is_dir() {
                self.directory(&from, &place)?;
            } else if metadata.is_file() {
                self.files.push(AssetFile { path: place, executable: is_executable(&metadata), from });
            } else {
                return Err(TreeError::Special(from));
            }
        }
        self.around.pop();
        Ok(())
    }

    /// Where a link leads to.
    fn target(&self, link: &Path) -> Result<PathBuf, TreeError> {
        let target = fs::canonicalize(link).map_err(|_| TreeError::Dangling(link.to_owned()))?;
        if !target.starts_with(&self.root) {
            return Err(TreeError::Outside(link.to_owned()));
        }
        if self.around.iter().any(|directory| directory.starts_with(&target)) {
            return Err(TreeError::Circle(link.to_owned()));
        }
        Ok(target)
    }
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
const fn is_executable(_: &fs::Metadata) -> bool {
    false
}

/// The digest of an asset. Every part is preceded by its length, so that no two assets look alike.
fn digest(content: &AssetContent, files: &[AssetFile]) -> Result<String, TreeError> {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    part(FORM);
    match content {
        AssetContent::File { .. } => part("file"),
        AssetContent::Directory => part("directory"),
        AssetContent::Image(build) => {
            part("image");
            for option in [&build.file, &build.target, &build.platform] {
                part(if option.is_some() { "given" } else { "none" });
                part(option.as_deref().unwrap_or_default());
            }
            part(&build.arguments.len().to_string());
            for (name, value) in &build.arguments {
                part(name);
                part(value);
            }
        }
    }
    for file in files {
        let failed = |error| TreeError::Read(file.from.clone(), error);
        hash.update((file.path.len() as u64).to_be_bytes());
        hash.update(&file.path);
        hash.update([u8::from(file.executable)]);
        let mut opened = fs::File::open(&file.from).map_err(failed)?;
        let mut contents = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = opened.read(&mut buffer).map_err(failed)?;
            if count == 0 {
                break;
            }
            contents.update(&buffer[..count]);
        }
        hash.update(contents.finalize());
    }
    let text = hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok(text)
}

impl Scope<'_> {
    /// Adds an asset, and says where it will be: the bucket and repository, and its name there.
    pub(super) fn add_asset(
        &mut self,
        id: &str,
        files: Result<Vec<AssetFile>, TreeError>,
        content: AssetContent,
        location: Where,
    ) -> (Staging, String) {
        let location = self.line_of(location);
        let id = format!("{}{id}", self.path());
        let staging = self.model.staging.clone();
        let made = files.and_then(|files| Ok((digest(&content, &files)?, files)));
        let (digest, files) = made.unwrap_or_else(|error| {
            let finding = Finding::error("FW0111", format!("the asset `{id}` cannot be made: {error}"));
            self.report(finding.hint(error.hint()).at(location));
            ("0".repeat(64), Vec::new())
        });
        let asset = SynthesizedAsset {
            id,
            digest,
            content,
            source: location.into(),
            staging: staging.clone(),
            files,
        };
        let name = asset.name();
        let known = self.stack_model().assets.iter().find(|known| known.id == asset.id);
        if let Some(first) = known.map(|known| known.source.clone()) {
            let message = format!(
                "two assets have the id `{}`: the first is at {}:{}",
                asset.id, first.file, first.line
            );
            let hint = "give one of them another id, or make it in a scope of its own";
            self.report(Finding::error("FW0101", message).hint(hint).at(location));
        }
        self.stack_model().assets.push(asset);
        (staging, name)
    }
}
