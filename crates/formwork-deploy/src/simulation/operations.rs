//! What calls do to the simulation's stacks.

use std::collections::BTreeMap;

use formwork_template::{Map, Template, Value};

use crate::{
    error::ServiceError,
    service::{
        Change, ChangeAction, ChangeSetDescription, ChangeSetReference, ChangeSetType,
        ContinueUpdateRollback, CreateChangeSet, DeleteStack, DescribeChangeSet, ExecuteChangeSet,
        ParameterValue, Replacement, StackDescription, TemplateSource,
    },
    status::{ChangeSetStatus, ExecutionStatus, StackStatus},
};

use super::{
    Account,
    stack::{Beat, ChangeSet, Effect, Resource, Stack, resources_of},
};

const EMPTY: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

fn invalid(message: impl AsRef<str>) -> ServiceError {
    ServiceError::from_code("ValidationError", message.as_ref())
}

impl Account {
    pub(super) fn find(&mut self, stack: &str) -> Result<&mut Stack, ServiceError> {
        let by_arn = |found: &Stack| found.arn == stack;
        let by_name = |found: &Stack| found.name == stack && found.status != StackStatus::DeleteComplete;
        let position = self.stacks.iter().position(|found| by_arn(found) || by_name(found));
        let found = position.and_then(|position| self.stacks.get_mut(position));
        found.ok_or_else(|| invalid(format!("Stack with id {stack} does not exist")))
    }

    fn number(&mut self) -> u32 {
        self.counter += 1;
        self.counter
    }

    pub(super) fn describe_stack(&mut self, stack: &str) -> Option<StackDescription> {
        self.advance(stack).ok()?;
        let description = self.find(stack).ok()?.describe();
        self.told.insert(description.arn.clone(), description.status.clone());
        // By its name, a stack is gone as soon as it is deleted.
        let gone = description.status == StackStatus::DeleteComplete && stack != description.arn;
        (!gone).then_some(description)
    }

    /// Takes the next step of what is going on in a stack.
    pub(super) fn advance(&mut self, stack: &str) -> Result<(), ServiceError> {
        let mut counter = self.counter;
        self.find(stack)?.advance(&mut counter);
        self.counter = counter;
        self.settle_refactors();
        Ok(())
    }

    pub(super) fn create_change_set(
        &mut self,
        request: &CreateChangeSet,
    ) -> Result<ChangeSetReference, ServiceError> {
        let number = self.number();
        if self.find(&request.stack).is_err() && request.kind == ChangeSetType::Create {
            let arn =
                format!("arn:aws:cloudformation:eu-west-1:123456789012:stack/{}/{number}", request.stack);
            self.stacks.push(Stack::new(&request.stack, arn));
        }
        let gradual = self.gradual;
        let stack = self.find(&request.stack)?;
        let exists = stack.status.exists();
        match request.kind {
            ChangeSetType::Create if exists => {
                let name = &stack.name;
                let text = "already exists and cannot be created again with the changeSet";
                return Err(invalid(format!("Stack [{name}] {text} [{}].", request.name)));
            }
            ChangeSetType::Update if !exists => {
                return Err(invalid(format!("Stack [{}] does not exist", stack.name)));
            }
            _ => {}
        }
        let updatable = matches!(
            stack.status,
            StackStatus::ReviewInProgress
                | StackStatus::CreateComplete
                | StackStatus::UpdateComplete
                | StackStatus::UpdateRollbackComplete
                | StackStatus::CreateFailed
                | StackStatus::UpdateFailed
        );
        if stack.is_busy() || !updatable {
            let status = stack.coming();
            return Err(invalid(format!("Stack:{} is in {status} state and can not be updated.", stack.arn)));
        }
        if stack.change_sets.iter().any(|set| set.name == request.name) {
            return Err(ServiceError::AlreadyExists {
                message: format!("ChangeSet {} exists", request.name),
            });
        }
        let template = match &request.template {
            TemplateSource::Body(text) => text.clone(),
            TemplateSource::Url(address) => return Err(invalid(format!("no such object: {address}"))),
        };
        let parameters = evaluate(&template, &request.parameters, &stack.parameters)?;
        let tags = request.tags.clone().unwrap_or_else(|| stack.tags.clone());
        let same = stack.template == template && stack.parameters == parameters && stack.tags == tags;
        let empty = exists && same && stack.standing == resources_of(&template);
        let arn =
            format!("arn:aws:cloudformation:eu-west-1:123456789012:changeSet/{}/{number}", request.name);
        let reference = ChangeSetReference { arn: arn.clone(), stack: stack.arn.clone() };
        let mut set = ChangeSet {
            name: request.name.clone(),
            arn,
            template,
            parameters,
            tags,
            status: ChangeSetStatus::CreatePending,
            execution: ExecutionStatus::Unavailable,
            empty,
        };
        if !gradual {
            settle(&mut set);
        }
        stack.change_sets.push(set);
        Ok(reference)
    }

    pub(super) fn describe_change_set(
        &mut self,
        request: &DescribeChangeSet,
    ) -> Result<ChangeSetDescription, ServiceError> {
        let stack = self.find(&request.stack)?;
        let standing = stack.standing.clone();
        let (arn, is_new) = (stack.arn.clone(), !stack.status.exists());
        let wanted = |set: &&mut ChangeSet| set.name == request.change_set || set.arn == request.change_set;
        let Some(set) = stack.change_sets.iter_mut().find(wanted) else {
            return Err(invalid(format!("ChangeSet [{}] does not exist", request.change_set)));
        };
        let description = ChangeSetDescription {
            arn: set.arn.clone(),
            stack: arn,
            status: set.status.clone(),
            status_reason: (set.status == ChangeSetStatus::Failed).then(|| EMPTY.to_owned()),
            execution_status: set.execution.clone(),
            changes: if is_new {
                changes(&BTreeMap::new(), &resources_of(&set.template))
            } else {
                changes(&standing, &resources_of(&set.template))
            },
            next: None,
        };
        settle(set);
        Ok(description)
    }

    pub(super) fn execute_change_set(&mut self, request: &ExecuteChangeSet) -> Result<(), ServiceError> {
        let (failing, failing_rollback) = (self.failing.clone(), self.failing_rollback.clone());
        let undeletable = self.undeletable.clone();
        let stack = self.find(&request.stack)?;
        if stack.tokens.contains(&request.token) {
            return Err(ServiceError::AlreadyAccepted);
        }
        let wanted = |set: &&mut ChangeSet| set.arn == request.change_set;
        let Some(set) = stack.change_sets.iter_mut().find(wanted) else {
            return Err(invalid(format!("ChangeSet [{}] does not exist", request.change_set)));
        };
        if set.execution != ExecutionStatus::Available {
            let message = format!("ChangeSet [{}] cannot be executed in its current status", set.arn);
            return Err(ServiceError::InvalidChangeSetStatus { message });
        }
        set.execution = ExecutionStatus::ExecuteInProgress;
        let set = set.clone();
        let violation = {
            let stack = self.find(&request.stack)?.arn.clone();
            let stack = self.stacks.iter().find(|found| found.arn == stack);
            stack.and_then(|stack| self.export_violation(stack, &set.template))
        };
        let stack = self.find(&request.stack)?;
        for other in stack.change_sets.iter_mut().filter(|other| other.arn != set.arn) {
            other.execution = ExecutionStatus::Obsolete;
        }
        stack.tokens.insert(request.token.clone());
        let creates = !stack.status.exists();
        let new = resources_of(&set.template);
        let effect = |standing| Effect {
            template: set.template.clone(),
            parameters: set.parameters.clone(),
            tags: set.tags.clone(),
            standing,
            renames: Vec::new(),
        };
        let changed: Vec<(String, Resource)> = new
            .iter()
            .filter(|(id, resource)| stack.standing.get(*id) != Some(resource))
            .map(|(id, resource)| (id.clone(), resource.clone()))
            .collect();
        let (in_progress, complete, failed, cancelled) = if creates {
            ("CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_FAILED", "Resource creation cancelled")
        } else {
            ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED", "Resource update cancelled")
        };
        let fault = changed.iter().position(|(id, _)| failing.contains(id));
        let beat = |status: &str| Beat {
            status: Some(StackStatus::from_name(status)),
            token: request.token.clone(),
            ..Beat::default()
        };
        let mut work = Beat { token: request.token.clone(), ..Beat::default() };
        for (position, (id, resource)) in changed.iter().enumerate() {
            let kind = || resource.kind.clone();
            work.events.push((id.clone(), kind(), in_progress, None));
            let (status, reason) = match fault {
                Some(fault) if position == fault => (failed, Some("Bad Request: the name already exists")),
                Some(fault) if position > fault => (failed, Some(cancelled)),
                _ => (complete, None),
            };
            work.events.push((id.clone(), kind(), status, reason));
        }
        let mut plan = vec![beat(in_progress), work];
        if let Some(reason) = violation {
            let (going, end) = if creates {
                ("ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE")
            } else {
                ("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
            };
            plan = vec![beat(in_progress), Beat { reason: Some(reason), ..beat(going) }, beat(end)];
        } else if let Some(fault) = fault {
            let mut standing = stack.standing.clone();
            standing.extend(changed.iter().take(fault).cloned());
            if request.disable_rollback == Some(true) {
                plan.push(Beat { effect: Some(effect(standing)), ..beat(failed) });
            } else if creates {
                plan.push(beat("ROLLBACK_IN_PROGRESS"));
                plan.push(beat("ROLLBACK_COMPLETE"));
            } else {
                plan.push(beat("UPDATE_ROLLBACK_IN_PROGRESS"));
                let stuck = changed.iter().any(|(id, _)| failing_rollback.contains(id));
                plan.push(beat(if stuck { "UPDATE_ROLLBACK_FAILED" } else { "UPDATE_ROLLBACK_COMPLETE" }));
            }
        } else {
            if !creates {
                plan.push(beat("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
                // What cannot be deleted now stays where it is, out of the stack.
                let mut cleanup = Beat { token: request.token.clone(), ..Beat::default() };
                for (id, resource) in stack.standing.iter().filter(|(id, _)| !new.contains_key(*id)) {
                    let stuck = undeletable.contains(id);
                    let status = if stuck { "DELETE_FAILED" } else { "DELETE_COMPLETE" };
                    let reason = stuck.then_some("The bucket you tried to delete is not empty");
                    cleanup.events.push((id.clone(), resource.kind.clone(), status, reason));
                }
                plan.push(cleanup);
            }
            plan.push(Beat { effect: Some(effect(new)), ..beat(complete) });
        }
        stack.plan.extend(plan);
        self.executed.push(set.name);
        self.begin(&request.stack)
    }

    pub(super) fn delete_stack(&mut self, request: &DeleteStack) -> Result<(), ServiceError> {
        let undeletable = self.undeletable.clone();
        let stack = self.find(&request.stack)?;
        if stack.tokens.contains(&request.token) || stack.status == StackStatus::DeleteComplete {
            return Ok(());
        }
        if stack.protected {
            let text = "cannot be deleted while TerminationProtection is enabled";
            return Err(invalid(format!("Stack [{}] {text}", stack.name)));
        }
        if stack.is_busy() {
            let status = stack.coming();
            return Err(invalid(format!("Stack {} is in {status} state", stack.arn)));
        }
        stack.tokens.insert(request.token.clone());
        let before = (stack.arn.clone(), stack.status.clone());
        let beat = |status| Beat { status: Some(status), token: request.token.clone(), ..Beat::default() };
        let stuck = |id: &String| undeletable.contains(id) && !request.retain.contains(id) && !request.force;
        let mut work = Beat { token: request.token.clone(), ..Beat::default() };
        for (id, resource) in &stack.standing {
            let status = if request.retain.contains(id) {
                "DELETE_SKIPPED"
            } else if stuck(id) {
                "DELETE_FAILED"
            } else {
                "DELETE_COMPLETE"
            };
            let reason = (status == "DELETE_FAILED").then_some("The bucket you tried to delete is not empty");
            work.events.push((id.clone(), resource.kind.clone(), status, reason));
        }
        let fails = stack.standing.keys().any(stuck);
        let end = if fails { StackStatus::DeleteFailed } else { StackStatus::DeleteComplete };
        stack.plan.extend([beat(StackStatus::DeleteInProgress), work, beat(end)]);
        self.deleted_as_told.push((before.0.clone(), self.told.get(&before.0).cloned()));
        self.deleted.push(before);
        self.begin(&request.stack)
    }

    pub(super) fn roll_back(&mut self, stack: &str, token: &str) -> Result<(), ServiceError> {
        let found = self.find(stack)?;
        let (going, end) = match &found.status {
            StackStatus::CreateFailed => (StackStatus::RollbackInProgress, StackStatus::RollbackComplete),
            StackStatus::UpdateFailed => {
                (StackStatus::UpdateRollbackInProgress, StackStatus::UpdateRollbackComplete)
            }
            status => return Err(invalid(format!("RollbackStack is not possible in {status}"))),
        };
        let beat = |status| Beat { status: Some(status), token: token.to_owned(), ..Beat::default() };
        found.plan.extend([beat(going), beat(end)]);
        self.begin(stack)
    }

    pub(super) fn continue_rollback(&mut self, request: &ContinueUpdateRollback) -> Result<(), ServiceError> {
        let stuck = self.failing_rollback.iter().any(|id| !request.skip.contains(id));
        let found = self.find(&request.stack)?;
        if found.status != StackStatus::UpdateRollbackFailed {
            return Err(invalid(format!("ContinueUpdateRollback is not possible in {}", found.status)));
        }
        let beat = |status| Beat { status: Some(status), token: request.token.clone(), ..Beat::default() };
        let end = if stuck { StackStatus::UpdateRollbackFailed } else { StackStatus::UpdateRollbackComplete };
        found.plan.extend([beat(StackStatus::UpdateRollbackInProgress), beat(end)]);
        self.begin(&request.stack)
    }

    pub(super) fn cancel_update(&mut self, stack: &str, token: &str) -> Result<(), ServiceError> {
        let found = self.find(stack)?;
        if found.status != StackStatus::UpdateInProgress {
            return Err(invalid(format!("CancelUpdateStack is not possible in {}", found.status)));
        }
        let beat = |status| Beat { status: Some(status), token: token.to_owned(), ..Beat::default() };
        found.plan.clear();
        found
            .plan
            .extend([beat(StackStatus::UpdateRollbackInProgress), beat(StackStatus::UpdateRollbackComplete)]);
        Ok(())
    }

    /// Begins what is planned: all of it at once, or later, at each look.
    pub(super) fn begin(&mut self, stack: &str) -> Result<(), ServiceError> {
        let (gradual, lag) = (self.gradual, self.lag);
        let mut counter = self.counter;
        let found = self.find(stack)?;
        for _ in 0..lag {
            found.plan.push_front(Beat::default());
        }
        if !gradual && lag == 0 {
            while !found.plan.is_empty() {
                found.advance(&mut counter);
            }
        }
        self.counter = counter;
        Ok(())
    }
}

/// A change set that is pending is made at the next look.
fn settle(set: &mut ChangeSet) {
    if !matches!(set.status, ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress) {
        return;
    }
    if set.empty {
        set.status = ChangeSetStatus::Failed;
    } else {
        set.status = ChangeSetStatus::CreateComplete;
        set.execution = ExecutionStatus::Available;
    }
}

fn changes(before: &BTreeMap<String, Resource>, after: &BTreeMap<String, Resource>) -> Vec<Change> {
    let change = |id: &String, resource: &Resource, action, replacement| Change {
        action,
        logical_id: id.clone(),
        physical_id: None,
        resource_type: resource.kind.clone(),
        replacement,
        policy_action: None,
        scope: Vec::new(),
        details: Vec::new(),
        before: None,
        after: None,
        nested_change_set: None,
    };
    let mut changes: Vec<Change> = after
        .iter()
        .filter_map(|(id, resource)| match before.get(id) {
            None => Some(change(id, resource, ChangeAction::Add, None)),
            Some(old) if old == resource => None,
            Some(_) => Some(change(id, resource, ChangeAction::Modify, Some(Replacement::No))),
        })
        .collect();
    let removed = before.iter().filter(|(id, _)| !after.contains_key(*id));
    changes.extend(removed.map(|(id, resource)| change(id, resource, ChangeAction::Remove, None)));
    changes
}

/// The parameters of a template by what is sent and what the stack has.
fn evaluate(
    template: &str,
    sent: &BTreeMap<String, ParameterValue>,
    previous: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ServiceError> {
    let template = Template::from_json(template).map_err(|error| invalid(error.to_string()))?;
    let mut values = BTreeMap::new();
    for (name, declaration) in template.section("Parameters").into_iter().flat_map(Map::iter) {
        let value = match sent.get(name) {
            Some(ParameterValue::Given(value)) => Some(value.clone()),
            Some(ParameterValue::Previous) => previous.get(name).cloned(),
            None => declaration.get("Default").and_then(Value::as_str).map(str::to_owned),
        };
        let Some(value) = value else {
            return Err(invalid(format!("Parameters: [{name}] must have values")));
        };
        values.insert(name.to_owned(), value);
    }
    Ok(values)
}
