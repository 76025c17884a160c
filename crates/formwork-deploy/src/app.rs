//! [`App`]: several stacks, in the order of what they need, side by side where they can be.

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
    request::{DeployRequest, StackRequest},
    retry::RetryPolicy,
    service::CloudFormation,
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
    /// The account and region.
    pub service: &'a dyn CloudFormation,
    /// The bucket for a template that is too long for a call.
    pub store: Option<&'a dyn TemplateStore>,
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
        Self { id, request, service, store: None, depends_on: Vec::new(), inputs: Vec::new() }
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
    /// A stack that fails stops those that need it; the others go on.
    pub async fn deploy(
        &self,
        clock: &dyn Clock,
        operator: &dyn Operator,
        interruption: &Interruption,
    ) -> Report {
        let retry = RetryPolicy::shared();
        let retry = &retry;
        let needs = self.stacks.iter().map(|stack| self.known(stack.needs())).collect();
        let work = |position: usize, done: &BTreeMap<usize, Deployment>| -> Work<'_> {
            let Some(stack) = self.stacks.get(position) else { return Box::pin(std::future::pending()) };
            let request = self.with_inputs(stack, done);
            Box::pin(async move {
                let request = match request {
                    Ok(request) => request,
                    Err(message) => return (position, Deployment::refused(&stack.request.stack, message)),
                };
                let engine = Engine::new(stack.service, clock, operator);
                let mut engine = engine.interruption(interruption).retry(retry);
                if let Some(store) = stack.store {
                    engine = engine.template_store(store);
                }
                (position, engine.deploy(&request).await)
            })
        };
        self.run(needs, work, interruption).await
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
        let retry = RetryPolicy::shared();
        let retry = &retry;
        let mut needs = vec![BTreeSet::new(); self.stacks.len()];
        for (position, stack) in self.stacks.iter().enumerate() {
            for producer in self.known(stack.needs()) {
                if let Some(after) = needs.get_mut(producer) {
                    after.insert(position);
                }
            }
        }
        let work = |position: usize, _: &BTreeMap<usize, Deployment>| -> Work<'_> {
            let Some(stack) = self.stacks.get(position) else { return Box::pin(std::future::pending()) };
            Box::pin(async move {
                let engine = Engine::new(stack.service, clock, operator);
                let engine = engine.interruption(interruption).retry(retry);
                let mut request = StackRequest::new(&stack.request.stack);
                request.sources.clone_from(&stack.request.sources);
                (position, engine.destroy(&request).await)
            })
        };
        self.run(needs, work, interruption).await
    }

    /// The positions of these stacks; what is not in the app is there already.
    fn known(&self, ids: BTreeSet<&str>) -> BTreeSet<usize> {
        ids.into_iter().filter_map(|id| self.stacks.iter().position(|stack| stack.id == id)).collect()
    }

    /// The request with the outputs of other stacks in its parameters.
    fn with_inputs(
        &self,
        stack: &AppStack<'_>,
        done: &BTreeMap<usize, Deployment>,
    ) -> Result<DeployRequest, String> {
        let mut request = stack.request.clone();
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

    /// Works on all stacks, each after those that it needs by their positions.
    async fn run<'w>(
        &self,
        mut needs: Vec<BTreeSet<usize>>,
        work: impl Fn(usize, &BTreeMap<usize, Deployment>) -> Work<'w>,
        interruption: &Interruption,
    ) -> Report {
        let mut done: BTreeMap<usize, Deployment> = BTreeMap::new();
        let mut waiting: BTreeSet<usize> = (0..self.stacks.len()).collect();
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.concurrency && !interruption.is_interrupted() {
                let is_ready = |position: &&usize| needs.get(**position).is_some_and(BTreeSet::is_empty);
                let Some(position) = waiting.iter().find(is_ready).copied() else { break };
                waiting.remove(&position);
                running.push(work(position, &done));
            }
            let Some((position, result)) = running.next().await else { break };
            if result.is_success() {
                for others in &mut needs {
                    others.remove(&position);
                }
            }
            done.insert(position, result);
        }
        self.skip(&waiting, &needs, &mut done, interruption);
        Report::new(done.into_values().collect())
    }

    /// What is still waiting when nothing runs any more will not be worked on: this is why.
    fn skip(
        &self,
        waiting: &BTreeSet<usize>,
        needs: &[BTreeSet<usize>],
        done: &mut BTreeMap<usize, Deployment>,
        interruption: &Interruption,
    ) {
        let id = |position: usize| self.stacks.get(position).map_or("", |stack| stack.id.as_str());
        let skipped: Vec<(usize, Deployment)> = waiting
            .iter()
            .filter_map(|position| {
                let stack = self.stacks.get(*position)?;
                let open = needs.get(*position)?;
                let failed: Vec<&str> =
                    open.iter().copied().filter(|need| done.contains_key(need)).map(id).collect();
                let missing: Vec<&str> = open.iter().copied().map(id).collect();
                let message = if !failed.is_empty() {
                    format!("not tried, since it needs {}", failed.join(", "))
                } else if interruption.is_interrupted() {
                    "not tried, since it was interrupted".to_owned()
                } else if has_circle(*position, needs) {
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

/// The work on the stack of a position.
type Work<'w> = Pin<Box<dyn Future<Output = (usize, Deployment)> + Send + 'w>>;

/// Whether a stack needs itself, directly or through others.
fn has_circle(start: usize, needs: &[BTreeSet<usize>]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = needs.get(start).into_iter().flatten().copied().collect();
    while let Some(position) = open.pop() {
        if position == start {
            return true;
        }
        if seen.insert(position) {
            open.extend(needs.get(position).into_iter().flatten().copied());
        }
    }
    false
}
