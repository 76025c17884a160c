//! Turns the nodes of a stack into a template: names instead of identities.

use formwork_template::{Finding, Map, Template, Text, Value};

use super::edges::{Carriers, Holder, crossing, holder};
use crate::{
    condition::Condition,
    mapping::Mapping,
    model::{Element, Model, ResourceModel, StackModel},
    node::{FormatPart, Function, Node, Shape, Target, Where},
    parameter::is_list_parameter,
    resource::{Draft, Extras},
};

/// The template's version: the only one there is.
const FORMAT_VERSION: &str = "2010-09-09";
/// How deep maps and lists may stand in each other within an element: readers of JSON take 128.
const DEEPEST: usize = 110;
/// The transform that some functions need.
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Writes one stack as a template, and reports what cannot be written.
///
/// The resources leave the model on the way: their texts move into the template, and what is left of
/// them makes room for it, so that an app takes hardly more memory than its own model.
pub(crate) fn stack(
    model: &mut Model,
    stack: u32,
    carriers: &Carriers,
    findings: &mut Vec<Finding>,
) -> Template {
    let resources = &mut model.stacks[stack as usize].resources;
    let drafts = resources.iter_mut().map(|resource| std::mem::replace(&mut resource.draft, Draft::new("")));
    let drafts: Vec<Draft> = drafts.collect();
    let source = &model.stacks[stack as usize];
    let mut lowering = Lowering {
        model,
        stack,
        carriers,
        findings,
        section: "",
        element: "",
        property: Text::Borrowed(""),
        location: source.location,
        language_extensions: false,
        depth: 0,
    };
    lowering.template(source, drafts)
}

struct Lowering<'a> {
    model: &'a Model,
    stack: u32,
    carriers: &'a Carriers,
    findings: &'a mut Vec<Finding>,
    section: &'a str,
    element: &'a str,
    property: Text,
    location: Where,
    language_extensions: bool,
    /// How many maps and lists stand around what is written.
    depth: usize,
}

impl<'a> Lowering<'a> {
    fn template(&mut self, source: &'a StackModel, drafts: Vec<Draft>) -> Template {
        let mut template = source.other_sections.clone();
        let sections = template.sections_mut();
        sections.insert("AWSTemplateFormatVersion", Value::from(FORMAT_VERSION));
        if let Some(description) = &source.description {
            sections.insert("Description", Value::String(description.clone()));
        }
        self.section = "Metadata";
        let metadata: Map =
            source.metadata.iter().map(|(key, node)| (key.clone(), self.value(node.clone()))).collect();
        for (section, elements) in [
            ("Parameters", &source.parameters),
            ("Mappings", &source.mappings),
            ("Rules", &source.rules),
            ("Conditions", &source.conditions),
        ] {
            let map = self.elements(section, elements);
            put(sections, section, map);
        }
        let mut resources = Map::with_capacity(source.resources.len());
        self.section = "Resources";
        for (resource, draft) in source.resources.iter().zip(drafts) {
            let body = self.resource(resource, draft);
            resources.push(Text::Owned(resource.logical_id.clone()), body);
        }
        self.section = "Outputs";
        let mut outputs = Map::with_capacity(source.outputs.len());
        for output in &source.outputs {
            self.enter(&output.logical_id, output.location);
            let mut body = Map::new();
            for (name, node) in output.body.0.iter() {
                body.push(name.clone(), self.value(node.clone()));
            }
            outputs.push(Text::Owned(output.logical_id.clone()), Value::Map(body));
        }
        for (section, element) in &source.verbatim {
            self.section = section.as_ref();
            self.enter(&element.logical_id, element.location);
            let body = self.value(element.body.clone());
            let map = match section.as_ref() {
                "Resources" => &mut resources,
                "Outputs" => &mut outputs,
                _ => sections.entry(section.clone()).or_map(),
            };
            map.push(Text::Owned(element.logical_id.clone()), body);
        }
        put(sections, "Metadata", metadata);
        put(sections, "Outputs", outputs);
        sections.insert("Resources", Value::Map(resources));
        self.section = "Transform";
        self.enter("", source.location);
        let mut transforms: Vec<Value> =
            source.transforms.iter().map(|node| self.value(node.clone())).collect();
        if self.language_extensions && !transforms.contains(&Value::from(LANGUAGE_EXTENSIONS)) {
            // It comes before macros and SAM, as the service asks.
            transforms.insert(0, Value::from(LANGUAGE_EXTENSIONS));
        }
        match transforms.len() {
            0 => {}
            1 => {
                sections.insert("Transform", transforms.remove(0));
            }
            _ => {
                sections.insert("Transform", Value::List(transforms));
            }
        }
        template
    }

    fn elements(&mut self, section: &'static str, elements: &'a [Element<Node>]) -> Map {
        self.section = section;
        let mut map = Map::with_capacity(elements.len());
        for element in elements {
            self.enter(&element.logical_id, element.location);
            map.push(Text::Owned(element.logical_id.clone()), self.value(element.body.clone()));
        }
        map
    }

    fn enter(&mut self, element: &'a str, location: Where) {
        self.element = element;
        self.property = Text::Borrowed("");
        self.location = location;
    }

    fn resource(&mut self, resource: &'a ResourceModel, draft: Draft) -> Value {
        let Draft { resource_type, properties: set, extras } = draft;
        self.enter(&resource.logical_id, resource.location);
        let mut body = Map::with_capacity(3);
        body.push("Type", Value::String(resource_type));
        let mut properties = Map::with_capacity(set.iter().len());
        for (name, node) in set {
            // A property that is set to nothing is not set.
            if !matches!(node, Node::Null) {
                self.property.clone_from(&name);
                properties.push(name, self.value(node));
            }
        }
        if let Some(extras) = extras {
            let Extras { depends_on, attributes, .. } = *extras;
            self.property = Text::Borrowed("");
            for (name, node) in attributes {
                let value = self.value(node);
                body.push(name, value);
            }
            let mut others: Vec<Text> =
                depends_on.iter().filter_map(|target| self.depends_on(target, &properties)).collect();
            others.sort_unstable();
            others.dedup();
            match others.len() {
                0 => {}
                1 => body.push("DependsOn", Value::String(others.remove(0))),
                _ => body.push("DependsOn", Value::List(others.into_iter().map(Value::String).collect())),
            }
        }
        if !properties.is_empty() {
            body.push("Properties", Value::Map(properties));
        }
        Value::Map(body)
    }

    /// The id to depend on; nothing where a reference or the order of the stacks does it already.
    fn depends_on(&mut self, target: &Target, properties: &Map) -> Option<Text> {
        let Target::Resource(id) = target else { return Some(self.name(target)) };
        if id.app == self.model.app && id.stack != self.stack {
            return None;
        }
        let name = self.name(target);
        let mut referred = false;
        for (_, value) in properties.iter() {
            formwork_template::intrinsic::references(value, &mut |reference| {
                use formwork_template::intrinsic::Reference;
                referred |= matches!(reference, Reference::Name(known) | Reference::Attribute(known, _) if known == name);
            });
        }
        (!referred).then_some(name)
    }

    fn report(&mut self, finding: Finding) {
        let mut path = vec![self.section];
        if !self.element.is_empty() {
            path.push(self.element);
        }
        if !self.property.is_empty() {
            path.extend(["Properties", &self.property]);
        }
        let stack = &self.model.stacks[self.stack as usize].name;
        let mut finding = finding.in_stack(stack).path(path);
        finding.source.get_or_insert_with(|| self.location.into());
        self.findings.push(finding);
    }

    fn value(&mut self, node: Node) -> Value {
        match node {
            Node::Null => self.null(),
            Node::Bool(flag) => Value::Bool(flag),
            Node::Integer(number) => Value::from(number),
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within the exact range")]
            Node::Float(number) if is_whole(number) => Value::from(number as i64),
            Node::Float(number) => match serde_json::Number::from_f64(number) {
                Some(number) => Value::Number(number),
                None => self.null(),
            },
            Node::String(text) => Value::String(text),
            Node::List(items) => self
                .inside(1, |inside| Value::List(items.into_iter().map(|item| inside.value(item)).collect())),
            Node::Map(pairs) => self.inside(1, |inside| {
                let mut map = Map::with_capacity(pairs.len());
                for (key, item) in pairs {
                    let value = inside.value(item);
                    map.push(key, value);
                }
                Value::Map(map)
            }),
            Node::Function(function) => {
                // The map and the list of the function, and the map of its variables.
                let levels = match *function {
                    Function::If(..) | Function::FindInMap(..) => 2,
                    Function::Format(..) | Function::Sub(..) => 3,
                    _ => 1,
                };
                self.inside(levels, |inside| inside.function(*function))
            }
        }
    }

    /// Writes what stands in more maps and lists, unless they are too many to be read again.
    fn inside(&mut self, levels: usize, write: impl FnOnce(&mut Self) -> Value) -> Value {
        self.depth += levels;
        let value = if self.depth > DEEPEST {
            let message = format!("values stand in each other more than {DEEPEST} deep");
            self.report(Finding::error("FW0110", message).hint("make the value flat, or split it in parts"));
            Value::from("")
        } else {
            write(self)
        };
        self.depth -= levels;
        value
    }

    fn null(&mut self) -> Value {
        let finding = Finding::error("E0000", "a null stands in the template, which CloudFormation refuses")
            .hint("leave the key out, or use `no_value()` inside of `if_else`; a number must be finite");
        self.report(finding);
        Value::Null
    }

    fn function(&mut self, function: Function) -> Value {
        if holder(&function).is_some_and(|holder| self.is_foreign(holder))
            && let Some(crossing) = crossing(&function)
        {
            return self.carried(crossing);
        }
        let before = matches!(self.section, "Parameters" | "Mappings");
        if before && !matches!(function, Function::Unresolved(..)) {
            return self.too_late();
        }
        match function {
            Function::Ref(target) => call("Ref", Value::String(self.name(&target))),
            Function::NameOf(target) => Value::String(self.name(&target)),
            Function::GetAtt(target, attribute, _) => call(
                "Fn::GetAtt",
                Value::List(vec![Value::String(self.name(&target)), Value::String(attribute)]),
            ),
            Function::Format(parts) => self.format(parts),
            Function::Sub(text, variables) if variables.is_empty() => call("Fn::Sub", Value::String(text)),
            Function::Sub(text, variables) => {
                let variables = variables.into_iter().map(|(name, node)| (name, self.value(node))).collect();
                call("Fn::Sub", Value::List(vec![Value::String(text), Value::Map(variables)]))
            }
            Function::If(condition, holds, otherwise) => {
                let name = Value::String(self.condition(condition));
                call("Fn::If", Value::List(vec![name, self.value(holds), self.value(otherwise)]))
            }
            Function::ConditionName(condition) => Value::String(self.condition(condition)),
            // Rules do not know conditions: what the condition says stands in its place.
            Function::Condition(condition) if self.section == "Rules" => self.condition_itself(condition),
            Function::Condition(condition) => call("Condition", Value::String(self.condition(condition))),
            Function::FindInMap(mapping, first, second, otherwise) => {
                let mut operands =
                    vec![Value::String(self.mapping(mapping)), self.value(first), self.value(second)];
                if let Some(otherwise) = otherwise {
                    self.language_extensions = true;
                    operands.push(Value::map([("DefaultValue", self.value(otherwise))]));
                }
                call("Fn::FindInMap", Value::List(operands))
            }
            Function::Call(name, argument) => {
                self.language_extensions |= name == "Fn::ToJsonString" || name == "Fn::Length";
                let argument = self.value(argument);
                call(name, argument)
            }
            Function::Unresolved(key, location) => {
                let finding = Finding::error("FW0108", format!("the lookup `{key}` has no value"))
                    .hint(format!("give it as context: `App::with_context([({key:?}, ...)])`, or in `formwork.toml` under [context]"))
                    .at(location);
                self.report(finding);
                Value::from("")
            }
        }
    }

    /// Reports an expression where CloudFormation evaluates none.
    fn too_late(&mut self) -> Value {
        let (rule, noun) =
            if self.section == "Mappings" { ("E7001", "mapping") } else { ("E2001", "parameter") };
        let message = format!(
            "an expression stands in the {noun} `{}`, whose values must be known before deployment",
            self.element
        );
        self.report(Finding::error(rule, message).hint("write the value itself"));
        Value::from("")
    }

    /// Whether a value stands in another stack, or another app.
    fn is_foreign(&self, holder: Holder) -> bool {
        let app = match holder {
            Holder::Resource(id) => id.app,
            Holder::Parameter(id) => id.app,
        };
        app != self.model.app || holder.stack() != self.stack
    }

    fn carried(&mut self, crossing: super::edges::Crossing) -> Value {
        let carriers = self.carriers;
        match carriers.get(&(self.stack, crossing)) {
            Some(carrier) => self.value(carrier.clone()),
            None => self.another_app("a resource or parameter"),
        }
    }

    fn another_app(&mut self, what: &str) -> Value {
        let finding = Finding::error("FW0100", format!("{what} of another app is used")).hint(
            "pass the value as a parameter, or import what the other app exports: `import_value(\"...\")`",
        );
        self.report(finding);
        Value::from("")
    }

    fn name(&mut self, target: &Target) -> Text {
        match target {
            Target::Name(name) => name.clone(),
            Target::Resource(id) if id.app == self.model.app => match self.model.resource(*id) {
                Some(resource) => Text::Owned(resource.logical_id.clone()),
                None => self.lost("a resource"),
            },
            Target::Parameter(id) if id.app == self.model.app && id.stack == self.stack => {
                match self.model.parameter(*id) {
                    Some(parameter) => Text::Owned(parameter.logical_id.clone()),
                    None => self.lost("a parameter"),
                }
            }
            Target::Resource(_) | Target::Parameter(_) => self.lost("a resource or parameter"),
        }
    }

    fn lost(&mut self, what: &str) -> Text {
        self.another_app(what);
        Text::Borrowed("")
    }

    fn condition(&mut self, condition: Condition) -> Text {
        let of_app = condition.app == self.model.app;
        if of_app && condition.stack == self.stack {
            return Text::Owned(self.own().conditions[condition.index as usize].logical_id.clone());
        }
        self.local_only("condition", of_app.then_some(condition.stack))
    }

    fn condition_itself(&mut self, condition: Condition) -> Value {
        let known = self.own().conditions.get(condition.index as usize);
        match known.filter(|_| condition.app == self.model.app && condition.stack == self.stack) {
            Some(element) => self.value(element.body.clone()),
            None => Value::String(self.condition(condition)),
        }
    }

    fn mapping(&mut self, mapping: Mapping) -> Text {
        let of_app = mapping.app == self.model.app;
        if of_app && mapping.stack == self.stack {
            return Text::Owned(self.own().mappings[mapping.index as usize].logical_id.clone());
        }
        self.local_only("mapping", of_app.then_some(mapping.stack))
    }

    fn own(&self) -> &'a StackModel {
        &self.model.stacks[self.stack as usize]
    }

    fn local_only(&mut self, noun: &str, stack: Option<u32>) -> Text {
        let owner = match stack {
            Some(stack) => format!("stack `{}`", self.model.stacks[stack as usize].name),
            None => "another app".to_owned(),
        };
        let finding =
            Finding::error("FW0104", format!("a {noun} of {owner} is used in stack `{}`", self.own().name))
                .hint(format!("a {noun} does not leave its stack: declare it in this one too"));
        self.report(finding);
        Text::Borrowed("")
    }

    /// `Fn::Sub` with names in the text where that is possible, and variables for all else.
    fn format(&mut self, mut parts: Vec<FormatPart>) -> Value {
        if let [FormatPart::Value(_, node)] = parts.as_mut_slice()
            && !self.is_collection(node)
        {
            // Nothing stands around the value: it is the text.
            return self.value(std::mem::take(node));
        }
        let mut text = String::new();
        let mut variables = Map::new();
        // What stands in the text by its own name; a variable of that name would hide it.
        let mut taken: Vec<String> = Vec::new();
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                FormatPart::Text(text) => escape(&text, &mut pieces),
                FormatPart::Value(_, node) if self.is_collection(&node) => self.no_text(),
                FormatPart::Value(name, node) => pieces.push(match self.inline(&node) {
                    Some(inline) => {
                        taken.push(inline.clone());
                        Piece::Inline(inline)
                    }
                    None => Piece::Variable(name.into_owned(), self.value(node)),
                }),
            }
        }
        for piece in pieces {
            match piece {
                Piece::Text(plain) => text.push_str(&plain),
                Piece::Inline(name) => {
                    text.push_str("${");
                    text.push_str(&name);
                    text.push('}');
                }
                Piece::Variable(wanted, value) => {
                    let mut name = wanted.clone();
                    let mut number = 2;
                    while taken.contains(&name) || variables.get(&name).is_some_and(|known| *known != value) {
                        name = format!("{wanted}{number}");
                        number += 1;
                    }
                    text.push_str("${");
                    text.push_str(&name);
                    text.push('}');
                    variables.insert(name, value);
                }
            }
        }
        let text = Value::from(text);
        let argument =
            if variables.is_empty() { text } else { Value::List(vec![text, Value::Map(variables)]) };
        call("Fn::Sub", argument)
    }

    /// Whether a value is known to be a list or an object, which no text can hold.
    fn is_collection(&self, node: &Node) -> bool {
        let function = match node {
            Node::List(_) | Node::Map(_) => return true,
            Node::Function(function) => &**function,
            _ => return false,
        };
        match function {
            Function::GetAtt(_, _, Shape::List) => true,
            Function::Ref(Target::Name(name)) => name == "AWS::NotificationARNs",
            Function::Ref(Target::Parameter(id)) if id.app == self.model.app => {
                self.model.parameter(*id).is_some_and(|parameter| is_list_parameter(&parameter.body))
            }
            Function::Call(name, _) => matches!(name.as_ref(), "Fn::Split" | "Fn::GetAZs" | "Fn::Cidr"),
            Function::If(_, holds, otherwise) => self.is_collection(holds) || self.is_collection(otherwise),
            _ => false,
        }
    }

    fn no_text(&mut self) {
        let finding = Finding::error("E1019", "a list or an object stands in a text, which takes neither")
            .hint("make it a text: `join(\",\", list)`, or `to_json_string(object)`");
        self.report(finding);
    }

    /// What stands between the braces of `${...}` for a reference within the stack.
    fn inline(&mut self, node: &Node) -> Option<String> {
        let Node::Function(function) = node else { return None };
        if holder(function).is_some_and(|holder| self.is_foreign(holder)) {
            return None;
        }
        match &**function {
            Function::Ref(target) => Some(self.name(target).into_owned()),
            Function::GetAtt(target, attribute, _) => Some(format!("{}.{attribute}", self.name(target))),
            _ => None,
        }
    }
}

/// Whether a number is written without a point: it has no fraction, and an `i64` holds it.
fn is_whole(number: f64) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    number.fract() == 0.0 && number.abs() <= EXACT
}

/// A piece of the text of a `Fn::Sub` on its way.
enum Piece {
    Text(String),
    Inline(String),
    Variable(String, Value),
}

/// Text that stands in the text of a `Fn::Sub`: `${Name}` becomes `${!Name}`. An opening without an
/// end has no escape: its dollar is a variable.
fn escape(text: &str, pieces: &mut Vec<Piece>) {
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let end = inside.find('}').filter(|end| !inside[..*end].contains("${"));
        if let Some(end) = end {
            pieces.push(Piece::Text(format!("{}${{!{}}}", &rest[..start], &inside[..end])));
            rest = &inside[end + 1..];
        } else {
            pieces.push(Piece::Text(rest[..start].to_owned()));
            pieces.push(Piece::Variable("dollar".to_owned(), Value::from("$")));
            pieces.push(Piece::Text("{".to_owned()));
            rest = inside;
        }
    }
    pieces.push(Piece::Text(rest.to_owned()));
}

fn call(name: impl Into<Text>, argument: Value) -> Value {
    let mut map = Map::with_capacity(1);
    map.push(name, argument);
    Value::Map(map)
}

fn put(sections: &mut Map, name: &'static str, map: Map) {
    if !map.is_empty() {
        sections.insert(name, Value::Map(map));
    }
}
