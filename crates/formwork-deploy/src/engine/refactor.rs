//! The calls that rename resources, and what their answers mean.

use formwork_template::read;

use crate::{
    machine::Observation,
    operator::RefactorProposal,
    progress::Progress,
    rename::{self, Rename},
    retry::{Attempted, attempt},
    service::CreateStackRefactor,
    status::RefactorExecutionStatus,
    submission::Submission,
    token::Token,
};

use super::{
    calls::{failed, refused},
    operation::{Operation, Work},
};

impl Operation<'_> {
    pub(super) async fn read_renames(&mut self, stack: &str) -> Observation {
        let Work::Deploy { submission, .. } = self.work else {
            return refused("there is no template".to_owned());
        };
        let engine = self.engine;
        let answer = attempt(engine.clock, engine.retry, || engine.service.template(stack)).await;
        let text = match answer.result {
            Ok(text) => text,
            Err(error) => return Observation::Failed { error, maybe_acted: false },
        };
        // It may be somebody else's, in YAML.
        let deployed = match read::read(&text) {
            Ok(document) => document.into_template(),
            Err(error) => return refused(format!("the template of the stack cannot be read: {error}")),
        };
        let (renames, impossible) = rename::pending(&deployed, &submission.template);
        // An earlier process's refactor may have done some of them.
        let done = |rename: &Rename| !renames.contains(rename);
        self.renamed.extend(self.renames.drain(..).filter(done));
        self.renames.clone_from(&renames);
        self.deployed = Some(deployed);
        Observation::Renames { renames, impossible }
    }

    pub(super) async fn find_refactor(&mut self, stack: &str) -> Observation {
        let engine = self.engine;
        let answer =
            attempt(engine.clock, engine.retry, || engine.service.stack_refactors_in_progress()).await;
        match answer.result {
            Ok(found) => {
                let own = found.into_iter().find(|found| is_ours(&found.description, stack));
                Observation::RefactorInProgress(own.map(|found| found.id))
            }
            Err(error) => Observation::Failed { error, maybe_acted: false },
        }
    }

    pub(super) async fn create_refactor(&mut self, stack: String, renames: Vec<Rename>) -> Observation {
        let engine = self.engine;
        let Some(deployed) = &self.deployed else { return refused("there is no template".to_owned()) };
        let template = rename::renamed(deployed, &renames);
        let submission = match Submission::from_template(template) {
            Ok(submission) => submission,
            Err(error) => return refused(error.to_string()),
        };
        let template = match submission.source(engine.store).await {
            Ok(template) => template,
            Err(error) => return refused(error.to_string()),
        };
        let description = description(&self.token, &stack);
        let call = CreateStackRefactor { stack, template, renames, description };
        let answer =
            attempt(engine.clock, engine.retry, || engine.service.create_stack_refactor(&call)).await;
        match answer.result {
            // Where an earlier try was accepted and its answer lost, there are two: one is executed.
            Ok(refactor) => Observation::RefactorCreated { refactor },
            Err(error) => Observation::Failed { error, maybe_acted: false },
        }
    }

    pub(super) async fn describe_refactor(&mut self, refactor: &str) -> Observation {
        let engine = self.engine;
        let answer =
            attempt(engine.clock, engine.retry, || engine.service.describe_stack_refactor(refactor)).await;
        let found = match answer.result {
            Ok(found) => found,
            Err(error) => return Observation::Failed { error, maybe_acted: false },
        };
        if found.execution_status == RefactorExecutionStatus::ExecuteComplete
            && self.is_own(&found.description)
        {
            let renames = std::mem::take(&mut self.renames);
            self.renamed.extend(renames.iter().cloned());
            self.tell(&Progress::Renamed { stack: self.name.to_owned(), renames });
        }
        Observation::Refactor {
            status: found.status,
            reason: found.status_reason,
            execution: found.execution_status,
            execution_reason: found.execution_reason,
        }
    }

    pub(super) async fn ask_refactor(&mut self, stack: &str, refactor: &str) -> Observation {
        let engine = self.engine;
        let answer =
            attempt(engine.clock, engine.retry, || engine.service.stack_refactor_actions(refactor)).await;
        let actions = match answer.result {
            Ok(actions) => actions,
            Err(error) => return Observation::Failed { error, maybe_acted: false },
        };
        let proposal = RefactorProposal {
            stack: self.name.to_owned(),
            arn: stack.to_owned(),
            renames: self.renames.clone(),
            actions,
        };
        match self.asked(engine.operator.approve_refactor(&proposal)).await {
            Some(true) => Observation::Approved,
            Some(false) => Observation::Declined,
            None => Observation::Interrupted,
        }
    }

    pub(super) async fn execute_refactor(&mut self, refactor: &str) -> Observation {
        let engine = self.engine;
        self.tell(&Progress::Renaming { stack: self.name.to_owned(), renames: self.renames.clone() });
        let Attempted { result, answer_lost } =
            attempt(engine.clock, engine.retry, || engine.service.execute_stack_refactor(refactor)).await;
        failed(Attempted { result, answer_lost })
    }

    fn is_own(&self, description: &str) -> bool {
        description.starts_with(&self.token.text())
    }
}

/// What tells a refactor from all others: the call takes no token.
fn description(token: &Token, stack: &str) -> String {
    format!("{} renames resources of {stack}", token.text())
}

fn is_ours(description: &str, stack: &str) -> bool {
    description.starts_with(Token::PREFIX) && description.ends_with(&format!(" of {stack}"))
}
