//! [`Connection`]: how to reach an account, and [`Aws`], which is reached.

use std::{fmt, time::Duration};

use aws_config::{
    BehaviorVersion, Region, SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider, timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::tls;

use crate::{error::ServiceError, failure::failure};

/// After this time, an answer is taken to be lost: the SDK would wait for ever.
const LONGEST_CALL: Duration = Duration::from_mins(1);

/// How to reach the services.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Connection {
    /// The profile in the AWS configuration files; otherwise what the environment says.
    pub profile: Option<String>,
    /// The region; otherwise the profile's or the environment's.
    pub region: Option<String>,
    /// Another address than AWS's, for example of an emulator.
    pub endpoint: Option<String>,
    /// A role to assume first, for another account.
    pub role: Option<String>,
    /// These credentials, and none of the machine's; for an emulator, which takes any.
    pub credentials: Option<StaticCredentials>,
}

/// Credentials that are known beforehand. The secret is never printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaticCredentials {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
}

impl StaticCredentials {
    /// What emulators take.
    pub fn test() -> Self {
        Self { access_key_id: "test".to_owned(), secret_access_key: "test".to_owned() }
    }
}

impl fmt::Debug for StaticCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StaticCredentials(..)")
    }
}

/// One account and region by one set of credentials, which every client of a service is made from.
///
/// The SDK repeats no call: those who call do, who know what was accepted.
#[derive(Clone)]
pub struct Aws {
    pub(crate) config: SdkConfig,
    region: String,
    endpoint: Option<String>,
}

impl fmt::Debug for Aws {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Aws");
        shown.field("region", &self.region).field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Aws {
    /// Loads what the connection says, and for the rest what the machine does; needs a tokio runtime.
    ///
    /// Nothing is called yet, except that the region may be asked of the machine's own service.
    pub async fn connect(connection: &Connection) -> Result<Self, ServiceError> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(RetryConfig::standard());
        if let Some(profile) = &connection.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &connection.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(StaticCredentials { access_key_id, secret_access_key }) = &connection.credentials {
            loader = loader.credentials_provider(Credentials::new(
                access_key_id,
                secret_access_key,
                None,
                None,
                "formwork",
            ));
        }
        let shared = loader.load().await;
        let Some(region) = shared.region().map(|region| region.as_ref().to_owned()) else {
            return Err(ServiceError::Other {
                code: "NoRegion".to_owned(),
                message: "no region: give one, or set AWS_REGION".to_owned(),
            });
        };
        let aws = Self { config: shared, region, endpoint: connection.endpoint.clone() };
        let mut aws = match &connection.role {
            Some(role) => aws.assume(role).await,
            None => aws,
        };
        let mut config = aws
            .config
            .into_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(LONGEST_CALL).build());
        if let Some(endpoint) = &connection.endpoint {
            config = config.endpoint_url(endpoint);
        }
        aws.config = config.build();
        Ok(aws)
    }

    /// The same as another role.
    pub(crate) async fn assume(mut self, role: &str) -> Self {
        let provider = AssumeRoleProvider::builder(role)
            .session_name("formwork")
            .region(Region::new(self.region.clone()))
            .configure(&self.config)
            .build()
            .await;
        let provider = SharedCredentialsProvider::new(provider);
        self.config = self.config.into_builder().credentials_provider(provider).build();
        self
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The address that stands in for AWS's.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// `GetCallerIdentity`: the account that the credentials are of.
    pub async fn account(&self) -> Result<String, ServiceError> {
        let answer = aws_sdk_sts::Client::new(&self.config).get_caller_identity().send().await;
        let account = answer.map_err(|error| failure(&error))?.account;
        account.ok_or_else(|| ServiceError::AnswerLost { message: "the answer has no account".to_owned() })
    }
}
