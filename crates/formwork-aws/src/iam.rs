//! Access: roles, policies, and grants that say what they allow.

mod document;
mod permission;
mod role;

pub use document::{Effect, PolicyDocument, Statement};
pub use permission::Permission;
pub use role::{Principal, Role, RoleHandle};

pub(crate) use document::add_statements;

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
