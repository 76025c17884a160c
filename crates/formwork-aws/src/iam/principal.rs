//! [`Principal`]: whom a statement is about.

use formwork_core::{Expr, Finding, IntoNode, Object, Scope, builder::Node, concat, pseudo};

use super::{
    condition::PolicyCondition,
    document::{Effect, Statement},
    key::ConditionKey,
};

/// The digits of an account's id.
const ACCOUNT_DIGITS: usize = 12;

/// Whom a statement is about: who may take a role, or who may use a resource.
///
/// ```
/// use formwork_aws::iam::{PolicyCondition, Principal, Role};
///
/// let functions = Role::new(Principal::service("lambda.amazonaws.com"));
/// let partner = Role::new(
///     Principal::account("111111111111").when(PolicyCondition::string_equals("sts:ExternalId", "jobs")),
/// );
/// # let _ = (functions, partner);
/// ```
///
/// See [principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Principal {
    who: Who,
    /// How it takes a role.
    actions: Vec<&'static str>,
    conditions: Vec<PolicyCondition>,
    reason: Option<String>,
    problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Who {
    kind: &'static str,
    name: Expr<String>,
}

impl Principal {
    fn new(kind: &'static str, name: impl Into<Expr<String>>, action: &'static str) -> Self {
        Self {
            who: Who { kind, name: name.into() },
            actions: vec![action],
            conditions: Vec::new(),
            reason: None,
            problem: None,
        }
    }

    /// A service of AWS (`ec2.amazonaws.com`).
    pub fn service(name: impl Into<Expr<String>>) -> Self {
        let mut principal = Self::new("Service", name, "sts:AssumeRole");
        if let Some(name) = principal.who.name.as_str().filter(|name| !name.contains('.')) {
            principal.problem = Some(format!("`{name}` is no service; one is `{name}.amazonaws.com`"));
        }
        principal
    }

    /// Whoever an account lets, by policies of its own.
    pub fn account(id: impl Into<Expr<String>>) -> Self {
        let id = id.into();
        let wrong = id
            .as_str()
            .filter(|id| id.len() != ACCOUNT_DIGITS || !id.bytes().all(|byte| byte.is_ascii_digit()));
        let problem = wrong.map(|id| format!("`{id}` is no account: that is twelve digits"));
        let root = concat(["arn:".into(), pseudo::partition(), ":iam::".into(), id, ":root".into()]);
        Self { problem, ..Self::arn(root) }
    }

    /// Whoever the account of the stack lets, by policies of its own.
    pub fn this_account() -> Self {
        Self::account(pseudo::account_id())
    }

    /// A role, user or session by its ARN.
    pub fn arn(arn: impl Into<Expr<String>>) -> Self {
        Self::new("AWS", arn, "sts:AssumeRole")
    }

    /// An identity from outside of AWS, by the ARN of its OpenID Connect provider. Of a provider that
    /// others use too, a condition has to say who is meant: [`OidcProvider`](super::OidcProvider)
    /// makes such principals.
    pub fn federated(provider: impl Into<Expr<String>>) -> Self {
        Self::new("Federated", provider, "sts:AssumeRoleWithWebIdentity")
    }

    /// An identity from outside of AWS that signs in to the console, by the ARN of its SAML provider.
    pub fn saml(provider: impl Into<Expr<String>>) -> Self {
        Self::new("Federated", provider, "sts:AssumeRoleWithSAML")
            .when(PolicyCondition::string_equals("SAML:aud", "https://signin.aws.amazon.com/saml"))
    }

    /// A user by its canonical id, for the policy of a bucket. A role knows no such principal.
    pub fn canonical_user(id: impl Into<Expr<String>>) -> Self {
        let mut principal = Self::new("CanonicalUser", id, "sts:AssumeRole");
        principal.actions.clear();
        principal
    }

    /// Everyone in an organization (`o-a1b2c3d4e5`).
    pub fn organization(id: impl Into<Expr<String>>) -> Self {
        Self::arn("*").when(PolicyCondition::string_equals(ConditionKey::PRINCIPAL_ORG_ID, id.into()))
    }

    /// Everyone in the world, and why.
    pub fn everyone(reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::arn("*") }
    }

    /// Only where this holds.
    pub fn when(mut self, condition: impl Into<PolicyCondition>) -> Self {
        self.conditions.push(condition.into());
        self
    }

    /// A service: only when it acts for something in the account of the stack, so that nobody else
    /// makes it act here.
    pub fn for_this_account(self) -> Self {
        self.when(PolicyCondition::string_equals(ConditionKey::SOURCE_ACCOUNT, pseudo::account_id()))
    }

    /// A service: only when it acts for a resource, by its ARN or the form of its ARN.
    pub fn for_resource(self, arn: impl Into<Expr<String>>) -> Self {
        self.when(PolicyCondition::arn_like(ConditionKey::SOURCE_ARN, arn))
    }

    /// Lets it put tags on the session, by which policies may tell sessions apart.
    pub fn tagging_sessions(mut self) -> Self {
        self.actions.push("sts:TagSession");
        self
    }

    /// Something that is wrong with it, to be told when it is used.
    pub(super) fn with_problem(mut self, problem: Option<String>) -> Self {
        self.problem = self.problem.or(problem);
        self
    }

    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Reports a principal that cannot take a role.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        if self.actions.is_empty() {
            let message = "a canonical user cannot take a role";
            let hint = "name the user by its ARN: `Principal::arn`";
            scope.report(Finding::error("FW0413", message).hint(hint));
        }
        if let Some(problem) = &self.problem {
            scope.report(Finding::error("FW0413", problem.as_str()));
        }
        PolicyCondition::check(&self.conditions, scope);
    }

    /// The statement of a trust policy: it may take the role.
    pub(super) fn trust(self) -> Statement {
        Statement::without_resource(Effect::Allow, self.actions.iter().copied()).principal(self)
    }

    pub(super) fn into_parts(self) -> (Node, Vec<PolicyCondition>) {
        (Object::new().with(self.who.kind, self.who.name).into_node(), self.conditions)
    }
}
