//! [`AssetManifest`]: what a stack needs, as the assembly says it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::AssetError;

/// What a stack needs: an asset manifest of the CDK, which formwork writes too.
#[derive(Debug)]
pub struct AssetManifest {
    directory: PathBuf,
    pub(super) files: BTreeMap<String, Asset<File>>,
    pub(super) images: BTreeMap<String, Asset<Image>>,
}

/// One asset, and where it goes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asset<S> {
    pub(super) display_name: Option<String>,
    pub(super) source: S,
    pub(super) destinations: BTreeMap<String, Destination>,
}

/// A file or directory of the assembly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) path: PathBuf,
    #[serde(default)]
    pub(super) packaging: Packaging,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Packaging {
    #[default]
    File,
    Zip,
}

/// How an image is built. What it says beyond this cannot be done here, and is refused.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Image {
    pub(super) directory: PathBuf,
    pub(super) docker_file: Option<String>,
    pub(super) docker_build_target: Option<String>,
    #[serde(default)]
    pub(super) docker_build_args: BTreeMap<String, String>,
    pub(super) platform: Option<String>,
    pub(super) network_mode: Option<String>,
}

/// Where an asset goes. Its texts may hold placeholders for the account, region and partition.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Destination {
    /// The bucket or repository.
    #[serde(alias = "bucketName", alias = "repositoryName")]
    pub(super) container: String,
    /// The key or tag.
    #[serde(alias = "objectKey", alias = "imageTag")]
    pub(super) name: String,
    /// The role to upload as.
    #[serde(rename = "assumeRoleArn")]
    pub(super) role: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    files: BTreeMap<String, Asset<File>>,
    #[serde(default)]
    docker_images: BTreeMap<String, Asset<Image>>,
}

impl AssetManifest {
    /// Reads a file of an assembly, without the stack's own template, which the CDK lists too.
    pub fn read(directory: &Path, file: &str, template: &str) -> Result<Self, AssetError> {
        let path = directory.join(file);
        let text =
            fs::read_to_string(&path).map_err(|error| AssetError::File { path: path.clone(), error })?;
        let document: Document = serde_json::from_str(&text)
            .map_err(|error| AssetError::Manifest { path, reason: error.to_string() })?;
        let Document { mut files, docker_images } = document;
        files.retain(|_, asset| asset.source.path != Path::new(template));
        Ok(Self { directory: directory.to_owned(), files, images: docker_images })
    }

    /// Whether there is nothing to upload.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.images.is_empty()
    }

    /// The assembly.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }
}
