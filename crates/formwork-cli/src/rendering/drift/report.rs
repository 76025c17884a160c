//! [`Report`]: drift in words, which the forms for people arrange.

use formwork_deploy::drift::{
    Difference, DifferenceKind, DriftReport, Ignored, Mover, ResourceDrift, SettingDrift, StackDrift,
    StackVerdict, TemplateDrift, Verdict,
};
use serde::Serialize;

use crate::plural::{grouped, number};

/// Drift in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    /// What it comes to, in a line.
    pub(crate) summary: String,
    /// How much was looked at, in a line.
    pub(crate) coverage: String,
    /// Whether somebody changed something.
    pub(crate) drifted: bool,
    /// Whether all was looked at.
    pub(crate) complete: bool,
    pub(crate) stacks: Vec<Stack>,
    /// Why resources were not looked at.
    pub(crate) gaps: Vec<Gap>,
    /// The rules by which something is left out.
    pub(crate) ignored: Vec<String>,
    /// Rules and entries that match nothing any more.
    pub(crate) warnings: Vec<String>,
    /// How many resources are left out of this page.
    pub(crate) omitted: usize,
}

/// A stack.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Stack {
    pub(crate) name: String,
    pub(crate) state: &'static str,
    pub(crate) reason: Option<String>,
    pub(crate) summary: String,
    /// What drifted, and what was not looked at.
    pub(crate) resources: Vec<Resource>,
    pub(crate) settings: Vec<Setting>,
    /// How the code and what is deployed differ.
    pub(crate) code: Option<String>,
}

/// A resource.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Resource {
    pub(crate) sign: char,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) logical_id: String,
    pub(crate) physical_id: Option<String>,
    /// `modified`, `deleted`, `not checked`...
    pub(crate) status: &'static str,
    pub(crate) drifted: bool,
    pub(crate) reason: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) changes: Vec<Change>,
    /// What is taken back, and what nobody sees; for those who want to know more.
    pub(crate) notes: Vec<String>,
}

/// A place that differs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Change {
    pub(crate) sign: char,
    pub(crate) path: String,
    pub(crate) declared: Option<String>,
    pub(crate) actual: Option<String>,
    pub(crate) note: Option<String>,
}

/// Something of the stack itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) declared: Option<String>,
    pub(crate) actual: Option<String>,
    pub(crate) drifted: bool,
    pub(crate) note: Option<String>,
}

/// Why resources were not looked at.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Gap {
    pub(crate) count: usize,
    pub(crate) reason: String,
}

impl Report {
    pub(crate) fn new(drift: &DriftReport, warnings: &[String]) -> Self {
        let gaps: Vec<Gap> = drift.gaps().into_iter().map(|(reason, count)| Gap { count, reason }).collect();
        let rule = |rule: &Ignored| {
            let place =
                [&rule.stack, &rule.logical_id, &rule.path].map(|part| part.as_deref().unwrap_or("*"));
            format!(
                "{} ({}): {}",
                place.join(" "),
                number(rule.matched, "match").replace("matchs", "matches"),
                rule.reason
            )
        };
        Self {
            summary: summary(&drift.stacks),
            coverage: coverage(drift, &gaps),
            drifted: drift.has_drift(),
            complete: !drift.is_incomplete(),
            stacks: drift.stacks.iter().map(stack).collect(),
            gaps,
            ignored: drift.ignored.iter().map(rule).collect(),
            warnings: warnings.to_vec(),
            omitted: 0,
        }
    }

    /// With so many resources of each stack at most, those that drifted first.
    pub(crate) fn shortened(&self, most: usize) -> Self {
        let mut report = self.clone();
        for stack in &mut report.stacks {
            stack.resources.sort_by_key(|resource| !resource.drifted);
            report.omitted += stack.resources.len().saturating_sub(most);
            stack.resources.truncate(most);
        }
        report
    }
}

/// How much was looked at: always said.
fn coverage(drift: &DriftReport, gaps: &[Gap]) -> String {
    let (checked, not_checked) = drift.coverage();
    let mut text = format!("{} checked, {} not checked", grouped(checked), grouped(not_checked));
    if !gaps.is_empty() {
        let gaps: Vec<String> =
            gaps.iter().map(|gap| format!("{} {}", grouped(gap.count), gap.reason)).collect();
        text = format!("{text}: {}", gaps.join("; "));
    }
    let failed = drift.stacks.iter().filter(|stack| stack.incomplete).count();
    if failed > 0 {
        text = format!("{text}; {} not looked at to the end", number(failed, "stack"));
    }
    text
}

fn summary(stacks: &[StackDrift]) -> String {
    let resources = || stacks.iter().flat_map(|stack| &stack.resources).filter(|found| found.is_drift());
    let count = |verdict: Verdict| resources().filter(|found| found.status == verdict).count();
    let settings = stacks.iter().flat_map(|stack| &stack.settings).filter(|found| found.is_drift()).count();
    let others = stacks.iter().filter(|stack| is_changed_by_others(stack)).count();
    let parts = [
        (count(Verdict::Modified), "resource", " modified"),
        (count(Verdict::Deleted), "resource", " deleted"),
        (settings, "setting", " of stacks changed"),
        (others, "stack", " deployed by another tool"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, noun, what)| format!("{}{what}", number(*count, noun)))
        .collect();
    if parts.is_empty() { "no drift".to_owned() } else { parts.join(", ") }
}

fn is_changed_by_others(stack: &StackDrift) -> bool {
    let is_other =
        |template: &TemplateDrift| template.changed_by == Mover::Stack && template.ignored.is_none();
    stack.template.as_ref().is_some_and(is_other)
}

fn stack(stack: &StackDrift) -> Stack {
    Stack {
        name: stack.name.clone(),
        state: match stack.status {
            StackVerdict::InSync => "in sync",
            StackVerdict::Incomplete => "in sync as far as was looked at",
            StackVerdict::Drifted => "drifted",
            StackVerdict::NotDeployed => "not deployed",
            StackVerdict::Failed => "not looked at",
        },
        reason: stack.reason.clone(),
        summary: format!("{} checked, {} not checked", grouped(stack.checked), grouped(stack.not_checked)),
        resources: stack.resources.iter().filter_map(resource).collect(),
        settings: stack.settings.iter().map(setting).collect(),
        code: stack.template.as_ref().map(code),
    }
}

/// A resource of which there is something to say.
fn resource(resource: &ResourceDrift) -> Option<Resource> {
    let (sign, status) = match resource.status {
        Verdict::InSync => (' ', "in sync"),
        Verdict::Modified => ('~', "modified"),
        Verdict::Deleted => ('-', "deleted"),
        Verdict::Unknown => ('?', "unknown"),
        Verdict::Unsupported => ('?', "unsupported"),
        Verdict::NotChecked => ('?', "not checked"),
    };
    let dismissed =
        resource.dismissed.iter().map(|told| format!("{} is no difference: {}", told.path, told.reason));
    let unseen =
        resource.unseen.iter().map(|unseen| format!("{} is not seen: {}", unseen.path, unseen.reason));
    let notes: Vec<String> = dismissed.chain(unseen).collect();
    if resource.status == Verdict::InSync && notes.is_empty() {
        return None;
    }
    let ignored = resource.ignored.as_ref().map(|why| format!("left out: {why}"));
    Some(Resource {
        sign,
        kind: resource.resource_type.clone(),
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        status,
        drifted: resource.is_drift(),
        reason: resource.reason.clone().or(ignored),
        source: resource.source.as_ref().map(ToString::to_string),
        changes: resource.differences.iter().map(change).collect(),
        notes,
    })
}

fn change(difference: &Difference) -> Change {
    let doubt = difference.doubt.as_ref().map(|link| format!("in doubt, see {link}"));
    let ignored = difference.ignored.as_ref().map(|why| format!("left out: {why}"));
    Change {
        sign: match difference.kind {
            DifferenceKind::Changed => '~',
            DifferenceKind::Added => '+',
            DifferenceKind::Removed => '-',
        },
        path: difference.path.clone(),
        declared: difference.declared.as_ref().map(value),
        actual: difference.actual.as_ref().map(value),
        note: ignored.or(doubt),
    }
}

fn value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn setting(setting: &SettingDrift) -> Setting {
    let name = setting.setting.text();
    let moved = (setting.changed_by == Mover::Code).then(|| "the code moved on".to_owned());
    Setting {
        name: setting.name.as_ref().map_or_else(|| name.to_owned(), |own| format!("{name} {own}")),
        declared: setting.declared.clone(),
        actual: setting.actual.clone(),
        drifted: setting.is_drift(),
        note: setting.ignored.as_ref().map(|why| format!("left out: {why}")).or(moved),
    }
}

/// How the code and what is deployed differ.
fn code(template: &TemplateDrift) -> String {
    let resources = number(template.diff.resources.len(), "resource");
    match template.changed_by {
        Mover::Code => format!("the code moved on: it differs in {resources}, which `formwork diff` shows"),
        Mover::Stack => format!(
            "another tool deployed the stack last: the code differs in {resources}, which `formwork diff` shows"
        ),
    }
}
