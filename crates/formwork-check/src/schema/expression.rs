//! What functions give, against what a property takes.

use formwork_spec::{Kind, Reference as Returned, Target, ValueFacts, Yield};
use formwork_template::{
    Value,
    intrinsic::{self, Reference},
};

use super::Checker;
use crate::{
    functions::rule_of,
    shape::{self, Shape},
};

/// Types whose ids `Ref` of no other type gives.
const ALONE: [&str; 3] = ["AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::VPC"];

impl Checker<'_> {
    /// A function in the place of a value.
    pub(super) fn expression(&mut self, function: &str, argument: &Value, facts: &'static ValueFacts) {
        let wanted = match &facts.kind {
            Kind::String | Kind::Integer | Kind::Number | Kind::Boolean | Kind::Timestamp => Shape::Scalar,
            Kind::List(_) => Shape::List,
            Kind::Nested(_) | Kind::Map(_) | Kind::Tag => Shape::Object,
            Kind::Json | Kind::Union(_) => return,
        };
        let found = shape::of_function(function, argument, self.index);
        if found != Shape::Unknown && found != wanted {
            let message =
                format!("`{function}` gives {}, and {} is wanted here", found.noun(), wanted.noun());
            let hint = match (found, wanted) {
                (Shape::Scalar, Shape::List) => Some("`Fn::Split` makes a list of a text".to_owned()),
                (Shape::List, Shape::Scalar) => {
                    Some("`Fn::Join` makes a text of a list, `Fn::Select` takes one of it".to_owned())
                }
                _ => None,
            };
            self.report(rule_of(function), message, hint);
            return;
        }
        if wanted == Shape::Scalar {
            self.identifier(function, argument, facts);
        }
    }

    /// Whether what is obtained from a resource is the identifier that is wanted: its ARN, its name.
    fn identifier(&mut self, function: &str, argument: &Value, facts: &'static ValueFacts) {
        let mut obtained = None;
        if matches!(function, "Ref" | "Fn::GetAtt") {
            intrinsic::references_of(function, argument, &mut |reference| obtained = Some(reference));
        }
        let (name, attribute) = match obtained {
            Some(Reference::Name(name)) => (name, None),
            Some(Reference::Attribute(name, attribute)) => (name, Some(attribute)),
            _ => return,
        };
        let Some(resource_type) = self.index.resource_type(name) else { return };
        let Some(constraints) = facts.constraints.as_deref() else { return };
        let format = constraints.format.as_deref().and_then(|format| format.split_once('.'));
        let told = format.is_some_and(|(of_type, _)| of_type == resource_type);
        // Where the pattern is that of an ARN, nothing else will do.
        let arn = constraints.pattern.as_deref().is_some_and(|pattern| pattern.starts_with("^arn:"));
        if let (Some((of_type, what)), None, false) = (format, attribute, told)
            && ALONE.contains(&of_type)
            && formwork_spec::resource(resource_type).is_some()
            && !facts.refers_to.iter().any(|target| target.type_name == resource_type)
        {
            let message = format!(
                "`Ref` of `{name}` is of {resource_type}, and the `{what}` of {of_type} is wanted here"
            );
            self.report("E1041", message, None);
            return;
        }
        if !told && !arn {
            return;
        }
        let targets: Vec<&Target> =
            facts.refers_to.iter().filter(|target| target.type_name == resource_type).collect();
        let Some(first) = targets.first() else { return };
        let returned = formwork_spec::resource(resource_type).map(|facts| &facts.reference);
        let fits = |target: &&Target| match attribute {
            None => target.obtained_by == Yield::Ref,
            Some(attribute) => {
                target.attribute == attribute
                    || is_alias(attribute, &target.attribute, resource_type)
                    || is_alias(&target.attribute, attribute, resource_type)
                    || matches!(returned, Some(Returned::Identifier(name)) if *name == attribute && target.obtained_by == Yield::Ref)
            }
        };
        if targets.iter().any(fits) {
            return;
        }
        let how = match first.obtained_by {
            Yield::Ref => format!("`Ref` of `{name}` gives it"),
            Yield::Attribute => format!("`Fn::GetAtt` of `{name}.{}` gives it", first.attribute),
        };
        let (rule, found) = match attribute {
            None => ("E1041", format!("`Ref` of `{name}`")),
            Some(attribute) => ("E1040", format!("the attribute `{attribute}` of `{name}`")),
        };
        let message =
            format!("{found} is not the `{}` of {resource_type}, which is wanted here", first.attribute);
        self.report(rule, message, Some(how));
    }
}

/// Whether one name is the other with the end of the type's name before it: `GroupId` of a security
/// group's `Id`.
fn is_alias(long: &str, short: &str, resource_type: &str) -> bool {
    long.strip_suffix(short).is_some_and(|noun| !noun.is_empty() && resource_type.ends_with(noun))
}
