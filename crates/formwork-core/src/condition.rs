//! [`Condition`]: whether something is made, decided when the stack is deployed.

use crate::{
    expr::Expr,
    node::{Function, Node},
};

/// A condition that stands in a stack; [`Scope::condition`](crate::Scope::condition) adds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    pub(crate) app: u32,
    pub(crate) stack: u32,
    pub(crate) index: u32,
}

/// What a condition, or the assertion of a rule, says.
///
/// ```
/// use formwork_core::{App, Parameter, all, equals, if_else, not};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let stage = stack.parameter("Stage", Parameter::string());
/// let production = stack.condition("Production", equals(&stage, "prod"));
/// let cheap = stack.condition("Cheap", not(production));
/// let size = if_else::<String>(&cheap, "t4g.small", "m7g.large");
/// # let _ = (all([production, cheap]), size);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Test(pub(crate) Node);

impl From<Condition> for Test {
    fn from(condition: Condition) -> Self {
        Self(Node::function(Function::Condition(condition)))
    }
}

impl From<&Condition> for Test {
    fn from(condition: &Condition) -> Self {
        Self::from(*condition)
    }
}

/// Two strings are the same, letter case included.
pub fn equals(left: impl Into<Expr<String>>, right: impl Into<Expr<String>>) -> Test {
    Test(Node::call("Fn::Equals", Node::List(vec![left.into().into_node(), right.into().into_node()])))
}

/// The test does not hold.
pub fn not(test: impl Into<Test>) -> Test {
    Test(Node::call("Fn::Not", Node::List(vec![test.into().0])))
}

/// Every test holds. CloudFormation takes two to ten; longer lists are nested here.
pub fn all<T: Into<Test>>(tests: impl IntoIterator<Item = T>) -> Test {
    nested("Fn::And", tests.into_iter().map(|test| test.into().0).collect())
}

/// At least one test holds. CloudFormation takes two to ten; longer lists are nested here.
pub fn any<T: Into<Test>>(tests: impl IntoIterator<Item = T>) -> Test {
    nested("Fn::Or", tests.into_iter().map(|test| test.into().0).collect())
}

/// The most operands that `Fn::And` and `Fn::Or` take.
const OPERANDS: usize = 10;

fn nested(name: &'static str, mut tests: Vec<Node>) -> Test {
    while tests.len() > OPERANDS {
        tests = tests
            .chunks(OPERANDS)
            .map(|chunk| {
                if let [single] = chunk {
                    single.clone()
                } else {
                    Node::call(name, Node::List(chunk.to_vec()))
                }
            })
            .collect();
    }
    match tests.len() {
        1 => Test(tests.remove(0)),
        _ => Test(Node::call(name, Node::List(tests))),
    }
}

/// One value where the condition holds, another where it does not.
pub fn if_else<T: ?Sized>(
    condition: &Condition,
    holds: impl Into<Expr<T>>,
    otherwise: impl Into<Expr<T>>,
) -> Expr<T> {
    Expr::from_node(Node::function(Function::If(
        *condition,
        holds.into().into_node(),
        otherwise.into().into_node(),
    )))
}
