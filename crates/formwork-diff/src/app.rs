//! [`diff_app`]: the stacks of an app together.

mod exports;

use std::collections::{BTreeMap, HashMap};

use formwork_template::Template;
use serde::Serialize;

pub use self::exports::Deadlock;
use crate::{
    change::{Action, Effect},
    diff::diff,
    kinship::{self, Lone},
    options::Options,
    side::Side,
    stack_diff::{Counts, StackDiff},
};

/// The version of the JSON form.
pub const SCHEMA: &str = "formwork.diff/1";

/// One side of a stack, with its name.
#[derive(Debug, Clone)]
pub struct Named<'a> {
    name: String,
    side: Side<'a>,
    options: Options,
}

impl<'a> Named<'a> {
    /// A stack by its name, which `AWS::StackName` gives unless the side says otherwise.
    pub fn new(name: impl Into<String>, side: Side<'a>) -> Self {
        let name = name.into();
        let mut side = side;
        side.pseudo_parameters.entry("AWS::StackName".to_owned()).or_insert_with(|| name.clone());
        Self { name, side, options: Options::new() }
    }

    /// What the diff of this stack is told beside the templates. Those of the new side count, and
    /// of the old side when the stack is gone.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }
}

/// All that changes in an app.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppDiff {
    /// The version of this form: [`SCHEMA`].
    pub schema: &'static str,
    /// Every stack of either side, in the order of the new one, those that are gone last; also
    /// those where nothing differs.
    pub stacks: Vec<StackDiff>,
    /// Resources that are probably the same in another stack.
    pub moves: Vec<Move>,
    /// Exports that cannot change while they are imported, and the order that works.
    pub deadlocks: Vec<Deadlock>,
}

/// A resource that is probably the same in another stack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// The type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The stack that it leaves.
    pub from_stack: String,
    /// The logical id there.
    pub from: String,
    /// The stack that it comes to.
    pub to_stack: String,
    /// The logical id there.
    pub to: String,
    /// How alike the two are, from 0 to 1.
    pub similarity: f64,
    /// Whether it keeps data that would be lost with it.
    pub data_loss: bool,
}

impl AppDiff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.stacks.iter().all(StackDiff::is_empty)
    }

    /// The worst that happens to a resource.
    pub fn worst(&self) -> Effect {
        self.stacks.iter().map(StackDiff::worst).max().unwrap_or_default()
    }

    /// Whether deploying does anything.
    pub fn deploys(&self) -> bool {
        self.stacks.iter().any(StackDiff::deploys)
    }

    /// How much changes, in all stacks together.
    pub fn counts(&self) -> Counts {
        let mut all = Counts::default();
        for counts in self.stacks.iter().map(StackDiff::counts) {
            all.added += counts.added;
            all.removed += counts.removed;
            all.modified += counts.modified;
            all.renamed += counts.renamed;
            all.imported += counts.imported;
            all.replaced += counts.replaced;
            all.may_be_replaced += counts.may_be_replaced;
            all.data_losses += counts.data_losses;
        }
        all
    }

    /// Whether somebody may do or reach more than before, or it cannot be ruled out.
    pub fn broadens(&self) -> bool {
        self.stacks.iter().any(StackDiff::broadens)
    }

    /// One stack by its name.
    pub fn stack(&self, name: &str) -> Option<&StackDiff> {
        self.stacks.iter().find(|stack| stack.name.as_deref() == Some(name))
    }
}

/// What changes between two states of an app: stack by stack, and across stacks.
///
/// ```
/// use formwork_diff::{Named, Side, diff_app};
/// use formwork_template::Template;
///
/// let queue = r#"{"Resources":{"Queue":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"orders"}}}}"#;
/// let (full, empty) = (Template::from_json(queue)?, Template::new());
/// let old = [Named::new("one", Side::new(&full)), Named::new("two", Side::new(&empty))];
/// let new = [Named::new("one", Side::new(&empty)), Named::new("two", Side::new(&full))];
///
/// let diff = diff_app(&old, &new);
/// assert_eq!((diff.moves[0].from_stack.as_str(), diff.moves[0].to_stack.as_str()), ("one", "two"));
/// # Ok::<(), formwork_template::json::ReadError>(())
/// ```
pub fn diff_app(old: &[Named<'_>], new: &[Named<'_>]) -> AppDiff {
    let nothing = Template::new();
    let by_name = |stacks: &[Named<'_>]| -> HashMap<String, usize> {
        stacks.iter().enumerate().map(|(position, stack)| (stack.name.clone(), position)).collect()
    };
    let (old_positions, new_positions) = (by_name(old), by_name(new));
    let mut stacks = Vec::with_capacity(new.len());
    for stack in new {
        let before = old_positions.get(&stack.name).and_then(|at| old.get(*at));
        let empty = Side { template: &nothing, ..stack.side.clone() };
        let old_side = before.map_or(&empty, |before| &before.side);
        let mut found = diff(old_side, &stack.side, &stack.options);
        found.action = if before.is_some() { Action::Modify } else { Action::Add };
        found.name = Some(stack.name.clone());
        stacks.push(found);
    }
    for stack in old.iter().filter(|stack| !new_positions.contains_key(&stack.name)) {
        let empty = Side { template: &nothing, ..stack.side.clone() };
        let mut found = diff(&stack.side, &empty, &stack.options);
        found.action = Action::Remove;
        found.name = Some(stack.name.clone());
        stacks.push(found);
    }
    let moves = moves(old, new, &stacks);
    let deadlocks = exports::deadlocks(old, new, &stacks);
    AppDiff { schema: SCHEMA, stacks, moves, deadlocks }
}

/// What is gone from one stack and new in another, and alike.
fn moves(old: &[Named<'_>], new: &[Named<'_>], stacks: &[StackDiff]) -> Vec<Move> {
    let sides = |named: &'_ [Named<'_>]| -> BTreeMap<String, usize> {
        named.iter().enumerate().map(|(position, stack)| (stack.name.clone(), position)).collect()
    };
    let (old_sides, new_sides) = (sides(old), sides(new));
    let (mut gone, mut fresh) = (Vec::new(), Vec::new());
    for (position, stack) in stacks.iter().enumerate() {
        let name = stack.name.as_deref().unwrap_or_default();
        let before = old_sides.get(name).and_then(|at| old.get(*at));
        let after = new_sides.get(name).and_then(|at| new.get(*at));
        let renamed_from = |id: &str| stack.renames.iter().any(|rename| rename.from == id);
        let renamed_to = |id: &str| stack.renames.iter().any(|rename| rename.to == id);
        for resource in &stack.resources {
            let id = resource.logical_id.as_str();
            let (side, list) = match resource.action {
                Action::Remove if !renamed_from(id) => (before, &mut gone),
                Action::Add if !renamed_to(id) => (after, &mut fresh),
                _ => continue,
            };
            let view = side.and_then(|stack| stack.side.template.resource(id));
            let properties = view.and_then(|view| view.attributes.get("Properties"));
            let (resource_type, data_loss) = (resource.resource_type.as_str(), resource.data_loss);
            list.push((Lone { stack: position, logical_id: id, resource_type, properties }, data_loss));
        }
    }
    let (gone, losses): (Vec<Lone<'_>>, Vec<bool>) = gone.into_iter().unzip();
    let fresh: Vec<Lone<'_>> = fresh.into_iter().map(|(lone, _)| lone).collect();
    let losing: std::collections::HashSet<(usize, &str)> = gone
        .iter()
        .zip(losses)
        .filter(|(_, loss)| *loss)
        .map(|(lone, _)| (lone.stack, lone.logical_id))
        .collect();
    let name =
        |position: usize| stacks.get(position).and_then(|stack| stack.name.clone()).unwrap_or_default();
    kinship::find(&gone, &fresh, false)
        .into_iter()
        .map(|kin| Move {
            resource_type: kin.gone.resource_type.to_owned(),
            from_stack: name(kin.gone.stack),
            from: kin.gone.logical_id.to_owned(),
            to_stack: name(kin.fresh.stack),
            to: kin.fresh.logical_id.to_owned(),
            similarity: kin.similarity,
            data_loss: losing.contains(&(kin.gone.stack, kin.gone.logical_id)),
        })
        .collect()
}
