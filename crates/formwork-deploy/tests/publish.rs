//! Uploads of assets: to objects in memory, with a script in the place of docker.
#![cfg(unix)]
#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::Path,
    sync::{Arc, Mutex},
};

use formwork_deploy::{
    asset::{AssetManifest, ContainerCommand, Publisher, Registry, RegistryLogin, Site, StackAssets},
    error::ServiceError,
    object::{Body, Content, ObjectAddress, ObjectStore},
    operator::Operator,
    progress::Progress,
    service::Answer,
    simulation::SimulatedClock,
};

/// What is asked and told, in one list; objects and images stay once they are put.
#[derive(Default)]
struct Desk {
    told: Mutex<Vec<String>>,
    there: Mutex<BTreeSet<String>>,
}

impl Desk {
    fn tell(&self, line: String) {
        self.told.lock().unwrap().push(line);
    }

    /// All since the last time, sorted: what is done side by side has no order.
    fn take(&self) -> String {
        let mut told = std::mem::take(&mut *self.told.lock().unwrap());
        told.sort();
        told.join("\n")
    }
}

impl Operator for Desk {
    fn progress(&self, progress: &Progress) {
        self.tell(serde_json::to_string(progress).unwrap());
    }
}

impl ObjectStore for Desk {
    fn exists<'a>(&'a self, object: &'a ObjectAddress) -> Answer<'a, bool> {
        self.tell(format!("HEAD {}/{} of {}", object.bucket, object.key, object.owner));
        let there = self.there.lock().unwrap().contains(&object.key);
        let answer = if object.bucket == "nobody" {
            Err(ServiceError::NotFound { message: "there is no bucket `nobody`".to_owned() })
        } else {
            Ok(there)
        };
        Box::pin(async move { answer })
    }

    fn put<'a>(&'a self, object: &'a ObjectAddress, content: &'a Content) -> Answer<'a, ()> {
        let Body::File(path) = &content.body else { panic!("files are not read into memory") };
        let bytes = fs::read(path).unwrap();
        let archive = bytes.starts_with(b"PK");
        let text = if archive { "an archive".to_owned() } else { String::from_utf8(bytes).unwrap() };
        self.tell(format!("PUT {}/{} as {}: {text}", object.bucket, object.key, content.media_type));
        self.there.lock().unwrap().insert(object.key.clone());
        Box::pin(async { Ok(()) })
    }
}

impl Registry for Desk {
    fn exists<'a>(&'a self, repository: &'a str, tag: &'a str) -> Answer<'a, bool> {
        self.tell(format!("DescribeImages {repository}:{tag}"));
        Box::pin(async { Ok(false) })
    }

    fn login(&self) -> Answer<'_, RegistryLogin> {
        self.tell("GetAuthorizationToken".to_owned());
        Box::pin(async {
            Ok(RegistryLogin {
                host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com".to_owned(),
                user: "AWS".to_owned(),
                password: "secret".to_owned(),
            })
        })
    }
}

const MANIFEST: &str = r#"{
    "version": "36.0.0",
    "files": {
        "template": {
            "source": {"path": "web.template.json", "packaging": "file"},
            "destinations": {"d": {"bucketName": "cdk", "objectKey": "template"}}
        },
        "aaa": {
            "displayName": "Code",
            "source": {"path": "asset.aaa", "packaging": "zip"},
            "destinations": {"d": {
                "bucketName": "assets-${AWS::AccountId}-${AWS::Region}",
                "objectKey": "aaa.zip",
                "assumeRoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/upload"
            }}
        },
        "bbb": {
            "displayName": "SitePage",
            "source": {"path": "asset.bbb.html", "packaging": "file"},
            "destinations": {"d": {"bucketName": "pages", "objectKey": "bbb.html", "region": "eu-west-1"}}
        }
    },
    "dockerImages": {
        "ccc": {
            "displayName": "Image",
            "source": {
                "directory": "asset.ccc",
                "dockerFile": "Containerfile",
                "dockerBuildArgs": {"LEVEL": "3"},
                "dockerBuildTarget": "run",
                "platform": "linux/arm64"
            },
            "destinations": {
                "one": {"repositoryName": "images", "imageTag": "ccc"},
                "two": {"repositoryName": "mirror", "imageTag": "ccc"}
            }
        }
    }
}"#;

/// The script in the place of docker, which fails where it is told to.
fn docker(directory: &Path, failing: &str) -> ContainerCommand {
    let path = directory.join("docker");
    if !path.exists() {
        symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/publish/docker.sh"), &path).unwrap();
    }
    fs::write(directory.join("failing"), failing).unwrap();
    ContainerCommand::new(path)
}

fn assembly() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::create_dir(path.join("asset.aaa")).unwrap();
    fs::create_dir(path.join("asset.ccc")).unwrap();
    fs::write(path.join("asset.aaa/index.py"), "index").unwrap();
    fs::write(path.join("asset.bbb.html"), "<p>page</p>").unwrap();
    fs::write(path.join("web.assets.json"), MANIFEST).unwrap();
    directory
}

#[tokio::test]
async fn what_is_missing_is_uploaded_once() {
    let directory = assembly();
    let manifest = AssetManifest::read(directory.path(), "web.assets.json", "web.template.json").unwrap();
    let (desk, clock) = (Arc::new(Desk::default()), SimulatedClock::new(1));
    let site = Site::of("123456789012", "eu-west-1", desk.clone(), desk.clone());
    let publisher = Publisher::new(&clock, &*desk).command(docker(directory.path(), "never"));
    // Two stacks that need the same.
    let stacks = ["web", "api"].map(|stack| StackAssets { stack, manifest: &manifest, site: &site });
    let first = publisher.publish(&stacks).await.unwrap();
    let log = fs::read_to_string(directory.path().join("docker.log")).unwrap();
    let log = log.replace(directory.path().to_str().unwrap(), "[ASSEMBLY]");
    let mut log: Vec<&str> = log.lines().collect();
    log.sort_unstable();
    let text = format!("{first:?}\n{}\n# docker\n{}", desk.take(), log.join("\n"));
    insta::assert_snapshot!(text);

    let again = publisher.publish(&stacks).await.unwrap();
    // The registry of this test forgets, the bucket does not.
    assert_eq!((again.present, again.uploaded), (2, 2));
    assert!(!desk.take().contains("PUT"));
}

#[tokio::test]
async fn what_cannot_be_uploaded_says_why() {
    let directory = assembly();
    let (desk, clock) = (Arc::new(Desk::default()), SimulatedClock::new(1));
    let site = Site::of("123456789012", "eu-west-1", desk.clone(), desk.clone());
    let file = |source: &str, bucket: &str| {
        format!(
            r#"{{"files": {{"aaa": {{"displayName": "Code", "source": {source},
                "destinations": {{"d": {{"bucketName": "{bucket}", "objectKey": "x"}}}}}}}}}}"#
        )
    };
    let image = |more: &str| {
        format!(
            r#"{{"dockerImages": {{"ccc": {{"displayName": "Image", "source": {{"directory": "asset.ccc"{more}}},
                "destinations": {{"d": {{"repositoryName": "images", "imageTag": "ccc"}}}}}}}}}}"#
        )
    };
    let table = [
        (file(r#"{"path": "asset.aaa", "packaging": "zip"}"#, "nobody"), "never"),
        (file(r#"{"path": "asset.ddd", "packaging": "zip"}"#, "assets"), "never"),
        (file(r#"{"executable": ["make", "zip"]}"#, "assets"), "never"),
        (image(r#", "cacheFrom": []"#), "never"),
        (image(""), "build"),
        (image(""), "push"),
        (image(""), "missing"),
    ];
    let mut text = String::new();
    for (manifest, failing) in table {
        fs::write(directory.path().join("x.assets.json"), manifest).unwrap();
        let failure = match AssetManifest::read(directory.path(), "x.assets.json", "") {
            Err(error) => error.to_string(),
            Ok(manifest) => {
                let command = match failing {
                    "missing" => ContainerCommand::new("no-such-docker"),
                    failing => docker(directory.path(), failing),
                };
                let publisher = Publisher::new(&clock, &*desk).command(command);
                let stack = StackAssets { stack: "web", manifest: &manifest, site: &site };
                publisher.publish(&[stack]).await.unwrap_err().to_string()
            }
        };
        text.push_str(&failure);
        text.push_str("\n\n");
    }
    let text = text.replace(directory.path().to_str().unwrap(), "[ASSEMBLY]");
    insta::assert_snapshot!(text);
}
