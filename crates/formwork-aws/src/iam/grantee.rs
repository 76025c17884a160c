//! [`Grantee`]: where what is granted to a role, user or group is written.

use formwork_cfn::iam;
use formwork_core::{
    Build, Expr, IntoNode, Json, Object, Scope, ScopeId,
    builder::{Draft, Node, ResourceId},
};

use super::{document::add_statements, permission::Permission};

/// The inline policy that grants go into.
const POLICY: &str = "Grants";
/// The metadata that holds the reasons of wide permissions.
const REASONS: &str = "AccessReasons";

/// What policies are attached to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Role,
    User,
    Group,
}

/// A role, user or group to which more can be granted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grantee {
    kind: Kind,
    resource: ResourceId,
    scope: ScopeId,
}

impl Grantee {
    pub(super) const fn new(kind: Kind, resource: ResourceId, scope: ScopeId) -> Self {
        Self { kind, resource, scope }
    }

    /// Allows something more, where the grantee stands or in a policy of another stack.
    #[track_caller]
    pub(super) fn grant(self, scope: &mut Scope<'_>, permissions: impl IntoIterator<Item = Permission>) {
        let mut scope = scope.reopen(self.scope);
        for permission in permissions {
            self.add(&mut scope, &permission);
        }
    }

    /// Allows something by a policy resource of its own.
    #[track_caller]
    pub(super) fn grant_apart(
        self,
        scope: &mut Scope<'_>,
        permissions: impl IntoIterator<Item = Permission>,
    ) {
        let mut scope = scope.reopen(self.scope);
        for permission in permissions {
            self.add_apart(&mut scope, &permission);
        }
    }

    pub(super) fn add(self, scope: &mut Scope<'_>, permission: &Permission) {
        if !scope.shares_stack_with(self.scope) {
            self.add_apart(scope, permission);
            return;
        }
        permission.check(scope);
        scope.change(self.resource, |draft| {
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

    fn add_apart(self, scope: &mut Scope<'_>, permission: &Permission) {
        // The first grant makes the policy; its handle is not kept, so that it is found by its id.
        let known = scope.find("Policy");
        let policy = known.unwrap_or_else(|| {
            let name = format!("{}-{}", scope.stack_name(), scope.path());
            let policy = iam::Policy::new(name, Expr::<Json>::from_node(Node::Null));
            let policy = match self.kind {
                Kind::Role => policy.roles([self.resource.reference()]),
                Kind::User => policy.users([self.resource.reference()]),
                Kind::Group => policy.groups([self.resource.reference()]),
            };
            policy.build(scope, "Policy").id()
        });
        change_policy(scope, policy, permission);
    }
}

/// Adds to the document of a policy that is a resource of its own.
pub(super) fn change_policy(scope: &mut Scope<'_>, policy: ResourceId, permission: &Permission) {
    permission.check(scope);
    scope.change(policy, |draft| {
        add_statements(draft.properties_mut().entry("PolicyDocument"), [permission.statement()]);
        add_reason(draft, permission);
    });
}

/// Writes the reason of a wide permission into the metadata of what holds the policy.
fn add_reason(draft: &mut Draft, permission: &Permission) {
    if let Some(reason) = &permission.reason {
        let reason =
            Object::new().with("Actions", permission.actions.clone()).with("Reason", reason.as_str());
        push_reason(draft, reason);
    }
}

/// Writes why everyone may take a role into the metadata of the role.
pub(super) fn add_reason_of_trust(draft: &mut Draft, reason: &str) {
    push_reason(draft, Object::new().with("Principal", "*").with("Reason", reason));
}

fn push_reason(draft: &mut Draft, reason: Object) {
    let mut metadata = draft.attribute("Metadata").cloned().unwrap_or_default();
    let mut reasons = match metadata.get(REASONS) {
        Some(Node::List(reasons)) => reasons.clone(),
        _ => Vec::new(),
    };
    let reason = reason.into_node();
    if !reasons.contains(&reason) {
        reasons.push(reason);
    }
    // The key of a map, or of nothing, always takes a value.
    let _ = metadata.set_at(&[REASONS], Node::List(reasons));
    draft.put_attribute("Metadata", metadata);
}
