//! The archive of a directory: the same bytes on every machine.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::AssetError;

/// From this length on, a file needs the larger form of an archive.
const LARGE: u64 = 4 * 1024 * 1024 * 1024 - 1;

/// The archive of a directory, in a temporary file.
pub(super) async fn of(directory: PathBuf) -> Result<NamedTempFile, AssetError> {
    blocking(directory, |directory| {
        let mut file = NamedTempFile::new()?;
        write(directory, io::BufWriter::new(file.as_file_mut()))?;
        Ok(file)
    })
    .await
}

/// The SHA-256 and the length of a file.
pub(super) async fn measure(path: PathBuf) -> Result<([u8; 32], u64), AssetError> {
    blocking(path, |path| {
        let mut file = fs::File::open(path)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        let mut length = 0;
        loop {
            let count = io::Read::read(&mut file, &mut buffer)?;
            if count == 0 {
                return Ok((hash.finalize().into(), length));
            }
            length += count as u64;
            hash.update(buffer.get(..count).unwrap_or_default());
        }
    })
    .await
}

/// Reads and compresses where it holds nobody up.
async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, AssetError> {
    let shown = path.clone();
    let done = tokio::task::spawn_blocking(move || work(&path)).await;
    done.map_err(io::Error::other).flatten().map_err(|error| AssetError::File { path: shown, error })
}

fn write(directory: &Path, to: impl io::Write + io::Seek) -> io::Result<()> {
    let mut archive = ZipWriter::new(to);
    let mut files = Vec::new();
    collect(directory, "", &mut files)?;
    files.sort();
    for (name, path) in files {
        let mut file = fs::File::open(&path)?;
        let metadata = file.metadata()?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(if is_executable(&metadata) { 0o755 } else { 0o644 })
            .large_file(metadata.len() >= LARGE);
        archive.start_file(name, options)?;
        io::copy(&mut file, &mut archive)?;
    }
    io::Write::flush(&mut archive.finish()?)
}

/// Every file below a directory by its place in it, links followed.
fn collect(directory: &Path, place: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| io::Error::other(format!("`{}` is not Unicode", path.display())))?;
        let place = if place.is_empty() { name.to_owned() } else { format!("{place}/{name}") };
        if fs::metadata(&path)?.is_dir() {
            collect(&path, &place, files)?;
        } else {
            files.push((place, path));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_archive_is_the_same_bytes_everywhere() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("lib")).unwrap();
        for (name, text) in [("z.py", "z"), ("lib/a.py", "a"), ("index.py", &"index ".repeat(1_000))] {
            fs::write(directory.path().join(name), text).unwrap();
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(directory.path().join("z.py"), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let archive = of(directory.path().to_owned()).await.unwrap();
        let (sha256, length) = measure(archive.path().to_owned()).await.unwrap();
        let text = format!("{length} {}", crate::digest::hexadecimal(&sha256));
        insta::assert_snapshot!(text, @"329 7fab71b7c0ccd64cf9b6d864cb114bc7ed5e085bad26276e329e311cf48f7416");

        let mut read = zip::ZipArchive::new(fs::File::open(archive.path()).unwrap()).unwrap();
        let names: Vec<String> = read.file_names().map(str::to_owned).collect();
        assert_eq!(names, ["index.py", "lib/a.py", "z.py"]);
        let file = read.by_name("z.py").unwrap();
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o644));
        assert_eq!(file.last_modified(), Some(DateTime::DEFAULT));
    }

    #[tokio::test]
    async fn a_directory_that_is_not_there_is_named() {
        let error = of(PathBuf::from("no/such/directory")).await.unwrap_err();
        assert!(error.to_string().starts_with("`no/such/directory`: "), "{error}");
    }
}
