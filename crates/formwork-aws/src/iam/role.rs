//! [`Role`]: what a service, an account or an identity from elsewhere may do.

use std::time::Duration;

use formwork_cfn::{iam, ids};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    document::PolicyDocument,
    grantee::{Grantee, Kind, add_reason_of_trust},
    managed_policy::aws_managed,
    permission::Permission,
    principal::Principal,
};

/// The hours that a session may last.
const SESSION_HOURS: std::ops::RangeInclusive<u64> = 1..=12;
/// The seconds of an hour.
const HOUR: u64 = 3600;

/// A role: who may take it, and what it allows.
///
/// See [`AWS::IAM::Role`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html).
///
/// ```
/// use formwork_aws::iam::{Permission, Principal, Role, session_manager};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let role = Role::new(Principal::service("ec2.amazonaws.com"))
///     .permission(session_manager())
///     .build(&mut stack, "Instance");
/// role.grant(&mut stack, Permission::new(["s3:GetObject"], ["arn:aws:s3:::assets/*"]));
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a role is added to a stack by `build`"]
pub struct Role {
    trust: Vec<Principal>,
    permissions: Vec<Permission>,
    managed_policies: Vec<Expr<ids::iam::ManagedPolicyArn>>,
    boundary: Option<Expr<ids::iam::ManagedPolicyArn>>,
    longest_session: Option<Duration>,
    description: Option<String>,
    path: Option<String>,
    name: Option<String>,
}

impl Role {
    /// A role that allows nothing yet.
    pub fn new(principal: Principal) -> Self {
        Self {
            trust: vec![principal],
            permissions: Vec::new(),
            managed_policies: Vec::new(),
            boundary: None,
            longest_session: None,
            description: None,
            path: None,
            name: None,
        }
    }

    /// Lets someone else take it too.
    pub fn trust(mut self, principal: Principal) -> Self {
        self.trust.push(principal);
        self
    }

    /// Allows something: one permission, or several.
    pub fn permission(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.permissions.extend(permissions);
        self
    }

    /// Attaches a policy that AWS keeps (`service-role/AWSLambdaBasicExecutionRole`). Most of them
    /// allow more than one thing needs: a [`Permission`] is narrower.
    pub fn aws_managed_policy(mut self, name: &str) -> Self {
        self.managed_policies.push(aws_managed(name));
        self
    }

    /// Attaches a policy by its handle or ARN.
    pub fn managed_policy(mut self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        self.managed_policies.push(policy.into());
        self
    }

    /// Bounds what the role may do, whatever its policies allow: only what the boundary allows too.
    pub fn permissions_boundary(mut self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        self.boundary = Some(policy.into());
        self
    }

    /// The longest time that credentials of the role are good for: from one hour, which it is unless
    /// set, to twelve.
    pub const fn longest_session(mut self, duration: Duration) -> Self {
        self.longest_session = Some(duration);
        self
    }

    /// What the role is for, at most 1,000 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The path of the role (`/teams/shop/`), by which policies name many roles at once.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// A name that others know it by. A stack with it cannot stand twice in an account, and
    /// deploying it has to be allowed to name identities (`CAPABILITY_NAMED_IAM`).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds the role to a stack.
    ///
    /// Findings: a permission that is wide without a reason (`FW0410`), or names nothing
    /// (`FW0411`); a condition that cannot be (`FW0412`); someone who cannot take a role (`FW0413`);
    /// a session of no possible length (`FW0414`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> RoleHandle {
        let mut scope = scope.construct(id);
        let mut trust = PolicyDocument::new();
        let mut reasons = Vec::new();
        for principal in self.trust {
            principal.check(&mut scope);
            reasons.extend(principal.reason().map(str::to_owned));
            trust = trust.statement(principal.trust());
        }
        let mut role = iam::Role::new(trust);
        if let Some(duration) = self.longest_session {
            role = role.max_session_duration(session_seconds(duration, &mut scope));
        }
        if let Some(description) = self.description {
            role = role.description(description);
        }
        if let Some(path) = self.path {
            role = role.path(path);
        }
        if let Some(name) = self.name {
            role = role.role_name(name);
        }
        if let Some(boundary) = self.boundary {
            role = role.permissions_boundary(boundary);
        }
        if !self.managed_policies.is_empty() {
            role = role.managed_policy_arns(self.managed_policies);
        }
        let role = role.build(&mut scope, "Role");
        for reason in reasons {
            scope.change(&role, |draft| add_reason_of_trust(draft, &reason));
        }
        let grantee = Grantee::new(Kind::Role, role.id(), scope.id());
        for permission in &self.permissions {
            grantee.add(&mut scope, permission);
        }
        RoleHandle { role, grantee }
    }
}

fn session_seconds(duration: Duration, scope: &mut Scope<'_>) -> Expr<i64> {
    let seconds = duration.as_secs();
    if !(SESSION_HOURS.start() * HOUR..=SESSION_HOURS.end() * HOUR).contains(&seconds) {
        let message = format!("a session of {seconds} seconds cannot be: it lasts from one hour to twelve");
        scope.report(Finding::error("FW0414", message));
    }
    i64::try_from(seconds).unwrap_or(i64::MAX).into()
}

/// A [`Role`] that stands in a stack. Goes wherever the ARN or the name of a role does.
#[derive(Debug, Clone)]
pub struct RoleHandle {
    role: Handle<iam::Role>,
    grantee: Grantee,
}

impl RoleHandle {
    /// The role itself.
    pub const fn role(&self) -> &Handle<iam::Role> {
        &self.role
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<ids::iam::RoleArn> {
        self.role.arn()
    }

    /// The role as someone who may take another role, or use a resource.
    pub fn as_principal(&self) -> Principal {
        Principal::arn(self.arn())
    }

    /// Allows something more: one permission, or several.
    ///
    /// In the role's own stack the statement goes into the role, so that whatever runs with it has
    /// the permission from its first moment. In another stack it goes into a policy of that stack:
    /// the role's stack need not know what others let it do.
    #[track_caller]
    pub fn grant(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        self.grantee.grant(scope, permissions);
    }

    /// Allows something by a policy resource of its own, for a resource that itself needs the role
    /// first: the two would else wait for each other.
    #[track_caller]
    pub fn grant_apart(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        self.grantee.grant_apart(scope, permissions);
    }

    /// Lets somebody take the role. The role has to trust it as well, where it is of another account.
    pub fn assume(&self) -> Permission {
        Permission::new(["sts:AssumeRole"], [self.arn()])
    }

    /// Lets somebody hand the role to a service (`ecs-tasks.amazonaws.com`), and to no other.
    pub fn pass_to(&self, service: &str) -> Permission {
        let to = super::PolicyCondition::string_equals("iam:PassedToService", service);
        Permission::new(["iam:PassRole"], [self.arn()]).when(to)
    }
}

impl From<&RoleHandle> for Expr<ids::iam::RoleArn> {
    fn from(handle: &RoleHandle) -> Self {
        handle.role.arn()
    }
}

impl From<&RoleHandle> for Expr<ids::iam::RoleName> {
    fn from(handle: &RoleHandle) -> Self {
        handle.role.reference()
    }
}
