//! `formwork drift --revert`: the resources become what is deployed.

use anyhow::{Context as _, Result};
use formwork_deploy::{
    clock::SystemClock,
    deployment::Deployment,
    drift::{DriftReport, DriftStack, ResourceDrift, StackDrift, revert},
    engine::Engine,
    machine::Outcome,
    operator::{Decision, DeletionProposal, Operator, Proposal, Retention},
    progress::Progress,
    read,
    request::DeployRequest,
    service::StackResource,
    submission::TemplateStore,
};
use formwork_template::{Template, read as reader};

use super::subjects::Subject;
use crate::{
    deployment::{
        approval::{answer, is_attended, is_yes},
        screen::Screen,
    },
    failure::Failure,
    plural::number,
    terminal::{HINT, STRONG, Terminal, WARNING, legible},
};

/// What is brought back, and how.
pub(crate) struct Revert<'a> {
    pub(crate) subjects: &'a [Subject],
    pub(crate) stacks: &'a [DriftStack<'a>],
    /// Where the templates of each stack go that are too long for a call.
    pub(crate) stores: &'a [&'a dyn TemplateStore],
    pub(crate) clock: &'a SystemClock,
    pub(crate) yes: bool,
}

/// Shows what is done. The question was asked before, for all of it.
struct Approved<'a> {
    screen: Screen<'a>,
}

impl Operator for Approved<'_> {
    fn progress(&self, progress: &Progress) {
        self.screen.show(progress);
    }

    fn approve<'a>(&'a self, proposal: &'a Proposal) -> Decision<'a, bool> {
        self.screen.with(|terminal| {
            for change in &proposal.changes {
                let (id, kind) = (legible(&change.logical_id), legible(&change.resource_type));
                terminal.tell(&format!("  {:?} {id} ({kind})", change.action));
            }
        });
        Box::pin(async { true })
    }

    fn approve_deletion<'a>(&'a self, _: &'a DeletionProposal) -> Decision<'a, bool> {
        Box::pin(async { false })
    }

    fn retention<'a>(&'a self, _: &'a str, _: &'a [StackResource]) -> Decision<'a, Retention> {
        Box::pin(async { Retention::Leave })
    }
}

/// Brings back what has drifted, if that is wanted; whether that went well.
///
/// What is deployed counts, and not what the code says meanwhile: nothing new is deployed by this.
pub(crate) async fn revert(
    revert: &Revert<'_>,
    report: &DriftReport,
    terminal: &mut Terminal,
) -> Result<bool> {
    let drifted: Vec<&StackDrift> =
        report.stacks.iter().filter(|stack| stack.resources.iter().any(ResourceDrift::is_drift)).collect();
    if drifted.is_empty() {
        let text = "what differs is of the stacks themselves: `formwork deploy` sets it";
        terminal.tell(&format!("{HINT}hint{HINT:#}: {text}"));
        return Ok(true);
    }
    let count = drifted.iter().flat_map(|stack| &stack.resources).filter(|found| found.is_drift()).count();
    let (resources, stacks) = (number(count, "resource"), number(drifted.len(), "stack"));
    if !revert.yes {
        if !is_attended() {
            let failure =
                Failure::new(format!("{resources} of {stacks} would be changed, and nobody can be asked"));
            return Err(failure.hint("`--yes` reverts without a question").into());
        }
        terminal.insist(&format!("{STRONG}change {resources} of {stacks} back? [y/N]{STRONG:#}"));
        if !is_yes(answer().await.as_deref()) {
            return Ok(false);
        }
    }
    let mut well = true;
    for stack in drifted {
        let root = stack.name.split('/').next().unwrap_or(&stack.name);
        let position = revert.subjects.iter().position(|subject| short(&subject.stack_name) == root);
        let place = position.and_then(|position| revert.stacks.get(position));
        let place = place.with_context(|| format!("nothing is known of `{root}`"))?;
        if stack.parent.is_some() {
            terminal.tell(&format!(
                "{WARNING}warning{WARNING:#}: `{}` is nested: it comes back with a deployment of the stacks above it",
                legible(&stack.name)
            ));
            continue;
        }
        well &= of_stack(revert, stack, place, terminal).await?;
    }
    Ok(well)
}

fn short(stack: &str) -> &str {
    stack.strip_prefix("arn:").and_then(|arn| arn.split('/').nth(1)).unwrap_or(stack)
}

async fn of_stack(
    revert: &Revert<'_>,
    drift: &StackDrift,
    place: &DriftStack<'_>,
    terminal: &mut Terminal,
) -> Result<bool> {
    let name = &drift.name;
    let deployed = read::deployed(place.service, revert.clock, &place.name).await;
    let deployed = deployed.with_context(|| format!("cannot read `{name}`"))?;
    let deployed = deployed.with_context(|| format!("`{name}` is gone meanwhile"))?;
    let template = reader::read(&deployed.template)
        .map_err(|error| Failure::new(format!("the deployed template of `{name}` cannot be read: {error}")))?
        .into_template();
    let mut request = DeployRequest::new(&deployed.stack.name, template.to_compact_json());
    if let Some(code) = place.code {
        request.sources.clone_from(&code.sources);
    }
    let mut aware = request.clone();
    aware.mode.revert_drift = true;
    terminal.tell(&format!("changing `{name}` back by a change set that heeds drift"));
    let result = deploy(revert, place, &aware, terminal).await;
    if result.outcome == Outcome::Updated {
        return Ok(true);
    }
    if result.outcome != Outcome::NoChange && !is_unknown(&result) {
        return Ok(fail(&result, terminal));
    }
    around(revert, (drift, &template), place, request, terminal).await
}

/// Two ordinary updates, where the endpoint knows no change set that heeds drift.
async fn around(
    revert: &Revert<'_>,
    (drift, template): (&StackDrift, &Template),
    place: &DriftStack<'_>,
    request: DeployRequest,
    terminal: &mut Terminal,
) -> Result<bool> {
    let detour = revert::detour(template, drift);
    for (id, reason) in &detour.left {
        terminal.tell(&format!("{WARNING}warning{WARNING:#}: `{id}` is left as it is: {}", legible(reason)));
    }
    if detour.reverted.is_empty() {
        return Ok(false);
    }
    terminal.tell(&format!(
        "the endpoint knows no such change set: two ordinary updates change {} back, the first to what is there, the second to what was deployed",
        detour.reverted.join(", ")
    ));
    let mut first = request.clone();
    first.template = detour.template.to_compact_json();
    for request in [&first, &request] {
        let result = deploy(revert, place, request, terminal).await;
        if !result.is_success() {
            return Ok(fail(&result, terminal));
        }
    }
    Ok(detour.left.is_empty())
}

async fn deploy(
    revert: &Revert<'_>,
    place: &DriftStack<'_>,
    request: &DeployRequest,
    terminal: &mut Terminal,
) -> Deployment {
    let sources = [(request.stack.clone(), request.sources.clone())].into();
    let operator = Approved { screen: Screen::new(terminal, None, sources) };
    let engine = Engine::new(place.service, revert.clock, &operator);
    let position = revert.stacks.iter().position(|other| std::ptr::eq(other, place));
    match position.and_then(|position| revert.stores.get(position)) {
        Some(store) => engine.template_store(*store).deploy(request).await,
        None => engine.deploy(request).await,
    }
}

/// Whether the endpoint does not know what heeding drift is.
fn is_unknown(result: &Deployment) -> bool {
    result
        .message
        .as_deref()
        .is_some_and(|message| message.contains("DeploymentMode") || message.contains("REVERT_DRIFT"))
}

fn fail(result: &Deployment, terminal: &mut Terminal) -> bool {
    let reason = result
        .root_cause
        .as_ref()
        .map(|cause| format!("{}: {}", cause.logical_id, cause.reason))
        .or_else(|| result.message.clone())
        .unwrap_or_default();
    terminal.error(&legible(&format!("`{}` was not changed back: {reason}", result.name)), None);
    false
}
