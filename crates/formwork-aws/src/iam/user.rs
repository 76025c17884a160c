//! [`User`]: a person, or a program outside of AWS.

use formwork_cfn::{iam, ids};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{
    grantee::{Grantee, Kind},
    managed_policy::aws_managed,
    permission::Permission,
    principal::Principal,
};

/// A user. There is no password here and no key: a password in a template is one that everybody
/// reads, and a key goes into Secrets Manager (`AccessKey`, with the feature `access-keys`).
///
/// A role is better than a user wherever someone can take one: its credentials end by themselves.
///
/// See [`AWS::IAM::User`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html).
///
/// ```
/// use formwork_aws::iam::{Permission, User};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("team");
/// let backup = User::new()
///     .permission(Permission::new(["s3:PutObject"], ["arn:aws:s3:::backups/office/*"]))
///     .build(&mut stack, "Backup");
/// stack.output("BackupUser", backup.arn());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a user is added to a stack by `build`"]
pub struct User {
    groups: Vec<Expr<ids::iam::GroupName>>,
    permissions: Vec<Permission>,
    managed_policies: Vec<Expr<ids::iam::ManagedPolicyArn>>,
    boundary: Option<Expr<ids::iam::ManagedPolicyArn>>,
    path: Option<String>,
    name: Option<String>,
}

impl User {
    /// A user that may do nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the user into a group.
    pub fn group(mut self, group: impl Into<Expr<ids::iam::GroupName>>) -> Self {
        self.groups.push(group.into());
        self
    }

    /// Allows something: one permission, or several. What several users need stands better in a
    /// [`Group`](super::Group).
    pub fn permission(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.permissions.extend(permissions);
        self
    }

    /// Attaches a policy that AWS keeps (`IAMUserChangePassword`).
    pub fn aws_managed_policy(mut self, name: &str) -> Self {
        self.managed_policies.push(aws_managed(name));
        self
    }

    /// Attaches a policy by its handle or ARN.
    pub fn managed_policy(mut self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        self.managed_policies.push(policy.into());
        self
    }

    /// Bounds what the user may do, whatever policies allow: only what the boundary allows too.
    pub fn permissions_boundary(mut self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        self.boundary = Some(policy.into());
        self
    }

    /// The path of the user (`/teams/shop/`).
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The name that the user signs in with. A stack with it cannot stand twice in an account.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds the user to a stack.
    ///
    /// Findings: a permission that is wide without a reason (`FW0410`), or names nothing
    /// (`FW0411`); a condition that cannot be (`FW0412`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> UserHandle {
        let mut scope = scope.construct(id);
        let mut user = iam::User::new();
        if let Some(path) = self.path {
            user = user.path(path);
        }
        if let Some(name) = self.name {
            user = user.user_name(name);
        }
        if let Some(boundary) = self.boundary {
            user = user.permissions_boundary(boundary);
        }
        if !self.groups.is_empty() {
            user = user.groups(self.groups);
        }
        if !self.managed_policies.is_empty() {
            user = user.managed_policy_arns(self.managed_policies);
        }
        let user = user.build(&mut scope, "User");
        let grantee = Grantee::new(Kind::User, user.id(), scope.id());
        for permission in &self.permissions {
            grantee.add(&mut scope, permission);
        }
        UserHandle { user, grantee }
    }
}

/// A [`User`] that stands in a stack. Goes wherever the name of a user does.
#[derive(Debug, Clone)]
pub struct UserHandle {
    user: Handle<iam::User>,
    grantee: Grantee,
}

impl UserHandle {
    /// The user itself.
    pub const fn user(&self) -> &Handle<iam::User> {
        &self.user
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<String> {
        self.user.arn()
    }

    /// The name.
    pub fn name(&self) -> Expr<ids::iam::UserName> {
        (&self.user).into()
    }

    /// The user as someone who may take a role, or use a resource.
    pub fn as_principal(&self) -> Principal {
        Principal::arn(self.arn())
    }

    /// Allows something more, in the user or, from another stack, in a policy of that stack.
    #[track_caller]
    pub fn grant(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        self.grantee.grant(scope, permissions);
    }
}

impl From<&UserHandle> for Expr<ids::iam::UserName> {
    fn from(handle: &UserHandle) -> Self {
        handle.name()
    }
}
