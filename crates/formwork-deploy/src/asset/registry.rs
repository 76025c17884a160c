//! [`Registry`]: ECR as far as uploads need it.

use aws_sdk_ecr::{Client, error::ProvideErrorMetadata as _, types::ImageIdentifier};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{connection::Aws, error::ServiceError, failure::failure, service::Answer};

/// How to log in to a registry. The password is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistryLogin {
    /// The name that addresses of images begin with.
    pub host: String,
    /// The user.
    pub user: String,
    /// The password, which is good for some hours.
    pub password: String,
}

impl std::fmt::Debug for RegistryLogin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RegistryLogin").field("host", &self.host).finish_non_exhaustive()
    }
}

/// The calls that uploads of images make, as a trait with plain types, so that tests can script it.
pub trait Registry: Send + Sync {
    /// `DescribeImages`: whether a repository has a tag.
    fn exists<'a>(&'a self, repository: &'a str, tag: &'a str) -> Answer<'a, bool>;

    /// `GetAuthorizationToken`.
    fn login(&self) -> Answer<'_, RegistryLogin>;
}

/// The registry over the AWS SDK.
pub(super) struct Ecr(Client);

impl Ecr {
    pub(super) fn new(aws: &Aws) -> Self {
        Self(Client::new(&aws.config))
    }
}

impl Registry for Ecr {
    fn exists<'a>(&'a self, repository: &'a str, tag: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let image = ImageIdentifier::builder().image_tag(tag).build();
            let call = self.0.describe_images().repository_name(repository).image_ids(image);
            match call.send().await {
                Ok(found) => Ok(!found.image_details().is_empty()),
                Err(error) => match error.code() {
                    Some("ImageNotFoundException") => Ok(false),
                    Some("RepositoryNotFoundException") => {
                        let message = format!("there is no repository `{repository}`");
                        Err(ServiceError::NotFound { message })
                    }
                    _ => Err(failure(&error)),
                },
            }
        })
    }

    fn login(&self) -> Answer<'_, RegistryLogin> {
        Box::pin(async move {
            let answer = self.0.get_authorization_token().send().await.map_err(|error| failure(&error))?;
            let data = answer.authorization_data.unwrap_or_default().into_iter().next();
            data.and_then(|data| login(data.proxy_endpoint()?, data.authorization_token()?))
                .ok_or_else(|| ServiceError::AnswerLost { message: "the answer has no token".to_owned() })
        })
    }
}

/// The login in a token, which is `user:password` in Base64.
fn login(endpoint: &str, token: &str) -> Option<RegistryLogin> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
    Some(RegistryLogin {
        host: host.trim_end_matches('/').to_owned(),
        user: user.to_owned(),
        password: password.to_owned(),
    })
}
