//! What others do between two calls, and what nobody expects the service to say.

use formwork_template::Template;

use crate::{
    error::ServiceError,
    status::{ChangeSetStatus, ExecutionStatus, RefactorExecutionStatus, RefactorStatus, StackStatus},
};

use super::{
    Account, Simulation,
    stack::{Beat, resources_of},
};

/// Something that happens just before a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disturbance {
    /// The stacks are in this state; one in which the service is at work passes after some looks.
    Stack(StackStatus),
    /// The change sets are in these states.
    ChangeSets(ChangeSetStatus, ExecutionStatus),
    /// The refactors are in these states.
    Refactors(RefactorStatus, RefactorExecutionStatus),
    /// Somebody else has deployed this template.
    Deployment(String),
    /// Somebody else has deleted the stacks.
    Deletion,
    /// The call is refused.
    Refusal(ServiceError),
}

impl Simulation {
    /// Just before the call of this number, from 0, this happens.
    pub fn disturb(&self, call: usize, disturbance: Disturbance) {
        self.account().disturbances.insert(call, disturbance);
    }

    /// The stacks that were deleted, and the state in which each was told to be before that.
    pub fn deleted_as_told(&self) -> Vec<(String, Option<StackStatus>)> {
        self.account().deleted_as_told.clone()
    }
}

impl Account {
    pub(super) fn disturbed(&mut self, call: usize) -> Result<(), ServiceError> {
        let Some(disturbance) = self.disturbances.remove(&call) else { return Ok(()) };
        let standing = self.stacks.iter_mut().filter(|stack| stack.status != StackStatus::DeleteComplete);
        match disturbance {
            Disturbance::Refusal(error) => return Err(error),
            Disturbance::Stack(status) => {
                for stack in standing {
                    stack.plan.clear();
                    if let Some(end) = passes(&status) {
                        stack.plan.extend([Beat::default(), Beat { status: Some(end), ..Beat::default() }]);
                    }
                    stack.status = status.clone();
                }
            }
            Disturbance::ChangeSets(status, execution) => {
                for set in standing.flat_map(|stack| &mut stack.change_sets) {
                    (set.status, set.execution) = (status.clone(), execution.clone());
                }
            }
            Disturbance::Refactors(status, execution) => {
                for refactor in &mut self.refactors {
                    let sight = &mut refactor.sight;
                    (sight.status, sight.execution_status) = (status.clone(), execution.clone());
                }
            }
            Disturbance::Deployment(template) => {
                debug_assert!(Template::from_json(&template).is_ok(), "a template of the test");
                for stack in standing {
                    stack.plan.clear();
                    stack.status = StackStatus::UpdateComplete;
                    stack.standing = resources_of(&template);
                    stack.template.clone_from(&template);
                    stack.physical.clear();
                    for set in &mut stack.change_sets {
                        set.execution = ExecutionStatus::Obsolete;
                    }
                }
            }
            Disturbance::Deletion => {
                for stack in standing {
                    stack.plan.clear();
                    stack.change_sets.clear();
                    stack.status = StackStatus::DeleteComplete;
                }
            }
        }
        Ok(())
    }
}

/// How work that somebody else began ends.
fn passes(status: &StackStatus) -> Option<StackStatus> {
    Some(match status {
        StackStatus::CreateInProgress => StackStatus::CreateComplete,
        StackStatus::RollbackInProgress => StackStatus::RollbackComplete,
        StackStatus::DeleteInProgress => StackStatus::DeleteComplete,
        StackStatus::UpdateInProgress | StackStatus::UpdateCompleteCleanupInProgress => {
            StackStatus::UpdateComplete
        }
        StackStatus::UpdateRollbackInProgress | StackStatus::UpdateRollbackCompleteCleanupInProgress => {
            StackStatus::UpdateRollbackComplete
        }
        StackStatus::ImportInProgress => StackStatus::ImportComplete,
        StackStatus::ImportRollbackInProgress => StackStatus::ImportRollbackComplete,
        _ => return None,
    })
}
