//! [`App`]: several stacks, in the order of what they need, side by side where they can be.

mod exports;
mod keep;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};

use crate::{
    clock::Clock,
    deployment::{Deployment, Report},
    engine::Engine,
    machine::Outcome,
    operator::{Interruption, Operator},
    progress::Progress,
    request::{DeployRequest, StackRequest},
    retry::RetryPolicy,
    service::CloudFormation,
    stopped_task::StoppedTasks,
    submission::TemplateStore,
};

/// A parameter that takes the output of another stack of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The parameter.
    pub parameter: String,
    /// The id of the other stack in the app.
    pub producer: String,
    /// The key of its output.
    pub output: String,
}

/// One stack of an app.
#[derive(Clone)]
pub struct AppStack<'a> {
    /// The name in the app; stacks of several regions may have one name in their accounts.
    pub id: String,
    /// What it is to be.
    pub request: DeployRequest,
    /// The account and region. Stacks that are given the same one share its pace.
    pub service: &'a dyn CloudFormation,
    /// The bucket for a template that is too long for a call.
    pub store: Option<&'a dyn TemplateStore>,
    /// ECS there, which is asked why tasks stopped.
    pub tasks: Option<&'a dyn StoppedTasks>,
    /// The ids of stacks that come first, beside those that inputs come from.
    pub depends_on: Vec<String>,
    /// The parameters that take outputs of other stacks.
    pub inputs: Vec<Input>,
}

impl std::fmt::Debug for AppStack<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AppStack")
            .field("id", &self.id)
            .field("request", &self.request)
            .field("depends_on", &self.depends_on)
            .field("inputs", &self.inputs)
            .finish_non_exhaustive()
    }
}

impl<'a> AppStack<'a> {
    /// A stack that needs no other.
    pub fn new(request: DeployRequest, service: &'a dyn CloudFormation) -> Self {
        let id = request.stack.clone();
        Self { id, request, service, store: None, tasks: None, depends_on: Vec::new(), inputs: Vec::new() }
    }

    /// The ids of all stacks that come first.
    fn needs(&self) -> BTreeSet<&str> {
        let producers = self.inputs.iter().map(|input| input.producer.as_str());
        self.depends_on.iter().map(String::as_str).chain(producers).collect()
    }
}

/// Several stacks that belong together.
#[derive(Debug)]
pub struct App<'a> {
    stacks: Vec<AppStack<'a>>,
    concurrency: usize,
}

impl<'a> App<'a> {
    /// An app of these stacks.
    pub fn new(stacks: Vec<AppStack<'a>>) -> Self {
        Self { stacks, concurrency: 4 }
    }

    /// How many stacks are worked on at a time; 4 unless told.
    #[must_use]
    pub fn concurrency(mut self, stacks: usize) -> Self {
        self.concurrency = stacks.max(1);
        self
    }

    /// Deploys all stacks, each after what it needs.
    ///
    /// A stack that fails stops those that need it; the others go on. A stack that no longer exports
    /// what others of the app import no longer comes twice: see [`Progress::KeepingExports`].
    pub async fn deploy(
        &self,
        clock: &dyn Clock,
        operator: &dyn Operator,
        interruption: &Interruption,
    ) -> Report {
        let policies = self.policies();
        let policies = &policies;
        let plan = exports::plan(&self.stacks, policies, self.concurrency, clock).await;
        let plan = match plan {
            Ok(plan) => plan,
            Err(obstacles) => return Report::new(exports::refused(&self.stacks, obstacles)),
        };
        let plan = &plan;
        let mut steps: Vec<Step> = self
            .stacks
            .iter()
            .enumerate()
            .map(|(stack, declared)| Step { stack, needs: self.known(declared.needs()) })
            .collect();
        // What comes twice comes again after those for whose sake it does.
        let again: BTreeMap<usize, usize> = plan.keys().copied().zip(steps.len()..).collect();
        let last = |position: usize| again.get(&position).copied().unwrap_or(position);
        for (position, kept) in plan {
            let needs = kept.importers.iter().copied().map(last).chain([*position]).collect();
            steps.push(Step { stack: *position, needs });
        }
        let work = |step: usize, position: usize, done: &BTreeMap<usize, Deployment>| -> Work<'_> {
            let Some(stack) = self.stacks.get(position) else { return Box::pin(std::future::pending()) };
            let Some(retry) = policies.get(position) else { return Box::pin(std::future::pending()) };
            let kept = plan.get(&position).filter(|_| step == position);
            let request = self.with_inputs(stack, kept.map_or(&stack.request, |kept| &kept.request), done);
            Box::pin(async move {
                if let Some(kept) = kept {
                    let importers = kept.importers.iter().filter_map(|position| self.stacks.get(*position));
                    operator.progress(&Progress::KeepingExports {
                        stack: stack.request.stack.clone(),
                        exports: kept.exports.clone(),
                        importers: importers.map(|stack| stack.request.stack.clone()).collect(),
                    });
                }
                let request = match request {
                    Ok(request) => request,
                    Err(message) => return (step, Deployment::refused(&stack.request.stack, message)),
                };
                let engine = Engine::new(stack.service, clock, operator);
                let mut engine = engine.interruption(interruption).retry(retry);
                if let Some(store) = stack.store {
                    engine = engine.template_store(store);
                }
                if let Some(tasks) = stack.tasks {
                    engine = engine.stopped_tasks(tasks);
                }
                (step, engine.deploy(&request).await)
            })
        };
        let mut done = self.run(steps, work, interruption).await;
        for (position, kept) in plan {
            let (first, again) = (done.remove(position), done.remove(&last(*position)));
            if let (Some(first), Some(again)) = (first, again) {
                done.insert(*position, exports::merged(first, again, &kept.exports));
            }
        }
        Report::new(done.into_values().collect())
    }

    /// Deletes all stacks, each before what it needs.
    ///
    /// A stack that stays keeps those that it needs; the others go.
    pub async fn destroy(
        &self,
        clock: &dyn Clock,
        operator: &dyn Operator,
        interruption: &Interruption,
    ) -> Report {
        let policies = self.policies();
        let policies = &policies;
        let mut needs = vec![BTreeSet::new(); self.stacks.len()];
        for (position, stack) in self.stacks.iter().enumerate() {
            for producer in self.known(stack.needs()) {
                if let Some(after) = needs.get_mut(producer) {
                    after.insert(position);
                }
            }
        }
        let steps = (0..).zip(needs).map(|(stack, needs)| Step { stack, needs }).collect();
        let work = |_: usize, position: usize, _: &BTreeMap<usize, Deployment>| -> Work<'_> {
            let Some(stack) = self.stacks.get(position) else { return Box::pin(std::future::pending()) };
            let Some(retry) = policies.get(position) else { return Box::pin(std::future::pending()) };
            Box::pin(async move {
                let engine = Engine::new(stack.service, clock, operator);
                let engine = engine.interruption(interruption).retry(retry);
                let mut request = StackRequest::new(&stack.request.stack);
                request.sources.clone_from(&stack.request.sources);
                (position, engine.destroy(&request).await)
            })
        };
        let done = self.run(steps, work, interruption).await;
        Report::new(done.into_values().collect())
    }

    /// One policy a stack; those of one account and region share a brake.
    fn policies(&self) -> Vec<RetryPolicy> {
        let mut policies: Vec<RetryPolicy> = Vec::new();
        for stack in &self.stacks {
            let same = |other: &AppStack<'_>| std::ptr::addr_eq(other.service, stack.service);
            let earlier = self.stacks.iter().position(same).and_then(|position| policies.get(position));
            policies.push(earlier.cloned().unwrap_or_else(RetryPolicy::shared));
        }
        policies
    }

    /// The positions of these stacks; what is not in the app is there already.
    fn known(&self, ids: BTreeSet<&str>) -> BTreeSet<usize> {
        ids.into_iter().filter_map(|id| self.stacks.iter().position(|stack| stack.id == id)).collect()
    }

    /// The request with the outputs of other stacks in its parameters.
    fn with_inputs(
        &self,
        stack: &AppStack<'_>,
        request: &DeployRequest,
        done: &BTreeMap<usize, Deployment>,
    ) -> Result<DeployRequest, String> {
        let mut request = request.clone();
        for Input { parameter, producer, output } in &stack.inputs {
            if request.parameters.contains_key(parameter) {
                continue;
            }
            let position = self.stacks.iter().position(|stack| stack.id == *producer);
            let made = position.and_then(|position| done.get(&position));
            let Some(value) = made.and_then(|made| made.outputs.get(output)) else {
                return Err(format!("`{producer}` has no output `{output}`, which `{parameter}` takes"));
            };
            request.parameters.insert(parameter.clone(), value.clone());
        }
        Ok(request)
    }

    /// Works on all steps, each after those that it needs.
    async fn run<'w>(
        &self,
        mut steps: Vec<Step>,
        work: impl Fn(usize, usize, &BTreeMap<usize, Deployment>) -> Work<'w>,
        interruption: &Interruption,
    ) -> BTreeMap<usize, Deployment> {
        let mut done: BTreeMap<usize, Deployment> = BTreeMap::new();
        let mut waiting: BTreeSet<usize> = (0..steps.len()).collect();
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.concurrency && !interruption.is_interrupted() {
                let is_ready = |step: &&usize| steps.get(**step).is_some_and(|step| step.needs.is_empty());
                let Some(step) = waiting.iter().find(is_ready).copied() else { break };
                waiting.remove(&step);
                running.push(work(step, steps.get(step).map_or(step, |step| step.stack), &done));
            }
            let Some((step, result)) = running.next().await else { break };
            if result.is_success() {
                for others in &mut steps {
                    others.needs.remove(&step);
                }
            }
            done.insert(step, result);
        }
        self.skip(&waiting, &steps, &mut done, interruption);
        done
    }

    /// What is still waiting when nothing runs any more will not be worked on: this is why.
    fn skip(
        &self,
        waiting: &BTreeSet<usize>,
        steps: &[Step],
        done: &mut BTreeMap<usize, Deployment>,
        interruption: &Interruption,
    ) {
        let stack = |step: usize| self.stacks.get(steps.get(step)?.stack);
        let id = |step: usize| stack(step).map_or("", |stack| stack.id.as_str());
        let skipped: Vec<(usize, Deployment)> = waiting
            .iter()
            .filter_map(|position| {
                let stack = stack(*position)?;
                let open = &steps.get(*position)?.needs;
                let has_failed = |need: &usize| {
                    let result = steps.get(*need).and_then(|step| done.get(&step.stack));
                    result.is_some_and(|result| !result.is_success())
                };
                let failed: Vec<&str> = open.iter().copied().filter(has_failed).map(id).collect();
                let missing: Vec<&str> = open.iter().copied().map(id).collect();
                let message = if !failed.is_empty() {
                    format!("not tried, since it needs {}", failed.join(", "))
                } else if interruption.is_interrupted() {
                    "not tried, since it was interrupted".to_owned()
                } else if has_circle(*position, steps) {
                    format!("not tried, since it needs itself, by way of {}", missing.join(", "))
                } else {
                    format!("not tried, since it needs {}, which was not tried either", missing.join(", "))
                };
                let skipped = Deployment::new(&stack.request.stack, Outcome::Skipped);
                Some((*position, Deployment { message: Some(message), ..skipped }))
            })
            .collect();
        done.extend(skipped);
    }
}

/// A stack's turn.
struct Step {
    /// The position of the stack.
    stack: usize,
    /// The steps that come first.
    needs: BTreeSet<usize>,
}

/// The work of a step.
type Work<'w> = Pin<Box<dyn Future<Output = (usize, Deployment)> + Send + 'w>>;

/// Whether a stack needs itself, directly or through others.
fn has_circle(start: usize, steps: &[Step]) -> bool {
    let mut seen = BTreeSet::new();
    let needs = |step: usize| steps.get(step).into_iter().flat_map(|step| step.needs.iter().copied());
    let mut open: Vec<usize> = needs(start).collect();
    while let Some(position) = open.pop() {
        if position == start {
            return true;
        }
        if seen.insert(position) {
            open.extend(needs(position));
        }
    }
    false
}
