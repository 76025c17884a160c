//! Dynamic references: values that CloudFormation reads from another service while it deploys.
//!
//! See [dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).

use crate::{expr::Expr, sub::concat};

/// A plain SSM parameter, in its latest version.
pub fn ssm_parameter(name: impl Into<Expr<String>>) -> Expr<String> {
    concat([Expr::from("{{resolve:ssm:"), name.into(), Expr::from("}}")])
}

/// A plain SSM parameter in a version.
pub fn ssm_parameter_version(name: impl Into<Expr<String>>, version: u32) -> Expr<String> {
    concat([Expr::from("{{resolve:ssm:"), name.into(), Expr::from(format!(":{version}}}}}"))])
}

/// A `SecureString` SSM parameter. Only a few properties, passwords mostly, may hold it.
pub fn ssm_secure_parameter(name: impl Into<Expr<String>>) -> Expr<String> {
    concat([Expr::from("{{resolve:ssm-secure:"), name.into(), Expr::from("}}")])
}

/// A secret in Secrets Manager, by its ARN, its name, or an expression that gives either.
///
/// ```
/// use formwork_core::{Expr, secret};
///
/// let password: Expr<String> = secret("prod/database").json_key("password").into();
/// # let _ = password;
/// ```
pub fn secret(id: impl Into<Expr<String>>) -> SecretReference {
    SecretReference { id: id.into(), json_key: String::new(), version: Version::Current }
}

/// A value of a secret; the whole of its string unless a key is named.
#[derive(Debug, Clone)]
#[must_use]
pub struct SecretReference {
    id: Expr<String>,
    json_key: String,
    version: Version,
}

#[derive(Debug, Clone)]
enum Version {
    Current,
    Stage(String),
    Id(String),
}

impl SecretReference {
    /// The value under a key of a secret that is a JSON object.
    pub fn json_key(mut self, key: impl Into<String>) -> Self {
        self.json_key = key.into();
        self
    }

    /// The version with this label (`AWSPREVIOUS`); `AWSCURRENT` unless set.
    pub fn version_stage(mut self, stage: impl Into<String>) -> Self {
        self.version = Version::Stage(stage.into());
        self
    }

    /// The version with this id.
    pub fn version_id(mut self, version: impl Into<String>) -> Self {
        self.version = Version::Id(version.into());
        self
    }
}

impl From<SecretReference> for Expr<String> {
    fn from(reference: SecretReference) -> Self {
        let SecretReference { id, json_key, version } = reference;
        let tail = match version {
            Version::Current if json_key.is_empty() => String::from(":SecretString}}"),
            Version::Current => format!(":SecretString:{json_key}}}}}"),
            Version::Stage(stage) => format!(":SecretString:{json_key}:{stage}}}}}"),
            Version::Id(version) => format!(":SecretString:{json_key}::{version}}}}}"),
        };
        concat([Self::from("{{resolve:secretsmanager:"), id, Self::from(tail)])
    }
}
