//! The calls of an operation, and what their answers mean.

use crate::{
    capability,
    error::ServiceError,
    exports::{self, LostExport, Names},
    machine::Observation,
    parameters::{needs_previous_template, parameters},
    progress::Progress,
    read::is_empty,
    request::{DeployRequest, Mode},
    retry::{Attempted, attempt},
    service::{
        ChangeSetType, ContinueUpdateRollback, CreateChangeSet, DeleteStack, DescribeChangeSet,
        ExecuteChangeSet, RollbackStack,
    },
    status::{ChangeSetStatus, ExecutionStatus},
    submission::Submission,
    token::Token,
};

use super::operation::{Operation, Work};

/// What a refused or lost call means.
pub(super) fn failed<T>(attempted: Attempted<T>) -> Observation {
    match attempted.result {
        // At a token that is known, an earlier try was accepted, and its answer lost.
        Ok(_) | Err(ServiceError::AlreadyAccepted) => Observation::Accepted,
        Err(error) => Observation::Failed { error, maybe_acted: attempted.answer_lost },
    }
}

/// What a refused or lost call means that the service takes in one state of the stack only.
fn taken_once<T>(attempted: Attempted<T>) -> Observation {
    match attempted.result {
        // An earlier try has brought the stack into another state; whether it has, the stack tells.
        Err(ServiceError::Validation { .. }) if attempted.answer_lost => Observation::Accepted,
        _ => failed(attempted),
    }
}

/// A refusal of our own, before any call.
pub(super) fn refused(message: String) -> Observation {
    Observation::Failed { error: ServiceError::Validation { message }, maybe_acted: false }
}

impl Operation<'_> {
    /// Whether this operation makes a stack or changes one.
    pub(super) fn kind(&self) -> ChangeSetType {
        match &self.seen {
            Some(seen) if seen.status.exists() => ChangeSetType::Update,
            _ => ChangeSetType::Create,
        }
    }

    pub(super) async fn create_change_set(
        &mut self,
        stack: Option<String>,
        kind: ChangeSetType,
    ) -> Observation {
        let Work::Deploy { request, submission } = self.work else {
            return refused("there is no template".to_owned());
        };
        let engine = self.engine;
        if kind == ChangeSetType::Create {
            // What was seen was another stack of this name, or nothing.
            self.seen = None;
        }
        if let Some(lost) = self.exports_lost(request, submission).await {
            return Observation::ExportsLost(lost);
        }
        let template = match submission.source(engine.store).await {
            Ok(template) => template,
            Err(error) => return refused(error.to_string()),
        };
        let previous = self.seen.as_ref().map(|seen| (seen.arn.clone(), seen.parameters.clone()));
        let mut previous_template = None;
        if let Some((arn, previous)) = &previous
            && needs_previous_template(&submission.template, &request.parameters, previous)
        {
            let answer = attempt(engine.clock, engine.retry, || engine.service.template(arn)).await;
            match answer.result {
                Ok(text) => previous_template = formwork_template::Template::from_json(&text).ok(),
                Err(error) => return Observation::Failed { error, maybe_acted: false },
            }
        }
        let values = parameters(
            &submission.template,
            &request.parameters,
            previous.as_ref().map(|(_, parameters)| parameters),
            previous_template.as_ref(),
        );
        let values = match values {
            Ok(values) => values,
            Err(problems) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                return refused(problems.join("; "));
            }
        };
        if !self.renames.is_empty() {
            let renames = std::mem::take(&mut self.renames);
            self.tell(&Progress::Replacing { stack: self.name.to_owned(), renames });
        }
        let capabilities = capability::of_template(&submission.template);
        if !capabilities.names().is_empty() {
            let capabilities = capabilities.clone();
            self.tell(&Progress::Acknowledged { stack: self.name.to_owned(), capabilities });
        }
        self.tell(&Progress::Preparing { stack: self.name.to_owned(), kind });
        let call = CreateChangeSet {
            // A stack that is to be made has a name; the empty one that it may have is known by that, too.
            stack: stack.filter(|_| kind == ChangeSetType::Update).unwrap_or_else(|| self.name.to_owned()),
            name: self.token.change_set_name(),
            kind,
            template,
            parameters: values,
            capabilities: capabilities.names(),
            tags: request.tags.clone(),
            notification_arns: request.notification_arns.clone(),
            role: request.role.clone(),
            rollback_alarms: request.rollback_alarms.clone(),
            import_existing: request.mode.import_existing,
            nested: !request.mode.import_existing && !request.mode.revert_drift,
            revert_drift: request.mode.revert_drift,
            express: request.mode.express,
            token: self.token.text(),
        };
        let answer = attempt(engine.clock, engine.retry, || engine.service.create_change_set(&call)).await;
        match (answer.result, answer.answer_lost) {
            (Ok(made), _) => Observation::ChangeSetCreated { stack: made.stack, change_set: made.arn },
            // Nobody else has this name: an earlier try was accepted, and its answer lost.
            (Err(ServiceError::AlreadyExists { .. } | ServiceError::AlreadyAccepted), _) => {
                self.find_change_set(call.stack, call.name).await
            }
            (Err(error), maybe_acted) => Observation::Failed { error, maybe_acted },
        }
    }

    /// What other stacks import and the template no longer exports; the service would find out only
    /// when it has changed all else.
    async fn exports_lost(
        &self,
        request: &DeployRequest,
        submission: &Submission,
    ) -> Option<Vec<LostExport>> {
        let engine = self.engine;
        let seen = self.seen.as_ref().filter(|seen| seen.status.exists())?;
        let names = Names::of(seen, &submission.template, &request.parameters);
        let mut all = Vec::new();
        for output in exports::lost(&seen.outputs, &submission.template, &names) {
            let Some(export) = &output.export else { continue };
            let answer = attempt(engine.clock, engine.retry, || engine.service.imports(export)).await;
            // What cannot be read is left to the service.
            let importers = answer.result.unwrap_or_default();
            if !importers.is_empty() {
                all.push(LostExport { export: export.clone(), importers });
            }
        }
        (!all.is_empty()).then_some(all)
    }

    /// The change set whose creation was not answered.
    async fn find_change_set(&mut self, stack: String, change_set: String) -> Observation {
        let engine = self.engine;
        let call = DescribeChangeSet { stack, change_set, page: None, values: false };
        let answer = attempt(engine.clock, engine.retry, || engine.service.describe_change_set(&call)).await;
        match answer.result {
            Ok(found) => Observation::ChangeSetCreated { stack: found.stack, change_set: found.arn },
            Err(error) => Observation::Failed { error, maybe_acted: true },
        }
    }

    pub(super) async fn describe_change_set(&mut self, stack: &str, change_set: &str) -> Observation {
        let engine = self.engine;
        let call = DescribeChangeSet {
            stack: stack.to_owned(),
            change_set: change_set.to_owned(),
            page: None,
            values: false,
        };
        let answer = attempt(engine.clock, engine.retry, || engine.service.describe_change_set(&call)).await;
        match answer.result {
            Ok(found) => Observation::ChangeSet {
                empty: is_empty(&found),
                status: found.status,
                execution: found.execution_status,
                reason: found.status_reason,
            },
            Err(ServiceError::NotFound { .. }) => Observation::ChangeSetGone,
            Err(error) => Observation::Failed { error, maybe_acted: false },
        }
    }

    pub(super) async fn execute(
        &mut self,
        stack: String,
        change_set: String,
        disable_rollback: bool,
        token: String,
    ) -> Observation {
        let engine = self.engine;
        let mode = match self.work {
            Work::Deploy { request, .. } => request.mode,
            Work::Other(_) => Mode::default(),
        };
        let retain_except_on_create = mode.retain_except_on_create;
        // The documentation contradicts itself on the default, so it is said. An express deployment has
        // its own setting, with which this one conflicts.
        let disable_rollback = (!mode.express).then_some(disable_rollback);
        let call = ExecuteChangeSet { stack, change_set, disable_rollback, retain_except_on_create, token };
        let answer = attempt(engine.clock, engine.retry, || engine.service.execute_change_set(&call)).await;
        match answer.result {
            Err(ServiceError::InvalidChangeSetStatus { .. }) => Observation::NotExecutable,
            Err(ServiceError::NotFound { .. }) => Observation::ChangeSetGone,
            // An earlier try is at work already.
            Err(ServiceError::Validation { message })
                if answer.answer_lost && message.contains("_IN_PROGRESS") =>
            {
                Observation::NotExecutable
            }
            result => failed(Attempted { result, answer_lost: answer.answer_lost }),
        }
    }

    pub(super) async fn list_change_sets(&mut self, stack: &str) -> Observation {
        let engine = self.engine;
        let answer = attempt(engine.clock, engine.retry, || engine.service.change_sets(stack)).await;
        let found = match answer.result {
            Ok(found) => found,
            Err(error) => return Observation::Failed { error, maybe_acted: false },
        };
        let own = self.token.change_set_name();
        // One that is being deleted, or was executed, still stands in the list. A failed one of the own
        // name may be another, if the answer to its creation was lost and the service made a second.
        let standing = found.into_iter().filter(|set| {
            (set.name != own || set.status == ChangeSetStatus::Failed)
                && !matches!(
                    set.status,
                    ChangeSetStatus::DeletePending
                        | ChangeSetStatus::DeleteInProgress
                        | ChangeSetStatus::DeleteComplete
                )
                && set.execution_status != ExecutionStatus::ExecuteComplete
        });
        let (leftover, others): (Vec<_>, Vec<_>) = standing
            .partition(|set| set.status == ChangeSetStatus::Failed && set.name.starts_with(Token::PREFIX));
        Observation::ChangeSets {
            leftover: leftover.into_iter().map(|set| set.arn).collect(),
            others: others.len(),
        }
    }

    pub(super) async fn delete_change_set(
        &mut self,
        stack: Option<String>,
        change_set: Option<String>,
    ) -> Observation {
        let engine = self.engine;
        let stack = stack.unwrap_or_else(|| self.name.to_owned());
        let change_set = change_set.unwrap_or_else(|| self.token.change_set_name());
        let answer =
            attempt(engine.clock, engine.retry, || engine.service.delete_change_set(&stack, &change_set))
                .await;
        match answer.result {
            Ok(()) | Err(ServiceError::NotFound { .. }) => Observation::ChangeSetDeleted,
            Err(error) => {
                self.refusal = Some(format!("the change set {change_set} stays: {error}"));
                Observation::Failed { error, maybe_acted: answer.answer_lost }
            }
        }
    }

    pub(super) async fn read_imports(&mut self, stack: &str) -> Observation {
        let engine = self.engine;
        let outputs = self.seen.as_ref().filter(|seen| seen.arn == stack).map(|seen| seen.outputs.clone());
        let exports = outputs.unwrap_or_default().into_iter().filter_map(|output| output.export);
        let mut imports = Vec::new();
        for export in exports {
            let answer = attempt(engine.clock, engine.retry, || engine.service.imports(&export)).await;
            match answer.result {
                Ok(stacks) if stacks.is_empty() => {}
                Ok(stacks) => imports.push(format!("{export} ({})", stacks.join(", "))),
                Err(error) => return Observation::Failed { error, maybe_acted: false },
            }
        }
        Observation::Imports(imports)
    }

    pub(super) async fn delete_stack(
        &mut self,
        stack: String,
        retain: Vec<String>,
        force: bool,
        token: String,
    ) -> Observation {
        let engine = self.engine;
        let role = match self.work {
            Work::Deploy { request, .. } => request.role.clone(),
            Work::Other(request) => request.role.clone(),
        };
        let call = DeleteStack { stack, retain, force, role, token };
        let answer = attempt(engine.clock, engine.retry, || engine.service.delete_stack(&call)).await;
        match answer.result {
            Err(ServiceError::NotFound { .. }) => Observation::Accepted,
            // An earlier try is at work already.
            Err(ServiceError::Validation { message })
                if answer.answer_lost && message.contains("_IN_PROGRESS") =>
            {
                Observation::Accepted
            }
            result => failed(Attempted { result, answer_lost: answer.answer_lost }),
        }
    }

    pub(super) async fn roll_back(&mut self, stack: String, token: String) -> Observation {
        let engine = self.engine;
        let Work::Other(request) = self.work else { return refused("not a rollback".to_owned()) };
        let call = RollbackStack { stack, role: request.role.clone(), token };
        taken_once(attempt(engine.clock, engine.retry, || engine.service.rollback_stack(&call)).await)
    }

    pub(super) async fn continue_rollback(&mut self, stack: String, token: String) -> Observation {
        let engine = self.engine;
        let Work::Other(request) = self.work else { return refused("not a rollback".to_owned()) };
        let (skip, role) = (request.skip.clone(), request.role.clone());
        let call = ContinueUpdateRollback { stack, skip, role, token };
        taken_once(
            attempt(engine.clock, engine.retry, || engine.service.continue_update_rollback(&call)).await,
        )
    }

    pub(super) async fn cancel_update(&mut self, stack: &str, token: &str) -> Observation {
        let engine = self.engine;
        taken_once(attempt(engine.clock, engine.retry, || engine.service.cancel_update(stack, token)).await)
    }
}
