//! `Fn::GetAtt`: whether the resource has the attribute.

use formwork_spec::ResourceFacts;
use formwork_template::{
    Map, Value,
    intrinsic::{self, Reference},
};

use super::{Checker, OPEN_TYPES};
use crate::{
    nearest::nearest,
    walk::{self, Step},
};

/// What stands for a stack of its own, whose outputs are its attributes.
const NESTED_STACKS: [&str; 2] =
    ["AWS::CloudFormation::Stack", "AWS::ServiceCatalog::CloudFormationProvisionedProduct"];

impl Checker<'_> {
    pub(super) fn attributes(&mut self) {
        for section in ["Resources", "Outputs", "Conditions"] {
            for (element, value) in self.index.template.section(section).into_iter().flat_map(Map::iter) {
                let mut steps = vec![Step::Key(section), Step::Key(element)];
                self.attributes_in(value, &mut steps);
            }
        }
    }

    fn attributes_in<'t>(&mut self, value: &'t Value, steps: &mut Vec<Step<'t>>) {
        walk::functions(value, steps, &mut |steps, function, argument| {
            intrinsic::references_of(function, argument, &mut |reference| {
                if let Reference::Attribute(name, attribute) = reference {
                    self.path = walk::path(steps);
                    self.asked(name, attribute);
                }
            });
        });
    }

    fn asked(&mut self, name: &str, attribute: &str) {
        let resource_type = self.index.resource_type(name);
        let facts = resource_type.and_then(formwork_spec::resource);
        let Some(facts) = facts.filter(|facts| facts.transform.is_none()) else { return };
        if has(facts, attribute) {
            return;
        }
        let known = facts.attributes.iter().map(|known| known.name.as_str());
        let hint = match nearest(attribute, known.clone()) {
            Some(known) => format!("is it `{known}` that is meant?"),
            None if facts.attributes.is_empty() => format!("`Ref` of `{name}` gives its name or id"),
            None => format!("it has {}", known.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("`{}` has no attribute `{attribute}`", facts.type_name);
        self.report("E1010", message, Some(hint));
    }
}

/// Attributes that the service gives, and the facts do not have.
const UNLISTED: [(&str, &str); 1] = [("AWS::OpenSearchService::Domain", "DomainArn")];

/// Whether a type has an attribute; a part of an object, and a key of a map, by the dotted path.
fn has(facts: &ResourceFacts, attribute: &str) -> bool {
    NESTED_STACKS.contains(&facts.type_name.as_str())
        || OPEN_TYPES.contains(&facts.type_name.as_str())
        || UNLISTED.contains(&(&facts.type_name, attribute))
        || facts.attributes.iter().any(|known| {
            known.name == attribute
                || attribute.strip_prefix(&*known.name).is_some_and(|rest| rest.starts_with('.'))
                || known.name.strip_prefix(attribute).is_some_and(|rest| rest.starts_with('.'))
        })
}
