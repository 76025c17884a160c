//! [`Secret`]: a value that nobody needs to know.

use formwork_cfn::{ids, secretsmanager, secretsmanager::secret::GenerateSecretString};
use formwork_core::{Build, Expr, Handle, Scope, concat};

use crate::iam::Permission;

/// The characters of a generated password, unless set.
const CHARACTERS: u16 = 32;
/// Left out of generated passwords: connection strings and shells read them as their own.
const EXCLUDED: &str = "\"'/@\\:?#%& ";

/// A secret in Secrets Manager, whose value the service makes up.
///
/// See [`AWS::SecretsManager::Secret`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html).
///
/// ```
/// use formwork_aws::secret::Secret;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let credentials = Secret::credentials("app").build(&mut stack, "Database");
/// stack.output("Secret", credentials.arn());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a secret is added to a stack by `build`"]
pub struct Secret {
    username: Option<String>,
    characters: u16,
    description: Option<String>,
}

impl Secret {
    /// A password, as the whole of the secret.
    pub const fn password() -> Self {
        Self { username: None, characters: CHARACTERS, description: None }
    }

    /// An object with a `username` that is given and a `password` that is made up.
    pub fn credentials(username: impl Into<String>) -> Self {
        Self { username: Some(username.into()), ..Self::password() }
    }

    /// The length of the password: 32 unless set.
    pub const fn characters(mut self, characters: u16) -> Self {
        self.characters = characters;
        self
    }

    /// What the secret is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds the secret to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> SecretHandle {
        let mut scope = scope.construct(id);
        let mut generate =
            GenerateSecretString::new().password_length(self.characters).exclude_characters(EXCLUDED);
        if let Some(username) = self.username {
            let template = serde_json::json!({ "username": username }).to_string();
            generate = generate.secret_string_template(template).generate_string_key("password");
        }
        let mut secret = secretsmanager::Secret::new().generate_secret_string(generate);
        if let Some(description) = self.description {
            secret = secret.description(description);
        }
        SecretHandle::of(secret.build(&mut scope, "Secret"))
    }
}

/// A [`Secret`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct SecretHandle {
    secret: Handle<secretsmanager::Secret>,
}

impl SecretHandle {
    pub(crate) const fn of(secret: Handle<secretsmanager::Secret>) -> Self {
        Self { secret }
    }

    /// The secret itself.
    pub const fn secret(&self) -> &Handle<secretsmanager::Secret> {
        &self.secret
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<String> {
        self.secret.secret_id().into()
    }

    /// The value under a key of a secret that is an object, as a task definition names it.
    pub fn json_key(&self, key: &str) -> Expr<String> {
        concat([self.arn(), format!(":{key}::").into()])
    }

    /// Lets somebody read it.
    pub fn read(&self) -> Permission {
        Permission::new(["secretsmanager:GetSecretValue"], [self.arn()])
    }
}

impl From<&SecretHandle> for Expr<ids::secretsmanager::SecretId> {
    fn from(handle: &SecretHandle) -> Self {
        handle.secret.secret_id()
    }
}
