//! Drift detection over the AWS SDK.

use aws_sdk_cloudformation::{
    primitives::DateTime,
    types::{PropertyDifference, StackResourceDrift, TemplateStage},
};

use crate::{
    error::ServiceError,
    failure::failure,
    service::{
        Answer, Detection, DetectionStatus, DriftDetection, LastDetection, ReportedDifference, ReportedDrift,
        ReportedDriftPage, ReportedStatus,
    },
};

use super::{Client, incomplete};

impl DriftDetection for Client {
    fn detect_drift<'a>(&'a self, stack: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let answer = self.inner.detect_stack_drift().stack_name(stack).send().await;
            let id = answer.map_err(|error| failure(&error))?.stack_drift_detection_id;
            id.ok_or_else(|| incomplete("detection"))
        })
    }

    fn drift_detection<'a>(&'a self, id: &'a str) -> Answer<'a, Detection> {
        Box::pin(async move {
            let call = self.inner.describe_stack_drift_detection_status().stack_drift_detection_id(id);
            let output = call.send().await.map_err(|error| failure(&error))?;
            let status = output.detection_status.ok_or_else(|| incomplete("detection status"))?;
            Ok(Detection {
                status: match status.as_str() {
                    "DETECTION_IN_PROGRESS" => DetectionStatus::InProgress,
                    "DETECTION_COMPLETE" => DetectionStatus::Complete,
                    "DETECTION_FAILED" => DetectionStatus::Failed,
                    other => DetectionStatus::Unknown(other.to_owned()),
                },
                reason: output.detection_status_reason,
                time: milliseconds(output.timestamp),
            })
        })
    }

    fn resource_drifts<'a>(&'a self, stack: &'a str, page: Option<&'a str>) -> Answer<'a, ReportedDriftPage> {
        Box::pin(async move {
            let call = self.inner.describe_stack_resource_drifts().stack_name(stack);
            let call = call.max_results(100).set_next_token(page.map(str::to_owned));
            let output = call.send().await.map_err(|error| failure(&error))?;
            let drifts = output.stack_resource_drifts.unwrap_or_default();
            Ok(ReportedDriftPage {
                drifts: drifts.into_iter().map(drift).collect::<Result<_, _>>()?,
                next: output.next_token,
            })
        })
    }

    fn last_detection<'a>(&'a self, stack: &'a str) -> Answer<'a, LastDetection> {
        Box::pin(async move {
            let answer = self.inner.describe_stacks().stack_name(stack).send().await;
            let stacks = answer.map_err(|error| failure(&error))?.stacks.unwrap_or_default();
            let stack = stacks.into_iter().next().ok_or_else(|| incomplete("stack"))?;
            let drift = stack.drift_information;
            let status = drift.as_ref().and_then(|drift| drift.stack_drift_status.as_ref());
            Ok(LastDetection {
                complete: status.is_some_and(|status| matches!(status.as_str(), "DRIFTED" | "IN_SYNC")),
                time: drift.and_then(|drift| drift.last_check_timestamp).map(|time| milliseconds(Some(time))),
                deployed: milliseconds(stack.last_updated_time.or(stack.creation_time)),
            })
        })
    }

    fn stack_policy<'a>(&'a self, stack: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let answer = self.inner.get_stack_policy().stack_name(stack).send().await;
            let policy = answer.map_err(|error| failure(&error))?.stack_policy_body;
            Ok(policy.filter(|policy| !policy.trim().is_empty()))
        })
    }

    fn processed_template<'a>(&'a self, stack: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let call = self.inner.get_template().stack_name(stack).template_stage(TemplateStage::Processed);
            let body = call.send().await.map_err(|error| failure(&error))?.template_body;
            body.ok_or_else(|| incomplete("template"))
        })
    }
}

fn milliseconds(time: Option<DateTime>) -> i64 {
    time.and_then(|time| time.to_millis().ok()).unwrap_or_default()
}

fn drift(drift: StackResourceDrift) -> Result<ReportedDrift, ServiceError> {
    let status = drift.stack_resource_drift_status.ok_or_else(|| incomplete("drift status of a resource"))?;
    let difference = |difference: PropertyDifference| ReportedDifference {
        path: difference.property_path.unwrap_or_default(),
        expected: difference.expected_value.unwrap_or_default(),
        actual: difference.actual_value.unwrap_or_default(),
        kind: difference.difference_type.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
    };
    Ok(ReportedDrift {
        logical_id: drift.logical_resource_id.ok_or_else(|| incomplete("logical id"))?,
        status: ReportedStatus::from_name(status.as_str()),
        reason: drift.drift_status_reason,
        differences: drift.property_differences.unwrap_or_default().into_iter().map(difference).collect(),
        expected: drift.expected_properties,
        actual: drift.actual_properties,
        time: milliseconds(drift.timestamp),
    })
}
