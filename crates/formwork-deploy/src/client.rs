//! [`Client`]: the calls over the AWS SDK.

mod cloud_control;
mod convert;
mod drift;
mod refactor;
mod truncation;

use std::fmt;

use aws_sdk_cloudformation as sdk;

use crate::{
    error::ServiceError,
    failure::failure,
    service::{
        Answer, ChangeSetDescription, ChangeSetReference, ChangeSetSummary, ChangeSetType, CloudFormation,
        ContinueUpdateRollback, CreateChangeSet, DeleteStack, DescribeChangeSet, EventPage, ExecuteChangeSet,
        RollbackStack, StackDescription, StackResource, TemplateSource, ValidationFailure,
    },
};

pub use crate::connection::{Aws, Connection, StaticCredentials};
pub use cloud_control::CloudControl;

/// CloudFormation over the AWS SDK.
///
/// The SDK repeats no call: the engine does, which knows what was accepted.
#[derive(Clone)]
pub struct Client {
    inner: sdk::Client,
    live: CloudControl,
    region: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("region", &self.region).finish_non_exhaustive()
    }
}

impl Client {
    /// A client by this connection; needs a tokio runtime.
    ///
    /// Nothing is called yet, except that the region may be asked of the machine's own service.
    pub async fn connect(connection: &Connection) -> Result<Self, ServiceError> {
        Ok(Self::new(&Aws::connect(connection).await?))
    }

    /// A client for what is connected already.
    pub fn new(aws: &Aws) -> Self {
        let config = sdk::config::Builder::from(&aws.config).interceptor(truncation::WholeAnswers);
        let live = aws_sdk_cloudcontrol::Config::new(&aws.config);
        Self {
            inner: sdk::Client::from_conf(config.build()),
            live: CloudControl::new(live, aws.endpoint().is_none()),
            region: aws.region().to_owned(),
        }
    }

    /// What reads resources themselves, in the same place.
    pub const fn live_resources(&self) -> &CloudControl {
        &self.live
    }
}

/// An answer without a part that every whole answer has.
fn incomplete(part: &str) -> ServiceError {
    ServiceError::AnswerLost { message: format!("the answer has no {part}") }
}

impl CloudFormation for Client {
    fn region(&self) -> &str {
        &self.region
    }

    fn describe_stack<'a>(&'a self, stack: &'a str) -> Answer<'a, Option<StackDescription>> {
        Box::pin(async move {
            let answer = self.inner.describe_stacks().stack_name(stack).send().await;
            let output = match answer.map_err(|error| failure(&error)) {
                Ok(output) => output,
                Err(ServiceError::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            let stack = output.stacks.unwrap_or_default().into_iter().next();
            convert::stack(stack.ok_or_else(|| incomplete("stack"))?).map(Some)
        })
    }

    fn template<'a>(&'a self, stack: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let request = self.inner.get_template().stack_name(stack);
            let answer = request.template_stage(sdk::types::TemplateStage::Original).send().await;
            let body = answer.map_err(|error| failure(&error))?.template_body;
            body.ok_or_else(|| incomplete("template"))
        })
    }

    fn create_change_set<'a>(&'a self, request: &'a CreateChangeSet) -> Answer<'a, ChangeSetReference> {
        Box::pin(async move {
            let call = self
                .inner
                .create_change_set()
                .stack_name(&request.stack)
                .change_set_name(&request.name)
                .client_token(&request.token)
                .change_set_type(match request.kind {
                    ChangeSetType::Create => sdk::types::ChangeSetType::Create,
                    ChangeSetType::Update => sdk::types::ChangeSetType::Update,
                })
                .set_parameters(Some(convert::parameters(&request.parameters)))
                .set_capabilities(Some(convert::capabilities(&request.capabilities)))
                .set_tags(request.tags.as_ref().map(convert::tags))
                .set_notification_arns(request.notification_arns.clone())
                .set_role_arn(request.role.clone())
                .set_rollback_configuration(request.rollback_alarms.as_deref().map(convert::alarms))
                .set_import_existing_resources(request.import_existing.then_some(true))
                .set_include_nested_stacks(request.nested.then_some(true))
                .set_deployment_mode(request.revert_drift.then_some(sdk::types::DeploymentMode::RevertDrift))
                .set_deployment_config(request.express.then(convert::express));
            let call = match &request.template {
                TemplateSource::Body(text) => call.template_body(text),
                TemplateSource::Url(address) => call.template_url(address),
            };
            let output = call.send().await.map_err(|error| failure(&error))?;
            Ok(ChangeSetReference {
                arn: output.id.ok_or_else(|| incomplete("change set"))?,
                stack: output.stack_id.ok_or_else(|| incomplete("stack"))?,
            })
        })
    }

    fn describe_change_set<'a>(&'a self, request: &'a DescribeChangeSet) -> Answer<'a, ChangeSetDescription> {
        Box::pin(async move {
            let call = self
                .inner
                .describe_change_set()
                .stack_name(&request.stack)
                .change_set_name(&request.change_set)
                .set_next_token(request.page.clone())
                .set_include_property_values(request.values.then_some(true));
            convert::change_set(call.send().await.map_err(|error| failure(&error))?)
        })
    }

    fn change_sets<'a>(&'a self, stack: &'a str) -> Answer<'a, Vec<ChangeSetSummary>> {
        Box::pin(async move {
            // Emulators know this list by the name alone; what is of another stack is left out here.
            let name = stack.strip_prefix("arn:").and_then(|rest| rest.split('/').nth(1)).unwrap_or(stack);
            let is_other = |id: Option<&str>| name != stack && id.is_some_and(|id| id != stack);
            let mut page = None;
            let mut all = Vec::new();
            loop {
                let call = self.inner.list_change_sets().stack_name(name).set_next_token(page);
                let output = call.send().await.map_err(|error| failure(&error))?;
                let mut summaries = output.summaries.unwrap_or_default();
                summaries.retain(|summary| !is_other(summary.stack_id()));
                all.extend(summaries.into_iter().filter_map(convert::change_set_summary));
                page = output.next_token;
                if page.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn delete_change_set<'a>(&'a self, stack: &'a str, change_set: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.inner.delete_change_set().stack_name(stack).change_set_name(change_set);
            match call.send().await.map_err(|error| failure(&error)) {
                Ok(_) | Err(ServiceError::NotFound { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    fn execute_change_set<'a>(&'a self, request: &'a ExecuteChangeSet) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self
                .inner
                .execute_change_set()
                .stack_name(&request.stack)
                .change_set_name(&request.change_set)
                .client_request_token(&request.token)
                .set_disable_rollback(request.disable_rollback)
                .set_retain_except_on_create(request.retain_except_on_create.then_some(true));
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }

    fn events<'a>(&'a self, stack: &'a str, page: Option<&'a str>) -> Answer<'a, EventPage> {
        Box::pin(async move {
            let call = self.inner.describe_stack_events().stack_name(stack);
            let call = call.set_next_token(page.map(str::to_owned));
            let output = call.send().await.map_err(|error| failure(&error))?;
            let events = output.stack_events.unwrap_or_default();
            Ok(EventPage {
                events: events.into_iter().map(convert::event).collect::<Result<_, _>>()?,
                next: output.next_token,
            })
        })
    }

    fn validation_failures<'a>(
        &'a self,
        stack: &'a str,
        change_set: &'a str,
    ) -> Answer<'a, Vec<ValidationFailure>> {
        Box::pin(async move {
            let mut page = None;
            let mut all = Vec::new();
            loop {
                let filter = sdk::types::EventFilter::builder().failed_events(true).build();
                let call = self.inner.describe_events().stack_name(stack).change_set_name(change_set);
                let call = call.filters(filter).set_next_token(page);
                let output = call.send().await.map_err(|error| failure(&error))?;
                let events = output.operation_events.unwrap_or_default();
                all.extend(events.into_iter().filter_map(convert::validation_failure));
                page = output.next_token;
                if page.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn resources<'a>(&'a self, stack: &'a str) -> Answer<'a, Vec<StackResource>> {
        Box::pin(async move {
            let mut page = None;
            let mut all = Vec::new();
            loop {
                let call = self.inner.list_stack_resources().stack_name(stack).set_next_token(page);
                let output = call.send().await.map_err(|error| failure(&error))?;
                let summaries = output.stack_resource_summaries.unwrap_or_default();
                all.extend(summaries.into_iter().filter_map(convert::resource));
                page = output.next_token;
                if page.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn imports<'a>(&'a self, export: &'a str) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let mut page = None;
            let mut all = Vec::new();
            loop {
                let call = self.inner.list_imports().export_name(export).set_next_token(page);
                let output = match call.send().await.map_err(|error| failure(&error)) {
                    Ok(output) => output,
                    // An export that nobody imports is a refusal, and not an empty list.
                    Err(ServiceError::Validation { message }) if message.contains("not imported") => {
                        return Ok(all);
                    }
                    Err(error) => return Err(error),
                };
                all.extend(output.imports.unwrap_or_default());
                page = output.next_token;
                if page.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn delete_stack<'a>(&'a self, request: &'a DeleteStack) -> Answer<'a, ()> {
        Box::pin(async move {
            let force = sdk::types::DeletionMode::ForceDeleteStack;
            let call = self
                .inner
                .delete_stack()
                .stack_name(&request.stack)
                .client_request_token(&request.token)
                .set_retain_resources((!request.retain.is_empty()).then(|| request.retain.clone()))
                .set_deletion_mode(request.force.then_some(force))
                .set_role_arn(request.role.clone());
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }

    fn rollback_stack<'a>(&'a self, request: &'a RollbackStack) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.inner.rollback_stack().stack_name(&request.stack);
            let call = call.client_request_token(&request.token).set_role_arn(request.role.clone());
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }

    fn continue_update_rollback<'a>(&'a self, request: &'a ContinueUpdateRollback) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self
                .inner
                .continue_update_rollback()
                .stack_name(&request.stack)
                .client_request_token(&request.token)
                .set_resources_to_skip((!request.skip.is_empty()).then(|| request.skip.clone()))
                .set_role_arn(request.role.clone());
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }

    fn cancel_update<'a>(&'a self, stack: &'a str, token: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.inner.cancel_update_stack().stack_name(stack).client_request_token(token);
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }

    fn set_termination_protection<'a>(&'a self, stack: &'a str, protected: bool) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.inner.update_termination_protection().stack_name(stack);
            let call = call.enable_termination_protection(protected);
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }

    fn set_stack_policy<'a>(&'a self, stack: &'a str, policy: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.inner.set_stack_policy().stack_name(stack).stack_policy_body(policy);
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }
}
