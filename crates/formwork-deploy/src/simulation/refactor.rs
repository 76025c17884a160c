//! What stack refactors do to the simulation's stacks.

use std::collections::BTreeMap;

use formwork_template::Template;

use crate::{
    error::ServiceError,
    rename::Rename,
    service::{
        Answer, CreateStackRefactor, StackRefactor, StackRefactorAction, StackRefactoring, TemplateSource,
    },
    status::{RefactorExecutionStatus, RefactorStatus, StackStatus},
};

use super::{
    Account, Simulation,
    stack::{Beat, Effect, resources_of},
};

/// A refactor, as the service keeps it for ever.
#[derive(Debug)]
pub(super) struct Refactor {
    pub(super) sight: StackRefactor,
    pub(super) stack: String,
    template: String,
    renames: Vec<Rename>,
}

impl Simulation {
    /// An account at an endpoint that does not know stack refactoring.
    #[must_use]
    pub fn without_refactoring(self) -> Self {
        self.account().no_refactoring = true;
        self
    }

    /// The ids of the stack refactors that were executed.
    pub fn refactored(&self) -> Vec<String> {
        let account = self.account();
        let executed = |refactor: &&Refactor| {
            refactor.sight.execution_status == RefactorExecutionStatus::ExecuteComplete
        };
        account.refactors.iter().filter(executed).map(|refactor| refactor.sight.id.clone()).collect()
    }
}

impl StackRefactoring for Simulation {
    fn create_stack_refactor<'a>(&'a self, request: &'a CreateStackRefactor) -> Answer<'a, String> {
        self.call("CreateStackRefactor", move |account| account.create_refactor(request))
    }

    fn describe_stack_refactor<'a>(&'a self, refactor: &'a str) -> Answer<'a, StackRefactor> {
        self.call("DescribeStackRefactor", move |account| account.describe_refactor(refactor))
    }

    fn stack_refactors_in_progress(&self) -> Answer<'_, Vec<StackRefactor>> {
        self.call("ListStackRefactors", |account| {
            account.know_refactoring()?;
            let all = account.refactors.iter().map(|refactor| refactor.sight.clone());
            let in_progress =
                |sight: &StackRefactor| sight.execution_status == RefactorExecutionStatus::ExecuteInProgress;
            Ok(all.filter(in_progress).collect())
        })
    }

    fn stack_refactor_actions<'a>(&'a self, refactor: &'a str) -> Answer<'a, Vec<StackRefactorAction>> {
        self.call("ListStackRefactorActions", move |account| {
            let found = account.refactor(refactor)?;
            let (stack, renames) = (found.stack.clone(), found.renames.clone());
            let stack = account.find(&stack)?;
            let action = |rename: Rename| StackRefactorAction {
                action: "MOVE".to_owned(),
                entity: "RESOURCE".to_owned(),
                physical_id: Some(stack.physical_id(&rename.from)),
                from: Some(rename.from),
                to: Some(rename.to),
                description: None,
            };
            Ok(renames.into_iter().map(action).collect())
        })
    }

    fn execute_stack_refactor<'a>(&'a self, refactor: &'a str) -> Answer<'a, ()> {
        self.call("ExecuteStackRefactor", move |account| account.execute_refactor(refactor))
    }
}

impl Account {
    fn know_refactoring(&self) -> Result<(), ServiceError> {
        if self.no_refactoring {
            return Err(ServiceError::from_code("InvalidAction", "Unknown action: CreateStackRefactor"));
        }
        Ok(())
    }

    fn refactor(&mut self, id: &str) -> Result<&mut Refactor, ServiceError> {
        let found = self.refactors.iter_mut().find(|refactor| refactor.sight.id == id);
        found.ok_or_else(|| ServiceError::from_code("StackRefactorNotFound", id))
    }

    fn create_refactor(&mut self, request: &CreateStackRefactor) -> Result<String, ServiceError> {
        self.know_refactoring()?;
        let id = format!("refactor-{}", self.refactors.len() + 1);
        let refused = self.unrenamable.clone();
        let stack = self.find(&request.stack)?;
        if stack.is_busy() {
            let message = format!("Stack {} is in {} state", stack.arn, stack.coming());
            return Err(ServiceError::from_code("ValidationError", &message));
        }
        let TemplateSource::Body(template) = &request.template else {
            return Err(ServiceError::from_code("ValidationError", "no such object"));
        };
        let refused = request.renames.iter().find(|rename| refused.contains(&rename.resource_type));
        let reason = if let Some(rename) = refused {
            Some(format!("{} is not supported for stack refactoring", rename.resource_type))
        } else if same_but_for(&request.renames, &stack.template, template) {
            None
        } else {
            Some("a stack refactor changes nothing but where resources stand".to_owned())
        };
        let stack = stack.arn.clone();
        let sight = StackRefactor {
            id: id.clone(),
            description: request.description.clone(),
            status: RefactorStatus::CreateInProgress,
            status_reason: reason,
            execution_status: RefactorExecutionStatus::Unavailable,
            execution_reason: None,
        };
        let (template, renames) = (template.clone(), request.renames.clone());
        self.refactors.push(Refactor { sight, stack, template, renames });
        Ok(id)
    }

    fn describe_refactor(&mut self, id: &str) -> Result<StackRefactor, ServiceError> {
        let gradual = self.gradual;
        let sight = &mut self.refactor(id)?.sight;
        let before = sight.clone();
        if sight.status == RefactorStatus::CreateInProgress {
            (sight.status, sight.execution_status) = match sight.status_reason {
                Some(_) => (RefactorStatus::CreateFailed, RefactorExecutionStatus::Unavailable),
                None => (RefactorStatus::CreateComplete, RefactorExecutionStatus::Available),
            };
        }
        let now = sight.clone();
        if now.execution_status == RefactorExecutionStatus::ExecuteInProgress {
            let stack = self.refactor(id)?.stack.clone();
            self.advance(&stack)?;
        }
        Ok(if gradual { before } else { self.refactor(id)?.sight.clone() })
    }

    fn execute_refactor(&mut self, id: &str) -> Result<(), ServiceError> {
        let refactor = self.refactor(id)?;
        if refactor.sight.execution_status != RefactorExecutionStatus::Available {
            let status = &refactor.sight.execution_status;
            let message = format!("Stack refactor {id} is in {status} and cannot be executed");
            return Err(ServiceError::from_code("ValidationError", &message));
        }
        let (stack, template) = (refactor.stack.clone(), refactor.template.clone());
        let renames = refactor.renames.clone();
        let found = self.find(&stack)?;
        if found.is_busy() {
            let message = format!("Stack {stack} is in {} state", found.coming());
            return Err(ServiceError::from_code("ValidationError", &message));
        }
        let beat = |status| Beat { status: Some(status), ..Beat::default() };
        let effect = Effect {
            parameters: found.parameters.clone(),
            tags: found.tags.clone(),
            standing: resources_of(&template),
            renames: renames.into_iter().map(|rename| (rename.from, rename.to)).collect(),
            template,
        };
        let done = Beat { effect: Some(effect), ..beat(StackStatus::UpdateComplete) };
        found.plan.extend([beat(StackStatus::UpdateInProgress), done]);
        for other in self.refactors.iter_mut().filter(|other| other.stack == stack) {
            if other.sight.execution_status == RefactorExecutionStatus::Available {
                other.sight.execution_status = RefactorExecutionStatus::Obsolete;
            }
        }
        self.refactor(id)?.sight.execution_status = RefactorExecutionStatus::ExecuteInProgress;
        self.begin(&stack)?;
        self.settle_refactors();
        Ok(())
    }

    /// What is executed is complete as soon as its stack has nothing left to do.
    pub(super) fn settle_refactors(&mut self) {
        let idle: Vec<&str> =
            self.stacks.iter().filter(|stack| !stack.is_busy()).map(|stack| stack.arn.as_str()).collect();
        for refactor in &mut self.refactors {
            let sight = &mut refactor.sight;
            if sight.execution_status == RefactorExecutionStatus::ExecuteInProgress
                && idle.contains(&refactor.stack.as_str())
            {
                sight.execution_status = RefactorExecutionStatus::ExecuteComplete;
            }
        }
    }
}

/// Whether two templates differ in nothing but these logical ids, by their letters: whoever made the
/// new one is not asked again.
fn same_but_for(renames: &[Rename], old: &str, new: &str) -> bool {
    let names: BTreeMap<&str, &str> =
        renames.iter().map(|rename| (rename.to.as_str(), rename.from.as_str())).collect();
    let mut text = String::new();
    let mut word = String::new();
    for character in new.chars().chain([' ']) {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        text.push_str(names.get(word.as_str()).unwrap_or(&word.as_str()));
        word.clear();
        text.push(character);
    }
    let canonical = |text: &str| Template::from_json(text).map(|template| template.to_compact_json()).ok();
    canonical(&text).is_some() && canonical(&text) == canonical(old)
}
