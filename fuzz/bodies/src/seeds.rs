//! The templates that everything begins with: those of `fuzz/seeds`, and of a corpus if there is one.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

/// Published templates stand below the directory that this variable names.
const CORPUS: &str = "FORMWORK_CORPUS";
/// Larger ones make every execution slow.
const LARGEST: u64 = 8 << 10;

/// The seeds of a target, in a fixed order: JSON, YAML or both.
///
/// # Errors
/// A file cannot be read.
pub fn of(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds"), &mut paths)?;
    if let Some(corpus) = std::env::var_os(CORPUS) {
        collect(Path::new(&corpus), &mut paths)?;
    }
    let is_json = |path: &PathBuf| path.extension() == Some(OsStr::new("json"));
    match target {
        "json" => paths.retain(is_json),
        "yaml" => paths.retain(|path| !is_json(path)),
        _ => {}
    }
    paths.iter().map(fs::read).collect()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path
            .extension()
            .and_then(OsStr::to_str)
            .is_some_and(|ending| ["json", "yaml", "yml", "template"].contains(&ending))
            && path.metadata()?.len() <= LARGEST
        {
            paths.push(path);
        }
    }
    Ok(())
}
