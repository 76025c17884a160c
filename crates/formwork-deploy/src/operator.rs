//! [`Operator`]: who is asked, and told, and can stop it.

use std::{future::Future, pin::Pin};

use serde::Serialize;
use tokio::sync::watch;

use crate::{
    capability::Capabilities,
    progress::Progress,
    rename::Rename,
    service::{Change, ChangeSetType, StackRefactorAction, StackResource},
};

/// What an operator answers, once it is known.
pub type Decision<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The person, or the rules, at the desk.
///
/// The methods that ask have answers for a program that nobody watches: nothing is deployed or
/// deleted by default.
pub trait Operator: Send + Sync {
    /// Tells what happens.
    fn progress(&self, progress: &Progress) {
        let _ = progress;
    }

    /// Whether a deployment may begin.
    fn approve<'a>(&'a self, proposal: &'a Proposal) -> Decision<'a, bool> {
        let _ = proposal;
        Box::pin(async { false })
    }

    /// Whether resources may get other logical ids, before the change set is made, which is asked for
    /// after that.
    fn approve_refactor<'a>(&'a self, proposal: &'a RefactorProposal) -> Decision<'a, bool> {
        let _ = proposal;
        Box::pin(async { false })
    }

    /// Whether a stack may be deleted.
    fn approve_deletion<'a>(&'a self, deletion: &'a DeletionProposal) -> Decision<'a, bool> {
        let _ = deletion;
        Box::pin(async { false })
    }

    /// What to do with resources that cannot be deleted.
    fn retention<'a>(&'a self, stack: &'a str, failed: &'a [StackResource]) -> Decision<'a, Retention> {
        let _ = (stack, failed);
        Box::pin(async { Retention::Leave })
    }
}

/// What a deployment would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The stack.
    pub stack: String,
    /// Its ARN.
    pub arn: String,
    /// Whether the stack is made or changed.
    pub kind: ChangeSetType,
    /// The changes.
    pub changes: Vec<Change>,
    /// What the template is acknowledged to do.
    pub capabilities: Capabilities,
}

/// What a refactor would do: nothing but give resources other logical ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefactorProposal {
    /// The stack.
    pub stack: String,
    /// Its ARN.
    pub arn: String,
    /// What is renamed.
    pub renames: Vec<Rename>,
    /// What the service says that it does.
    pub actions: Vec<StackRefactorAction>,
}

/// What a deletion would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeletionProposal {
    /// The stack.
    pub stack: String,
    /// Its ARN.
    pub arn: String,
    /// Its resources.
    pub resources: Vec<StackResource>,
    /// The logical ids of resources that stay or are copied first, and the policy that says so.
    pub kept: Vec<(String, String)>,
}

/// What to do with resources that cannot be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retention {
    /// Nothing: the stack stays.
    Leave,
    /// These stay, and the stack goes.
    Retain(Vec<String>),
    /// The stack goes, whatever becomes of its resources.
    Force,
}

/// Says yes to everything that is deployed or deleted, and keeps quiet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unattended;

impl Operator for Unattended {
    fn approve<'a>(&'a self, _: &'a Proposal) -> Decision<'a, bool> {
        Box::pin(async { true })
    }

    fn approve_refactor<'a>(&'a self, _: &'a RefactorProposal) -> Decision<'a, bool> {
        Box::pin(async { true })
    }

    fn approve_deletion<'a>(&'a self, _: &'a DeletionProposal) -> Decision<'a, bool> {
        Box::pin(async { true })
    }
}

/// The wish to stop, for all operations that hold a clone.
#[derive(Debug, Clone)]
pub struct Interruption(watch::Sender<bool>);

impl Interruption {
    /// Nobody wants to stop yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Asks all to stop.
    pub fn interrupt(&self) {
        self.0.send_replace(true);
    }

    /// Whether all are asked to stop.
    pub fn is_interrupted(&self) -> bool {
        *self.0.borrow()
    }

    /// Until all are asked to stop.
    pub(crate) async fn requested(&self) {
        let mut receiver = self.0.subscribe();
        if receiver.wait_for(|stop| *stop).await.is_err() {
            // The sender is `self`, so this does not happen; then nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }
}

impl Default for Interruption {
    fn default() -> Self {
        Self::new()
    }
}
