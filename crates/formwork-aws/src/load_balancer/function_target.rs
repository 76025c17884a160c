//! A Lambda function as the target of an application load balancer.

use formwork_cfn::{elasticloadbalancingv2::target_group::TargetDescription, ids, lambda};
use formwork_core::{Build, Expr, Scope, builder::AnyOf, concat, pseudo};

use super::target::{AttachedGroup, Target};
use crate::security_group::SecurityGroupHandle;

/// A function that answers requests.
#[derive(Debug, Clone)]
pub(super) struct FunctionTarget(pub(super) Expr<ids::lambda::FunctionArn>);

impl Target for FunctionTarget {
    fn target_type(&self) -> &'static str {
        "lambda"
    }

    fn port(&self) -> u16 {
        0
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &[]
    }

    fn is_guarded(&self) -> bool {
        false
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        // The group refuses a function that it may not call, so that the permission cannot name the
        // group: it is for all groups of the account.
        let groups = concat([
            "arn:".into(),
            pseudo::partition(),
            ":elasticloadbalancing:".into(),
            pseudo::region(),
            ":".into(),
            pseudo::account_id(),
            ":targetgroup/*".into(),
        ]);
        let permission = lambda::Permission::new(
            self.0.clone(),
            "lambda:InvokeFunction",
            "elasticloadbalancing.amazonaws.com",
        )
        .source_arn(groups.cast::<AnyOf<_>>())
        .build(scope, &format!("{}Permission", group.id));
        let target = TargetDescription::new(self.0.clone());
        scope.change(group.target_group(), |draft| {
            draft.append("Targets", target);
            draft.depends_on(&permission);
        });
    }
}
