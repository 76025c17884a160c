//! [`Parameter`]: a value that is given when the stack is deployed.

use std::{fmt, marker::PhantomData};

use formwork_template::Text;

use crate::{
    expr::Expr,
    kind::{Json, List, ParameterType, Textual},
    node::Node,
    properties::Properties,
};

/// Which parameter of which stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId {
    pub(crate) app: u32,
    pub(crate) stack: u32,
    pub(crate) index: u32,
}

/// A parameter that stands in a stack; goes wherever an `Expr<T>` does.
pub struct Param<T: ?Sized> {
    id: ParameterId,
    kind: PhantomData<fn() -> T>,
}

impl<T: ?Sized> Param<T> {
    pub(crate) const fn new(id: ParameterId) -> Self {
        Self { id, kind: PhantomData }
    }

    /// The identity of the parameter.
    pub const fn id(&self) -> ParameterId {
        self.id
    }

    /// The value of the parameter.
    pub fn value(&self) -> Expr<T> {
        Expr::from(self)
    }
}

impl<T: ?Sized> Clone for Param<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Param<T> {}

impl<T: ?Sized> fmt::Debug for Param<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Param").field(&self.id).finish()
    }
}

/// A parameter on its way into a stack: [`Scope::parameter`](crate::Scope::parameter) adds it.
///
/// See [Parameters](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
///
/// ```
/// use formwork_core::{App, Parameter};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let stage = stack.parameter("Stage", Parameter::string().allowed_values(["dev", "prod"]).default("dev"));
/// let size = stack.parameter("Size", Parameter::number().min_value(1).max_value(10).default(2));
/// # let _ = (stage, size);
/// ```
#[must_use]
pub struct Parameter<T: ?Sized> {
    pub(crate) declaration: Properties,
    kind: PhantomData<fn() -> T>,
}

impl<T: ?Sized> Parameter<T> {
    fn of_type(name: Text) -> Self {
        let mut declaration = Properties::new();
        declaration.put_node("Type".into(), Node::String(name));
        Self { declaration, kind: PhantomData }
    }

    /// What the parameter is for, shown to whoever deploys.
    pub fn description(self, description: impl Into<String>) -> Self {
        self.set("Description", Node::String(Text::Owned(description.into())))
    }

    /// What CloudFormation says when a value does not fit the constraints.
    pub fn constraint_description(self, description: impl Into<String>) -> Self {
        self.set("ConstraintDescription", Node::String(Text::Owned(description.into())))
    }

    /// Keeps the value out of everything that CloudFormation prints. For secrets a dynamic
    /// reference is better: the value never passes through the template's parameters.
    pub fn no_echo(self) -> Self {
        self.set("NoEcho", Node::Bool(true))
    }

    /// The value when none is given. An expression cannot be a default.
    pub fn default(self, value: impl Into<Expr<T>>) -> Self {
        let node = match value.into().into_node() {
            Node::List(items) => match items.iter().map(plain).collect::<Option<Vec<_>>>() {
                Some(items) => Node::String(Text::Owned(items.join(","))),
                // Synthesis reports the expression in it.
                None => Node::List(items),
            },
            other => other,
        };
        self.set("Default", node)
    }

    /// The only values that are taken.
    pub fn allowed_values<A: Into<Expr<T>>>(self, values: impl IntoIterator<Item = A>) -> Self {
        let nodes = values.into_iter().map(|value| value.into().into_node()).collect();
        self.set("AllowedValues", Node::List(nodes))
    }

    fn set(mut self, name: &'static str, node: Node) -> Self {
        self.declaration.put_node(name.into(), node);
        self
    }
}

/// Whether the value of a declared parameter is a list.
pub(crate) fn is_list_parameter(declaration: &Node) -> bool {
    let kind = declaration.get("Type").and_then(Node::as_str).unwrap_or_default();
    kind.contains("List<") || kind.contains("CommaDelimitedList")
}

fn plain(node: &Node) -> Option<String> {
    match node {
        Node::String(text) => Some(text.clone().into_owned()),
        Node::Integer(number) => Some(number.to_string()),
        Node::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Parameter<String> {
    /// Any string.
    pub fn string() -> Self {
        Self::of_type("String".into())
    }

    /// The name of an SSM parameter that exists.
    pub fn ssm_parameter_name() -> Self {
        Self::of_type("AWS::SSM::Parameter::Name".into())
    }

    /// The string under an SSM parameter, looked up at each deployment.
    pub fn from_ssm(name: impl Into<String>) -> Self {
        Self::of_type("AWS::SSM::Parameter::Value<String>".into())
            .set("Default", Node::String(Text::Owned(name.into())))
    }

    /// The id of the machine image under an SSM parameter, looked up at each deployment.
    pub fn image_from_ssm(name: impl Into<String>) -> Self {
        Self::of_type("AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>".into())
            .set("Default", Node::String(Text::Owned(name.into())))
    }

    /// A string of one of CloudFormation's own types (`AWS::EC2::KeyPair::KeyName`,
    /// `AWS::EC2::AvailabilityZone::Name`, ...), checked when the stack is deployed.
    pub fn aws(name: &'static str) -> Self {
        Self::of_type(Text::Borrowed(name))
    }

    /// A regular expression that the whole value must match.
    pub fn allowed_pattern(self, pattern: impl Into<String>) -> Self {
        self.set("AllowedPattern", Node::String(Text::Owned(pattern.into())))
    }

    /// The least number of characters.
    pub fn min_length(self, characters: u32) -> Self {
        self.set("MinLength", Node::Integer(i64::from(characters)))
    }

    /// The greatest number of characters.
    pub fn max_length(self, characters: u32) -> Self {
        self.set("MaxLength", Node::Integer(i64::from(characters)))
    }
}

impl Parameter<i64> {
    /// A number.
    pub fn number() -> Self {
        Self::of_type("Number".into())
    }

    /// The least value.
    pub fn min_value(self, value: i64) -> Self {
        self.set("MinValue", Node::Integer(value))
    }

    /// The greatest value.
    pub fn max_value(self, value: i64) -> Self {
        self.set("MaxValue", Node::Integer(value))
    }
}

impl Parameter<List<String>> {
    /// Strings with commas between them.
    pub fn comma_delimited_list() -> Self {
        Self::of_type("CommaDelimitedList".into())
    }

    /// The list under an SSM parameter, looked up at each deployment.
    pub fn list_from_ssm(name: impl Into<String>) -> Self {
        Self::of_type("AWS::SSM::Parameter::Value<List<String>>".into())
            .set("Default", Node::String(Text::Owned(name.into())))
    }
}

impl Parameter<List<i64>> {
    /// Numbers with commas between them.
    pub fn number_list() -> Self {
        Self::of_type("List<Number>".into())
    }
}

impl<T: ParameterType + Textual> Parameter<T> {
    /// An id of something that exists in the account (`Parameter::<VpcId>::existing()`), checked
    /// when the stack is deployed.
    pub fn existing() -> Self {
        Self::of_type(T::TYPE.into())
    }

    /// The id under an SSM parameter, looked up at each deployment.
    pub fn existing_from_ssm(name: impl Into<String>) -> Self {
        Self::of_type(Text::Owned(format!("AWS::SSM::Parameter::Value<{}>", T::TYPE)))
            .set("Default", Node::String(Text::Owned(name.into())))
    }
}

impl<T: ParameterType + Textual> Parameter<List<T>> {
    /// Ids of things that exist in the account, checked when the stack is deployed.
    pub fn existing_list() -> Self {
        Self::of_type(Text::Owned(format!("List<{}>", T::TYPE)))
    }
}

impl From<&Param<String>> for Expr<Json> {
    fn from(parameter: &Param<String>) -> Self {
        parameter.value().cast()
    }
}
