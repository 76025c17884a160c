//! What may be done with a secret.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a secret. One that a key of one's own encrypts needs
/// [`KeyGrants`](super::KeyGrants) of the key beside it.
///
/// ```
/// use formwork_aws::grants::SecretGrants;
/// use formwork_cfn::ids::secretsmanager::SecretId;
/// use formwork_core::{Expr, id};
///
/// let database: Expr<SecretId> = id("arn:aws:secretsmanager:eu-west-1:111111111111:secret:database-a1b2c3");
/// let permission = database.read();
/// # let _ = permission;
/// ```
pub trait SecretGrants {
    /// The ARN of the secret.
    fn secret(&self) -> Expr<ids::secretsmanager::SecretId>;

    /// Reads the value.
    fn read(&self) -> Permission {
        Permission::new(["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [self.secret()])
    }

    /// Gives it another value.
    fn write(&self) -> Permission {
        Permission::new(["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"], [self.secret()])
    }

    /// Gives it another value in steps, as functions that rotate secrets do.
    fn rotate(&self) -> Permission {
        Permission::new(
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            [self.secret()],
        )
    }
}

granted!(SecretGrants, secret, ids::secretsmanager::SecretId);
