//! [`Watch`]: the events of an operation that somebody began, for those who come later.

use std::collections::BTreeMap;

use formwork_template::Source;

use crate::{
    cause,
    clock::Clock,
    deployment::RootCause,
    error::ServiceError,
    events::EventReader,
    poll::Pace,
    retry::{RetryPolicy, attempt},
    service::{CloudFormation, StackDescription, StackEvent},
    status::StackStatus,
};

/// The latest operation on a stack, whoever began it.
#[derive(Debug)]
pub struct Watch {
    arn: String,
    reader: EventReader,
    events: Vec<StackEvent>,
    pace: Pace,
}

impl Watch {
    /// The latest operation on a stack; `None` when there is no stack.
    ///
    /// A stack that is gone is named by its ARN.
    pub async fn latest(
        service: &dyn CloudFormation,
        clock: &dyn Clock,
        stack: &str,
    ) -> Result<Option<Self>, ServiceError> {
        let policy = RetryPolicy::default();
        let Some(found) = attempt(clock, &policy, || service.describe_stack(stack)).await.result? else {
            return Ok(None);
        };
        let arn = found.arn;
        let start = start(service, clock, &arn).await?;
        let reader = EventReader::since(&arn, start);
        Ok(Some(Self { arn, reader, events: Vec::new(), pace: Pace::new() }))
    }

    /// The events since the last time, oldest first, and the stack's state now.
    pub async fn look(
        &mut self,
        service: &dyn CloudFormation,
        clock: &dyn Clock,
    ) -> Result<(Vec<StackEvent>, Option<StackDescription>), ServiceError> {
        let policy = RetryPolicy::default();
        let arn = self.arn.as_str();
        let found = attempt(clock, &policy, || service.describe_stack(arn)).await.result?;
        let events = self.reader.poll(service, clock, &policy).await?;
        self.events.extend(events.iter().cloned());
        Ok((events, found))
    }

    /// Waits as long as the pace of looking says.
    pub async fn wait(&mut self, clock: &dyn Clock) {
        clock.sleep(self.pace.next(clock.random())).await;
    }

    /// What failed first, of what was read so far.
    pub fn root_cause(&self, sources: &BTreeMap<String, Source>) -> Option<RootCause> {
        cause::root_cause(&self.events, sources, &self.arn)
    }
}

/// When the latest operation began, in the service's milliseconds.
async fn start(service: &dyn CloudFormation, clock: &dyn Clock, arn: &str) -> Result<i64, ServiceError> {
    let policy = RetryPolicy::default();
    let mut page: Option<String> = None;
    let mut oldest = i64::MIN;
    loop {
        let next = page.as_deref();
        let answer = attempt(clock, &policy, || service.events(arn, next)).await.result?;
        for event in &answer.events {
            if event.physical_id.as_deref() == Some(arn) && begins(&event.status) {
                return Ok(event.time);
            }
            oldest = event.time;
        }
        page = answer.next;
        if page.is_none() {
            return Ok(oldest);
        }
    }
}

/// Whether a state of the stack is one that operations begin with: a rollback belongs to what failed.
fn begins(status: &str) -> bool {
    matches!(
        StackStatus::from_name(status),
        StackStatus::CreateInProgress
            | StackStatus::UpdateInProgress
            | StackStatus::DeleteInProgress
            | StackStatus::ImportInProgress
            | StackStatus::ReviewInProgress
    )
}
