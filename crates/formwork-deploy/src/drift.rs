//! What runs against what was written.
//!
//! [`detect`] looks at all resources of all stacks, those of nested stacks too, and leaves out none
//! silently: what nobody can look at stands in the [`DriftReport`] with the reason. What
//! CloudFormation does not look at is read through Cloud Control; what CloudFormation is known to say
//! wrongly ([`false_verdicts`]) is put right. [`ignore`] takes out what is meant to differ.
//!
//! Three things can have happened, and the report tells them apart: somebody changed a resource
//! ([`ResourceDrift`]), somebody changed the stack ([`SettingDrift`], and [`TemplateDrift`] where
//! another tool deployed last), or the code moved on.

mod code;
mod compare;
mod detection;
pub mod false_verdicts;
pub mod ignore;
mod judge;
mod live;
mod resolve;
pub mod revert;
mod siblings;
mod value;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::Future,
    pin::Pin,
    time::Duration,
};

use formwork_spec::resource as facts_of;
use formwork_template::Template;
use futures_util::{StreamExt as _, stream, stream::FuturesUnordered};

use crate::{
    clock::Clock,
    error::ServiceError,
    request::DeployRequest,
    retry::{RetryPolicy, attempt},
    service::{DriftDetection, ReportedDrift, StackDescription, StackResource},
};

pub use live::LiveResources;
pub use value::{
    Checker, Difference, DifferenceKind, Dismissed, DriftReport, Ignored, Mover, ResourceDrift, SCHEMA,
    Setting, SettingDrift, StackDrift, StackVerdict, TemplateDrift, Unseen, Verdict,
};

use detection::{Detected, Detector};
use judge::Subject;
use resolve::Resolver;
use siblings::Siblings;

/// The type of a nested stack.
const NESTED: &str = "AWS::CloudFormation::Stack";
/// How many resources of a stack are read at a time.
const READS: usize = 8;

/// A stack that is looked at.
#[derive(Clone)]
pub struct DriftStack<'a> {
    /// The name, or the ARN.
    pub name: String,
    /// The account and region.
    pub service: &'a dyn DriftDetection,
    /// What reads resources themselves; `None` leaves to CloudFormation what it looks at.
    pub live: Option<&'a dyn LiveResources>,
    /// What the code says; `None` where only what is deployed is known.
    pub code: Option<&'a DeployRequest>,
}

impl std::fmt::Debug for DriftStack<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DriftStack")
            .field("name", &self.name)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// How drift is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long a detection may take. It goes on without us.
    pub timeout: Duration,
    /// How many stacks are looked at at a time.
    pub concurrency: usize,
    /// Take the result of a detection that began after this, in milliseconds since 1970.
    pub reuse_since: Option<i64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { timeout: Duration::from_mins(15), concurrency: 8, reuse_since: None }
    }
}

/// What is told while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A detection began.
    Started {
        /// The stack.
        stack: &'a str,
    },
    /// Another detection of the stack runs, and is waited for.
    Joined {
        /// The stack.
        stack: &'a str,
    },
    /// The result of an earlier detection is new enough.
    Reused {
        /// The stack.
        stack: &'a str,
    },
    /// Resources are read themselves.
    Reading {
        /// The stack.
        stack: &'a str,
        /// How many.
        resources: usize,
    },
    /// The stack is done.
    Done {
        /// The stack.
        stack: &'a str,
    },
}

/// Who is told.
pub type Tell<'a> = dyn Fn(Progress<'_>) + Sync + 'a;

/// A stack that is to be looked at, with where it hangs.
struct Task<'a> {
    stack: &'a DriftStack<'a>,
    /// Its name or ARN for the service.
    target: String,
    /// Its name in the report.
    name: String,
    parent: Option<String>,
    /// Where it comes in the report.
    order: Vec<usize>,
}

/// What a task comes to.
struct Finished<'a> {
    order: Vec<usize>,
    drift: StackDrift,
    nested: Vec<Task<'a>>,
}

type Work<'a> = Pin<Box<dyn Future<Output = Finished<'a>> + Send + 'a>>;

/// Looks at these stacks and all that are nested in them.
///
/// It fails for nothing: what cannot be looked at is in the report.
pub async fn detect<'a>(
    stacks: &'a [DriftStack<'a>],
    options: &'a Options,
    clock: &'a dyn Clock,
    tell: &'a Tell<'a>,
) -> DriftReport {
    let retry = RetryPolicy::shared();
    let retry = &retry;
    let mut waiting: VecDeque<Task<'_>> = stacks
        .iter()
        .enumerate()
        .map(|(position, stack)| Task {
            stack,
            target: stack.name.clone(),
            name: short_name(&stack.name).to_owned(),
            parent: None,
            order: vec![position],
        })
        .collect();
    let mut running: FuturesUnordered<Work<'_>> = FuturesUnordered::new();
    let mut finished: BTreeMap<Vec<usize>, StackDrift> = BTreeMap::new();
    loop {
        while running.len() < options.concurrency.max(1)
            && let Some(task) = waiting.pop_front()
        {
            running.push(Box::pin(async move { look(task, options, clock, retry, tell).await }));
        }
        let Some(done) = running.next().await else { break };
        tell(Progress::Done { stack: &done.drift.name });
        finished.insert(done.order, done.drift);
        waiting.extend(done.nested);
    }
    DriftReport { schema: SCHEMA, stacks: finished.into_values().collect(), ignored: Vec::new() }
}

/// The name in an ARN, or the name.
fn short_name(stack: &str) -> &str {
    stack.strip_prefix("arn:").and_then(|arn| arn.split('/').nth(1)).unwrap_or(stack)
}

async fn look<'a>(
    task: Task<'a>,
    options: &'a Options,
    clock: &dyn Clock,
    retry: &RetryPolicy,
    tell: &Tell<'_>,
) -> Finished<'a> {
    let mut drift = StackDrift::new(task.name.clone(), StackVerdict::InSync, None);
    drift.parent.clone_from(&task.parent);
    let mut nested = Vec::new();
    let looker = Looker { task: &task, options, clock, retry, tell };
    if let Err(error) = looker.look(&mut drift, &mut nested).await {
        drift.incomplete = true;
        drift.reason = Some(error.to_string());
    }
    drift.settle();
    Finished { order: task.order, drift, nested }
}

/// Whoever looks at one stack.
struct Looker<'l, 'a> {
    task: &'l Task<'a>,
    options: &'l Options,
    clock: &'l dyn Clock,
    retry: &'l RetryPolicy,
    tell: &'l Tell<'l>,
}

impl<'a> Looker<'_, 'a> {
    async fn look(&self, drift: &mut StackDrift, nested: &mut Vec<Task<'a>>) -> Result<(), ServiceError> {
        let (clock, retry, service) = (self.clock, self.retry, self.task.stack.service);
        let target = self.task.target.as_str();
        let found = attempt(clock, retry, || service.describe_stack(target)).await.result?;
        let Some(stack) = found.filter(|stack| stack.status.exists()) else {
            drift.status = StackVerdict::NotDeployed;
            return Ok(());
        };
        drift.arn = Some(stack.arn.clone());
        let resources = attempt(clock, retry, || service.resources(&stack.arn)).await.result?;
        let resources: Vec<StackResource> =
            resources.into_iter().filter(|resource| is_there(&resource.status)).collect();
        for (position, resource) in resources.iter().enumerate() {
            if let Some(id) = resource.physical_id.clone().filter(|_| resource.resource_type == NESTED) {
                let mut order = self.task.order.clone();
                order.push(position);
                nested.push(Task {
                    stack: self.task.stack,
                    target: id,
                    name: format!("{}/{}", self.task.name, resource.logical_id),
                    parent: Some(self.task.name.clone()),
                    order,
                });
            }
        }

        let unread = "the stack could not be looked at to the end";
        drift.resources = resources
            .iter()
            .map(|resource| ResourceDrift {
                reason: Some(unread.to_owned()),
                ..ResourceDrift::unchecked(resource, None)
            })
            .collect();
        let (reported, blind) = self.reported(&stack, drift).await;
        let text = attempt(clock, retry, || service.template(&stack.arn)).await.result?;
        let deployed = self.readable(&text, drift)?;
        let processed = if code::has_macros(&deployed) {
            let text = attempt(clock, retry, || service.processed_template(&stack.arn)).await.result?;
            Some(self.readable(&text, drift)?)
        } else {
            None
        };
        let template = processed.as_ref().unwrap_or(&deployed);
        drift.resources = self.judge(&stack, &resources, template, &reported, blind.as_deref()).await;

        // Nested stacks have no code of their own.
        if let Some(code) = self.task.stack.code.filter(|_| self.task.parent.is_none()) {
            let against = code::compare(service, clock, retry, code, &stack, &deployed).await?;
            (drift.settings, drift.template) = (against.settings, against.template);
        }
        Ok(())
    }

    fn readable(&self, text: &str, drift: &mut StackDrift) -> Result<Template, ServiceError> {
        code::template(text).map_err(|error| {
            drift.reason = Some(error.clone());
            ServiceError::Validation {
                message: format!("the deployed template of `{}` is not understood: {error}", self.task.name),
            }
        })
    }

    /// What the service says of the resources it looks at, and why it looks at none.
    async fn reported(
        &self,
        stack: &StackDescription,
        drift: &mut StackDrift,
    ) -> (BTreeMap<String, ReportedDrift>, Option<String>) {
        let detector = Detector {
            service: self.task.stack.service,
            clock: self.clock,
            retry: self.retry,
            options: self.options,
            tell: self.tell,
            name: &self.task.name,
            stack: &stack.arn,
        };
        let blind;
        let mut reported = BTreeMap::new();
        match detector.detect().await {
            Ok(Detected::Done { time, failure, reused, drifts }) => {
                (drift.detected, drift.reused) = (Some(time), reused);
                drift.reason.clone_from(&failure);
                blind = failure;
                reported = drifts.into_iter().map(|drift| (drift.logical_id.clone(), drift)).collect();
            }
            Ok(Detected::TimedOut) => {
                drift.incomplete = true;
                let seconds = self.options.timeout.as_secs();
                blind = Some(format!("the detection did not end within {seconds} s, and goes on"));
            }
            Err(error) => {
                drift.incomplete = true;
                blind = Some(format!("the detection was refused: {error}"));
            }
        }
        if drift.reason.is_none() {
            drift.reason.clone_from(&blind);
        }
        (reported, blind)
    }

    /// What each resource comes to.
    async fn judge(
        &self,
        stack: &StackDescription,
        resources: &[StackResource],
        template: &Template,
        reported: &BTreeMap<String, ReportedDrift>,
        blind: Option<&str>,
    ) -> Vec<ResourceDrift> {
        let ids = resources.iter().map(|resource| {
            let id = resource.physical_id.as_deref().unwrap_or_default();
            (resource.logical_id.as_str(), (id, resource.resource_type.as_str()))
        });
        let resolver = Resolver::new(template, stack, ids.collect());
        let siblings = Siblings { resources, resolver: &resolver };
        let sources = self.task.stack.code.map(|code| &code.sources);
        let sources = sources.filter(|_| self.task.parent.is_none());
        let read = |resource: &StackResource| resolver.properties(&resource.logical_id);
        let mut judged: Vec<(Subject<'_>, ResourceDrift)> = resources
            .iter()
            .map(|resource| {
                let subject = Subject {
                    resource,
                    reported: reported.get(&resource.logical_id),
                    facts: facts_of(&resource.resource_type),
                    declared: read(resource),
                    source: sources.and_then(|sources| sources.get(&resource.logical_id)).cloned(),
                    blind,
                };
                let mut drift = subject.by_service(&siblings);
                if resource.resource_type == NESTED && !drift.status.is_checked() {
                    // Its resources are looked at by themselves.
                    (drift.status, drift.checked_by) = (Verdict::InSync, Some(Checker::Nested));
                    drift.reason = None;
                }
                (subject, drift)
            })
            .collect();
        let to_read: BTreeSet<usize> = judged
            .iter()
            .enumerate()
            .filter(|(_, (subject, drift))| subject.needs_reading(drift))
            .map(|(position, _)| position)
            .collect();
        if !to_read.is_empty() {
            let live = self.task.stack.live;
            if live.is_some() {
                (self.tell)(Progress::Reading { stack: &self.task.name, resources: to_read.len() });
            }
            let subjects = &judged;
            let siblings = &siblings;
            let reads = to_read.into_iter().filter_map(|position| {
                let (subject, drift) = subjects.get(position)?;
                let drift = drift.clone();
                Some(async move {
                    let by = (self.clock, self.retry);
                    (position, subject.by_reading(drift, siblings, live, by).await)
                })
            });
            let read: Vec<(usize, ResourceDrift)> =
                stream::iter(reads).buffer_unordered(READS).collect().await;
            for (position, drift) in read {
                if let Some(slot) = judged.get_mut(position) {
                    slot.1 = drift;
                }
            }
        }
        judged.into_iter().map(|(_, drift)| drift).collect()
    }
}

/// Whether a resource with this status stands.
fn is_there(status: &str) -> bool {
    !matches!(status, "DELETE_COMPLETE" | "DELETE_SKIPPED" | "CREATE_FAILED")
}
