//! [`Permission`]: what a grant allows.

use formwork_core::{Expr, Finding, Scope};

use super::{
    condition::PolicyCondition,
    document::{Effect, Statement},
};

/// Actions on resources: what a role, a user or a group is granted, as a value.
///
/// What stands in a stack gives the ones that it is used by: see [`grants`](crate::grants).
///
/// An action with a `*`, or the resource `*`, needs a reason ([`Permission::because`]): without one
/// it is a finding (`FW0410`). The reason stands in the template beside the policy, where
/// reviewers read it.
///
/// ```
/// use formwork_aws::iam::Permission;
///
/// let read = Permission::new(["s3:GetObject"], ["arn:aws:s3:::assets/*"]);
/// let list = Permission::on_everything(["s3:ListAllMyBuckets"], "the action takes no resource");
/// # let _ = (read, list);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a permission does nothing until it is granted"]
pub struct Permission {
    pub(crate) actions: Vec<String>,
    resources: Vec<Expr<String>>,
    effect: Effect,
    conditions: Vec<PolicyCondition>,
    pub(crate) reason: Option<String>,
}

/// A permission is one of itself, so that a grant takes one or several.
impl IntoIterator for Permission {
    type Item = Self;
    type IntoIter = std::iter::Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self)
    }
}

impl Permission {
    /// Actions on resources.
    pub fn new<A: Into<String>, R: Into<Expr<String>>>(
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            actions: actions.into_iter().map(Into::into).collect(),
            resources: resources.into_iter().map(Into::into).collect(),
            effect: Effect::Allow,
            conditions: Vec::new(),
            reason: None,
        }
    }

    /// Actions on resources that are refused, whatever else allows them. This may be as wide as it
    /// likes.
    pub fn deny<A: Into<String>, R: Into<Expr<String>>>(
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self { effect: Effect::Deny, ..Self::new(actions, resources) }
    }

    /// Actions on every resource, and the reason why it cannot be fewer.
    pub fn on_everything<A: Into<String>>(
        actions: impl IntoIterator<Item = A>,
        reason: impl Into<String>,
    ) -> Self {
        Self::new(actions, ["*"]).because(reason)
    }

    /// Why the permission is as wide as it is.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Counts only where this holds. Several conditions hold together.
    pub fn when(mut self, condition: impl Into<PolicyCondition>) -> Self {
        self.conditions.push(condition.into());
        self
    }

    /// Reports a permission that says too little.
    pub(crate) fn check(&self, scope: &mut Scope<'_>) {
        for (list, noun) in [(self.actions.is_empty(), "action"), (self.resources.is_empty(), "resource")] {
            if list {
                scope.report(Finding::error("FW0411", format!("a permission names no {noun}")));
            }
        }
        for action in self.actions.iter().filter(|action| !action.contains(':') && *action != "*") {
            let message = format!("`{action}` is not an action");
            let hint = "write the service and the action: `s3:GetObject`";
            scope.report(Finding::error("FW0411", message).hint(hint));
        }
        PolicyCondition::check(&self.conditions, scope);
        if self.reason.is_some() || self.effect == Effect::Deny {
            return;
        }
        let wide = self.actions.iter().find(|action| action.contains('*')).cloned();
        let wide = wide.or_else(|| {
            let all = |resource: &&Expr<String>| resource.as_str() == Some("*");
            self.resources.iter().find(all).map(|_| "*".to_owned())
        });
        if let Some(wide) = wide {
            let message = format!("`{wide}` is granted without a reason");
            let hint = "name the actions and the resource, or say why not: `.because(\"...\")`";
            scope.report(Finding::error("FW0410", message).hint(hint));
        }
    }

    pub(crate) fn statement(&self) -> Statement {
        let statement = Statement::new(self.effect, self.actions.clone(), self.resources.clone());
        self.conditions.iter().cloned().fold(statement, Statement::when)
    }
}
