//! From the SDK's types to ours and back.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::{
    operation::describe_change_set::DescribeChangeSetOutput,
    types::{
        self, Capability, DeploymentConfig, DeploymentConfigMode, EventType, HookFailureMode, OperationEvent,
        Parameter, RollbackConfiguration, RollbackTrigger, Tag,
    },
};

use crate::{
    error::ServiceError,
    service::{
        Change, ChangeAction, ChangeDetail, ChangeSetDescription, ChangeSetSummary, Output, ParameterValue,
        Replacement, StackDescription, StackEvent, StackResource, ValidationFailure,
    },
    status::{ChangeSetStatus, ExecutionStatus, StackStatus},
};

use super::incomplete;

/// What the SDK puts in the place of a state that it did not find.
const UNSET: &str = "no value was set";

pub(super) fn parameters(parameters: &BTreeMap<String, ParameterValue>) -> Vec<Parameter> {
    let convert = |(key, value): (&String, &ParameterValue)| {
        let parameter = Parameter::builder().parameter_key(key);
        match value {
            ParameterValue::Given(value) => parameter.parameter_value(value),
            ParameterValue::Previous => parameter.use_previous_value(true),
        }
        .build()
    };
    parameters.iter().map(convert).collect()
}

pub(super) fn capabilities(names: &[String]) -> Vec<Capability> {
    names.iter().map(|name| Capability::from(name.as_str())).collect()
}

pub(super) fn tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

pub(super) fn alarms(alarms: &[String]) -> RollbackConfiguration {
    let trigger = |arn: &String| RollbackTrigger::builder().arn(arn).r#type("AWS::CloudWatch::Alarm").build();
    let triggers = alarms.iter().map(trigger).collect();
    RollbackConfiguration::builder().set_rollback_triggers(Some(triggers)).build()
}

pub(super) fn express() -> DeploymentConfig {
    DeploymentConfig::builder().mode(DeploymentConfigMode::Express).build()
}

pub(super) fn stack(stack: types::Stack) -> Result<StackDescription, ServiceError> {
    let status = stack.stack_status.filter(|status| status.as_str() != UNSET);
    let status = status.ok_or_else(|| incomplete("stack status"))?;
    let parameter = |parameter: Parameter| Some((parameter.parameter_key?, parameter.parameter_value?));
    let output = |output: types::Output| {
        Some(Output {
            key: output.output_key?,
            value: output.output_value?,
            export: output.export_name,
            description: output.description,
        })
    };
    let arn = stack.stack_id.ok_or_else(|| incomplete("stack id"))?;
    Ok(StackDescription {
        name: stack.stack_name.unwrap_or_default(),
        status: StackStatus::from_name(status.as_str()),
        status_reason: stack.stack_status_reason,
        parameters: stack.parameters.unwrap_or_default().into_iter().filter_map(parameter).collect(),
        tags: stack
            .tags
            .unwrap_or_default()
            .into_iter()
            .filter_map(|tag| Some((tag.key?, tag.value?)))
            .collect(),
        outputs: stack.outputs.unwrap_or_default().into_iter().filter_map(output).collect(),
        capabilities: stack
            .capabilities
            .unwrap_or_default()
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        role: stack.role_arn,
        termination_protection: stack.enable_termination_protection.unwrap_or_default(),
        notification_arns: stack.notification_arns.unwrap_or_default(),
        root: stack.root_id.filter(|root| *root != arn),
        arn,
    })
}

pub(super) fn change_set(output: DescribeChangeSetOutput) -> Result<ChangeSetDescription, ServiceError> {
    let status = output.status.ok_or_else(|| incomplete("change set status"))?;
    let changes = output.changes.unwrap_or_default();
    Ok(ChangeSetDescription {
        arn: output.change_set_id.ok_or_else(|| incomplete("change set id"))?,
        stack: output.stack_id.ok_or_else(|| incomplete("stack id"))?,
        status: ChangeSetStatus::from_name(status.as_str()),
        status_reason: output.status_reason,
        execution_status: execution(output.execution_status.as_ref()),
        changes: changes.into_iter().filter_map(|outer| outer.resource_change).map(change).collect(),
        next: output.next_token,
    })
}

fn execution(status: Option<&types::ExecutionStatus>) -> ExecutionStatus {
    status.map_or(ExecutionStatus::Unavailable, |status| ExecutionStatus::from_name(status.as_str()))
}

fn change(change: types::ResourceChange) -> Change {
    let replacement = change.replacement.map(|replacement| match replacement.as_str() {
        "True" => Replacement::Yes,
        "False" => Replacement::No,
        // What is not certain may be.
        _ => Replacement::Conditional,
    });
    let action = change.action.map_or_else(|| "Dynamic".to_owned(), |action| action.as_str().to_owned());
    Change {
        action: match action.as_str() {
            "Add" => ChangeAction::Add,
            "Modify" => ChangeAction::Modify,
            "Remove" => ChangeAction::Remove,
            "Import" => ChangeAction::Import,
            "Dynamic" => ChangeAction::Dynamic,
            "SyncWithActual" => ChangeAction::SyncWithActual,
            _ => ChangeAction::Unknown(action),
        },
        logical_id: change.logical_resource_id.unwrap_or_default(),
        physical_id: change.physical_resource_id,
        resource_type: change.resource_type.unwrap_or_default(),
        replacement,
        policy_action: change.policy_action.map(|action| action.as_str().to_owned()),
        scope: change.scope.unwrap_or_default().iter().map(|part| part.as_str().to_owned()).collect(),
        details: change.details.unwrap_or_default().into_iter().map(change_detail).collect(),
        before: change.before_context,
        after: change.after_context,
        nested_change_set: change.change_set_id,
    }
}

fn change_detail(detail: types::ResourceChangeDetail) -> ChangeDetail {
    let target = detail.target.unwrap_or_else(|| types::ResourceTargetDefinition::builder().build());
    ChangeDetail {
        attribute: target.attribute.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        name: target.name,
        path: target.path,
        before: target.before_value,
        after: target.after_value,
        requires_recreation: target.requires_recreation.map(|when| when.as_str().to_owned()),
        evaluation: detail.evaluation.map(|kind| kind.as_str().to_owned()),
        source: detail.change_source.map(|source| source.as_str().to_owned()),
        causing_entity: detail.causing_entity,
    }
}

pub(super) fn change_set_summary(summary: types::ChangeSetSummary) -> Option<ChangeSetSummary> {
    Some(ChangeSetSummary {
        arn: summary.change_set_id?,
        name: summary.change_set_name?,
        status: ChangeSetStatus::from_name(summary.status?.as_str()),
        execution_status: execution(summary.execution_status.as_ref()),
    })
}

pub(super) fn event(event: types::StackEvent) -> Result<StackEvent, ServiceError> {
    Ok(StackEvent {
        id: event.event_id.ok_or_else(|| incomplete("event id"))?,
        stack: event.stack_id.ok_or_else(|| incomplete("stack id"))?,
        logical_id: event.logical_resource_id.unwrap_or_default(),
        physical_id: event.physical_resource_id.filter(|id| !id.is_empty()),
        resource_type: event.resource_type.unwrap_or_default(),
        // In review, the stack's own event has a status that the SDK does not know: the name counts.
        status: event.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        reason: event.resource_status_reason,
        time: event.timestamp.and_then(|time| time.to_millis().ok()).unwrap_or_default(),
        token: event.client_request_token,
    })
}

pub(super) fn validation_failure(event: OperationEvent) -> Option<ValidationFailure> {
    if event.event_type != Some(EventType::ValidationError) {
        return None;
    }
    Some(ValidationFailure {
        name: event.validation_name.unwrap_or_default(),
        logical_id: event.logical_resource_id,
        path: event.validation_path,
        reason: event.validation_status_reason.unwrap_or_default(),
        fatal: event.validation_failure_mode != Some(HookFailureMode::Warn),
    })
}

pub(super) fn resource(summary: types::StackResourceSummary) -> Option<StackResource> {
    Some(StackResource {
        logical_id: summary.logical_resource_id?,
        physical_id: summary.physical_resource_id.filter(|id| !id.is_empty()),
        resource_type: summary.resource_type.unwrap_or_default(),
        status: summary.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        reason: summary.resource_status_reason,
    })
}
