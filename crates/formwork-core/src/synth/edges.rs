//! Finds the values that cross from one stack to another, and puts in what carries them.

use std::collections::{BTreeMap, HashMap};

use formwork_template::{Finding, Text};

use crate::{
    assembly::{Edge, EdgeEnd},
    edge::{Origin, Via},
    handle::ResourceId,
    model::{Element, Model, ResourceModel, StackModel},
    node::{Function, Node, Shape, Target, Where},
    output::Output,
    parameter::ParameterId,
    properties::Properties,
    resource::{Draft, Tagging},
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
    for found in uses(model, &mut crossings.dependencies) {
        crossings.dependencies[found.stack as usize]
            .entry(found.crossing.holder.stack())
            .or_insert(found.location);
        let via = choice(model, &found);
        refuse_what_cannot_cross(model, &found, via);
        let names = Names::of(model, &found);
        let carrier = match via {
            Via::Export => export(model, &found, &names),
            Via::SsmParameter => ssm_parameter(model, &found, &names),
            Via::Parameter => parameter(model, &found, &names),
        };
        crossings.edges.push(names.edge(model, &found, via));
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

/// The names around one crossing.
struct Names {
    holder: String,
    /// Logical id and attribute in one word.
    value: String,
    producer: String,
    location: Where,
    condition: Option<Node>,
}

impl Names {
    fn of(model: &Model, found: &Use) -> Self {
        let stack = &model.stacks[found.crossing.holder.stack() as usize];
        let (holder, location, condition) = match found.crossing.holder {
            Holder::Resource(id) => {
                let resource = &stack.resources[id.index as usize];
                let condition = resource.draft.attribute("Condition").cloned();
                (resource.logical_id.clone(), resource.location, condition)
            }
            Holder::Parameter(id) => {
                let parameter = &stack.parameters[id.index as usize];
                (parameter.logical_id.clone(), parameter.location, None)
            }
        };
        let attribute = found.crossing.attribute.as_ref().map_or("Ref", |(attribute, _)| attribute);
        let value = format!("{holder}{}", attribute.replace(|each: char| !each.is_ascii_alphanumeric(), ""));
        Self { holder, value, producer: stack.deployed_name().to_owned(), location, condition }
    }

    fn export(&self) -> String {
        format!("{}:{}", self.producer, self.value)
    }

    fn output(&self) -> String {
        format!("Export{}", self.value)
    }

    fn ssm(&self) -> String {
        format!("/formwork/{}/{}", self.producer, self.value)
    }

    /// The id of a parameter in the using stack.
    fn parameter(&self) -> String {
        let mut id = String::new();
        for word in self.producer.split('-').filter(|word| !word.is_empty()) {
            let (first, rest) = word.split_at(1);
            id.push_str(&first.to_ascii_uppercase());
            id.push_str(rest);
        }
        id + &self.value
    }

    fn edge(&self, model: &Model, found: &Use, via: Via) -> Edge {
        let attribute =
            found.crossing.attribute.as_ref().map(|(attribute, _)| attribute.clone().into_owned());
        Edge {
            from: EdgeEnd {
                stack: model.stacks[found.crossing.holder.stack() as usize].name.clone(),
                logical_id: self.holder.clone(),
                attribute,
                source: self.location.into(),
            },
            to: model.stacks[found.stack as usize].name.clone(),
            used_at: found.location.into(),
            via,
            output: matches!(via, Via::Export | Via::Parameter).then(|| self.output()),
            export: (via == Via::Export).then(|| self.export()),
            ssm_parameter: (via == Via::SsmParameter).then(|| self.ssm()),
            parameter: matches!(via, Via::SsmParameter | Via::Parameter).then(|| self.parameter()),
        }
    }
}

fn is_list(crossing: &Crossing) -> bool {
    matches!(crossing.attribute, Some((_, Shape::List)))
}

/// The value as the stack that has it writes it, in one string.
fn value_in_producer(crossing: &Crossing) -> Node {
    let target = match crossing.holder {
        Holder::Resource(id) => Target::Resource(id),
        Holder::Parameter(id) => Target::Parameter(id),
    };
    match &crossing.attribute {
        None => Node::function(Function::Ref(target)),
        Some((name, Shape::Single)) => Node::function(Function::GetAtt(target, name.clone(), Shape::Single)),
        Some((name, Shape::List)) => {
            let list = Node::function(Function::GetAtt(target, name.clone(), Shape::List));
            Node::call("Fn::Join", Node::List(vec![text(","), list]))
        }
    }
}

fn text(text: impl Into<Text>) -> Node {
    Node::String(text.into())
}

/// Adds the output that shows a value, unless another stack's use has added it.
fn show(stack: &mut StackModel, found: &Use, names: &Names, export: Option<String>) {
    let logical_id = names.output();
    let position = stack.outputs.iter().position(|output| {
        output.logical_id == logical_id
            && output.body.0.get("Value") == Some(&value_in_producer(&found.crossing))
    });
    let position = position.unwrap_or_else(|| {
        let mut body = Output::new(value_in_producer(&found.crossing));
        if let Some(condition) = &names.condition {
            body.0.put_node("Condition".into(), condition.clone());
        }
        stack.outputs.push(Element { logical_id, location: names.location, body });
        stack.outputs.len() - 1
    });
    if let Some(export) = export {
        stack.outputs[position].body.export_as(export);
    }
}

fn export(model: &mut Model, found: &Use, names: &Names) -> Node {
    show(&mut model.stacks[found.crossing.holder.stack() as usize], found, names, Some(names.export()));
    let import = Node::call("Fn::ImportValue", text(names.export()));
    if is_list(&found.crossing) {
        Node::call("Fn::Split", Node::List(vec![text(","), import]))
    } else {
        import
    }
}

fn ssm_parameter(model: &mut Model, found: &Use, names: &Names) -> Node {
    let producer = &mut model.stacks[found.crossing.holder.stack() as usize];
    let logical_id = format!("Shared{}", names.value);
    if !producer.resources.iter().any(|resource| resource.logical_id == logical_id) {
        let mut draft = Draft::new("AWS::SSM::Parameter");
        let kind = if is_list(&found.crossing) { "StringList" } else { "String" };
        draft.properties_mut().put_node("Name".into(), text(names.ssm()));
        draft.properties_mut().put_node("Type".into(), text(kind));
        draft.properties_mut().put_node("Value".into(), value_in_producer(&found.crossing));
        if let Some(condition) = &names.condition {
            draft.put_attribute("Condition", condition.clone());
        }
        let tagging = Tagging::Map("Tags");
        producer.resources.push(ResourceModel {
            logical_id,
            scope: 0,
            location: names.location,
            tagging,
            draft,
        });
    }
    let kind = if is_list(&found.crossing) { "List<String>" } else { "String" };
    declare(model, found, names, format!("AWS::SSM::Parameter::Value<{kind}>"), Some(names.ssm()))
}

fn parameter(model: &mut Model, found: &Use, names: &Names) -> Node {
    show(&mut model.stacks[found.crossing.holder.stack() as usize], found, names, None);
    let kind = if is_list(&found.crossing) { "CommaDelimitedList" } else { "String" };
    declare(model, found, names, kind.to_owned(), None)
}

/// Declares a parameter of the using stack, and refers to it.
fn declare(model: &mut Model, found: &Use, names: &Names, kind: String, default: Option<String>) -> Node {
    let logical_id = names.parameter();
    let mut declaration = Properties::new();
    declaration.put_node("Type".into(), text(kind));
    if let Some(default) = default {
        declaration.put_node("Default".into(), text(default));
    }
    let reference = Node::function(Function::Ref(Target::Name(logical_id.clone().into())));
    let body = declaration.into_node();
    model.stacks[found.stack as usize].parameters.push(Element {
        logical_id,
        location: found.location,
        body,
    });
    reference
}
