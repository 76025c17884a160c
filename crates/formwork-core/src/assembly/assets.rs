//! `NAME.assets.json`, in the form of a CDK asset manifest, and the copies that it names.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::manifest::VERSION;
use crate::{
    asset::{AssetContent, ImageBuild, SynthesizedAsset},
    stack::Environment,
};

/// The destination that the `cdk` command takes for the account and region of the stack.
const DESTINATION: &str = "current_account-current_region";

/// The manifest of these assets.
pub(super) fn manifest(assets: &[SynthesizedAsset], environment: &Environment) -> String {
    let (mut files, mut images) = (Map::new(), Map::new());
    for asset in assets {
        let staged = asset.staged();
        let (source, destination, list) = match &asset.content {
            AssetContent::File { .. } => {
                (json!({"path": staged, "packaging": "file"}), object(asset), &mut files)
            }
            AssetContent::Directory => {
                (json!({"path": staged, "packaging": "zip"}), object(asset), &mut files)
            }
            AssetContent::Image(build) => (image(&staged, build), tag(asset), &mut images),
        };
        let mut destination = destination;
        if let (Some(region), Value::Object(fields)) = (&environment.region, &mut destination) {
            fields.insert("region".to_owned(), json!(region));
        }
        let entry = json!({
            "displayName": asset.id,
            "source": source,
            "destinations": {DESTINATION: destination},
        });
        list.insert(asset.digest.clone(), entry);
    }
    format!("{:#}\n", json!({"version": VERSION, "files": files, "dockerImages": images}))
}

fn object(asset: &SynthesizedAsset) -> Value {
    json!({"bucketName": asset.staging.bucket, "objectKey": asset.name()})
}

fn tag(asset: &SynthesizedAsset) -> Value {
    json!({"repositoryName": asset.staging.repository, "imageTag": asset.name()})
}

fn image(staged: &str, build: &ImageBuild) -> Value {
    let mut source = Map::from_iter([("directory".to_owned(), json!(staged))]);
    for (name, option) in
        [("dockerFile", &build.file), ("dockerBuildTarget", &build.target), ("platform", &build.platform)]
    {
        if let Some(option) = option {
            source.insert(name.to_owned(), json!(option));
        }
    }
    if !build.arguments.is_empty() {
        source.insert("dockerBuildArgs".to_owned(), json!(build.arguments));
    }
    Value::Object(source)
}

/// Copies what is in an asset to a path.
pub(super) fn copy(asset: &SynthesizedAsset, to: &Path) -> Result<(), (PathBuf, io::Error)> {
    for file in &asset.files {
        let place = if file.path.is_empty() { to.to_owned() } else { to.join(&file.path) };
        let copied = place.parent().map_or(Ok(()), fs::create_dir_all);
        copied.and_then(|()| fs::copy(&file.from, &place)).map_err(|error| (place, error))?;
    }
    Ok(())
}
