//! [`Bucket`]: where templates go that are too long for a call.

use std::{fmt, sync::Arc};

use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use crate::{
    bootstrap,
    client::Client,
    clock::{Clock, SystemClock},
    connection::Aws,
    error::ServiceError,
    object::{Body, Content, ObjectAddress, ObjectStore, S3, put_once},
    retry::{RetryPolicy, attempt},
    service::{Answer, CloudFormation},
    submission::TemplateStore,
};

/// The stack that `cdk bootstrap` makes.
const CDK_STACK: &str = "CDKToolkit";
/// What the keys of templates begin with.
const TEMPLATES: &str = "templates/";

/// What an account has in a region for what is deployed: a bucket, and a repository for images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staging {
    /// The stack that says so; nothing for a bucket that the user has named.
    pub stack: Option<String>,
    /// The account, whose the bucket is.
    pub account: String,
    /// The bucket.
    pub bucket: String,
    /// The name of the ECR repository.
    pub repository: Option<String>,
}

impl Staging {
    /// What the account has: by the stack of `formwork bootstrap`, or by that of `cdk bootstrap`.
    pub async fn find(service: &dyn CloudFormation, clock: &dyn Clock) -> Result<Option<Self>, ServiceError> {
        for stack in [bootstrap::STACK, CDK_STACK] {
            let call = || service.describe_stack(stack);
            let Some(found) = attempt(clock, &RetryPolicy::DEFAULT, call).await.result? else { continue };
            let output = |keys: [&str; 2]| {
                let output = found.outputs.iter().find(|output| keys.contains(&output.key.as_str()));
                output.map(|output| output.value.clone())
            };
            // A stack on its way, or a failed one, has no outputs.
            if let Some(bucket) = output([bootstrap::BUCKET, "BucketName"]) {
                return Ok(Some(Self {
                    stack: Some(stack.to_owned()),
                    account: found.arn.split(':').nth(4).unwrap_or_default().to_owned(),
                    bucket,
                    repository: output([bootstrap::REPOSITORY, "ImageRepositoryName"]),
                }));
            }
        }
        Ok(None)
    }

    /// A bucket that the user has named; it must be of the account that the credentials are of.
    pub async fn named(aws: &Aws, bucket: &str) -> Result<Self, ServiceError> {
        let account = attempt(&SystemClock::new(), &RetryPolicy::DEFAULT, || aws.account()).await.result?;
        Ok(Self { stack: None, account, bucket: bucket.to_owned(), repository: None })
    }
}

/// A bucket for templates, which is looked for when the first one comes.
pub struct Bucket {
    service: Arc<dyn CloudFormation>,
    objects: Arc<dyn ObjectStore>,
    clock: Arc<dyn Clock>,
    aws: Option<Aws>,
    endpoint: Option<String>,
    /// The name that the user gave.
    name: Option<String>,
    staging: OnceCell<Staging>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Bucket");
        shown.field("name", &self.name).field("staging", &self.staging).finish_non_exhaustive()
    }
}

impl Bucket {
    /// The named bucket, or that of the account's bootstrap stack. Nothing is called yet.
    pub fn new(aws: &Aws, name: Option<&str>) -> Self {
        Self {
            service: Arc::new(Client::new(aws)),
            objects: Arc::new(S3::new(aws)),
            clock: Arc::new(SystemClock::new()),
            aws: Some(aws.clone()),
            endpoint: aws.endpoint().map(str::to_owned),
            name: name.map(str::to_owned),
            staging: OnceCell::new(),
        }
    }

    /// The bucket that was found, looked for once.
    pub async fn staging(&self) -> Result<&Staging, ServiceError> {
        self.staging
            .get_or_try_init(|| async {
                if let (Some(name), Some(aws)) = (&self.name, &self.aws) {
                    return Staging::named(aws, name).await;
                }
                let found = Staging::find(&*self.service, &*self.clock).await?;
                found.ok_or_else(|| ServiceError::NotFound {
                    message: format!(
                        "{} has no bucket for it\nhint: make one with `formwork bootstrap`, or name one with `--template-bucket`",
                        self.service.region()
                    ),
                })
            })
            .await
    }

    /// The address of an object, in a form that the service takes.
    fn address(&self, object: &ObjectAddress) -> String {
        let ObjectAddress { bucket, key, .. } = object;
        if let Some(endpoint) = &self.endpoint {
            return format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/'));
        }
        let region = self.service.region();
        format!("https://s3.{region}.{}/{bucket}/{key}", partition(region).1)
    }
}

impl TemplateStore for Bucket {
    fn put<'a>(&'a self, name: &'a str, text: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let staging = self.staging().await?;
            let object = ObjectAddress {
                bucket: staging.bucket.clone(),
                key: format!("{TEMPLATES}{name}"),
                owner: staging.account.clone(),
            };
            let content = Content {
                body: Body::Bytes(text.as_bytes().to_vec()),
                sha256: Sha256::digest(text).into(),
                media_type: "application/json",
            };
            put_once(&*self.objects, &*self.clock, &RetryPolicy::DEFAULT, &object, &content).await?;
            Ok(self.address(&object))
        })
    }
}

/// The partition of a region, and what the addresses of its services end with.
pub(crate) fn partition(region: &str) -> (&'static str, &'static str) {
    let partitions = [
        ("cn-", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-", "aws-us-gov", "amazonaws.com"),
        ("us-iso-", "aws-iso", "c2s.ic.gov"),
        ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
        ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
        ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
        ("eusc-", "aws-eusc", "amazonaws.eu"),
    ];
    let known = partitions.into_iter().find(|(prefix, ..)| region.starts_with(prefix));
    known.map_or(("aws", "amazonaws.com"), |(_, name, suffix)| (name, suffix))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Mutex};

    use super::*;
    use crate::{
        engine::Engine,
        machine::Outcome,
        operator::Unattended,
        request::DeployRequest,
        simulation::{SimulatedClock, Simulation},
    };

    /// Objects in memory, in buckets of one account; every other call fails in passing.
    #[derive(Default)]
    struct Memory {
        calls: Mutex<Vec<String>>,
        objects: Mutex<BTreeMap<ObjectAddress, Content>>,
    }

    impl Memory {
        fn call(&self, name: &str, object: &ObjectAddress) -> Result<(), ServiceError> {
            let mut calls = self.calls.lock().unwrap();
            calls.push(format!("{name} {} {} of {}", object.bucket, object.key, object.owner));
            if calls.len() % 2 == 1 {
                return Err(ServiceError::Unavailable { message: "SlowDown".to_owned() });
            }
            Ok(())
        }
    }

    impl ObjectStore for Memory {
        fn exists<'a>(&'a self, object: &'a ObjectAddress) -> Answer<'a, bool> {
            let answer = self.call("HEAD", object);
            let there = self.objects.lock().unwrap().contains_key(object);
            Box::pin(async move { answer.map(|()| there) })
        }

        fn put<'a>(&'a self, object: &'a ObjectAddress, content: &'a Content) -> Answer<'a, ()> {
            let answer = self.call("PUT", object);
            if answer.is_ok() {
                self.objects.lock().unwrap().insert(object.clone(), content.clone());
            }
            Box::pin(async move { answer })
        }
    }

    fn bucket(service: Simulation) -> (Bucket, Arc<Memory>) {
        let objects = Arc::new(Memory::default());
        let bucket = Bucket {
            service: Arc::new(service),
            objects: Arc::clone(&objects) as Arc<dyn ObjectStore>,
            clock: Arc::new(SimulatedClock::new(1)),
            aws: None,
            endpoint: None,
            name: None,
            staging: OnceCell::new(),
        };
        (bucket, objects)
    }

    #[tokio::test]
    async fn a_template_is_uploaded_once() {
        let (service, clock) = (Simulation::new(), SimulatedClock::new(1));
        let deployed = Engine::new(&service, &clock, &Unattended).deploy(&bootstrap::request()).await;
        assert_eq!(deployed.outcome, Outcome::Created, "{deployed:#?}");
        let (bucket, objects) = bucket(service);
        let first = bucket.put("one.template.json", "{}").await.unwrap();
        assert_eq!(bucket.put("one.template.json", "{}").await.unwrap(), first);
        let calls = objects.calls.lock().unwrap().join("\n");
        insta::assert_snapshot!(format!("{first}\n{calls}"));
    }

    #[tokio::test]
    async fn the_bucket_of_the_cdk_is_as_good() {
        let (service, clock) = (Simulation::new(), SimulatedClock::new(1));
        assert_eq!(Staging::find(&service, &clock).await.unwrap(), None);
        let template = r#"{
            "Resources": {"StagingBucket": {"Type": "AWS::S3::Bucket"}},
            "Outputs": {"BucketName": {"Value": {"Ref": "StagingBucket"}}}
        }"#;
        let engine = Engine::new(&service, &clock, &Unattended);
        engine.deploy(&DeployRequest::new(CDK_STACK, template)).await;
        let found = Staging::find(&service, &clock).await.unwrap().unwrap();
        assert_eq!((found.bucket.as_str(), found.repository), ("CDKToolkit-StagingBucket", None));
    }

    #[tokio::test]
    async fn without_a_bucket_it_says_how_to_make_one() {
        let (bucket, _) = bucket(Simulation::new());
        let error = bucket.put("one.template.json", "{}").await.unwrap_err();
        assert!(error.to_string().contains("`formwork bootstrap`"), "{error}");
    }
}
