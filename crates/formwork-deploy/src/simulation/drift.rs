//! What drift detection says in the simulation: what was scripted, and that all else is in sync.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::ServiceError,
    service::{
        Answer, CloudFormation as _, Detection, DetectionStatus, DriftDetection, LastDetection,
        ReportedDrift, ReportedDriftPage, ReportedStatus,
    },
};

use super::{Account, Simulation};

/// How many resources are on a page.
const PAGE: usize = 5;

/// What is scripted for all stacks.
#[derive(Debug, Default)]
pub(super) struct Drifts {
    stacks: BTreeMap<String, StackDrifts>,
    uncheckable: BTreeSet<String>,
}

/// What is scripted for a stack, and what was found in it.
#[derive(Debug, Default)]
struct StackDrifts {
    scripted: BTreeMap<String, ReportedDrift>,
    /// How often a detection is refused, since another one runs.
    refusals: u32,
    /// How many looks a detection takes.
    looks: u32,
    failure: Option<String>,
    /// The looks that are left, and when it began.
    running: Option<(u32, i64)>,
    last: Option<i64>,
    found: Vec<ReportedDrift>,
    policy: Option<String>,
}

impl Simulation {
    /// The next detections say this of a resource.
    pub fn report_drift(&self, stack: &str, drift: ReportedDrift) {
        let mut account = self.account();
        account.drifts.of(stack).scripted.insert(drift.logical_id.clone(), drift);
    }

    /// Resources of this type are not looked at.
    pub fn leave_unchecked(&self, resource_type: &str) {
        self.account().drifts.uncheckable.insert(resource_type.to_owned());
    }

    /// Somebody else's detection of the stack runs, and so many are refused.
    pub fn refuse_detections(&self, stack: &str, refusals: u32) {
        self.account().drifts.of(stack).refusals = refusals;
    }

    /// Detections of the stack are done after so many looks.
    pub fn prolong_detections(&self, stack: &str, looks: u32) {
        self.account().drifts.of(stack).looks = looks;
    }

    /// Detections of the stack fail.
    pub fn fail_detections(&self, stack: &str, reason: &str) {
        self.account().drifts.of(stack).failure = Some(reason.to_owned());
    }
}

impl Drifts {
    fn of(&mut self, stack: &str) -> &mut StackDrifts {
        self.stacks.entry(stack.to_owned()).or_default()
    }
}

impl Account {
    pub(super) fn keep_policy(&mut self, stack: &str, policy: &str) -> Result<(), ServiceError> {
        let name = self.find(stack)?.name.clone();
        self.drifts.of(&name).policy = Some(policy.to_owned());
        Ok(())
    }

    fn detect(&mut self, stack: &str) -> Result<String, ServiceError> {
        let found = self.find(stack)?;
        let (name, arn, resources) = (found.name.clone(), found.arn.clone(), found.resources());
        self.counter += 1;
        let now = i64::from(self.counter) * 1_000;
        let Drifts { stacks, uncheckable } = &mut self.drifts;
        let drifts = stacks.entry(name.clone()).or_default();
        if drifts.refusals > 0 || drifts.running.is_some() {
            drifts.refusals = drifts.refusals.saturating_sub(1);
            // Time passes.
            drifts.running = drifts.running.and_then(|(left, time)| Some((left.checked_sub(1)?, time)));
            let message = format!("Drift detection is already in progress for stack [{arn}]");
            return Err(ServiceError::Validation { message });
        }
        drifts.running = Some((drifts.looks, now));
        drifts.last = Some(now);
        let checked = resources.into_iter().filter(|resource| {
            drifts.scripted.contains_key(&resource.logical_id)
                || !uncheckable.contains(&resource.resource_type)
        });
        drifts.found = checked
            .map(|resource| match drifts.scripted.get(&resource.logical_id) {
                Some(scripted) => ReportedDrift { time: scripted.time + now, ..scripted.clone() },
                None => ReportedDrift {
                    logical_id: resource.logical_id,
                    status: ReportedStatus::InSync,
                    reason: None,
                    differences: Vec::new(),
                    expected: None,
                    actual: None,
                    time: now,
                },
            })
            .collect();
        Ok(format!("detection-of-{name}"))
    }

    fn detection(&mut self, id: &str) -> Detection {
        let name = id.strip_prefix("detection-of-").unwrap_or_default();
        let drifts = self.drifts.of(name);
        let (left, time) = drifts.running.unwrap_or((0, drifts.last.unwrap_or_default()));
        if left > 0 {
            drifts.running = Some((left - 1, time));
            return Detection { status: DetectionStatus::InProgress, reason: None, time };
        }
        drifts.running = None;
        let status =
            if drifts.failure.is_some() { DetectionStatus::Failed } else { DetectionStatus::Complete };
        Detection { status, reason: drifts.failure.clone(), time }
    }

    fn found_drifts(&mut self, stack: &str, page: Option<&str>) -> Result<ReportedDriftPage, ServiceError> {
        let name = self.find(stack)?.name.clone();
        let skipped = page.and_then(|page| page.parse().ok()).unwrap_or(0);
        let found = &self.drifts.of(&name).found;
        let drifts: Vec<ReportedDrift> = found.iter().skip(skipped).take(PAGE).cloned().collect();
        let end = skipped + drifts.len();
        Ok(ReportedDriftPage { drifts, next: (end < found.len()).then(|| end.to_string()) })
    }
}

impl DriftDetection for Simulation {
    fn detect_drift<'a>(&'a self, stack: &'a str) -> Answer<'a, String> {
        self.call("DetectStackDrift", move |account| account.detect(stack))
    }

    fn drift_detection<'a>(&'a self, id: &'a str) -> Answer<'a, Detection> {
        self.call("DescribeStackDriftDetectionStatus", move |account| Ok(account.detection(id)))
    }

    fn resource_drifts<'a>(&'a self, stack: &'a str, page: Option<&'a str>) -> Answer<'a, ReportedDriftPage> {
        self.call("DescribeStackResourceDrifts", move |account| account.found_drifts(stack, page))
    }

    fn last_detection<'a>(&'a self, stack: &'a str) -> Answer<'a, LastDetection> {
        self.call("DescribeStacks", move |account| {
            let name = account.find(stack)?.name.clone();
            let drifts = account.drifts.of(&name);
            let complete = drifts.last.is_some() && drifts.running.is_none() && drifts.failure.is_none();
            Ok(LastDetection { time: drifts.last, complete, deployed: 0 })
        })
    }

    fn stack_policy<'a>(&'a self, stack: &'a str) -> Answer<'a, Option<String>> {
        self.call("GetStackPolicy", move |account| {
            let name = account.find(stack)?.name.clone();
            Ok(account.drifts.of(&name).policy.clone())
        })
    }

    fn processed_template<'a>(&'a self, stack: &'a str) -> Answer<'a, String> {
        self.template(stack)
    }
}
