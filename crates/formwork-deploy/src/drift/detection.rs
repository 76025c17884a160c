//! One detection of one stack: begun, joined or reused, and read to the last page.

use std::time::Duration;

use crate::{
    clock::Clock,
    error::ServiceError,
    poll::Pace,
    retry::{RetryPolicy, attempt},
    service::{DetectionStatus, DriftDetection, ReportedDrift},
};

use super::{Options, Progress, Tell};

/// What came of a detection.
#[derive(Debug)]
pub(crate) enum Detected {
    /// It ended.
    Done {
        /// When it began, in milliseconds since 1970.
        time: i64,
        /// Why some resources could not be looked at.
        failure: Option<String>,
        /// Whether it is an earlier one.
        reused: bool,
        /// What the service says, all pages of it.
        drifts: Vec<ReportedDrift>,
    },
    /// It did not end in time.
    TimedOut,
}

/// Whoever detects drift of one stack.
pub(crate) struct Detector<'a> {
    pub(crate) service: &'a dyn DriftDetection,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) retry: &'a RetryPolicy,
    pub(crate) options: &'a Options,
    pub(crate) tell: &'a Tell<'a>,
    /// What the stack is called.
    pub(crate) name: &'a str,
    /// Its ARN.
    pub(crate) stack: &'a str,
}

impl Detector<'_> {
    /// The result of a detection.
    pub(crate) async fn detect(&self) -> Result<Detected, ServiceError> {
        let deadline = self.clock.elapsed() + self.options.timeout;
        let mut pace = Pace::new();
        let mut waiting = false;
        let id = loop {
            if let Some(earlier) = self.earlier().await? {
                return Ok(earlier);
            }
            let answer = attempt(self.clock, self.retry, || self.service.detect_drift(self.stack)).await;
            match answer.result {
                Ok(id) => break id,
                // The service does not say which, so that there is nothing to ask about: when this
                // goes through, the other has ended.
                Err(error) if is_running(&error) => {
                    if !waiting {
                        (self.tell)(Progress::Joined { stack: self.name });
                    }
                    waiting = true;
                }
                Err(error) => return Err(error),
            }
            if !self.wait(&mut pace, deadline).await {
                return Ok(Detected::TimedOut);
            }
        };
        (self.tell)(Progress::Started { stack: self.name });
        let mut pace = Pace::new();
        loop {
            let look = attempt(self.clock, self.retry, || self.service.drift_detection(&id)).await;
            let detection = look.result?;
            let failure = match detection.status {
                DetectionStatus::InProgress => {
                    if self.wait(&mut pace, deadline).await {
                        continue;
                    }
                    return Ok(Detected::TimedOut);
                }
                DetectionStatus::Complete => None,
                DetectionStatus::Failed => Some(
                    detection.reason.unwrap_or_else(|| "the detection failed, and does not say why".into()),
                ),
                DetectionStatus::Unknown(name) => {
                    Some(format!("the detection is `{name}`, a state that is not known here"))
                }
            };
            let mut drifts = self.pages().await?;
            // What is older is of another detection.
            drifts.retain(|drift| drift.time >= detection.time);
            return Ok(Detected::Done { time: detection.time, failure, reused: false, drifts });
        }
    }

    /// An earlier result that is new enough, where that is wanted.
    async fn earlier(&self) -> Result<Option<Detected>, ServiceError> {
        let Some(since) = self.options.reuse_since else { return Ok(None) };
        let look = attempt(self.clock, self.retry, || self.service.last_detection(self.stack)).await;
        let last = look.result?;
        let Some(time) = last.time.filter(|time| *time >= since && *time >= last.deployed) else {
            return Ok(None);
        };
        if !last.complete {
            return Ok(None);
        }
        let drifts = self.pages().await?;
        // While the next one runs, some resources have results of the one before.
        if drifts.is_empty() || drifts.iter().any(|drift| drift.time < time) {
            return Ok(None);
        }
        (self.tell)(Progress::Reused { stack: self.name });
        Ok(Some(Detected::Done { time, failure: None, reused: true, drifts }))
    }

    /// Every page.
    async fn pages(&self) -> Result<Vec<ReportedDrift>, ServiceError> {
        let mut all = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let next = page.as_deref();
            let call = || self.service.resource_drifts(self.stack, next);
            let answer = attempt(self.clock, self.retry, call).await.result?;
            all.extend(answer.drifts);
            page = answer.next;
            if page.is_none() {
                return Ok(all);
            }
        }
    }

    /// Waits a little; `false` when there is no time left.
    async fn wait(&self, pace: &mut Pace, deadline: Duration) -> bool {
        let left = deadline.saturating_sub(self.clock.elapsed());
        if left.is_zero() {
            return false;
        }
        self.clock.sleep(pace.next(self.clock.random()).min(left)).await;
        true
    }
}

/// Whether the service refuses since another detection of the stack runs.
fn is_running(error: &ServiceError) -> bool {
    let ServiceError::Validation { message } = error else { return false };
    let message = message.to_ascii_lowercase();
    message.contains("drift") && message.contains("in progress")
}
