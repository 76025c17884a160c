//! Synthesis: from the model to templates, with every finding at once.
//!
//! The steps, in order: aspects, tags, values between stacks, names; then for each stack its
//! template, what that refers to, and the service's limits.

mod aspects;
mod edges;
mod lower;
pub(crate) mod names;
mod stacks;
mod tags;

use std::{cmp::Reverse, env, fmt, fmt::Write as _, fs, path::Path};

use formwork_template::{Finding, Severity, Source, Template};

use crate::{
    assembly::{Assembly, AssemblyError, AssemblyStack, Edge, writer::Writer},
    asset::SynthesizedAsset,
    model::{Element, Model, ScopeModel, StackModel, index},
    stack::Environment,
};

/// A variable that names a file for the findings of a synthesis that fails. The `formwork` command
/// sets it, to show them in its own form.
const FINDINGS_FILE: &str = "FORMWORK_FINDINGS";

/// Why there is no assembly.
///
/// `Debug` is the same text as `Display`, so that a `main` which returns this error reads well.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// At least one of the findings is an error.
    #[error("{}", listing(.0))]
    Findings(Vec<Finding>),
    /// The assembly cannot be written.
    #[error(transparent)]
    Write(#[from] AssemblyError),
}

impl SynthError {
    /// The findings, if that is why.
    pub fn findings(&self) -> &[Finding] {
        if let Self::Findings(findings) = self { findings } else { &[] }
    }
}

impl fmt::Debug for SynthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

fn listing(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let number = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let mut text = format!("synthesis found {}", number(count(Severity::Error), "error"));
    if count(Severity::Warning) > 0 {
        text += " and ";
        text += &number(count(Severity::Warning), "warning");
    }
    for finding in findings {
        // Writing into a string does not fail.
        let _ = write!(text, "\n\n{finding}");
    }
    text
}

/// What [`App::synthesize`](crate::App::synthesize) makes in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Synthesis {
    /// The stacks, in the order they were added to the app.
    pub stacks: Vec<SynthesizedStack>,
    /// The values that cross between stacks.
    pub edges: Vec<Edge>,
    /// Warnings, and what is worth knowing.
    pub findings: Vec<Finding>,
}

impl Synthesis {
    /// A stack by its name.
    pub fn stack(&self, name: &str) -> Option<&SynthesizedStack> {
        self.stacks.iter().find(|stack| stack.name == name)
    }
}

/// One stack in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct SynthesizedStack {
    /// The name in the app.
    pub name: String,
    /// The name in the account.
    pub stack_name: String,
    /// The template.
    pub template: Template,
    /// The account and region, as far as the author says.
    pub environment: Environment,
    /// Whether the stack refuses to be deleted.
    pub termination_protection: bool,
    /// The stacks that are deployed before this one.
    pub depends_on: Vec<String>,
    /// What is uploaded before the stack is deployed.
    pub assets: Vec<SynthesizedAsset>,
    /// The line of Rust behind each logical id, section by section.
    pub sources: Vec<(&'static str, Vec<(String, Source)>)>,
}

impl formwork_check::Sources for SynthesizedStack {
    fn source(&self, section: &str, element: &str) -> Option<Source> {
        let (_, elements) = self.sources.iter().find(|(known, _)| *known == section)?;
        elements.iter().find(|(known, _)| known == element).map(|(_, source)| source.clone())
    }
}

pub(crate) fn in_memory(model: Model) -> Result<Synthesis, SynthError> {
    let mut synthesized = Vec::with_capacity(model.stacks.len());
    let (edges, findings) = run(model, |stack, _| {
        synthesized.push(stack);
        Ok(())
    })?;
    Ok(Synthesis { stacks: synthesized, edges, findings })
}

pub(crate) fn to_disk(model: Model, directory: &Path) -> Result<Assembly, SynthError> {
    let outcome = write(model, directory);
    if let Err(SynthError::Findings(findings)) = &outcome
        && let Some(path) = env::var_os(FINDINGS_FILE)
        && let Ok(text) = serde_json::to_string(findings)
    {
        // Whoever set the variable also sees the error itself: nothing is lost with the file.
        let _ = fs::write(path, text);
    }
    outcome
}

fn write(model: Model, directory: &Path) -> Result<Assembly, SynthError> {
    let mut writer = Writer::create(directory)?;
    let mut written: Vec<AssemblyStack> = Vec::with_capacity(model.stacks.len());
    let (edges, findings) = run(model, |stack, bytes| {
        written.push(writer.stack(&stack, bytes)?);
        Ok(())
    })?;
    Ok(writer.finish(written, edges, findings)?)
}

/// Runs every step, hands over each stack that is free of errors, and returns what is left.
fn run(
    mut model: Model,
    mut take: impl FnMut(SynthesizedStack, usize) -> Result<(), AssemblyError>,
) -> Result<(Vec<Edge>, Vec<Finding>), SynthError> {
    aspects::run(&mut model);
    tags::apply(&mut model);
    let crossings = edges::carry(&mut model);
    names::check(&mut model);
    stacks::check_cycles(&mut model, &crossings.dependencies);
    let mut findings = std::mem::take(&mut model.findings);
    for position in 0..model.stacks.len() {
        let template = lower::stack(&mut model, index(position), &crossings.carriers, &mut findings);
        let stack = &model.stacks[position];
        let bytes = template.compact_json_bytes();
        let found = formwork_check::check_form(&template, bytes, stack).into_iter();
        findings.extend(found.map(|finding| finding.in_stack(&stack.name)));
        if has_error(&findings) {
            continue;
        }
        let depends_on = crossings.dependencies[position].keys();
        take(
            SynthesizedStack {
                name: stack.name.clone(),
                stack_name: stack.deployed_name().to_owned(),
                template,
                environment: stack.environment.clone(),
                termination_protection: stack.termination_protection,
                depends_on: depends_on.map(|other| model.stacks[*other as usize].name.clone()).collect(),
                assets: stack.assets.clone(),
                sources: sources(stack),
            },
            bytes,
        )?;
    }
    findings.sort_by_key(|finding| Reverse(finding.severity));
    if has_error(&findings) { Err(SynthError::Findings(findings)) } else { Ok((crossings.edges, findings)) }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn sources(stack: &StackModel) -> Vec<(&'static str, Vec<(String, Source)>)> {
    fn of<T>(elements: &[Element<T>]) -> Vec<(String, Source)> {
        elements.iter().map(|element| (element.logical_id.clone(), element.location.into())).collect()
    }
    let resources = stack
        .resources
        .iter()
        .map(|resource| (resource.logical_id.clone(), resource.location.into()))
        .collect();
    let mut sources = vec![
        ("Parameters", of(&stack.parameters)),
        ("Mappings", of(&stack.mappings)),
        ("Rules", of(&stack.rules)),
        ("Conditions", of(&stack.conditions)),
        ("Resources", resources),
        ("Outputs", of(&stack.outputs)),
    ];
    sources.retain(|(_, ids)| !ids.is_empty());
    sources
}

impl formwork_check::Sources for StackModel {
    fn source(&self, section: &str, element: &str) -> Option<Source> {
        fn of<T>(elements: &[Element<T>], element: &str) -> Option<Source> {
            elements.iter().find(|known| known.logical_id == element).map(|known| known.location.into())
        }
        let found = match section {
            "Resources" => {
                let known = self.resources.iter().find(|known| known.logical_id == element);
                known.map(|known| known.location.into())
            }
            "Parameters" => of(&self.parameters, element),
            "Mappings" => of(&self.mappings, element),
            "Conditions" => of(&self.conditions, element),
            "Rules" => of(&self.rules, element),
            "Outputs" => of(&self.outputs, element),
            _ => None,
        };
        found.or_else(|| Some(self.location.into()))
    }
}

/// A scope, and the ones around it, from the inside out.
pub(crate) fn scopes_up(scopes: &[ScopeModel], scope: u32) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(scope), |scope| scopes[*scope as usize].parent)
}
