//! [`Rule`]: what must hold of the parameters before anything is made.

use crate::{
    condition::Test,
    expr::Expr,
    kind::List,
    node::{Function, Node, Target},
    parameter::Param,
};

/// Assertions on parameters, checked when the stack is created or updated.
///
/// See [Rules](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html).
///
/// ```
/// use formwork_core::{App, Parameter, Rule, contains, equals};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let stage = stack.parameter("Stage", Parameter::string());
/// let size = stack.parameter("Size", Parameter::string());
/// stack.rule(
///     "ProductionIsLarge",
///     Rule::new(contains(["m7g.large", "m7g.xlarge"], &size), "production needs a large instance")
///         .when(equals(&stage, "prod")),
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Rule {
    condition: Option<Node>,
    assertions: Vec<Node>,
}

impl Rule {
    /// A rule with one assertion, and what to say when it fails.
    pub fn new(assertion: impl Into<Test>, description: impl Into<String>) -> Self {
        Self { condition: None, assertions: Vec::new() }.assert(assertion, description)
    }

    /// One more assertion.
    pub fn assert(mut self, assertion: impl Into<Test>, description: impl Into<String>) -> Self {
        self.assertions.push(Node::Map(vec![
            ("Assert".into(), assertion.into().0),
            ("AssertDescription".into(), Node::String(description.into().into())),
        ]));
        self
    }

    /// The rule counts only where this holds.
    pub fn when(mut self, test: impl Into<Test>) -> Self {
        self.condition = Some(test.into().0);
        self
    }

    pub(crate) fn into_node(self) -> Node {
        let mut pairs = vec![("Assertions".into(), Node::List(self.assertions))];
        if let Some(condition) = self.condition {
            pairs.push(("RuleCondition".into(), condition));
        }
        Node::Map(pairs)
    }
}

fn test(name: &'static str, left: Node, right: Node) -> Test {
    Test(Node::call(name, Node::List(vec![left, right])))
}

/// A list has a value.
pub fn contains(list: impl Into<Expr<List<String>>>, value: impl Into<Expr<String>>) -> Test {
    test("Fn::Contains", list.into().into_node(), value.into().into_node())
}

/// Every value of a list is the given one.
pub fn each_member_equals(list: impl Into<Expr<List<String>>>, value: impl Into<Expr<String>>) -> Test {
    test("Fn::EachMemberEquals", list.into().into_node(), value.into().into_node())
}

/// Every value of one list is in another one.
pub fn each_member_in(list: impl Into<Expr<List<String>>>, other: impl Into<Expr<List<String>>>) -> Test {
    test("Fn::EachMemberIn", list.into().into_node(), other.into().into_node())
}

/// The values of all parameters of a type (`AWS::EC2::VPC::Id`).
pub fn ref_all(parameter_type: &str) -> Expr<List<String>> {
    Expr::call("Fn::RefAll", Node::String(parameter_type.to_owned().into()))
}

/// An attribute of the resource that a parameter names (`DefaultVpcId`, `Tags.Department`).
pub fn value_of<T: ?Sized>(parameter: &Param<T>, attribute: &str) -> Expr<String> {
    let name = Node::function(Function::NameOf(Target::Parameter(parameter.id())));
    Expr::call("Fn::ValueOf", Node::List(vec![name, Node::String(attribute.to_owned().into())]))
}

/// An attribute of every resource that parameters of a type name.
pub fn value_of_all(parameter_type: &str, attribute: &str) -> Expr<List<String>> {
    Expr::call(
        "Fn::ValueOfAll",
        Node::List(vec![
            Node::String(parameter_type.to_owned().into()),
            Node::String(attribute.to_owned().into()),
        ]),
    )
}
