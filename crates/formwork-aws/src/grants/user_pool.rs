//! What may be done with a user pool.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a user pool of Cognito.
///
/// ```
/// use formwork_aws::grants::UserPoolGrants;
/// use formwork_cfn::ids::cognito::UserPoolArn;
/// use formwork_core::{Expr, id};
///
/// let people: Expr<UserPoolArn> =
///     id("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_0a1b2c3d4");
/// let permission = people.read_users();
/// # let _ = permission;
/// ```
pub trait UserPoolGrants {
    /// The ARN of the pool.
    fn user_pool(&self) -> Expr<ids::cognito::UserPoolArn>;

    /// Looks at users and their groups.
    fn read_users(&self) -> Permission {
        Permission::new(
            [
                "cognito-idp:AdminGetUser",
                "cognito-idp:AdminListGroupsForUser",
                "cognito-idp:ListUsers",
                "cognito-idp:ListUsersInGroup",
            ],
            [self.user_pool()],
        )
    }

    /// Invites users, changes them, lets them out and in again, and deletes them.
    fn manage_users(&self) -> Permission {
        Permission::new(
            [
                "cognito-idp:AdminAddUserToGroup",
                "cognito-idp:AdminCreateUser",
                "cognito-idp:AdminDeleteUser",
                "cognito-idp:AdminDisableUser",
                "cognito-idp:AdminEnableUser",
                "cognito-idp:AdminRemoveUserFromGroup",
                "cognito-idp:AdminResetUserPassword",
                "cognito-idp:AdminUpdateUserAttributes",
                "cognito-idp:AdminUserGlobalSignOut",
            ],
            [self.user_pool()],
        )
    }
}

granted!(UserPoolGrants, user_pool, ids::cognito::UserPoolArn);
