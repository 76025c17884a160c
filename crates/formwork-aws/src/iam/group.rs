//! [`Group`]: users who may do the same.

use formwork_cfn::{iam, ids};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{
    grantee::{Grantee, Kind},
    managed_policy::aws_managed,
    permission::Permission,
};

/// A group of users.
///
/// See [`AWS::IAM::Group`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html).
///
/// ```
/// use formwork_aws::iam::{Group, Permission, User};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("team");
/// let readers = Group::new()
///     .permission(Permission::new(["s3:GetObject"], ["arn:aws:s3:::reports/*"]))
///     .build(&mut stack, "Readers");
/// User::new().group(&readers).build(&mut stack, "Auditor");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a group is added to a stack by `build`"]
pub struct Group {
    permissions: Vec<Permission>,
    managed_policies: Vec<Expr<ids::iam::ManagedPolicyArn>>,
    path: Option<String>,
    name: Option<String>,
}

impl Group {
    /// A group that may do nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows something: one permission, or several.
    pub fn permission(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.permissions.extend(permissions);
        self
    }

    /// Attaches a policy that AWS keeps (`job-function/ViewOnlyAccess`).
    pub fn aws_managed_policy(mut self, name: &str) -> Self {
        self.managed_policies.push(aws_managed(name));
        self
    }

    /// Attaches a policy by its handle or ARN.
    pub fn managed_policy(mut self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        self.managed_policies.push(policy.into());
        self
    }

    /// The path of the group (`/teams/shop/`).
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// A name that others know it by. A stack with it cannot stand twice in an account.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds the group to a stack.
    ///
    /// Findings: a permission that is wide without a reason (`FW0410`), or names nothing
    /// (`FW0411`); a condition that cannot be (`FW0412`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> GroupHandle {
        let mut scope = scope.construct(id);
        let mut group = iam::Group::new();
        if let Some(path) = self.path {
            group = group.path(path);
        }
        if let Some(name) = self.name {
            group = group.group_name(name);
        }
        if !self.managed_policies.is_empty() {
            group = group.managed_policy_arns(self.managed_policies);
        }
        let group = group.build(&mut scope, "Group");
        let grantee = Grantee::new(Kind::Group, group.id(), scope.id());
        for permission in &self.permissions {
            grantee.add(&mut scope, permission);
        }
        GroupHandle { group, grantee }
    }
}

/// A [`Group`] that stands in a stack. Goes wherever the name of a group does.
#[derive(Debug, Clone)]
pub struct GroupHandle {
    group: Handle<iam::Group>,
    grantee: Grantee,
}

impl GroupHandle {
    /// The group itself.
    pub const fn group(&self) -> &Handle<iam::Group> {
        &self.group
    }

    /// The name.
    pub fn name(&self) -> Expr<ids::iam::GroupName> {
        (&self.group).into()
    }

    /// Allows something more, in the group or, from another stack, in a policy of that stack.
    #[track_caller]
    pub fn grant(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        self.grantee.grant(scope, permissions);
    }
}

impl From<&GroupHandle> for Expr<ids::iam::GroupName> {
    fn from(handle: &GroupHandle) -> Self {
        handle.name()
    }
}
