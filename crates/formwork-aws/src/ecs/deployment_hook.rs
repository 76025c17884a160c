//! [`DeploymentHook`]: what a blue/green deployment waits for on its way.

use std::time::Duration;

use formwork_cfn::{
    ecs::service::{
        DeploymentLifecycleHook, DeploymentLifecycleHookLifecycleStages as Stage, HookTimeoutConfig,
    },
    ids,
};
use formwork_core::{Expr, Finding, Scope, builder::Variant};

use super::traffic_shift::whole_minutes;
use crate::iam::RoleHandle;

/// How long a deployment may be held, in minutes: two weeks.
const HELD: std::ops::RangeInclusive<u64> = 1..=20_160;

/// A stage of a blue/green deployment.
///
/// See [lifecycle hooks](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentStage {
    /// A deployment begins while another one is not over.
    Reconcile,
    /// No new task has started.
    BeforeScaleUp,
    /// The new tasks are well, and get no requests.
    AfterScaleUp,
    /// Test requests move to the new tasks.
    TestTrafficShift,
    /// The new tasks get all test requests.
    AfterTestTrafficShift,
    /// Requests are about to move.
    BeforeProductionTrafficShift,
    /// Requests move to the new tasks.
    ProductionTrafficShift,
    /// The new tasks get all requests.
    AfterProductionTrafficShift,
}

impl DeploymentStage {
    const fn name(self) -> Variant<Stage> {
        match self {
            Self::Reconcile => Stage::RECONCILE_SERVICE,
            Self::BeforeScaleUp => Stage::PRE_SCALE_UP,
            Self::AfterScaleUp => Stage::POST_SCALE_UP,
            Self::TestTrafficShift => Stage::TEST_TRAFFIC_SHIFT,
            Self::AfterTestTrafficShift => Stage::POST_TEST_TRAFFIC_SHIFT,
            Self::BeforeProductionTrafficShift => Stage::PRE_PRODUCTION_TRAFFIC_SHIFT,
            Self::ProductionTrafficShift => Stage::PRODUCTION_TRAFFIC_SHIFT,
            Self::AfterProductionTrafficShift => Stage::POST_PRODUCTION_TRAFFIC_SHIFT,
        }
    }
}

/// What a blue/green deployment waits for on its way: a function that judges, or somebody who says
/// that it may go on.
///
/// A function of Lambda answers `{"hookStatus": "SUCCEEDED"}`, `FAILED`, which rolls the deployment
/// back, or `IN_PROGRESS`, and is asked again after half a minute.
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::ecs::{DeploymentHook, DeploymentStage, HookEnd};
/// use formwork_cfn::ids::lambda::FunctionArn;
/// use formwork_core::{Expr, id};
///
/// let probe: Expr<FunctionArn> = id("arn:aws:lambda:eu-west-1:111111111111:function:probe");
/// let judged = DeploymentHook::function(probe, [DeploymentStage::AfterTestTrafficShift]);
/// let approved = DeploymentHook::pause(
///     [DeploymentStage::BeforeProductionTrafficShift],
///     Duration::from_hours(8),
///     HookEnd::RollBack,
/// );
/// # let _ = (judged, approved);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a deployment takes it: `BlueGreen::new(...).hook(hook)`"]
pub struct DeploymentHook {
    stages: Vec<DeploymentStage>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Function(Expr<ids::lambda::FunctionArn>),
    Pause(Duration, HookEnd),
}

/// What becomes of a deployment that nobody lets go on in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookEnd {
    /// It goes on.
    GoOn,
    /// It is rolled back.
    RollBack,
}

impl DeploymentHook {
    /// Asks a function of Lambda, by its handle or ARN, at each of these stages. The deployment gets
    /// the permission to call it.
    pub fn function(
        function: impl Into<Expr<ids::lambda::FunctionArn>>,
        stages: impl IntoIterator<Item = DeploymentStage>,
    ) -> Self {
        Self { stages: stages.into_iter().collect(), kind: Kind::Function(function.into()) }
    }

    /// Waits at each of these stages until somebody calls `ContinueServiceDeployment`, and for a
    /// minute to two weeks at most.
    pub fn pause(stages: impl IntoIterator<Item = DeploymentStage>, at_most: Duration, end: HookEnd) -> Self {
        Self { stages: stages.into_iter().collect(), kind: Kind::Pause(at_most, end) }
    }

    /// The function that is called, if one is.
    pub(super) const fn called(&self) -> Option<&Expr<ids::lambda::FunctionArn>> {
        match &self.kind {
            Kind::Function(function) => Some(function),
            Kind::Pause(..) => None,
        }
    }

    pub(super) fn into_property(self, role: &RoleHandle, scope: &mut Scope<'_>) -> DeploymentLifecycleHook {
        if self.stages.is_empty() {
            let finding = Finding::error("FW0492", "a hook of the deployment has no stage");
            scope.report(finding.hint("say when: `[DeploymentStage::AfterTestTrafficShift]`"));
        }
        let stages = self.stages.into_iter().map(DeploymentStage::name);
        let hook = DeploymentLifecycleHook::new(Expr::list(stages));
        match self.kind {
            Kind::Function(function) => {
                hook.target_type("AWS_LAMBDA").hook_target_arn(function.cast::<String>()).role_arn(role)
            }
            Kind::Pause(time, end) => {
                let seconds = time.as_secs();
                if !seconds.is_multiple_of(60) || !HELD.contains(&(seconds / 60)) {
                    let message = format!("a deployment cannot be held for {seconds} seconds");
                    let hint = "in whole minutes, a minute to two weeks is possible";
                    scope.report(Finding::error("FW0492", message).hint(hint));
                }
                let action = match end {
                    HookEnd::GoOn => "CONTINUE",
                    HookEnd::RollBack => "ROLLBACK",
                };
                let timeout = HookTimeoutConfig::new().action(action).timeout_in_minutes(whole_minutes(time));
                hook.target_type("PAUSE").timeout_configuration(timeout)
            }
        }
    }
}
