//! Exports that go away while stacks of the same app still import them.
//!
//! The service takes no export away that a stack imports, and no stack is deployed before what it
//! needs: a producer that no longer exports what its consumers no longer import would have to come
//! last, and first. So it comes twice: first with the exports that are in use, and what is behind
//! them, and after its consumers as its template says.

use std::collections::{BTreeMap, BTreeSet};

use formwork_template::{Template, read};
use futures_util::{StreamExt as _, stream};

use crate::{
    clock::Clock,
    deployment::Deployment,
    exports::{self, LostExport, Names},
    machine::{Outcome, Stop},
    request::DeployRequest,
    retry::{RetryPolicy, attempt},
    service::StackDescription,
};

use super::{AppStack, keep::keep};

/// The stacks that come twice, by their positions.
pub(super) type Plan = BTreeMap<usize, Kept>;

/// What a producer is deployed as before its consumers.
#[derive(Debug)]
pub(super) struct Kept {
    /// What it is to be until then.
    pub(super) request: DeployRequest,
    /// The exports that stay until then.
    pub(super) exports: Vec<String>,
    /// The positions of those who import them.
    pub(super) importers: BTreeSet<usize>,
}

/// What stands in the way of a stack.
type Obstacles = BTreeMap<usize, Stop>;

/// Which stacks have to come twice; or which cannot be deployed at all, before anything is changed.
///
/// What cannot be read here stops nothing: the stack's own deployment will tell.
pub(super) async fn plan(
    stacks: &[AppStack<'_>],
    policies: &[RetryPolicy],
    concurrency: usize,
    clock: &dyn Clock,
) -> Result<Plan, Obstacles> {
    // A single stack is looked at by its own deployment.
    if stacks.len() < 2 {
        return Ok(Plan::new());
    }
    let (mut plan, mut obstacles) = (Plan::new(), Obstacles::new());
    let looks = stacks.iter().zip(policies).enumerate().map(|(position, (stack, policy))| async move {
        let service = stack.service;
        let answer = attempt(clock, policy, || service.describe_stack(&stack.request.stack)).await;
        (position, answer.result.ok().flatten().filter(|found| found.status.exists()))
    });
    let found: BTreeMap<usize, Option<StackDescription>> =
        stream::iter(looks).buffer_unordered(concurrency).collect().await;
    for (position, (stack, policy)) in stacks.iter().zip(policies).enumerate() {
        let Some(Some(description)) = found.get(&position) else { continue };
        let Ok(template) = Template::from_json(&stack.request.template) else { continue };
        let names = names(stack, &template, description);
        let mut in_use = Vec::new();
        for output in exports::lost(&description.outputs, &template, &names) {
            let Some(export) = &output.export else { continue };
            let answer = attempt(clock, policy, || stack.service.imports(export)).await;
            let importers = answer.result.unwrap_or_default();
            if !importers.is_empty() {
                in_use.push((output.key.as_str(), LostExport { export: export.clone(), importers }));
            }
        }
        if in_use.is_empty() {
            continue;
        }
        match importers(stacks, stack, &found, &in_use) {
            Err(lost) => drop(obstacles.insert(position, Stop::ExportsLost { lost })),
            Ok(importers) => {
                let answer = attempt(clock, policy, || stack.service.template(&description.arn)).await;
                let Some(deployed) = answer.result.ok().and_then(|text| read::read(&text).ok()) else {
                    continue;
                };
                let keys: Vec<&str> = in_use.iter().map(|(key, _)| *key).collect();
                let template = keep(&template, deployed.template(), &keys).to_json();
                let request = DeployRequest { template, ..stack.request.clone() };
                let exports = in_use.into_iter().map(|(_, lost)| lost.export).collect();
                plan.insert(position, Kept { request, exports, importers });
            }
        }
    }
    if obstacles.is_empty() { Ok(plan) } else { Err(obstacles) }
}

fn names(stack: &AppStack<'_>, template: &Template, description: &StackDescription) -> Names {
    let names = Names::of(description, template, &stack.request.parameters);
    names.without(stack.inputs.iter().map(|input| input.parameter.as_str()))
}

/// The positions of those who import; or what is imported by others, or will be imported still.
fn importers(
    stacks: &[AppStack<'_>],
    producer: &AppStack<'_>,
    found: &BTreeMap<usize, Option<StackDescription>>,
    in_use: &[(&str, LostExport)],
) -> Result<BTreeSet<usize>, Vec<LostExport>> {
    let mut positions = BTreeSet::new();
    let mut lost = Vec::new();
    for (_, LostExport { export, importers }) in in_use {
        let gives_up = |importer: &&String| {
            let is_it = |(position, stack): &(usize, &AppStack<'_>)| {
                let is_there = found.get(position).is_some_and(Option::is_some);
                is_there
                    && stack.request.stack == **importer
                    && std::ptr::addr_eq(stack.service, producer.service)
            };
            let Some((position, stack)) = stacks.iter().enumerate().find(is_it) else { return false };
            let template = Template::from_json(&stack.request.template).ok();
            let description = found.get(&position).and_then(Option::as_ref);
            let still = template.zip(description).is_none_or(|(template, description)| {
                exports::imports(&template, export, &names(stack, &template, description))
            });
            if !still {
                positions.insert(position);
            }
            !still
        };
        let (_, others): (Vec<&String>, Vec<&String>) = importers.iter().partition(gives_up);
        if !others.is_empty() {
            lost.push(LostExport {
                export: export.clone(),
                importers: others.into_iter().cloned().collect(),
            });
        }
    }
    if lost.is_empty() { Ok(positions) } else { Err(lost) }
}

/// What became of all stacks where nothing was tried.
pub(super) fn refused(stacks: &[AppStack<'_>], mut obstacles: Obstacles) -> Vec<Deployment> {
    let blocked: Vec<String> =
        obstacles.keys().filter_map(|position| stacks.get(*position)).map(|stack| stack.id.clone()).collect();
    let refused = |(position, stack): (usize, &AppStack<'_>)| {
        let name = &stack.request.stack;
        let Some(stop) = obstacles.remove(&position) else {
            let message = format!("not tried, since {} cannot be deployed", blocked.join(", "));
            return Deployment { message: Some(message), ..Deployment::new(name, Outcome::Skipped) };
        };
        Deployment {
            message: Some(stop.to_string()),
            advice: stop.advice(name, stack.service.region()),
            stop: Some(stop),
            ..Deployment::new(name, Outcome::Failed)
        }
    };
    stacks.iter().enumerate().map(refused).collect()
}

/// One result of a stack that came twice.
pub(super) fn merged(first: Deployment, last: Deployment, exports: &[String]) -> Deployment {
    if !first.is_success() {
        return first;
    }
    let renamed = [first.renamed, last.renamed].concat();
    let leftovers = [first.leftovers, last.leftovers].concat();
    let whole = Deployment { leftovers, renamed, ..last };
    match whole.outcome {
        Outcome::NoChange => Deployment { outcome: first.outcome, ..whole },
        Outcome::Skipped => Deployment {
            arn: first.arn,
            outputs: first.outputs,
            message: whole.message.map(|message| {
                format!("it is as its template says, but still exports {}: {message}", exports.join(", "))
            }),
            ..whole
        },
        _ => whole,
    }
}
