//! Stack refactoring: other logical ids for resources that stay what they are.

use serde::Serialize;

use crate::{
    rename::Rename,
    status::{RefactorExecutionStatus, RefactorStatus},
};

use super::{Answer, TemplateSource};

/// The calls of stack refactoring. Not every endpoint knows them.
pub trait StackRefactoring: Send + Sync {
    /// `CreateStackRefactor` in one stack: the id of the refactor.
    fn create_stack_refactor<'a>(&'a self, request: &'a CreateStackRefactor) -> Answer<'a, String>;

    /// `DescribeStackRefactor`.
    fn describe_stack_refactor<'a>(&'a self, refactor: &'a str) -> Answer<'a, StackRefactor>;

    /// `ListStackRefactors`, all pages: those that are being executed or undone.
    fn stack_refactors_in_progress(&self) -> Answer<'_, Vec<StackRefactor>>;

    /// `ListStackRefactorActions`, all pages.
    fn stack_refactor_actions<'a>(&'a self, refactor: &'a str) -> Answer<'a, Vec<StackRefactorAction>>;

    /// `ExecuteStackRefactor`.
    fn execute_stack_refactor<'a>(&'a self, refactor: &'a str) -> Answer<'a, ()>;
}

/// `CreateStackRefactor` in one stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateStackRefactor {
    /// The stack's name.
    pub stack: String,
    /// The deployed template with the new logical ids, and nothing else that is new.
    pub template: TemplateSource,
    /// What is renamed.
    pub renames: Vec<Rename>,
    /// Tells whose it is: the call takes no token.
    pub description: String,
}

/// A stack refactor, which nothing ever deletes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackRefactor {
    /// The id.
    pub id: String,
    /// What its maker says of it.
    pub description: String,
    /// The state.
    pub status: RefactorStatus,
    /// Why it is in this state.
    pub status_reason: Option<String>,
    /// Whether it can be executed, or is.
    pub execution_status: RefactorExecutionStatus,
    /// Why its execution is in this state.
    pub execution_reason: Option<String>,
}

/// What a stack refactor does, in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackRefactorAction {
    /// `MOVE` or `CREATE`.
    pub action: String,
    /// `RESOURCE` or `STACK`.
    pub entity: String,
    /// The logical id before.
    pub from: Option<String>,
    /// The logical id after.
    pub to: Option<String>,
    /// The id that the resource has and keeps.
    pub physical_id: Option<String>,
    /// In the service's words.
    pub description: Option<String>,
}
