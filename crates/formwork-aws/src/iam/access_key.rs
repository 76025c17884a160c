//! [`AccessKey`]: the key of a program outside of AWS, where nobody reads it by the way.

use formwork_cfn::{iam, secretsmanager};
use formwork_core::{Build, Expr, Handle, Scope, concat};

use super::user::UserHandle;
use crate::secret::SecretHandle;

/// A key of a user, whose secret part goes into Secrets Manager and nowhere else. It stands in no
/// output and no log; who may read it is granted ([`SecretHandle::read`]).
///
/// Jobs that can prove who they are, as those of GitHub Actions can, need no key: see
/// [`OidcProvider`](super::OidcProvider).
///
/// See [`AWS::IAM::AccessKey`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-accesskey.html).
///
/// ```
/// use formwork_aws::iam::{AccessKey, Permission, User};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("office");
/// let backup = User::new()
///     .permission(Permission::new(["s3:PutObject"], ["arn:aws:s3:::backups/office/*"]))
///     .build(&mut stack, "Backup");
/// let key = AccessKey::new(&backup).build(&mut stack, "BackupKey");
/// stack.output("KeySecret", key.secret().arn());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a key is added to a stack by `build`"]
pub struct AccessKey {
    user: UserHandle,
    serial: Option<u32>,
    description: Option<String>,
}

impl AccessKey {
    /// A key of a user.
    pub fn new(user: &UserHandle) -> Self {
        Self { user: user.clone(), serial: None, description: None }
    }

    /// The number of the key: a higher one gives a new key, and the old one is deleted.
    pub const fn serial(mut self, serial: u32) -> Self {
        self.serial = Some(serial);
        self
    }

    /// What the key is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds the key to a stack, and the secret that holds it: an object with `AccessKeyId` and
    /// `SecretAccessKey`.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> AccessKeyHandle {
        let mut scope = scope.construct(id);
        let mut key = iam::AccessKey::new(&self.user);
        if let Some(serial) = self.serial {
            key = key.serial(serial);
        }
        let key = key.build(&mut scope, "Key");
        let value = concat([
            r#"{"AccessKeyId":""#.into(),
            key.access_key_id(),
            r#"","SecretAccessKey":""#.into(),
            key.secret_access_key(),
            r#""}"#.into(),
        ]);
        let mut secret = secretsmanager::Secret::new().secret_string(value);
        if let Some(description) = self.description {
            secret = secret.description(description);
        }
        let secret = SecretHandle::of(secret.build(&mut scope, "Secret"));
        AccessKeyHandle { key, secret }
    }
}

/// An [`AccessKey`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct AccessKeyHandle {
    key: Handle<iam::AccessKey>,
    secret: SecretHandle,
}

impl AccessKeyHandle {
    /// The public part of the key, by which logs name it.
    pub fn id(&self) -> Expr<String> {
        self.key.access_key_id()
    }

    /// The secret that holds the key.
    pub const fn secret(&self) -> &SecretHandle {
        &self.secret
    }
}
