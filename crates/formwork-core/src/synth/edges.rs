//! Finds the values that cross from one stack to another, and chooses how.

mod carriers;

use std::collections::{BTreeMap, HashMap};

use formwork_template::{Finding, Text};

use crate::{
    assembly::Edge,
    edge::{Origin, Via},
    handle::ResourceId,
    model::Model,
    node::{Function, Node, Shape, Target, Where},
    parameter::ParameterId,
};

/// A value of one stack: whose, and which attribute; `Ref` when none is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Crossing {
    pub(crate) holder: Holder,
    pub(crate) attribute: Option<(Text, Shape)>,
}

/// What has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Holder {
    Resource(ResourceId),
    Parameter(ParameterId),
}

impl Holder {
    pub(crate) const fn stack(self) -> u32 {
        match self {
            Self::Resource(id) => id.stack,
            Self::Parameter(id) => id.stack,
        }
    }
}

/// How the values of other stacks are written, by the stack that uses them.
pub(crate) type Carriers = HashMap<(u32, Crossing), Node>;

/// Everything that is known about values between stacks.
#[derive(Default)]
pub(crate) struct Crossings {
    pub(crate) carriers: Carriers,
    pub(crate) edges: Vec<Edge>,
    /// Per stack the ones that are deployed before it, and the line that wants it so.
    pub(crate) dependencies: Vec<BTreeMap<u32, Where>>,
}

/// A use of a value by another stack: the first one counts for its line.
struct Use {
    stack: u32,
    crossing: Crossing,
    location: Where,
    /// Whether it stands where `Fn::ImportValue` is not allowed.
    before_imports: bool,
}

pub(crate) fn carry(model: &mut Model) -> Crossings {
    let mut crossings = Crossings {
        dependencies: model.stacks.iter().map(|stack| stack.depends_on.clone()).collect(),
        ..Crossings::default()
    };
    let mut workshop = carriers::Workshop::default();
    for found in uses(model, &mut crossings.dependencies) {
        crossings.dependencies[found.stack as usize]
            .entry(found.crossing.holder.stack())
            .or_insert(found.location);
        let via = choice(model, &found);
        refuse_what_cannot_cross(model, &found, via);
        let (carrier, edge) = workshop.carry(model, &found, via);
        crossings.edges.push(edge);
        crossings.carriers.insert((found.stack, found.crossing), carrier);
    }
    crossings
}

/// The uses in the order they stand, each value once a stack.
fn uses(model: &Model, dependencies: &mut [BTreeMap<u32, Where>]) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    let mut known: HashMap<(u32, Crossing), usize> = HashMap::new();
    for (position, stack) in (0_u32..).zip(&model.stacks) {
        let mut take = |node: &Node, location: Where, before_imports: bool| {
            visit(node, &mut |function| {
                // Most references stay in their stack: nothing is made for them.
                if holder(function).is_none_or(|holder| holder.stack() == position || !exists(model, holder))
                {
                    return;
                }
                let Some(crossing) = crossing(function) else { return };
                if let Some(first) = known.get(&(position, crossing.clone())) {
                    uses[*first].before_imports |= before_imports;
                    return;
                }
                known.insert((position, crossing.clone()), uses.len());
                uses.push(Use { stack: position, crossing, location, before_imports });
            });
        };
        for resource in &stack.resources {
            resource.draft.properties.iter().for_each(|(_, node)| take(node, resource.location, false));
            let Some(extras) = &resource.draft.extras else { continue };
            extras.attributes.iter().for_each(|(_, node)| take(node, resource.location, false));
            for target in &extras.depends_on {
                if let Target::Resource(other) = target
                    && other.stack != position
                    && exists(model, Holder::Resource(*other))
                {
                    dependencies[position as usize].entry(other.stack).or_insert(resource.location);
                }
            }
        }
        for output in &stack.outputs {
            output.body.0.iter().for_each(|(_, node)| take(node, output.location, false));
        }
        stack.metadata.iter().for_each(|(_, node)| take(node, stack.location, false));
        for element in stack.conditions.iter().chain(&stack.rules) {
            take(&element.body, element.location, true);
        }
    }
    uses
}

fn exists(model: &Model, holder: Holder) -> bool {
    match holder {
        Holder::Resource(id) => id.app == model.app && model.resource(id).is_some(),
        Holder::Parameter(id) => id.app == model.app && model.parameter(id).is_some(),
    }
}

/// Calls `see` with every function in a node.
fn visit(node: &Node, see: &mut impl FnMut(&Function)) {
    match node {
        Node::List(items) => items.iter().for_each(|item| visit(item, see)),
        Node::Map(pairs) => pairs.iter().for_each(|(_, item)| visit(item, see)),
        Node::Function(function) => {
            see(function);
            function.for_each_operand(&mut |operand| visit(operand, see));
        }
        _ => {}
    }
}

/// What has the value that a function asks for, if it is one that may stand in another stack.
pub(crate) fn holder(function: &Function) -> Option<Holder> {
    match function {
        Function::Ref(target) | Function::GetAtt(target, ..) => match target {
            Target::Resource(id) => Some(Holder::Resource(*id)),
            Target::Parameter(id) => Some(Holder::Parameter(*id)),
            Target::Name(_) => None,
        },
        _ => None,
    }
}

/// The value that a function asks for, if it is one that may stand in another stack.
pub(crate) fn crossing(function: &Function) -> Option<Crossing> {
    let attribute = match function {
        Function::GetAtt(_, attribute, shape) => Some((attribute.clone(), *shape)),
        _ => None,
    };
    Some(Crossing { holder: holder(function)?, attribute })
}

/// The author's choice: for the resource, for the stack, for the app.
fn choice(model: &Model, found: &Use) -> Via {
    let rules = &model.stacks[found.stack as usize].edge_rules;
    let by = |origin: Origin| rules.iter().rev().find(|rule| rule.from == origin).map(|rule| rule.via);
    let resource = match found.crossing.holder {
        Holder::Resource(id) => by(Origin::Resource(id)),
        Holder::Parameter(_) => None,
    };
    resource.or_else(|| by(Origin::Stack(found.crossing.holder.stack()))).unwrap_or(model.via)
}

fn refuse_what_cannot_cross(model: &mut Model, found: &Use, via: Via) {
    let (from, to) =
        (&model.stacks[found.crossing.holder.stack() as usize], &model.stacks[found.stack as usize]);
    let differ =
        |left: &Option<String>, right: &Option<String>| left.is_some() && right.is_some() && left != right;
    let apart = differ(&from.environment.account, &to.environment.account)
        || differ(&from.environment.region, &to.environment.region);
    if apart && via != Via::Parameter {
        let message = format!(
            "stack `{}` uses a value of stack `{}`, which is in another account or region: {} does not reach there",
            to.name,
            from.name,
            via.noun()
        );
        let hint = "carry it by a parameter: `stack.carry_from(other.id(), Via::Parameter)`";
        let finding = Finding::error("FW0201", message).hint(hint).at(found.location).in_stack(&to.name);
        model.findings.push(finding);
    } else if found.before_imports && via == Via::Export {
        let message = format!(
            "a condition or rule of stack `{}` uses a value of stack `{}`: an import cannot stand there",
            to.name, from.name
        );
        let hint = "carry it by a parameter: `stack.carry_from(other.id(), Via::Parameter)`";
        let finding = Finding::error("FW0202", message).hint(hint).at(found.location).in_stack(&to.name);
        model.findings.push(finding);
    }
}
