//! The calls that a deployment makes, as a trait with plain types, so that tests can script it.

mod drift;
mod refactor;
mod request;
mod response;

use std::{future::Future, pin::Pin};

use crate::error::ServiceError;

pub use drift::{
    Detection, DetectionStatus, DriftDetection, LastDetection, ReportedDifference, ReportedDrift,
    ReportedDriftPage, ReportedStatus,
};
pub use refactor::{CreateStackRefactor, StackRefactor, StackRefactorAction, StackRefactoring};
pub use request::{
    ChangeSetType, ContinueUpdateRollback, CreateChangeSet, DeleteStack, DescribeChangeSet, ExecuteChangeSet,
    ParameterValue, RollbackStack, TemplateSource,
};
pub use response::{
    Change, ChangeAction, ChangeDetail, ChangeSetDescription, ChangeSetReference, ChangeSetSummary,
    EventPage, Output, Replacement, StackDescription, StackEvent, StackResource, ValidationFailure,
};

/// What a call comes to.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ServiceError>> + Send + 'a>>;

/// CloudFormation in one account and region, one method for each call that is needed.
///
/// A call is made once: what comes again after a failure is for the caller to decide, who knows
/// whether it was accepted. Wherever a stack is named, its ARN can stand too.
pub trait CloudFormation: StackRefactoring + Send + Sync {
    /// The region, to tell stacks of one name apart and to write commands.
    fn region(&self) -> &str;

    /// `DescribeStacks` of one stack; `None` when there is none.
    fn describe_stack<'a>(&'a self, stack: &'a str) -> Answer<'a, Option<StackDescription>>;

    /// `GetTemplate`: the text that was submitted last.
    fn template<'a>(&'a self, stack: &'a str) -> Answer<'a, String>;

    /// `CreateChangeSet`.
    fn create_change_set<'a>(&'a self, request: &'a CreateChangeSet) -> Answer<'a, ChangeSetReference>;

    /// `DescribeChangeSet`, one page.
    fn describe_change_set<'a>(&'a self, request: &'a DescribeChangeSet) -> Answer<'a, ChangeSetDescription>;

    /// `ListChangeSets`, all pages.
    fn change_sets<'a>(&'a self, stack: &'a str) -> Answer<'a, Vec<ChangeSetSummary>>;

    /// `DeleteChangeSet`; one that is not there is deleted.
    fn delete_change_set<'a>(&'a self, stack: &'a str, change_set: &'a str) -> Answer<'a, ()>;

    /// `ExecuteChangeSet`.
    fn execute_change_set<'a>(&'a self, request: &'a ExecuteChangeSet) -> Answer<'a, ()>;

    /// `DescribeStackEvents`, one page, newest first.
    fn events<'a>(&'a self, stack: &'a str, page: Option<&'a str>) -> Answer<'a, EventPage>;

    /// `DescribeEvents` of a change set: what the validation before the deployment objects to.
    fn validation_failures<'a>(
        &'a self,
        stack: &'a str,
        change_set: &'a str,
    ) -> Answer<'a, Vec<ValidationFailure>>;

    /// `ListStackResources`, all pages.
    fn resources<'a>(&'a self, stack: &'a str) -> Answer<'a, Vec<StackResource>>;

    /// `ListImports`: the stacks that import a value.
    fn imports<'a>(&'a self, export: &'a str) -> Answer<'a, Vec<String>>;

    /// `DeleteStack`.
    fn delete_stack<'a>(&'a self, request: &'a DeleteStack) -> Answer<'a, ()>;

    /// `RollbackStack`.
    fn rollback_stack<'a>(&'a self, request: &'a RollbackStack) -> Answer<'a, ()>;

    /// `ContinueUpdateRollback`.
    fn continue_update_rollback<'a>(&'a self, request: &'a ContinueUpdateRollback) -> Answer<'a, ()>;

    /// `CancelUpdateStack`.
    fn cancel_update<'a>(&'a self, stack: &'a str, token: &'a str) -> Answer<'a, ()>;

    /// `UpdateTerminationProtection`.
    fn set_termination_protection<'a>(&'a self, stack: &'a str, protected: bool) -> Answer<'a, ()>;

    /// `SetStackPolicy`.
    fn set_stack_policy<'a>(&'a self, stack: &'a str, policy: &'a str) -> Answer<'a, ()>;
}
