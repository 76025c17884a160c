//! [`Role`]: what a service or an account may do.

use formwork_cfn::{iam, ids};
use formwork_core::{
    Build, Expr, Handle, IntoNode, Json, Object, Scope, ScopeId,
    builder::{Draft, Node, ResourceId},
    concat, pseudo,
};

use super::{
    add_statements,
    document::{Effect, PolicyDocument, Statement},
    permission::Permission,
};

/// The inline policy that grants go into.
const POLICY: &str = "Grants";
/// The metadata that holds the reasons of wide permissions.
const REASONS: &str = "AccessReasons";

/// Who may take a role.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Principal(Statement);

impl Principal {
    /// A service of AWS (`ec2.amazonaws.com`).
    pub fn service(name: impl Into<Expr<String>>) -> Self {
        Self(Statement::without_resource(Effect::Allow, ["sts:AssumeRole"]).principal("Service", name))
    }

    /// Whoever an account lets take it.
    pub fn account(id: impl Into<Expr<String>>) -> Self {
        let root = concat(["arn:".into(), pseudo::partition(), ":iam::".into(), id.into(), ":root".into()]);
        Self(Statement::without_resource(Effect::Allow, ["sts:AssumeRole"]).principal("AWS", root))
    }

    /// A role or user by its ARN.
    pub fn arn(arn: impl Into<Expr<String>>) -> Self {
        Self(Statement::without_resource(Effect::Allow, ["sts:AssumeRole"]).principal("AWS", arn))
    }

    /// An identity from outside of AWS, by the ARN of its OpenID Connect provider.
    pub fn federated(provider: impl Into<Expr<String>>) -> Self {
        let statement = Statement::without_resource(Effect::Allow, ["sts:AssumeRoleWithWebIdentity"]);
        Self(statement.principal("Federated", provider))
    }

    /// Only where this holds (`"StringEquals"`, `"sts:ExternalId"`, a value).
    pub fn when(self, operator: &'static str, key: &'static str, value: impl Into<Expr<String>>) -> Self {
        Self(self.0.condition(operator, key, value.into()))
    }
}

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
    description: Option<String>,
}

impl Role {
    /// A role that allows nothing yet.
    pub fn new(principal: Principal) -> Self {
        Self {
            trust: vec![principal],
            permissions: Vec::new(),
            managed_policies: Vec::new(),
            description: None,
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
        let arn = concat(["arn:".into(), pseudo::partition(), format!(":iam::aws:policy/{name}").into()]);
        self.managed_policies.push(arn.cast());
        self
    }

    /// Attaches a policy by its handle or ARN.
    pub fn managed_policy(mut self, policy: impl Into<Expr<ids::iam::ManagedPolicyArn>>) -> Self {
        self.managed_policies.push(policy.into());
        self
    }

    /// What the role is for, at most 1,000 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds the role to a stack.
    ///
    /// Findings: a permission that is wide without a reason (`FW0410`), or names nothing
    /// (`FW0411`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> RoleHandle {
        let mut scope = scope.construct(id);
        let mut trust = PolicyDocument::new();
        for principal in self.trust {
            trust = trust.statement(principal.0);
        }
        let mut role = iam::Role::new(trust);
        if let Some(description) = self.description {
            role = role.description(description);
        }
        if !self.managed_policies.is_empty() {
            role = role.managed_policy_arns(self.managed_policies);
        }
        let role = role.build(&mut scope, "Role");
        let handle = RoleHandle { role, scope: scope.id() };
        for permission in self.permissions {
            handle.add(&mut scope, &permission);
        }
        handle
    }
}

/// A [`Role`] that stands in a stack. Goes wherever the ARN or the name of a role does.
#[derive(Debug, Clone)]
pub struct RoleHandle {
    role: Handle<iam::Role>,
    scope: ScopeId,
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

    /// Allows something more: one permission, or several.
    ///
    /// In the role's own stack the statement goes into the role, so that whatever runs with it has
    /// the permission from its first moment. In another stack it goes into a policy of that stack:
    /// the role's stack need not know what others let it do.
    #[track_caller]
    pub fn grant(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        let mut scope = scope.reopen(self.scope);
        for permission in permissions {
            self.add(&mut scope, &permission);
        }
    }

    /// Allows something by a policy resource of its own, for a resource that itself needs the role
    /// first: the two would else wait for each other.
    #[track_caller]
    pub fn grant_apart(&self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        let mut scope = scope.reopen(self.scope);
        for permission in permissions {
            self.add_apart(&mut scope, &permission);
        }
    }

    fn add(&self, scope: &mut Scope<'_>, permission: &Permission) {
        if !scope.shares_stack_with(self.scope) {
            self.add_apart(scope, permission);
            return;
        }
        permission.check(scope);
        scope.change(&self.role, |draft| {
            let policies = draft.properties_mut().entry("Policies");
            if matches!(policies, Node::Null) {
                let policy = Object::new().with("PolicyDocument", Node::Null).with("PolicyName", POLICY);
                *policies = Node::List(vec![policy.into_node()]);
            }
            if let Node::List(policies) = policies
                && let Some(Node::Map(pairs)) = policies.first_mut()
                && let Some((_, document)) = pairs.iter_mut().find(|(name, _)| name == "PolicyDocument")
            {
                add_statements(document, [permission.statement()]);
            }
            add_reason(draft, permission);
        });
    }

    fn add_apart(&self, scope: &mut Scope<'_>, permission: &Permission) {
        permission.check(scope);
        // The first grant makes the policy; its handle is not kept, so that it is found by its id.
        let known = scope.find("Policy");
        let policy = known.unwrap_or_else(|| {
            let name = format!("{}-{}", scope.stack_name(), scope.path());
            let empty = Expr::<Json>::from_node(Node::Null);
            iam::Policy::new(name, empty).roles([&self.role]).build(scope, "Policy").id()
        });
        change_policy(scope, policy, permission);
    }
}

fn change_policy(scope: &mut Scope<'_>, policy: ResourceId, permission: &Permission) {
    scope.change(policy, |draft| {
        add_statements(draft.properties_mut().entry("PolicyDocument"), [permission.statement()]);
        add_reason(draft, permission);
    });
}

/// Writes the reason of a wide permission into the metadata of what holds the policy.
fn add_reason(draft: &mut Draft, permission: &Permission) {
    let Some(reason) = &permission.reason else { return };
    let mut metadata = draft.attribute("Metadata").cloned().unwrap_or_default();
    let mut reasons = match metadata.get(REASONS) {
        Some(Node::List(reasons)) => reasons.clone(),
        _ => Vec::new(),
    };
    let reason = Object::new().with("Actions", permission.actions.clone()).with("Reason", reason.as_str());
    reasons.push(reason.into_node());
    // The key of a map, or of nothing, always takes a value.
    let _ = metadata.set_at(&[REASONS], Node::List(reasons));
    draft.put_attribute("Metadata", metadata);
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
