//! A fleet that changes its size in steps.

use formwork_cfn::{autoscaling, autoscaling::scaling_policy::StepAdjustment};
use formwork_core::{Build, Expr, Handle, Scope};

use crate::scaling::{Metric, Step, StepScaling};

pub(super) fn build(
    steps: StepScaling,
    group: &Handle<autoscaling::AutoScalingGroup>,
    scope: &mut Scope<'_>,
    id: &str,
) {
    let name = Expr::<String>::from(group.reference());
    let load = Metric::new("AWS/EC2", "CPUUtilization").dimension("AutoScalingGroupName", name);
    steps.build(load, scope, id, |scope, id, steps| {
        let policy = autoscaling::ScalingPolicy::new(group)
            .policy_type("StepScaling")
            .adjustment_type("ChangeInCapacity")
            .metric_aggregation_type("Average")
            .step_adjustments(Expr::list(steps.into_iter().map(adjustment)))
            .build(scope, id);
        (&policy).into()
    });
}

fn adjustment(step: Step) -> StepAdjustment {
    let mut adjustment = StepAdjustment::new(step.change);
    if let Some(lower) = step.lower {
        adjustment = adjustment.metric_interval_lower_bound(lower);
    }
    if let Some(upper) = step.upper {
        adjustment = adjustment.metric_interval_upper_bound(upper);
    }
    adjustment
}
