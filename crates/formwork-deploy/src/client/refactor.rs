//! The calls of stack refactoring.

use aws_sdk_cloudformation::types;

use crate::{
    failure::failure,
    rename::Rename,
    service::{
        Answer, CreateStackRefactor, StackRefactor, StackRefactorAction, StackRefactoring, TemplateSource,
    },
    status::{RefactorExecutionStatus, RefactorStatus},
};

use super::{Client, incomplete};

impl StackRefactoring for Client {
    fn create_stack_refactor<'a>(&'a self, request: &'a CreateStackRefactor) -> Answer<'a, String> {
        Box::pin(async move {
            let definition = types::StackDefinition::builder().stack_name(&request.stack);
            let definition = match &request.template {
                TemplateSource::Body(text) => definition.template_body(text),
                TemplateSource::Url(address) => definition.template_url(address),
            };
            let mappings = request.renames.iter().map(|rename| mapping(&request.stack, rename));
            let call = self
                .inner
                .create_stack_refactor()
                .description(&request.description)
                .enable_stack_creation(false)
                .stack_definitions(definition.build())
                .set_resource_mappings(Some(mappings.collect()));
            let output = call.send().await.map_err(|error| failure(&error))?;
            output.stack_refactor_id.ok_or_else(|| incomplete("stack refactor"))
        })
    }

    fn describe_stack_refactor<'a>(&'a self, refactor: &'a str) -> Answer<'a, StackRefactor> {
        Box::pin(async move {
            let call = self.inner.describe_stack_refactor().stack_refactor_id(refactor);
            let output = call.send().await.map_err(|error| failure(&error))?;
            let status = output.status.ok_or_else(|| incomplete("stack refactor status"))?;
            Ok(StackRefactor {
                id: output.stack_refactor_id.unwrap_or_else(|| refactor.to_owned()),
                description: output.description.unwrap_or_default(),
                status: RefactorStatus::from_name(status.as_str()),
                status_reason: output.status_reason,
                execution_status: execution(output.execution_status.as_ref()),
                execution_reason: output.execution_status_reason,
            })
        })
    }

    fn stack_refactors_in_progress(&self) -> Answer<'_, Vec<StackRefactor>> {
        Box::pin(async move {
            let in_progress = [
                types::StackRefactorExecutionStatus::ExecuteInProgress,
                types::StackRefactorExecutionStatus::RollbackInProgress,
            ];
            let mut page = None;
            let mut all = Vec::new();
            loop {
                let call = self.inner.list_stack_refactors().set_next_token(page);
                let call = call.set_execution_status_filter(Some(in_progress.to_vec()));
                let output = call.send().await.map_err(|error| failure(&error))?;
                all.extend(
                    output.stack_refactor_summaries.unwrap_or_default().into_iter().filter_map(summary),
                );
                page = output.next_token;
                if page.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn stack_refactor_actions<'a>(&'a self, refactor: &'a str) -> Answer<'a, Vec<StackRefactorAction>> {
        Box::pin(async move {
            let mut page = None;
            let mut all = Vec::new();
            loop {
                let call = self.inner.list_stack_refactor_actions().stack_refactor_id(refactor);
                let output = call.set_next_token(page).send().await.map_err(|error| failure(&error))?;
                all.extend(output.stack_refactor_actions.unwrap_or_default().into_iter().map(action));
                page = output.next_token;
                if page.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn execute_stack_refactor<'a>(&'a self, refactor: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.inner.execute_stack_refactor().stack_refactor_id(refactor);
            call.send().await.map(|_| ()).map_err(|error| failure(&error))
        })
    }
}

fn mapping(stack: &str, rename: &Rename) -> types::ResourceMapping {
    let location =
        |id: &str| types::ResourceLocation::builder().stack_name(stack).logical_resource_id(id).build();
    let mapping = types::ResourceMapping::builder();
    mapping.source(location(&rename.from)).destination(location(&rename.to)).build()
}

fn execution(status: Option<&types::StackRefactorExecutionStatus>) -> RefactorExecutionStatus {
    let name = status.map(types::StackRefactorExecutionStatus::as_str);
    name.map_or(RefactorExecutionStatus::Unavailable, RefactorExecutionStatus::from_name)
}

fn summary(summary: types::StackRefactorSummary) -> Option<StackRefactor> {
    Some(StackRefactor {
        id: summary.stack_refactor_id?,
        description: summary.description.unwrap_or_default(),
        status: RefactorStatus::from_name(summary.status?.as_str()),
        status_reason: summary.status_reason,
        execution_status: execution(summary.execution_status.as_ref()),
        execution_reason: summary.execution_status_reason,
    })
}

fn action(action: types::StackRefactorAction) -> StackRefactorAction {
    let mapping = action.resource_mapping;
    let id =
        |location: Option<types::ResourceLocation>| location.map(|location| location.logical_resource_id);
    let (from, to) = mapping.map_or((None, None), |mapping| (id(mapping.source), id(mapping.destination)));
    StackRefactorAction {
        action: action.action.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        entity: action.entity.map(|entity| entity.as_str().to_owned()).unwrap_or_default(),
        from: from.flatten(),
        to: to.flatten(),
        physical_id: action.physical_resource_id,
        description: action.description,
    }
}
