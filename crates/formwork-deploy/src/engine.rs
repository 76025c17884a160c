//! [`Engine`]: carries out what the state machine decides.

mod calls;
mod operation;
mod refactor;
mod settings;

use crate::{
    clock::Clock,
    deployment::Deployment,
    machine::{Intent, Renames},
    operator::{Interruption, Operator},
    rename,
    request::{DeployRequest, StackRequest},
    retry::RetryPolicy,
    service::CloudFormation,
    stopped_task::StoppedTasks,
    submission::{Submission, TemplateStore},
};

use operation::{Operation, Work};

/// Deploys, deletes and rolls back stacks in one account and region.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    service: &'a dyn CloudFormation,
    clock: &'a dyn Clock,
    operator: &'a dyn Operator,
    interruption: Option<&'a Interruption>,
    store: Option<&'a dyn TemplateStore>,
    tasks: Option<&'a dyn StoppedTasks>,
    retry: &'a RetryPolicy,
}

impl std::fmt::Debug for Engine<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").field("region", &self.service.region()).finish_non_exhaustive()
    }
}

impl<'a> Engine<'a> {
    /// An engine on a service, with time and somebody to ask.
    pub fn new(service: &'a dyn CloudFormation, clock: &'a dyn Clock, operator: &'a dyn Operator) -> Self {
        const DEFAULT: &RetryPolicy = &RetryPolicy::DEFAULT;
        Self { service, clock, operator, interruption: None, store: None, tasks: None, retry: DEFAULT }
    }

    /// Lets itself be stopped.
    #[must_use]
    pub fn interruption(mut self, interruption: &'a Interruption) -> Self {
        self.interruption = Some(interruption);
        self
    }

    /// Has a bucket for templates that are too long for a call.
    #[must_use]
    pub fn template_store(mut self, store: &'a dyn TemplateStore) -> Self {
        self.store = Some(store);
        self
    }

    /// Asks ECS why the tasks of a service stopped that did not come up.
    #[must_use]
    pub fn stopped_tasks(mut self, tasks: &'a dyn StoppedTasks) -> Self {
        self.tasks = Some(tasks);
        self
    }

    /// Tries calls as often as this says.
    #[must_use]
    pub fn retry(mut self, policy: &'a RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Brings a stack to what its template says.
    pub async fn deploy(&self, request: &DeployRequest) -> Deployment {
        let submission = match Submission::new(&request.template) {
            Ok(submission) => submission,
            Err(error) => return Deployment::refused(&request.stack, error.to_string()),
        };
        let renames = match request.mode.replace_renamed {
            _ if !rename::are_written(&submission.template) => Renames::None,
            true => Renames::OrReplace,
            false => Renames::OrStop,
        };
        let intent = Intent::Deploy { disable_rollback: request.mode.disable_rollback, renames };
        let work = Work::Deploy { request, submission: &submission };
        Operation::new(self, &request.stack, work).run(intent).await
    }

    /// Takes a stack away.
    pub async fn destroy(&self, request: &StackRequest) -> Deployment {
        Operation::new(self, &request.stack, Work::Other(request)).run(Intent::Destroy).await
    }

    /// Brings a stack back to the last state that was well.
    pub async fn roll_back(&self, request: &StackRequest) -> Deployment {
        Operation::new(self, &request.stack, Work::Other(request)).run(Intent::RollBack).await
    }
}
