//! [`Simulation`]: a CloudFormation in memory, for tests.
//!
//! It knows stacks, change sets, events, failures and what the service refuses; it deploys nothing.
//! What goes wrong is said beforehand: resources that fail, and [`Fault`]s of single calls.

mod clock;
mod disturbance;
mod drift;
mod exports;
mod operations;
mod refactor;
mod stack;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::{
    error::ServiceError,
    service::{
        Answer, ChangeSetDescription, ChangeSetReference, ChangeSetSummary, CloudFormation,
        ContinueUpdateRollback, CreateChangeSet, DeleteStack, DescribeChangeSet, EventPage, ExecuteChangeSet,
        RollbackStack, StackDescription, StackResource, ValidationFailure,
    },
    status::StackStatus,
};

pub use clock::SimulatedClock;
pub use disturbance::Disturbance;
use refactor::Refactor;
use stack::Stack;

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The service wants fewer calls.
    Throttled,
    /// The service fails, and does nothing.
    Unavailable,
    /// The request does not arrive.
    LostBefore,
    /// The request is carried out, and the answer does not arrive.
    LostAfter,
    /// The credentials have expired, for this call and all after it.
    Expired,
    /// The caller dies before the request is sent: the call never comes back.
    CrashBefore,
    /// The caller dies before the answer arrives: the call never comes back.
    CrashAfter,
}

/// A CloudFormation in memory.
#[derive(Debug)]
pub struct Simulation {
    region: String,
    account: Mutex<Account>,
    crash: Notify,
}

/// All that is in the account.
#[derive(Debug, Default)]
struct Account {
    stacks: Vec<Stack>,
    /// Numbers things and moments.
    counter: u32,
    calls: Vec<&'static str>,
    faults: BTreeMap<usize, Fault>,
    disturbances: BTreeMap<usize, Disturbance>,
    expired: bool,
    failing: BTreeSet<String>,
    failing_rollback: BTreeSet<String>,
    undeletable: BTreeSet<String>,
    gradual: bool,
    lag: u8,
    executed: Vec<String>,
    deleted: Vec<(String, StackStatus)>,
    drifts: drift::Drifts,
    /// The states that were told last, by ARN.
    told: BTreeMap<String, StackStatus>,
    deleted_as_told: Vec<(String, Option<StackStatus>)>,
    refactors: Vec<Refactor>,
    no_refactoring: bool,
    unrenamable: BTreeSet<String>,
}

impl Simulation {
    /// An empty account, in which everything happens at once.
    pub fn new() -> Self {
        Self { region: "eu-west-1".to_owned(), account: Mutex::default(), crash: Notify::new() }
    }

    /// Work goes on by one step at each look.
    #[must_use]
    pub fn gradual(self) -> Self {
        self.account().gradual = true;
        self
    }

    /// After an operation begins, the state before is told so many times.
    #[must_use]
    pub fn lagging(self, looks: u8) -> Self {
        self.account().lag = looks;
        self
    }

    /// The call of this number, from 0, goes wrong.
    pub fn fault(&self, call: usize, fault: Fault) {
        self.account().faults.insert(call, fault);
    }

    /// Forgets faults, expired credentials and the calls so far: a new process begins.
    pub fn restart(&self) {
        let mut account = self.account();
        account.faults.clear();
        account.disturbances.clear();
        account.calls.clear();
        account.expired = false;
    }

    /// Resources of this logical id fail to be made or changed.
    pub fn fail(&self, logical_id: &str) {
        self.account().failing.insert(logical_id.to_owned());
    }

    /// Resources of this logical id work again.
    pub fn mend(&self, logical_id: &str) {
        let mut account = self.account();
        account.failing.remove(logical_id);
        account.failing_rollback.remove(logical_id);
        account.undeletable.remove(logical_id);
    }

    /// Resources of this logical id fail to be changed, and to be changed back.
    pub fn fail_rollback(&self, logical_id: &str) {
        let mut account = self.account();
        account.failing.insert(logical_id.to_owned());
        account.failing_rollback.insert(logical_id.to_owned());
    }

    /// Resources of this logical id fail to be deleted.
    pub fn fail_deletion(&self, logical_id: &str) {
        self.account().undeletable.insert(logical_id.to_owned());
    }

    /// Resources of this type cannot get another logical id.
    pub fn fail_rename(&self, resource_type: &str) {
        self.account().unrenamable.insert(resource_type.to_owned());
    }

    /// The calls so far, by their names.
    pub fn calls(&self) -> Vec<&'static str> {
        self.account().calls.clone()
    }

    /// The names of the change sets that were executed.
    pub fn executed(&self) -> Vec<String> {
        self.account().executed.clone()
    }

    /// The stacks that were deleted, and the state in which each was then.
    pub fn deleted(&self) -> Vec<(String, StackStatus)> {
        self.account().deleted.clone()
    }

    /// The stacks that stand, with their states and how many change sets wait at each.
    pub fn standing(&self) -> Vec<(String, StackStatus, usize)> {
        let account = self.account();
        let standing = account.stacks.iter().filter(|stack| stack.status != StackStatus::DeleteComplete);
        standing.map(|stack| (stack.name.clone(), stack.status.clone(), stack.change_sets.len())).collect()
    }

    /// Puts a stack into a state, as if somebody else had brought it there.
    pub fn set_status(&self, stack: &str, status: StackStatus) {
        if let Ok(found) = self.account().find(stack) {
            found.status = status;
        }
    }

    /// The template of a stack that stands.
    pub fn deployed_template(&self, stack: &str) -> Option<String> {
        self.account().find(stack).ok().map(|found| found.template.clone())
    }

    /// Switches termination protection.
    pub fn protect(&self, stack: &str, protected: bool) {
        if let Ok(found) = self.account().find(stack) {
            found.protected = protected;
        }
    }

    /// Until a call dies by [`Fault::CrashBefore`] or [`Fault::CrashAfter`].
    pub async fn crashed(&self) {
        self.crash.notified().await;
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call, with what goes wrong with it.
    fn call<'a, T: Send + 'a>(
        &'a self,
        name: &'static str,
        act: impl FnOnce(&mut Account) -> Result<T, ServiceError> + Send + 'a,
    ) -> Answer<'a, T> {
        Box::pin(async move {
            let lost = || ServiceError::AnswerLost { message: "connection reset".to_owned() };
            let answer = {
                let mut account = self.account();
                let number = account.calls.len();
                account.calls.push(name);
                account.disturbed(number)?;
                let fault = account.faults.get(&number).copied();
                account.expired |= fault == Some(Fault::Expired);
                if account.expired {
                    return Err(ServiceError::CredentialsExpired);
                }
                match fault {
                    None | Some(Fault::Expired) => Some(act(&mut account)),
                    Some(Fault::Throttled) => {
                        Some(Err(ServiceError::Throttled { message: "Rate exceeded".to_owned() }))
                    }
                    Some(Fault::Unavailable) => {
                        Some(Err(ServiceError::Unavailable { message: "HTTP status 503".to_owned() }))
                    }
                    Some(Fault::LostBefore) => Some(Err(lost())),
                    Some(Fault::LostAfter) => {
                        drop(act(&mut account));
                        Some(Err(lost()))
                    }
                    Some(Fault::CrashBefore) => None,
                    Some(Fault::CrashAfter) => {
                        drop(act(&mut account));
                        None
                    }
                }
            };
            let Some(answer) = answer else {
                self.crash.notify_one();
                return std::future::pending().await;
            };
            answer
        })
    }
}

impl Default for Simulation {
    fn default() -> Self {
        Self::new()
    }
}

impl CloudFormation for Simulation {
    fn region(&self) -> &str {
        &self.region
    }

    fn describe_stack<'a>(&'a self, stack: &'a str) -> Answer<'a, Option<StackDescription>> {
        self.call("DescribeStacks", move |account| Ok(account.describe_stack(stack)))
    }

    fn template<'a>(&'a self, stack: &'a str) -> Answer<'a, String> {
        self.call("GetTemplate", move |account| account.find(stack).map(|found| found.template.clone()))
    }

    fn create_change_set<'a>(&'a self, request: &'a CreateChangeSet) -> Answer<'a, ChangeSetReference> {
        self.call("CreateChangeSet", move |account| account.create_change_set(request))
    }

    fn describe_change_set<'a>(&'a self, request: &'a DescribeChangeSet) -> Answer<'a, ChangeSetDescription> {
        self.call("DescribeChangeSet", move |account| account.describe_change_set(request))
    }

    fn change_sets<'a>(&'a self, stack: &'a str) -> Answer<'a, Vec<ChangeSetSummary>> {
        self.call("ListChangeSets", move |account| account.find(stack).map(|found| found.summaries()))
    }

    fn delete_change_set<'a>(&'a self, stack: &'a str, change_set: &'a str) -> Answer<'a, ()> {
        self.call("DeleteChangeSet", move |account| {
            if let Ok(found) = account.find(stack) {
                found.change_sets.retain(|set| set.name != change_set && set.arn != change_set);
            }
            Ok(())
        })
    }

    fn execute_change_set<'a>(&'a self, request: &'a ExecuteChangeSet) -> Answer<'a, ()> {
        self.call("ExecuteChangeSet", move |account| account.execute_change_set(request))
    }

    fn events<'a>(&'a self, stack: &'a str, page: Option<&'a str>) -> Answer<'a, EventPage> {
        self.call("DescribeStackEvents", move |account| {
            let skipped = page.and_then(|page| page.parse().ok()).unwrap_or(0);
            if skipped == 0 {
                account.advance(stack)?;
            }
            account.find(stack).map(|found| found.events_page(skipped))
        })
    }

    fn validation_failures<'a>(&'a self, stack: &'a str, _: &'a str) -> Answer<'a, Vec<ValidationFailure>> {
        self.call("DescribeEvents", move |account| account.find(stack).map(|_| Vec::new()))
    }

    fn resources<'a>(&'a self, stack: &'a str) -> Answer<'a, Vec<StackResource>> {
        self.call("ListStackResources", move |account| account.find(stack).map(|found| found.resources()))
    }

    fn imports<'a>(&'a self, export: &'a str) -> Answer<'a, Vec<String>> {
        self.call("ListImports", move |account| Ok(account.imports(export)))
    }

    fn delete_stack<'a>(&'a self, request: &'a DeleteStack) -> Answer<'a, ()> {
        self.call("DeleteStack", move |account| account.delete_stack(request))
    }

    fn rollback_stack<'a>(&'a self, request: &'a RollbackStack) -> Answer<'a, ()> {
        self.call("RollbackStack", move |account| account.roll_back(&request.stack, &request.token))
    }

    fn continue_update_rollback<'a>(&'a self, request: &'a ContinueUpdateRollback) -> Answer<'a, ()> {
        self.call("ContinueUpdateRollback", move |account| account.continue_rollback(request))
    }

    fn cancel_update<'a>(&'a self, stack: &'a str, token: &'a str) -> Answer<'a, ()> {
        self.call("CancelUpdateStack", move |account| account.cancel_update(stack, token))
    }

    fn set_termination_protection<'a>(&'a self, stack: &'a str, protected: bool) -> Answer<'a, ()> {
        self.call("UpdateTerminationProtection", move |account| {
            account.find(stack).map(|found| found.protected = protected)
        })
    }

    fn set_stack_policy<'a>(&'a self, stack: &'a str, policy: &'a str) -> Answer<'a, ()> {
        self.call("SetStackPolicy", move |account| account.keep_policy(stack, policy))
    }
}
