//! Makes what carries a value from one stack to another: outputs, exports, SSM parameters, parameters.
//!
//! What is made bears names that nothing else in the stack has: the author's own ids come first, and
//! two values never share a carrier.

use std::collections::{HashMap, HashSet};

use formwork_template::Text;

use super::{Crossing, Holder, Use};
use crate::{
    assembly::{Edge, EdgeEnd},
    edge::Via,
    model::{Element, Model, ResourceModel, StackModel},
    node::{Function, Node, Shape, Target, Where},
    output::Output,
    parameter::is_list_parameter,
    properties::Properties,
    resource::{Draft, Tagging},
    synth::tags,
};

/// What has been made so far, and the names that are taken.
#[derive(Default)]
pub(super) struct Workshop {
    /// Per stack the ids of its outputs, and the ids that `Ref` knows in it.
    taken: HashMap<u32, Taken>,
    /// The word for a value, which no other value of its stack has.
    words: HashMap<Crossing, String>,
    /// The output that shows a value: its position and its id.
    outputs: HashMap<Crossing, (usize, String)>,
    /// The values that stand in an SSM parameter.
    shared: HashSet<Crossing>,
}

#[derive(Default)]
struct Taken {
    words: HashSet<String>,
    outputs: HashSet<String>,
    elements: HashSet<String>,
}

impl Taken {
    fn of(stack: &StackModel) -> Self {
        let resources = stack.resources.iter().map(|resource| &resource.logical_id);
        let parameters = stack.parameters.iter().map(|parameter| &parameter.logical_id);
        Self {
            words: HashSet::new(),
            outputs: stack.outputs.iter().map(|output| output.logical_id.clone()).collect(),
            elements: resources.chain(parameters).cloned().collect(),
        }
    }
}

/// The name that is wanted, or the first one after it with a number that is free.
fn free(taken: &mut HashSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    taken.insert(name.clone());
    name
}

/// One value on its way.
struct Cargo<'a> {
    found: &'a Use,
    /// The stack that has it.
    from: u32,
    /// That stack's name in the account.
    producer: String,
    /// The resource or parameter.
    holder: String,
    /// Logical id and attribute in one word.
    word: String,
    location: Where,
    /// The condition under which there is a value at all.
    condition: Option<Node>,
    is_list: bool,
}

impl Workshop {
    /// Makes what carries a value, and says how the using stack writes it.
    pub(super) fn carry(&mut self, model: &mut Model, found: &Use, via: Via) -> (Node, Edge) {
        let cargo = self.cargo(model, found);
        let mut edge = Edge {
            from: EdgeEnd {
                stack: model.stacks[cargo.from as usize].name.clone(),
                logical_id: cargo.holder.clone(),
                attribute: found.crossing.attribute.as_ref().map(|(name, _)| name.clone().into_owned()),
                source: cargo.location.into(),
            },
            to: model.stacks[found.stack as usize].name.clone(),
            used_at: found.location.into(),
            via,
            output: None,
            export: None,
            ssm_parameter: None,
            parameter: None,
        };
        let node = match via {
            Via::Export => {
                let export = format!("{}:{}", cargo.producer, cargo.word);
                edge.output = Some(self.show(model, &cargo, Some(export.clone())));
                let import = Node::call("Fn::ImportValue", text(export.clone()));
                edge.export = Some(export);
                if cargo.is_list {
                    Node::call("Fn::Split", Node::List(vec![text(","), import]))
                } else {
                    import
                }
            }
            Via::SsmParameter => {
                let name = format!("/formwork/{}/{}", cargo.producer, cargo.word);
                self.share(model, &cargo, &name);
                let kind = if cargo.is_list { "List<String>" } else { "String" };
                let kind = format!("AWS::SSM::Parameter::Value<{kind}>");
                let parameter = self.declare(model, &cargo, kind, Some(name.clone()));
                edge.ssm_parameter = Some(name);
                reference(&mut edge, parameter)
            }
            Via::Parameter => {
                edge.output = Some(self.show(model, &cargo, None));
                let kind = if cargo.is_list { "CommaDelimitedList" } else { "String" };
                let parameter = self.declare(model, &cargo, kind.to_owned(), None);
                reference(&mut edge, parameter)
            }
        };
        (node, edge)
    }

    fn cargo<'a>(&mut self, model: &Model, found: &'a Use) -> Cargo<'a> {
        let from = found.crossing.holder.stack();
        let stack = &model.stacks[from as usize];
        let (holder, location, condition, is_list) = match found.crossing.holder {
            Holder::Resource(id) => {
                let resource = &stack.resources[id.index as usize];
                let condition = resource.draft.attribute("Condition").cloned();
                let is_list = matches!(found.crossing.attribute, Some((_, Shape::List)));
                (resource.logical_id.clone(), resource.location, condition, is_list)
            }
            Holder::Parameter(id) => {
                let parameter = &stack.parameters[id.index as usize];
                let is_list = is_list_parameter(&parameter.body);
                (parameter.logical_id.clone(), parameter.location, None, is_list)
            }
        };
        let taken = self.taken.entry(from).or_insert_with(|| Taken::of(stack));
        let word = self.words.entry(found.crossing.clone()).or_insert_with(|| {
            let attribute = found.crossing.attribute.as_ref().map_or("Ref", |(attribute, _)| attribute);
            free(&mut taken.words, &(holder.clone() + &letters_and_digits(attribute)))
        });
        let (word, producer) = (word.clone(), stack.deployed_name().to_owned());
        Cargo { found, from, producer, holder, word, location, condition, is_list }
    }

    /// The output that shows a value.
    fn show(&mut self, model: &mut Model, cargo: &Cargo<'_>, export: Option<String>) -> String {
        let stack = &mut model.stacks[cargo.from as usize];
        let taken = self.taken.entry(cargo.from).or_insert_with(|| Taken::of(stack));
        let (position, id) = self.outputs.entry(cargo.found.crossing.clone()).or_insert_with(|| {
            let logical_id = free(&mut taken.outputs, &format!("Export{}", cargo.word));
            let mut body = Output::new(cargo.value());
            if let Some(condition) = &cargo.condition {
                body.0.put_node("Condition".into(), condition.clone());
            }
            let element = Element { logical_id: logical_id.clone(), location: cargo.location, body };
            stack.outputs.push(element);
            (stack.outputs.len() - 1, logical_id)
        });
        if let Some(export) = export {
            stack.outputs[*position].body.export_as(export);
        }
        id.clone()
    }

    /// The SSM parameter that holds a value.
    fn share(&mut self, model: &mut Model, cargo: &Cargo<'_>, name: &str) {
        if !self.shared.insert(cargo.found.crossing.clone()) {
            return;
        }
        let Model { stacks, tags: of_app, .. } = model;
        let stack = &mut stacks[cargo.from as usize];
        let taken = self.taken.entry(cargo.from).or_insert_with(|| Taken::of(stack));
        let mut draft = Draft::new("AWS::SSM::Parameter");
        let properties = draft.properties_mut();
        properties.put_node("Name".into(), text(name.to_owned()));
        properties.put_node("Type".into(), text(if cargo.is_list { "StringList" } else { "String" }));
        properties.put_node("Value".into(), cargo.value());
        if let Some(condition) = &cargo.condition {
            draft.put_attribute("Condition", condition.clone());
        }
        let mut resource = ResourceModel {
            logical_id: free(&mut taken.elements, &format!("Shared{}", cargo.word)),
            scope: 0,
            location: cargo.location,
            tagging: Tagging::Map("Tags"),
            draft,
        };
        // The tags of all other resources are on them by now.
        tags::add(of_app, &stack.scopes, &mut resource);
        stack.resources.push(resource);
    }

    /// Declares a parameter of the using stack.
    fn declare(
        &mut self,
        model: &mut Model,
        cargo: &Cargo<'_>,
        kind: String,
        default: Option<String>,
    ) -> String {
        let stack = &mut model.stacks[cargo.found.stack as usize];
        let taken = self.taken.entry(cargo.found.stack).or_insert_with(|| Taken::of(stack));
        let logical_id = free(&mut taken.elements, &(words(&cargo.producer) + &cargo.word));
        let mut declaration = Properties::new();
        declaration.put_node("Type".into(), text(kind));
        if let Some(default) = default {
            declaration.put_node("Default".into(), text(default));
        }
        stack.parameters.push(Element {
            logical_id: logical_id.clone(),
            location: cargo.found.location,
            body: declaration.into_node(),
        });
        logical_id
    }
}

impl Cargo<'_> {
    /// The value as the stack that has it writes it, in one string.
    fn value(&self) -> Node {
        let target = match self.found.crossing.holder {
            Holder::Resource(id) => Target::Resource(id),
            Holder::Parameter(id) => Target::Parameter(id),
        };
        let value = Node::function(match &self.found.crossing.attribute {
            None => Function::Ref(target),
            Some((name, shape)) => Function::GetAtt(target, name.clone(), *shape),
        });
        if self.is_list { Node::call("Fn::Join", Node::List(vec![text(","), value])) } else { value }
    }
}

fn reference(edge: &mut Edge, parameter: String) -> Node {
    edge.parameter = Some(parameter.clone());
    Node::function(Function::Ref(Target::Name(parameter.into())))
}

fn text(text: impl Into<Text>) -> Node {
    Node::String(text.into())
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The words of a stack's name, each with a capital.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for word in name.split('-') {
        // A name that no stack can have was reported; here it must do no harm.
        let word = letters_and_digits(word);
        if let Some(first) = word.chars().next() {
            words.push(first.to_ascii_uppercase());
            words.push_str(&word[1..]);
        }
    }
    words
}
