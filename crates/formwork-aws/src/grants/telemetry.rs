//! What may be reported: metrics and traces.

use crate::iam::{Permission, PolicyCondition};

/// Reports metrics of CloudWatch in one namespace (`Shop`), and in no other.
///
/// See [condition keys of CloudWatch](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html).
///
/// ```
/// use formwork_aws::grants::put_metric_data;
///
/// let permission = put_metric_data("Shop");
/// # let _ = permission;
/// ```
pub fn put_metric_data(namespace: impl Into<formwork_core::Expr<String>>) -> Permission {
    Permission::on_everything(["cloudwatch:PutMetricData"], "the action takes no resource")
        .when(PolicyCondition::string_equals("cloudwatch:namespace", namespace))
}

/// Sends traces to X-Ray, by the rules on what to sample.
///
/// See [actions of X-Ray](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html).
///
/// ```
/// use formwork_aws::grants::put_traces;
///
/// let permission = put_traces();
/// # let _ = permission;
/// ```
pub fn put_traces() -> Permission {
    let actions = [
        "xray:GetSamplingRules",
        "xray:GetSamplingStatisticSummaries",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ];
    Permission::on_everything(actions, "the actions that report take no resource")
}
