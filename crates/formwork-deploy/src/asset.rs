//! [`Publisher`]: uploads what stacks need before they are deployed.
//!
//! An assembly says what that is in `NAME.assets.json`, in the form of the CDK: files and
//! directories that go to a bucket, and images that are built and go to a repository. Each is
//! named by the digest of what is in it, and uploaded unless it is there.

mod archive;
mod container;
mod error;
mod manifest;
mod registry;
mod site;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use futures_util::{StreamExt as _, stream};
use tokio::sync::Mutex;

use crate::{
    clock::Clock,
    object::{Body, Content, ObjectAddress, exists},
    operator::Operator,
    progress::Progress,
    retry::{RetryPolicy, attempt},
};

use manifest::{Destination, File, Image, Packaging};

pub use container::{ContainerCommand, ContainerError};
pub use error::{AssetError, AssetFailure};
pub use manifest::AssetManifest;
pub use registry::{Registry, RegistryLogin};
pub use site::Site;

/// How many assets are worked on at a time.
const CONCURRENCY: usize = 8;

/// What one stack needs, and where it goes.
#[derive(Debug)]
pub struct StackAssets<'a> {
    /// The stack, to tell about it.
    pub stack: &'a str,
    /// What it needs.
    pub manifest: &'a AssetManifest,
    /// The account and region.
    pub site: &'a Site,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Published {
    /// How many were uploaded.
    pub uploaded: usize,
    /// How many were there already.
    pub present: usize,
}

/// Uploads assets, several at a time, and each once.
pub struct Publisher<'a> {
    clock: &'a dyn Clock,
    operator: &'a dyn Operator,
    command: ContainerCommand,
    retry: RetryPolicy,
    /// The images that are built: one at a time, since each takes the whole machine.
    built: Mutex<BTreeSet<String>>,
}

impl std::fmt::Debug for Publisher<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Publisher").field("command", &self.command).finish_non_exhaustive()
    }
}

/// One asset at one place.
struct Upload<'a> {
    stack: &'a str,
    site: &'a Site,
    directory: &'a Path,
    digest: &'a str,
    asset: &'a str,
    source: Source<'a>,
    destination: &'a Destination,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    File(&'a File),
    Image(&'a Image),
}

impl<'a> Publisher<'a> {
    /// A publisher that builds images by the command that the environment names, or by `docker`.
    pub fn new(clock: &'a dyn Clock, operator: &'a dyn Operator) -> Self {
        Self {
            clock,
            operator,
            command: ContainerCommand::from_environment(),
            retry: RetryPolicy::shared(),
            built: Mutex::default(),
        }
    }

    /// Builds images by this command.
    #[must_use]
    pub fn command(mut self, command: ContainerCommand) -> Self {
        self.command = command;
        self
    }

    /// Uploads what all these stacks need. What is there already is left as it is.
    pub async fn publish(&self, stacks: &[StackAssets<'_>]) -> Result<Published, AssetFailure> {
        let mut uploads = BTreeMap::new();
        for stack in stacks {
            for upload in uploads_of(stack) {
                // Two stacks of one place that need the same have it uploaded once.
                let place = (std::ptr::from_ref(upload.site).addr(), upload.digest, upload.destination);
                uploads.entry(place).or_insert(upload);
            }
        }
        let work = uploads.into_values().map(|upload| async move {
            let done = self.upload(&upload).await;
            done.map_err(|error| AssetFailure {
                stack: upload.stack.to_owned(),
                asset: upload.asset.to_owned(),
                error,
            })
        });
        let mut running = stream::iter(work).buffer_unordered(CONCURRENCY);
        let mut published = Published::default();
        while let Some(uploaded) = running.next().await {
            // The others are given up; the next time goes on where they were.
            if uploaded? { published.uploaded += 1 } else { published.present += 1 }
        }
        Ok(published)
    }

    /// Whether there was something to upload.
    async fn upload(&self, upload: &Upload<'_>) -> Result<bool, AssetError> {
        let assumed;
        let site = match &upload.destination.role {
            Some(role) => {
                assumed = upload.site.assume(role).await?;
                &assumed
            }
            None => upload.site,
        };
        let (container, name) = (
            site.resolve(&upload.destination.container).await?,
            site.resolve(&upload.destination.name).await?,
        );
        match upload.source {
            Source::File(file) => self.upload_file(upload, site, file, container, name).await,
            Source::Image(image) => self.upload_image(upload, site, image, &container, &name).await,
        }
    }

    async fn upload_file(
        &self,
        upload: &Upload<'_>,
        site: &Site,
        file: &File,
        bucket: String,
        key: String,
    ) -> Result<bool, AssetError> {
        let owner = site.account().await?.to_owned();
        let object = ObjectAddress { bucket, key, owner };
        if exists(site.objects(), self.clock, &self.retry, &object).await? {
            return Ok(false);
        }
        let path = upload.directory.join(&file.path);
        // The archive goes with the handle, which lives until the upload is over.
        let packed = match file.packaging {
            Packaging::Zip => Some(archive::of(path.clone()).await?),
            Packaging::File => None,
        };
        let path = packed.as_ref().map_or(path, |packed| packed.path().to_owned());
        let (sha256, bytes) = archive::measure(path.clone()).await?;
        self.tell(upload, |stack, asset| Progress::Uploading { stack, asset, bytes: Some(bytes) });
        let media_type = match file.packaging {
            Packaging::Zip => "application/zip",
            Packaging::File => "application/octet-stream",
        };
        let content = Content { body: Body::File(path), sha256, media_type };
        attempt(self.clock, &self.retry, || site.objects().put(&object, &content)).await.result?;
        self.tell(upload, |stack, asset| Progress::Uploaded { stack, asset });
        Ok(true)
    }

    async fn upload_image(
        &self,
        upload: &Upload<'_>,
        site: &Site,
        image: &Image,
        repository: &str,
        tag: &str,
    ) -> Result<bool, AssetError> {
        let registry = site.registry();
        if attempt(self.clock, &self.retry, || registry.exists(repository, tag)).await.result? {
            return Ok(false);
        }
        let local = format!("formwork-asset:{}", upload.digest);
        {
            let mut built = self.built.lock().await;
            if !built.contains(upload.digest) {
                self.tell(upload, |stack, asset| Progress::Building { stack, asset });
                self.command.build(&upload.directory.join(&image.directory), image, &local).await?;
                built.insert(upload.digest.to_owned());
            }
        }
        let host = site.log_in(&self.command, self.clock, &self.retry).await?;
        let remote = format!("{host}/{repository}:{tag}");
        self.tell(upload, |stack, asset| Progress::Uploading { stack, asset, bytes: None });
        self.command.tag(&local, &remote).await?;
        self.command.push(&remote).await?;
        self.tell(upload, |stack, asset| Progress::Uploaded { stack, asset });
        Ok(true)
    }

    fn tell(&self, upload: &Upload<'_>, progress: impl FnOnce(String, String) -> Progress) {
        self.operator.progress(&progress(upload.stack.to_owned(), upload.asset.to_owned()));
    }
}

/// Each asset of a stack at each place that it goes to.
fn uploads_of<'a>(stack: &StackAssets<'a>) -> Vec<Upload<'a>> {
    let StackAssets { stack, manifest, site } = *stack;
    let directory = manifest.directory();
    let files = manifest.files.iter().map(|(digest, file)| {
        (digest, file.display_name.as_ref(), Source::File(&file.source), &file.destinations)
    });
    let images = manifest.images.iter().map(|(digest, image)| {
        (digest, image.display_name.as_ref(), Source::Image(&image.source), &image.destinations)
    });
    files
        .chain(images)
        .flat_map(|(digest, name, source, destinations)| {
            let asset = name.map_or(digest.as_str(), String::as_str);
            destinations.values().map(move |destination| Upload {
                stack,
                site,
                directory,
                digest,
                asset,
                source,
                destination,
            })
        })
        .collect()
}
