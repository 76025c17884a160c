//! [`ObjectStore`]: S3 as far as uploads need it.

use std::{path::PathBuf, time::Duration};

use aws_sdk_s3::{
    Client,
    config::timeout::TimeoutConfig,
    error::{ProvideErrorMetadata, SdkError},
    primitives::ByteStream,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    clock::Clock,
    connection::Aws,
    error::ServiceError,
    failure::failure,
    retry::{RetryPolicy, attempt},
    service::Answer,
};

/// The longest upload: the SDK itself gives up sooner where nothing moves.
const LONGEST_UPLOAD: Duration = Duration::from_hours(1);

/// What tells one object from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectAddress {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The account that the bucket must be of: names are global, and somebody else may have this one.
    pub owner: String,
}

/// What is uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The bytes, or where they are.
    pub body: Body,
    /// The SHA-256 of the bytes, which the service checks.
    pub sha256: [u8; 32],
    /// Its media type, which browsers see.
    pub media_type: &'static str,
}

/// The bytes of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file.
    File(PathBuf),
}

/// The calls that uploads make, as a trait with plain types, so that tests can script it.
pub trait ObjectStore: Send + Sync {
    /// `HeadObject`: whether the object is there.
    fn exists<'a>(&'a self, object: &'a ObjectAddress) -> Answer<'a, bool>;

    /// `PutObject`, unless the object is there by now: then nothing is written, and all is well.
    fn put<'a>(&'a self, object: &'a ObjectAddress, content: &'a Content) -> Answer<'a, ()>;
}

/// Uploads an object unless it is there already; whether it was uploaded.
pub(crate) async fn put_once(
    store: &dyn ObjectStore,
    clock: &dyn Clock,
    retry: &RetryPolicy,
    object: &ObjectAddress,
    content: &Content,
) -> Result<bool, ServiceError> {
    if exists(store, clock, retry, object).await? {
        return Ok(false);
    }
    attempt(clock, retry, || store.put(object, content)).await.result?;
    Ok(true)
}

/// Whether an object is there, as far as one may know.
pub(crate) async fn exists(
    store: &dyn ObjectStore,
    clock: &dyn Clock,
    retry: &RetryPolicy,
    object: &ObjectAddress,
) -> Result<bool, ServiceError> {
    match attempt(clock, retry, || store.exists(object)).await.result {
        // Who may not list a bucket is denied what is not there. The upload will show.
        Err(ServiceError::AccessDenied { .. }) => Ok(false),
        other => other,
    }
}

/// Objects over the AWS SDK.
#[derive(Debug, Clone)]
pub struct S3(Client);

impl S3 {
    /// A client for what is connected already.
    pub fn new(aws: &Aws) -> Self {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(LONGEST_UPLOAD).build();
        let config = aws_sdk_s3::config::Builder::from(&aws.config)
            .timeout_config(timeouts)
            // Emulators do not answer to the names of buckets.
            .force_path_style(aws.endpoint().is_some());
        Self(Client::from_conf(config.build()))
    }
}

impl ObjectStore for S3 {
    fn exists<'a>(&'a self, object: &'a ObjectAddress) -> Answer<'a, bool> {
        Box::pin(async move {
            let call = self.0.head_object().bucket(&object.bucket).key(&object.key);
            match call.expected_bucket_owner(&object.owner).send().await {
                Ok(_) => Ok(true),
                Err(error) if status(&error) == Some(404) => Ok(false),
                Err(error) => Err(refusal(&error, object)),
            }
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectAddress, content: &'a Content) -> Answer<'a, ()> {
        Box::pin(async move {
            let body = match &content.body {
                Body::Bytes(bytes) => ByteStream::from(bytes.clone()),
                Body::File(path) => ByteStream::from_path(path).await.map_err(|error| {
                    ServiceError::Validation { message: format!("cannot read `{}`: {error}", path.display()) }
                })?,
            };
            let call = self
                .0
                .put_object()
                .bucket(&object.bucket)
                .key(&object.key)
                .expected_bucket_owner(&object.owner)
                .if_none_match("*")
                .content_type(content.media_type)
                .checksum_sha256(STANDARD.encode(content.sha256))
                .body(body);
            match call.send().await {
                Ok(_) => Ok(()),
                // Somebody was quicker, with the same bytes.
                Err(error) if status(&error) == Some(412) => Ok(()),
                Err(error) if status(&error) == Some(409) => Err(ServiceError::Unavailable {
                    message: format!("somebody else writes `{}`", object.key),
                }),
                Err(error) => Err(refusal(&error, object)),
            }
        })
    }
}

fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// What a refusal means. An answer to `HeadObject` has no body, so its status has to do.
fn refusal<E>(error: &SdkError<E>, object: &ObjectAddress) -> ServiceError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let region = error.raw_response().and_then(|response| response.headers().get("x-amz-bucket-region"));
    match (status(error), error.code()) {
        (Some(301 | 307), _) | (_, Some("PermanentRedirect" | "AuthorizationHeaderMalformed")) => {
            let place = region.map_or_else(|| "another region".to_owned(), |region| format!("`{region}`"));
            let message = format!("the bucket `{}` is in {place}", object.bucket);
            ServiceError::Validation { message }
        }
        (_, Some("NoSuchBucket")) => {
            ServiceError::NotFound { message: format!("there is no bucket `{}`", object.bucket) }
        }
        (Some(403), None | Some("AccessDenied" | "Forbidden")) => ServiceError::AccessDenied {
            permission: None,
            message: format!(
                "the bucket `{}` is not of the account {}, or it does not let these credentials in",
                object.bucket, object.owner
            ),
        },
        _ => failure(error),
    }
}
