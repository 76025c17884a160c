//! Runs aspects, and gathers what builders have reported.

use formwork_check::ACCEPTED;
use formwork_template::{Finding, Source};

use crate::{
    aspect::ResourceVisit,
    handle::ResourceId,
    model::{Model, StackModel, index},
    node::Node,
    resource::Draft,
};

/// Visits every resource with every aspect, in the order the aspects were added.
pub(crate) fn run(model: &mut Model) {
    let mut aspects = std::mem::take(&mut model.aspects);
    let app = model.app;
    for registered in &mut aspects {
        for (position, stack) in model.stacks.iter_mut().enumerate() {
            let stack_index = index(position);
            let below = match registered.below {
                Some((wanted, _)) if wanted != stack_index => continue,
                Some((_, scope)) => scope,
                None => 0,
            };
            let StackModel { resources, scopes, name, .. } = stack;
            for (position, resource) in resources.iter_mut().enumerate() {
                if !super::scopes_up(scopes, resource.scope).any(|scope| scope == below) {
                    continue;
                }
                let before = model.findings.len();
                registered.aspect.visit(&mut ResourceVisit {
                    id: ResourceId { app, stack: stack_index, index: index(position) },
                    stack: name,
                    logical_id: &resource.logical_id,
                    source: Source::from(resource.location),
                    draft: &mut resource.draft,
                    findings: &mut model.findings,
                });
                for finding in model.findings.iter_mut().skip(before) {
                    accept(&resource.draft, finding);
                }
            }
        }
    }
    for stack in &mut model.stacks {
        for resource in &mut stack.resources {
            let Some(extras) = &mut resource.draft.extras else { continue };
            for mut finding in std::mem::take(&mut extras.findings) {
                accept(&resource.draft, &mut finding);
                model.findings.push(place(
                    finding,
                    &stack.name,
                    &resource.logical_id,
                    resource.location.into(),
                ));
            }
        }
    }
}

/// Makes a note of a finding that its resource accepts with a reason.
fn accept(draft: &Draft, finding: &mut Finding) {
    let rules = draft.attribute("Metadata").and_then(|metadata| metadata.at(ACCEPTED));
    let reason = rules.and_then(|rules| rules.get(&finding.rule)).and_then(Node::as_str);
    if let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) {
        finding.accept(reason);
    }
}

/// Fills in where a finding about a resource is, as far as it does not say.
fn place(mut finding: Finding, stack: &str, logical_id: &str, source: Source) -> Finding {
    if finding.path.is_empty() {
        finding.path = vec!["Resources".to_owned(), logical_id.to_owned()];
    }
    finding.stack.get_or_insert_with(|| stack.to_owned());
    finding.source.get_or_insert(source);
    finding
}
