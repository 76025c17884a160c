//! What may be done with an identity that mail is sent from.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::{arn_here, granted};
use crate::iam::{Permission, PolicyCondition};

/// What may be done with a domain or an address that mail is sent from, in the account and region of the
/// stack.
///
/// See [policies for sending](https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html).
///
/// ```
/// use formwork_aws::grants::EmailIdentityGrants;
/// use formwork_cfn::ids::ses::EmailIdentity;
/// use formwork_core::{Expr, id};
///
/// let domain: Expr<EmailIdentity> = id("example.com");
/// let permission = domain.send_mail_from("orders@example.com");
/// # let _ = permission;
/// ```
pub trait EmailIdentityGrants {
    /// The domain or the address.
    fn email_identity_name(&self) -> Expr<ids::ses::EmailIdentity>;

    /// Sends mail from any of its addresses.
    fn send_mail(&self) -> Permission {
        let identity = arn_here("ses", "identity/", self.email_identity_name());
        Permission::new(["ses:SendEmail", "ses:SendRawEmail"], [identity])
    }

    /// Sends mail from one address (`orders@example.com`), or from those of a form (`*@example.com`).
    fn send_mail_from(&self, address: &str) -> Permission {
        self.send_mail().when(PolicyCondition::string_like("ses:FromAddress", address))
    }
}

granted!(EmailIdentityGrants, email_identity_name, ids::ses::EmailIdentity);
