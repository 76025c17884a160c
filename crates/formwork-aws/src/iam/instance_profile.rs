//! [`InstanceProfile`]: the role of instances.

use formwork_cfn::{iam, ids};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{
    permission::Permission,
    principal::Principal,
    role::{Role, RoleHandle},
};

/// The service whose instances take the role.
const INSTANCES: &str = "ec2.amazonaws.com";

/// What hands a role to instances. Launch templates with a role make one themselves.
///
/// See [`AWS::IAM::InstanceProfile`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html).
///
/// ```
/// use formwork_aws::iam::{InstanceProfile, Permission, session_manager};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let profile = InstanceProfile::new()
///     .permission(session_manager())
///     .permission(Permission::new(["s3:GetObject"], ["arn:aws:s3:::assets/*"]))
///     .build(&mut stack, "Instance");
/// stack.output("Profile", profile.arn());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a profile is added to a stack by `build`"]
pub struct InstanceProfile(Role);

impl InstanceProfile {
    /// A profile with a role of its own, which allows nothing yet.
    #[expect(clippy::new_without_default, reason = "a profile is said to be made")]
    pub fn new() -> Self {
        Self(Role::new(Principal::service(INSTANCES)))
    }

    /// A profile with a role that stands already.
    #[track_caller]
    pub fn of(role: &RoleHandle, scope: &mut Scope<'_>, id: &str) -> InstanceProfileHandle {
        let mut scope = scope.construct(id);
        InstanceProfileHandle::around(role.clone(), &mut scope)
    }

    /// Allows instances something: one permission, or several.
    pub fn permission(self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self(self.0.permission(permissions))
    }

    /// Bounds what instances may do, whatever policies allow.
    pub fn permissions_boundary(self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        Self(self.0.permissions_boundary(policy))
    }

    /// Adds the profile and its role to a stack.
    ///
    /// Findings: those of the [`Role`].
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> InstanceProfileHandle {
        let mut scope = scope.construct(id);
        let role = self.0.build(&mut scope, "");
        InstanceProfileHandle::around(role, &mut scope)
    }
}

/// An [`InstanceProfile`] that stands in a stack. Goes wherever its ARN or its name does.
#[derive(Debug, Clone)]
pub struct InstanceProfileHandle {
    profile: Handle<iam::InstanceProfile>,
    role: RoleHandle,
}

impl InstanceProfileHandle {
    fn around(role: RoleHandle, scope: &mut Scope<'_>) -> Self {
        let profile = iam::InstanceProfile::new([&role]).build(scope, "Profile");
        Self { profile, role }
    }

    /// The profile itself.
    pub const fn profile(&self) -> &Handle<iam::InstanceProfile> {
        &self.profile
    }

    /// The role that instances act in.
    pub const fn role(&self) -> &RoleHandle {
        &self.role
    }

    /// Allows instances something more: one permission, or several.
    #[track_caller]
    pub fn grant(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        self.role.grant(scope, permissions);
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<ids::iam::InstanceProfileArn> {
        self.profile.arn()
    }
}

impl From<&InstanceProfileHandle> for Expr<ids::iam::InstanceProfileArn> {
    fn from(handle: &InstanceProfileHandle) -> Self {
        handle.arn()
    }
}

impl From<&InstanceProfileHandle> for Expr<ids::iam::InstanceProfileName> {
    fn from(handle: &InstanceProfileHandle) -> Self {
        (&handle.profile).into()
    }
}
