//! [`Report`]: a diff as it is read: in words, and what matters most first.
//!
//! Text, Markdown and HTML are written from it, the last two by Handlebars: its fields are what a
//! template can name, and are listed in the manual.

use formwork_core::Source;
use formwork_diff::{Action, AppDiff, Effect, ElementChange, PropertyChange, ResourceChange, StackDiff};
use serde::Serialize;

use super::{
    summary,
    value::{self, Line},
    words,
};

/// The section in which the properties of a resource stand, which goes without saying.
const PROPERTIES: &str = "Properties.";

/// A diff as it is read.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    /// What is compared with what.
    pub(crate) title: String,
    /// How much differs, in one line.
    pub(crate) summary: String,
    /// Whether nothing differs.
    pub(crate) empty: bool,
    /// Whether more than one stack is compared.
    pub(crate) several: bool,
    /// Who may do what and what opens, what broadens first.
    pub(crate) security: Vec<Security>,
    /// Resources whose data is lost, or may be.
    pub(crate) data_losses: Vec<Alert>,
    /// Resources that are replaced, or may be.
    pub(crate) replacements: Vec<Alert>,
    /// Resources that are deleted.
    pub(crate) deletions: Vec<Alert>,
    /// What cannot be deployed, and the order that can.
    pub(crate) deadlocks: Vec<Deadlock>,
    /// Resources that are probably the same in another stack.
    pub(crate) moves: Vec<Move>,
    /// Stacks that differ.
    pub(crate) stacks: Vec<Stack>,
    /// How much is left out for its length.
    pub(crate) omitted: usize,
}

/// A change of access or exposure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Security {
    pub(crate) stack: String,
    pub(crate) logical_id: String,
    /// `access` or `exposure`.
    pub(crate) kind: &'static str,
    /// `broadens`, `may broaden`, `narrows`, or `neutral` where nobody has more than before.
    pub(crate) verdict: &'static str,
    pub(crate) text: String,
    /// Whether everyone is concerned.
    pub(crate) everyone: bool,
    pub(crate) source: Option<String>,
}

/// A resource that somebody must know of.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Alert {
    pub(crate) stack: String,
    pub(crate) logical_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What happens, in words.
    pub(crate) effect: String,
    pub(crate) reason: Option<String>,
    pub(crate) data_loss: Option<&'static str>,
    pub(crate) source: Option<String>,
}

/// An export that cannot change while it is imported.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Deadlock {
    pub(crate) text: String,
    /// What to do, one step after the other.
    pub(crate) order: Vec<String>,
}

/// A resource that is probably the same in another stack.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Move {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) from: String,
    pub(crate) from_stack: String,
    pub(crate) to: String,
    pub(crate) to_stack: String,
    pub(crate) data_loss: bool,
}

/// A stack that differs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Stack {
    /// Its name, or what is compared where it has none.
    pub(crate) name: String,
    /// `new`, `gone` or `changed`.
    pub(crate) state: &'static str,
    /// What that means, for a stack that is new or gone.
    pub(crate) note: Option<&'static str>,
    pub(crate) summary: String,
    pub(crate) resources: Vec<Resource>,
    /// What changes outside the resources.
    pub(crate) elements: Vec<Element>,
    pub(crate) renames: Vec<Rename>,
    /// What only the deployment tells.
    pub(crate) live: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

/// A resource that changes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Resource {
    /// `+`, `-` or `~`.
    pub(crate) sign: char,
    pub(crate) logical_id: String,
    pub(crate) old_logical_id: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) old_type: Option<String>,
    /// What happens, in words.
    pub(crate) effect: String,
    /// The same as one word of the JSON form: `none`, `replace`, `may_replace`, `delete`...
    pub(crate) effect_name: Effect,
    pub(crate) reason: Option<String>,
    pub(crate) data_loss: Option<&'static str>,
    pub(crate) source: Option<String>,
    pub(crate) changes: Vec<Change>,
    /// All of it, where it comes or goes.
    pub(crate) definition: Option<String>,
}

/// A place in a resource or section that changes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Change {
    pub(crate) sign: char,
    /// Where; empty for all of it.
    pub(crate) path: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    /// What differs line by line, where the values are long.
    pub(crate) lines: Vec<Line>,
    pub(crate) note: Option<String>,
}

/// A part of another section that changes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Element {
    pub(crate) sign: char,
    /// `parameter`, `output`...
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) changes: Vec<Change>,
}

/// A resource that probably has another logical id.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Rename {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// What to write at the builder.
    pub(crate) line: String,
    /// The line of Rust to write it at.
    pub(crate) source: Option<String>,
}

impl Report {
    /// Puts a diff into words. `title` is what is compared; `counted` what is counted: stacks, or
    /// templates.
    pub(crate) fn new(diff: &AppDiff, title: &str, counted: &str) -> Self {
        let differing: Vec<&StackDiff> = diff.stacks.iter().filter(|stack| !stack.is_empty()).collect();
        let resources =
            || differing.iter().flat_map(|stack| stack.resources.iter().map(move |each| (*stack, each)));
        let alerts = |wanted: fn(&ResourceChange) -> bool| -> Vec<Alert> {
            let mut wanted: Vec<_> = resources().filter(|(_, each)| wanted(each)).collect();
            wanted.sort_by_key(|(_, each)| (!each.data_loss, std::cmp::Reverse(each.effect)));
            wanted.into_iter().map(|(stack, each)| Alert::of(stack, each)).collect()
        };
        let mut security: Vec<Security> = differing.iter().flat_map(|stack| securities(stack)).collect();
        security.sort_by_key(|change| (change.order(), !change.everyone));
        Self {
            title: title.to_owned(),
            summary: summary::of_app(diff, counted),
            empty: diff.is_empty(),
            several: diff.stacks.len() > 1,
            security,
            data_losses: alerts(|each| each.data_loss),
            replacements: alerts(|each| matches!(each.effect, Effect::Replace | Effect::MayReplace)),
            deletions: alerts(|each| {
                each.action == Action::Remove && matches!(each.effect, Effect::Delete | Effect::Snapshot)
            }),
            deadlocks: diff.deadlocks.iter().map(Deadlock::of).collect(),
            moves: diff.moves.iter().map(Move::of).collect(),
            stacks: differing.iter().map(|stack| Stack::of(stack, title)).collect(),
            omitted: 0,
        }
    }

    /// Leaves all out that is not about security.
    pub(crate) fn security_alone(&mut self) {
        self.data_losses.clear();
        self.replacements.clear();
        self.deletions.clear();
        self.deadlocks.clear();
        self.moves.clear();
        self.stacks.clear();
        let plural = if self.security.len() == 1 { "" } else { "s" };
        let broadens = self.security.iter().filter(|change| change.order() < 2).count();
        self.empty = self.security.is_empty();
        self.summary = match (self.security.len(), broadens) {
            (0, _) => "nothing differs in access and exposure".to_owned(),
            (all, 0) => format!("{all} change{plural} of access and exposure, none broadens"),
            (all, some) if all == some => format!(
                "{all} change{plural} of access and exposure broaden{}",
                if all == 1 { "s" } else { "" }
            ),
            (all, some) => format!("{all} changes of access and exposure, {some} of them broaden"),
        };
    }

    /// The same with so many entries at most: the rest is counted.
    pub(crate) fn shortened(&self, most: usize) -> Self {
        let mut short = self.clone();
        let (mut left, mut omitted) = (most, 0);
        cut(&mut short.security, &mut left, &mut omitted);
        cut(&mut short.data_losses, &mut left, &mut omitted);
        cut(&mut short.replacements, &mut left, &mut omitted);
        cut(&mut short.deletions, &mut left, &mut omitted);
        cut(&mut short.deadlocks, &mut left, &mut omitted);
        cut(&mut short.moves, &mut left, &mut omitted);
        for stack in &mut short.stacks {
            cut(&mut stack.warnings, &mut left, &mut omitted);
            cut(&mut stack.renames, &mut left, &mut omitted);
        }
        for rank in 0..=Resource::LAST_RANK {
            for stack in &mut short.stacks {
                stack.resources.retain(|resource| {
                    let kept = resource.rank() != rank || left > 0;
                    if resource.rank() == rank {
                        left = left.saturating_sub(1 + resource.changes.len());
                    }
                    omitted += usize::from(!kept);
                    kept
                });
            }
        }
        for stack in &mut short.stacks {
            cut(&mut stack.elements, &mut left, &mut omitted);
            cut(&mut stack.live, &mut left, &mut omitted);
        }
        let differing = short.stacks.len();
        short.stacks.retain(|stack| !stack.is_bare());
        omitted += differing - short.stacks.len();
        short.omitted = omitted;
        short
    }

    /// Cuts long values.
    pub(crate) fn with_values_cut(mut self, characters: usize, lines: usize) -> Self {
        let changes = self.stacks.iter_mut().flat_map(|stack| {
            let resources = stack.resources.iter_mut().flat_map(|resource| &mut resource.changes);
            resources.chain(stack.elements.iter_mut().flat_map(|element| &mut element.changes))
        });
        for change in changes {
            for value in [&mut change.old, &mut change.new].into_iter().flatten() {
                cut_text(value, characters);
            }
            let more = change.lines.len().saturating_sub(lines);
            if more > 1 {
                change.lines.truncate(lines);
                change.lines.push(Line { sign: '.', text: format!("... {more} more lines") });
            }
            change.lines.iter_mut().for_each(|line| cut_text(&mut line.text, characters));
        }
        self
    }
}

/// Keeps the first entries of a list, as long as there is room.
fn cut<T>(list: &mut Vec<T>, left: &mut usize, omitted: &mut usize) {
    let kept = list.len().min(*left);
    *omitted += list.len() - kept;
    *left -= kept;
    list.truncate(kept);
}

/// Cuts a text, and says so.
pub(crate) fn cut_text(text: &mut String, characters: usize) {
    if let Some((at, _)) = text.char_indices().nth(characters.saturating_sub(1))
        && text.chars().nth(characters).is_some()
    {
        text.truncate(at);
        text.push('…');
    }
}

/// The name of a stack; nothing for a template that stands for itself.
fn name(stack: &StackDiff) -> String {
    stack.name.clone().unwrap_or_default()
}

fn at(source: Option<&Source>) -> Option<String> {
    source.map(ToString::to_string)
}

fn securities(stack: &StackDiff) -> Vec<Security> {
    let verdict = |broadening: bool, certain: bool, more: bool| match (broadening, certain, more) {
        (true, true, _) => "broadens",
        (true, false, _) => "may broaden",
        (false, _, true) => "neutral",
        (false, _, false) => "narrows",
    };
    let access = stack.access.iter().map(|change| Security {
        stack: name(stack),
        logical_id: change.logical_id.clone(),
        kind: "access",
        verdict: verdict(change.broadening, change.certain, change.gained != change.denied),
        text: change.text.clone(),
        everyone: change.public,
        source: at(change.source.as_ref()),
    });
    let exposure = stack.exposure.iter().map(|change| Security {
        stack: name(stack),
        logical_id: change.logical_id.clone(),
        kind: "exposure",
        verdict: verdict(change.broadening, change.certain, change.opened),
        text: change.text.clone(),
        everyone: change.world,
        source: at(change.source.as_ref()),
    });
    access.chain(exposure).collect()
}

impl Security {
    fn order(&self) -> u8 {
        match self.verdict {
            "broadens" => 0,
            "may broaden" => 1,
            "neutral" => 2,
            _ => 3,
        }
    }
}

impl Alert {
    fn of(stack: &StackDiff, resource: &ResourceChange) -> Self {
        Self {
            stack: name(stack),
            logical_id: resource.logical_id.clone(),
            kind: resource.resource_type.clone(),
            effect: words::effect(resource),
            reason: reason(resource),
            data_loss: words::data_loss(resource),
            source: at(resource.source.as_ref()),
        }
    }
}

/// Why a resource fares as it does: its own reason, or the properties that make it so.
pub(super) fn reason(resource: &ResourceChange) -> Option<String> {
    let causes = resource
        .changes
        .iter()
        .filter(|change| change.effect == resource.effect && change.effect >= Effect::MayReplace)
        .filter(|change| !change.path.steps().is_empty())
        .map(|change| format!("`{}`", path(change)));
    let causes: Vec<String> = causes.collect();
    resource
        .reason
        .clone()
        .or_else(|| (!causes.is_empty()).then(|| format!("because of {}", causes.join(", "))))
}

impl Deadlock {
    fn of(deadlock: &formwork_diff::Deadlock) -> Self {
        Self { text: deadlock.text.clone(), order: deadlock.order.clone() }
    }
}

impl Move {
    fn of(moved: &formwork_diff::Move) -> Self {
        Self {
            kind: moved.resource_type.clone(),
            from: moved.from.clone(),
            from_stack: moved.from_stack.clone(),
            to: moved.to.clone(),
            to_stack: moved.to_stack.clone(),
            data_loss: moved.data_loss,
        }
    }
}

impl Stack {
    fn of(stack: &StackDiff, title: &str) -> Self {
        let (state, note) = match stack.action {
            Action::Add => ("new", Some("it is not on the old side: everything is added")),
            Action::Remove => {
                ("gone", Some("it is not on the new side: everything goes when it is destroyed"))
            }
            _ => ("changed", None),
        };
        let sections = [
            ("parameter", &stack.parameters),
            ("mapping", &stack.mappings),
            ("condition", &stack.conditions),
            ("rule", &stack.rules),
            ("output", &stack.outputs),
            ("metadata", &stack.metadata),
            ("transform", &stack.transform),
            ("section", &stack.sections),
        ];
        let elements = sections
            .into_iter()
            .flat_map(|(kind, elements)| elements.iter().map(move |element| Element::of(kind, element)));
        let source = |id: &str| at(stack.resource(id).and_then(|resource| resource.source.as_ref()));
        Self {
            name: stack.name.clone().unwrap_or_else(|| title.to_owned()),
            state,
            note,
            summary: summary::of_stack(stack),
            resources: stack.resources.iter().map(Resource::of).collect(),
            elements: elements.collect(),
            renames: stack
                .renames
                .iter()
                .map(|rename| Rename {
                    kind: rename.resource_type.clone(),
                    from: rename.from.clone(),
                    to: rename.to.clone(),
                    line: rename.line.clone(),
                    source: source(&rename.to),
                })
                .collect(),
            live: stack.live.iter().map(words::live).collect(),
            warnings: stack.warnings.clone(),
        }
    }

    /// Whether nothing of it is left to show.
    fn is_bare(&self) -> bool {
        self.resources.is_empty()
            && self.elements.is_empty()
            && self.renames.is_empty()
            && self.warnings.is_empty()
    }
}

impl Resource {
    /// What matters least.
    const LAST_RANK: u8 = 3;

    fn of(resource: &ResourceChange) -> Self {
        let written = |change: &&PropertyChange| {
            !change.path.steps().is_empty() || (change.old.is_some() && change.new.is_some())
        };
        // What a change says by itself is not said twice.
        let told =
            resource.changes.iter().any(|change| change.reason.is_some() && change.reason == resource.reason);
        let definition = resource.changes.iter().find(|change| !written(change));
        let definition = definition.and_then(|change| change.new.as_ref().or(change.old.as_ref()));
        Self {
            sign: sign(resource.action),
            logical_id: resource.logical_id.clone(),
            old_logical_id: resource.old_logical_id.clone(),
            kind: resource.resource_type.clone(),
            old_type: resource.old_type.clone(),
            effect: words::effect(resource),
            effect_name: resource.effect,
            reason: resource.reason.clone().filter(|_| !told),
            data_loss: words::data_loss(resource),
            source: at(resource.source.as_ref()),
            changes: resource.changes.iter().filter(written).map(Change::of).collect(),
            definition: definition.map(|value| value::block(value).join("\n")),
        }
    }

    /// How much it matters, what matters most first.
    const fn rank(&self) -> u8 {
        match self.effect_name {
            _ if self.data_loss.is_some() => 0,
            Effect::Replace | Effect::MayReplace | Effect::Delete | Effect::Snapshot => 1,
            Effect::Interrupt | Effect::Retain => 2,
            _ => Self::LAST_RANK,
        }
    }
}

impl Element {
    fn of(kind: &'static str, element: &ElementChange) -> Self {
        Self {
            sign: sign(element.action),
            kind,
            name: element.name.clone(),
            changes: element.changes.iter().map(Change::of).collect(),
        }
    }
}

impl Change {
    fn of(change: &PropertyChange) -> Self {
        let sign = match (&change.old, &change.new) {
            (None, Some(_)) => '+',
            (Some(_), None) => '-',
            _ => '~',
        };
        let (old, new) = (change.old.as_ref().map(value::inline), change.new.as_ref().map(value::inline));
        Self {
            sign,
            path: path(change),
            // What is written the same, and changes through something else, is said once.
            old: old.filter(|old| Some(old) != new.as_ref()),
            new,
            lines: value::lines(change.old.as_ref(), change.new.as_ref()),
            note: words::note(change),
        }
    }
}

fn path(change: &PropertyChange) -> String {
    let path = change.path.to_string();
    path.strip_prefix(PROPERTIES).map(str::to_owned).unwrap_or(path)
}

const fn sign(action: Action) -> char {
    match action {
        Action::Add | Action::Import => '+',
        Action::Remove => '-',
        Action::Modify | Action::Rename => '~',
    }
}
