//! Access: users, groups, roles, policies, and grants that say what they allow.

#[cfg(feature = "access-keys")]
mod access_key;
mod condition;
mod document;
mod grantee;
mod group;
mod instance_profile;
mod key;
mod managed_policy;
mod oidc_provider;
mod permission;
mod principal;
mod role;
mod service_linked_role;
mod user;

#[cfg(feature = "access-keys")]
pub use access_key::{AccessKey, AccessKeyHandle};
pub use condition::{Comparable, Comparison, PolicyCondition};
#[cfg(any(feature = "access-logs", feature = "flow-logs"))]
pub(crate) use document::add_statements;
pub use document::{Effect, PolicyDocument, Statement};
pub use group::{Group, GroupHandle};
pub use instance_profile::{InstanceProfile, InstanceProfileHandle};
pub use key::{Arn, Binary, ConditionKey, Date, IpRange};
pub use managed_policy::{ManagedPolicy, ManagedPolicyHandle};
pub use oidc_provider::{GithubJobs, OidcProvider, OidcProviderHandle};
pub use permission::Permission;
pub use principal::Principal;
pub use role::{Role, RoleHandle};
pub use service_linked_role::{ServiceLinkedRole, ServiceLinkedRoleHandle};
pub use user::{User, UserHandle};

/// What an instance needs for Session Manager: a shell without an open port and without a key.
///
/// See [instance permissions](https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html).
pub fn session_manager() -> Permission {
    Permission::on_everything(
        [
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        "the actions of Session Manager take no resource",
    )
}
