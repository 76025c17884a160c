//! What may be done with a key.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a key, as far as its own policy lets the account say.
///
/// ```
/// use formwork_aws::grants::KeyGrants;
/// use formwork_cfn::ids::kms::KeyArn;
/// use formwork_core::{Expr, id};
///
/// let data: Expr<KeyArn> = id("arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d");
/// let permission = data.decrypt();
/// # let _ = permission;
/// ```
pub trait KeyGrants {
    /// The ARN of the key.
    fn key(&self) -> Expr<ids::kms::KeyArn>;

    /// Encrypts.
    fn encrypt(&self) -> Permission {
        Permission::new(
            ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptTo"],
            [self.key()],
        )
    }

    /// Decrypts.
    fn decrypt(&self) -> Permission {
        Permission::new(["kms:Decrypt"], [self.key()])
    }

    /// Encrypts and decrypts, as services do that store data.
    fn encrypt_and_decrypt(&self) -> Permission {
        Permission::new(
            [
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            [self.key()],
        )
    }

    /// Signs, with a key that does.
    fn sign(&self) -> Permission {
        Permission::new(["kms:GetPublicKey", "kms:Sign"], [self.key()])
    }

    /// Verifies signatures.
    fn verify(&self) -> Permission {
        Permission::new(["kms:GetPublicKey", "kms:Verify"], [self.key()])
    }
}

granted!(KeyGrants, key, ids::kms::KeyArn);
