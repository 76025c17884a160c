//! The events of one operation, in their true order, each once, with those of nested stacks.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
};

use crate::{
    clock::Clock,
    error::ServiceError,
    retry::{RetryPolicy, attempt},
    service::{CloudFormation, StackEvent},
};

/// How many pages are read before an operation is taken to be not visible yet.
const PAGES_BEFORE_START: usize = 3;

/// Reads the events of one operation on one stack, and on the stacks nested in it.
///
/// Where the operation begins is known by its token, never by a clock. In nested stacks, whose
/// events may bear other tokens, it is known by the time at which the stack above began with them.
#[derive(Debug)]
pub(crate) struct EventReader {
    stack: String,
    start: Start,
    seen: BTreeSet<String>,
    /// Whether an event of the operation has been seen.
    begun: bool,
    nested: BTreeMap<String, EventReader>,
    /// When the stack first told of a resource in this operation.
    first: BTreeMap<String, StackEvent>,
}

#[derive(Debug)]
enum Start {
    /// At the stack's own first event with this token.
    Token(String),
    /// At this time, in the service's milliseconds.
    Time(i64),
}

impl EventReader {
    pub(crate) fn new(stack: &str, token: &str) -> Self {
        Self::starting(stack, Start::Token(token.to_owned()))
    }

    /// All that happened since a time, in the service's milliseconds.
    pub(crate) fn since(stack: &str, time: i64) -> Self {
        Self::starting(stack, Start::Time(time))
    }

    fn starting(stack: &str, start: Start) -> Self {
        Self {
            stack: stack.to_owned(),
            start,
            seen: BTreeSet::new(),
            begun: false,
            nested: BTreeMap::new(),
            first: BTreeMap::new(),
        }
    }

    /// Whether an event of the operation has been seen.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    /// What happened since the last time, oldest first.
    pub(crate) async fn poll(
        &mut self,
        service: &dyn CloudFormation,
        clock: &dyn Clock,
        policy: &RetryPolicy,
    ) -> Result<Vec<StackEvent>, ServiceError> {
        let mut events = self.poll_all(service, clock, policy).await?;
        // Of one moment, the order of the service stands.
        events.sort_by_key(|event| event.time);
        Ok(events)
    }

    fn poll_all<'a>(
        &'a mut self,
        service: &'a dyn CloudFormation,
        clock: &'a dyn Clock,
        policy: &'a RetryPolicy,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<StackEvent>, ServiceError>> + Send + 'a>> {
        Box::pin(async move {
            let mut events = self.poll_own(service, clock, policy).await?;
            for event in &events {
                self.follow(event);
            }
            for reader in self.nested.values_mut() {
                match reader.poll_all(service, clock, policy).await {
                    Ok(inner) => events.extend(inner),
                    // A nested stack that is not there yet, or not any more, has nothing to tell.
                    Err(ServiceError::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(events)
        })
    }

    /// The new events of this very stack, oldest first.
    async fn poll_own(
        &mut self,
        service: &dyn CloudFormation,
        clock: &dyn Clock,
        policy: &RetryPolicy,
    ) -> Result<Vec<StackEvent>, ServiceError> {
        let mut fresh = Vec::new();
        let mut page = None;
        let mut begun = self.begun;
        let mut pages = 0;
        'pages: loop {
            let stack = self.stack.as_str();
            let next = page.as_deref();
            let answer = attempt(clock, policy, || service.events(stack, next)).await.result?;
            pages += 1;
            for event in answer.events {
                if self.seen.contains(&event.id) {
                    break 'pages;
                }
                match &self.start {
                    Start::Token(token) if event.token.as_ref() == Some(token) => begun = true,
                    // The stack's own event of an earlier operation, which ended before this one began.
                    Start::Token(_) if begun && !self.begun && self.is_own(&event) => break 'pages,
                    Start::Time(time) if event.time < *time => break 'pages,
                    Start::Time(_) => begun = true,
                    Start::Token(_) => {}
                }
                fresh.push(event);
            }
            page = answer.next;
            if page.is_none() || (!begun && pages >= PAGES_BEFORE_START) {
                break;
            }
        }
        if !begun {
            return Ok(Vec::new());
        }
        self.begun = true;
        fresh.reverse();
        self.seen.extend(fresh.iter().map(|event| event.id.clone()));
        Ok(fresh)
    }

    /// Begins to read a nested stack, once its ARN is known.
    fn follow(&mut self, event: &StackEvent) {
        if event.resource_type != "AWS::CloudFormation::Stack" || self.is_own(event) {
            return;
        }
        let first = self.first.entry(event.logical_id.clone()).or_insert_with(|| event.clone());
        let Some(arn) = event.physical_id.clone() else { return };
        let start = first.time;
        self.nested.entry(arn.clone()).or_insert_with(|| Self::starting(&arn, Start::Time(start)));
    }

    fn is_own(&self, event: &StackEvent) -> bool {
        event.physical_id.as_deref() == Some(self.stack.as_str())
    }
}
