//! [`ManagedPolicy`]: permissions under a name, for several identities or as a boundary.

use formwork_cfn::{iam, ids};
use formwork_core::{Build, Expr, Handle, Json, Scope, ScopeId, builder::Node, concat, pseudo};

use super::{grantee::change_policy, permission::Permission};

/// The ARN of a policy that AWS keeps.
pub(super) fn aws_managed(name: &str) -> Expr<ids::iam::ManagedPolicyArn> {
    concat(["arn:".into(), pseudo::partition(), format!(":iam::aws:policy/{name}").into()]).cast()
}

/// A policy of its own, which roles, users and groups share, or which bounds what they may do.
///
/// It holds 6,144 characters, and an identity has ten of them. `formwork check` measures it
/// (`FW0302`).
///
/// See [`AWS::IAM::ManagedPolicy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html).
///
/// ```
/// use formwork_aws::iam::{ManagedPolicy, Permission, Principal, Role};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("team");
/// let boundary = ManagedPolicy::new(Permission::new(["s3:GetObject"], ["arn:aws:s3:::team-*/*"]))
///     .permission(Permission::deny(["s3:GetObject"], ["arn:aws:s3:::team-secrets/*"]))
///     .description("What roles of the team may do at most")
///     .build(&mut stack, "Boundary");
/// Role::new(Principal::service("lambda.amazonaws.com"))
///     .permissions_boundary(&boundary)
///     .build(&mut stack, "Worker");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a policy is added to a stack by `build`"]
pub struct ManagedPolicy {
    permissions: Vec<Permission>,
    description: Option<String>,
    path: Option<String>,
    name: Option<String>,
}

impl ManagedPolicy {
    /// A policy of one permission, or of several.
    pub fn new(permissions: impl IntoIterator<Item = Permission>) -> Self {
        let permissions = permissions.into_iter().collect();
        Self { permissions, description: None, path: None, name: None }
    }

    /// Allows, or denies, something more.
    pub fn permission(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.permissions.extend(permissions);
        self
    }

    /// What the policy is for. To change it replaces the policy.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The path of the policy (`/teams/shop/`).
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// A name that others know it by. A stack with it cannot stand twice in an account.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds the policy to a stack.
    ///
    /// Findings: a permission that is wide without a reason (`FW0410`), or names nothing
    /// (`FW0411`); a condition that cannot be (`FW0412`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ManagedPolicyHandle {
        let mut scope = scope.construct(id);
        let mut policy = iam::ManagedPolicy::new(Expr::<Json>::from_node(Node::Null));
        if let Some(description) = self.description {
            policy = policy.description(description);
        }
        if let Some(path) = self.path {
            policy = policy.path(path);
        }
        if let Some(name) = self.name {
            policy = policy.managed_policy_name(name);
        }
        let policy = policy.build(&mut scope, "Policy");
        for permission in &self.permissions {
            change_policy(&mut scope, policy.id(), permission);
        }
        ManagedPolicyHandle { policy, scope: scope.id() }
    }
}

/// A [`ManagedPolicy`] that stands in a stack. Goes wherever the ARN of a policy does.
#[derive(Debug, Clone)]
pub struct ManagedPolicyHandle {
    policy: Handle<iam::ManagedPolicy>,
    scope: ScopeId,
}

impl ManagedPolicyHandle {
    /// The policy itself.
    pub const fn policy(&self) -> &Handle<iam::ManagedPolicy> {
        &self.policy
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<ids::iam::ManagedPolicyArn> {
        (&self.policy).into()
    }

    /// Allows, or denies, something more.
    #[track_caller]
    pub fn grant(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        let mut scope = scope.reopen(self.scope);
        for permission in permissions {
            change_policy(&mut scope, self.policy.id(), &permission);
        }
    }
}

impl From<&ManagedPolicyHandle> for Expr<ids::iam::ManagedPolicyArn> {
    fn from(handle: &ManagedPolicyHandle) -> Self {
        handle.arn()
    }
}
