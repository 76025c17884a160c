//! Files, directories and container images that are uploaded before their stack is deployed.

#[cfg(feature = "assets")]
mod file;
#[cfg(feature = "assets")]
mod image;
#[cfg(feature = "assets")]
mod pattern;
#[cfg(feature = "assets")]
mod tree;

use std::{collections::BTreeMap, path::PathBuf};

use formwork_template::Source;

#[cfg(feature = "assets")]
pub use file::{FileAsset, FileSource};
#[cfg(feature = "assets")]
pub use image::{ImageAsset, ImageSource};

/// Where assets are uploaded to: a bucket, and a repository for images.
///
/// Their names are known when the template is written, so that they stand in it. They may hold
/// `${AWS::AccountId}`, `${AWS::Region}` and `${AWS::Partition}`.
///
/// ```
/// use formwork_core::{App, Staging};
///
/// // For accounts that have run `cdk bootstrap` and not `formwork bootstrap`.
/// let app = App::new().with_staging(Staging::cdk());
/// # let _ = app;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staging {
    pub(crate) bucket: String,
    pub(crate) repository: String,
}

impl Staging {
    /// What `formwork bootstrap` makes; this is the default.
    pub fn formwork() -> Self {
        // No other account can have a bucket whose name ends like this.
        Self::new("formwork-assets-${AWS::AccountId}-${AWS::Region}-an", "formwork-images")
    }

    /// What `cdk bootstrap` makes.
    pub fn cdk() -> Self {
        Self::cdk_with_qualifier("hnb659fds")
    }

    /// What `cdk bootstrap --qualifier` makes.
    pub fn cdk_with_qualifier(qualifier: &str) -> Self {
        Self::new(
            format!("cdk-{qualifier}-assets-${{AWS::AccountId}}-${{AWS::Region}}"),
            format!("cdk-{qualifier}-container-assets-${{AWS::AccountId}}-${{AWS::Region}}"),
        )
    }

    /// A bucket and an ECR repository of your own.
    pub fn new(bucket: impl Into<String>, repository: impl Into<String>) -> Self {
        Self { bucket: bucket.into(), repository: repository.into() }
    }
}

impl Default for Staging {
    fn default() -> Self {
        Self::formwork()
    }
}

/// Something that is uploaded before its stack is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SynthesizedAsset {
    /// The path in the stack: that of its scope, and its own id.
    pub id: String,
    /// SHA-256 of all that is in it, which its name in the bucket or repository holds.
    pub digest: String,
    /// What it is.
    pub content: AssetContent,
    /// The line that made it.
    pub source: Source,
    pub(crate) staging: Staging,
    pub(crate) files: Vec<AssetFile>,
}

/// What an asset is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssetContent {
    /// A file, uploaded as it is.
    File {
        /// What its name ends with, dot and all; empty where it has no such end.
        extension: String,
    },
    /// A directory, uploaded as a zip archive.
    Directory,
    /// A directory that an image is built from.
    Image(ImageBuild),
}

/// How an image is built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ImageBuild {
    /// The Dockerfile, where it is not `Dockerfile`.
    pub file: Option<String>,
    /// The stage of the Dockerfile to build.
    pub target: Option<String>,
    /// The platform to build for (`linux/arm64`).
    pub platform: Option<String>,
    /// The values of `ARG`s.
    pub arguments: BTreeMap<String, String>,
}

/// A file of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssetFile {
    /// Its place in the asset, with `/`; empty for an asset that is a file itself.
    pub(crate) path: String,
    pub(crate) from: PathBuf,
    pub(crate) executable: bool,
}

impl SynthesizedAsset {
    /// The key of the object, or the tag of the image.
    pub(crate) fn name(&self) -> String {
        match &self.content {
            AssetContent::File { extension } => format!("{}{extension}", self.digest),
            AssetContent::Directory => format!("{}.zip", self.digest),
            AssetContent::Image(_) => self.digest.clone(),
        }
    }

    /// The name of the file or directory in the assembly.
    pub(crate) fn staged(&self) -> String {
        match &self.content {
            AssetContent::File { extension } => format!("asset.{}{extension}", self.digest),
            AssetContent::Directory | AssetContent::Image(_) => format!("asset.{}", self.digest),
        }
    }
}

/// A type of property that names an object in a bucket.
///
/// A [`FileAsset`](crate::FileAsset) goes where such a property is wanted.
pub trait ObjectLocation {
    /// The property of the bucket's name.
    const BUCKET: &'static str;
    /// The property of the object's key.
    const KEY: &'static str;
}
