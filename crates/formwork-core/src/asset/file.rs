//! [`FileAsset`]: a file or a directory in a bucket.

use std::{
    fs,
    panic::Location,
    path::{Path, PathBuf},
};

use formwork_template::Text;

use super::{AssetContent, ObjectLocation, Staging, pattern::Patterns, tree};
use crate::{
    expr::Expr,
    kind::Literal,
    node::{Function, Node},
    scope::Scope,
};

/// A file or a directory of this machine.
///
/// A relative path is one below the directory that the app runs in;
/// `concat!(env!("CARGO_MANIFEST_DIR"), "/lambda")` is the same wherever that is.
#[derive(Debug, Clone)]
#[must_use]
pub struct FileSource {
    path: PathBuf,
    exclude: Patterns,
}

impl FileSource {
    /// A file, or all files below a directory.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), exclude: Patterns::default() }
    }

    /// Leaves out what a pattern says, in the form of a line of `.dockerignore`: `tests`, `**/*.pyc`,
    /// `!tests/data.json` to take in again.
    pub fn exclude(mut self, pattern: &str) -> Self {
        self.exclude.add(pattern);
        self
    }
}

impl From<&str> for FileSource {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl From<&Path> for FileSource {
    fn from(path: &Path) -> Self {
        Self::new(path)
    }
}

impl From<PathBuf> for FileSource {
    fn from(path: PathBuf) -> Self {
        Self::new(path)
    }
}

/// A file, or the zip archive of a directory, that is in a bucket by the time that its stack is
/// deployed.
///
/// It goes where a property names an object in a bucket, such as the code of a Lambda function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAsset {
    staging: Staging,
    key: String,
}

impl FileAsset {
    /// The name of the bucket.
    pub fn bucket(&self) -> Expr<String> {
        substituted(self.staging.bucket.clone())
    }

    /// The key of the object: the digest of what is in it, so that other code is another key.
    pub fn key(&self) -> Expr<String> {
        Expr::from(self.key.as_str())
    }

    /// The `https://` address, as nested stacks want it.
    pub fn url(&self) -> Expr<String> {
        let Self { staging: Staging { bucket, .. }, key } = self;
        substituted(format!("https://s3.${{AWS::Region}}.${{AWS::URLSuffix}}/{bucket}/{key}"))
    }

    /// The `s3://` address, as commands want it.
    pub fn s3_url(&self) -> Expr<String> {
        substituted(format!("s3://{}/{}", self.staging.bucket, self.key))
    }

    /// The ARN of the object, for who may read it.
    pub fn arn(&self) -> Expr<String> {
        substituted(format!("arn:${{AWS::Partition}}:s3:::{}/{}", self.staging.bucket, self.key))
    }
}

impl<T: ObjectLocation + Literal> From<&FileAsset> for Expr<T> {
    fn from(asset: &FileAsset) -> Self {
        Self::from_node(Node::Map(vec![
            (Text::Borrowed(T::BUCKET), asset.bucket().into_node()),
            (Text::Borrowed(T::KEY), asset.key().into_node()),
        ]))
    }
}

impl<T: ObjectLocation + Literal> From<FileAsset> for Expr<T> {
    fn from(asset: FileAsset) -> Self {
        Self::from(&asset)
    }
}

/// Text with pseudo parameters in it.
pub(super) fn substituted(text: String) -> Expr<String> {
    if text.contains("${") {
        Expr::from_node(Node::function(Function::Sub(Text::Owned(text), Vec::new())))
    } else {
        Expr::from(text)
    }
}

impl Scope<'_> {
    /// Adds a file, or the zip archive of a directory, that is uploaded before the stack is deployed.
    ///
    /// It is read now, and its name in the bucket is the digest of what is in it: relative paths,
    /// contents, and which files can be executed. Times and owners do not matter. Links are
    /// followed, but not out of the directory. Empty directories and synthesized assemblies are
    /// left out.
    ///
    /// ```
    /// use formwork_core::{App, Build, RawResource};
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("web");
    /// let page = stack.file_asset("Page", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    /// RawResource::new("AWS::SSM::Parameter")
    ///     .property("Type", "String")
    ///     .property("Value", page.s3_url())
    ///     .build(&mut stack, "Address");
    /// # app.synthesize()?;
    /// # Ok::<(), formwork_core::SynthError>(())
    /// ```
    #[track_caller]
    pub fn file_asset(&mut self, id: &str, source: impl Into<FileSource>) -> FileAsset {
        let location = Location::caller();
        let FileSource { path, exclude } = source.into();
        let content = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => AssetContent::File { extension: extension(&path) },
            _ => AssetContent::Directory,
        };
        let files = tree::read(&path, &exclude);
        let (staging, key) = self.add_asset(id, files, content, location);
        FileAsset { staging, key }
    }
}

/// What a file name ends with, dot and all.
fn extension(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(".tar.gz") {
        return ".tar.gz".to_owned();
    }
    path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default()
}
