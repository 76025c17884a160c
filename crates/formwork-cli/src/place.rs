//! Paths as people write and read them.

use std::{
    env, io,
    path::{self, Path, PathBuf},
};

/// A path that a person wrote, from the directory that it starts at.
pub(crate) fn from(directory: &Path, path: &Path) -> io::Result<PathBuf> {
    path::absolute(directory.join(path))
}

/// A path, from the current directory where it is below that.
pub(crate) fn shown(path: &Path) -> String {
    let below =
        env::current_dir().ok().and_then(|current| path.strip_prefix(current).ok().map(Path::to_owned));
    match below {
        Some(below) if below.as_os_str().is_empty() => ".".to_owned(),
        Some(below) => below.display().to_string(),
        None => path.display().to_string(),
    }
}
