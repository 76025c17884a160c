//! Checks what a template refers to: that it is there, and that it does not lead back.

use formwork_template::{
    Finding, Map, Template, Value,
    intrinsic::{self, PSEUDO_PARAMETERS, Reference},
};

use crate::{
    circles,
    form::{self, Used},
    functions,
    index::Index,
    sources::Sources,
    walk::{self, Step},
};

/// Times that the same is said of the same place.
const REPEATED: usize = 10;
/// Resources of a circle that are named.
const SHOWN: usize = 20;

/// Reports functions of no possible form, references to nothing, what nothing refers to, and resources that wait for each other.
pub(crate) fn check(index: &Index<'_>, sources: &dyn Sources, findings: &mut Vec<Finding>) {
    let template = index.template;
    let used = Used { open: index.open, ..Used::default() };
    let mut checker = Checker { names: index, sources, findings, links: Vec::new(), at: None, used };
    checker.resources(template);
    checker.outside(template);
    let Checker { mut links, findings, used, .. } = checker;
    form::check(template, &used, sources, findings);
    links.sort_unstable();
    links.dedup();
    for chain in circles::find(index.order.len(), &links) {
        findings.push(circle(&chain, index, sources));
    }
}

struct Checker<'a> {
    names: &'a Index<'a>,
    sources: &'a dyn Sources,
    findings: &'a mut Vec<Finding>,
    links: Vec<(usize, usize)>,
    /// The resource that is looked at.
    at: Option<usize>,
    used: Used<'a>,
}

impl<'a> Checker<'a> {
    fn resources(&mut self, template: &'a Template) {
        for (position, resource) in template.resources().enumerate() {
            let id = resource.logical_id;
            // What SAM makes of a resource is several, which wait for each other in their own order.
            let serverless =
                resource.resource_type().is_some_and(|kind| kind.starts_with("AWS::Serverless::"));
            let at = self.names.positions.get(id).copied().or(Some(position));
            self.at = at.filter(|_| !serverless);
            let mut steps = vec![Step::Key("Resources"), Step::Key(id)];
            for (name, value) in resource.attributes.iter() {
                steps.push(Step::Key(name));
                match (name, value) {
                    ("Condition", Value::String(condition)) => self.condition(condition, &steps),
                    ("DependsOn", _) => {
                        for other in resource.depends_on() {
                            self.depends_on(other, &steps);
                        }
                    }
                    _ => self.value(value, &mut steps),
                }
                steps.pop();
            }
        }
        self.at = None;
    }

    fn outside(&mut self, template: &'a Template) {
        for section in ["Conditions", "Outputs", "Rules"] {
            for (element, value) in template.section(section).into_iter().flat_map(Map::iter) {
                let mut steps = vec![Step::Key(section), Step::Key(element)];
                // The condition of an output stands as a bare name, like that of a resource.
                let condition =
                    value.get("Condition").and_then(Value::as_str).filter(|_| section == "Outputs");
                if let Some(condition) = condition {
                    self.condition(condition, &steps);
                }
                self.value(value, &mut steps);
            }
        }
    }

    fn value(&mut self, value: &'a Value, steps: &mut Vec<Step<'a>>) {
        walk::functions(value, steps, &mut |steps, function, argument| {
            functions::check(self.names, steps, function, argument, self.findings);
            let rule = if function == "Fn::Sub" { "E1019" } else { "E1020" };
            let mut place = steps.to_vec();
            place.push(Step::Key(function));
            // The name is the first operand.
            if matches!(function, "Fn::If" | "Fn::FindInMap" | "Fn::GetAtt") && argument.as_list().is_some() {
                place.push(Step::Position(0));
            }
            intrinsic::references_of(function, argument, &mut |reference| {
                self.reference(reference, rule, &place);
            });
        });
    }

    fn reference(&mut self, reference: Reference<'a>, rule: &'static str, steps: &[Step<'_>]) {
        match reference {
            Reference::Name(name) => self.name(name, rule, steps),
            Reference::Attribute(name, attribute) => self.attribute(name, attribute, steps),
            Reference::Condition(name) => self.condition(name, steps),
            Reference::Mapping(name) => {
                self.used.mappings.insert(name);
                if !self.names.has_mapping(name) && !self.names.open {
                    let message =
                        format!("`Fn::FindInMap` looks in the mapping `{name}`, which is not there");
                    self.missing("E1011", name, message, steps);
                }
            }
        }
    }

    fn name(&mut self, name: &'a str, rule: &'static str, steps: &[Step<'_>]) {
        self.used.names.insert(name);
        if let Some(&to) = self.names.positions.get(name) {
            self.links.extend(self.at.map(|from| (from, to)));
        } else if self.names.parameter(name).is_none()
            && !PSEUDO_PARAMETERS.contains(&name)
            && !self.names.open
            && !self.names.in_module(name)
        {
            let message = format!("`{name}` is referred to, but no resource or parameter has this id");
            self.missing(rule, name, message, steps);
        }
    }

    fn attribute(&mut self, name: &str, attribute: &str, steps: &[Step<'_>]) {
        if let Some(&to) = self.names.positions.get(name) {
            self.links.extend(self.at.map(|from| (from, to)));
        } else if !self.names.open && !self.names.in_module(name) && !self.names.is_module(name) {
            let message =
                format!("the attribute `{attribute}` of `{name}` is asked for, but no resource has this id");
            self.missing("E1010", name, message, steps);
        }
    }

    fn condition(&mut self, name: &'a str, steps: &[Step<'_>]) {
        self.used.conditions.insert(name);
        if !self.names.has_condition(name) && !self.names.open {
            self.missing("E8002", name, format!("the condition `{name}` is not there"), steps);
        }
    }

    fn depends_on(&mut self, other: &str, steps: &[Step<'_>]) {
        match self.names.positions.get(other) {
            Some(&to) => self.links.extend(self.at.map(|from| (from, to))),
            None if self.names.open || self.names.in_module(other) => {}
            None => {
                let message = format!("`DependsOn` names `{other}`, but no resource has this id");
                self.missing("E3005", other, message, steps);
            }
        }
    }

    /// Reports that a name is missing. What has no name was reported when it lost it.
    fn missing(&mut self, rule: &'static str, name: &str, message: String, steps: &[Step<'_>]) {
        if name.is_empty() {
            return;
        }
        let path = walk::path(steps);
        // A text may name the same thing a hundred thousand times.
        let earlier = self.findings.iter().rev().nth(REPEATED - 1);
        if earlier.is_some_and(|earlier| earlier.message == message && earlier.path == path) {
            return;
        }
        let mut finding = Finding::error(rule, message).hint(self.names.hint(name));
        if let [section, element, ..] = path.as_slice() {
            finding.source = self.sources.source(section, element);
        }
        finding.path = path;
        self.findings.push(finding);
    }
}

/// How circles of such resources are broken.
fn way_out(chain: &[usize], index: &Index<'_>) -> &'static str {
    let has = |kind| {
        let mut circle = chain.iter().map(|position| index.order[*position]);
        circle.any(|id| index.resource_type(id) == Some(kind))
    };
    if has("AWS::IAM::Role") {
        "what the role may do can stand in a policy beside it (`role.grant_apart`, `AWS::IAM::Policy`)"
    } else if has("AWS::EC2::SecurityGroup") {
        "rules of security groups can be resources of their own"
    } else {
        "names can be set by hand"
    }
}

fn circle(chain: &[usize], index: &Index<'_>, sources: &dyn Sources) -> Finding {
    let order = &index.order;
    let mut lines: Vec<String> = chain
        .iter()
        .take(SHOWN)
        .map(|index| {
            let id = order[*index];
            match sources.source("Resources", id) {
                Some(source) => format!("`{id}` at {source}"),
                None => format!("`{id}`"),
            }
        })
        .collect();
    if chain.len() > SHOWN {
        lines.push(format!("... and {} more", chain.len() - SHOWN));
    }
    let first = order[chain[0]];
    let message = if chain.len() == 1 {
        format!("{} refers to itself", lines[0])
    } else {
        format!(
            "resources wait for each other in a circle: {}\n    needs `{first}` again",
            lines.join("\n    needs ")
        )
    };
    let mut finding = Finding::error("E3004", message)
        .hint(format!("break one of the links: {}", way_out(chain, index)))
        .path(["Resources", first]);
    finding.source = sources.source("Resources", first);
    finding
}
