//! [`Mapping`]: a table of constants in the template.

use crate::{
    expr::Expr,
    node::{Function, Node},
};

/// A mapping that stands in a stack; [`Scope::mapping`](crate::Scope::mapping) adds one.
///
/// ```
/// use formwork_core::{App, pseudo};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let images = stack.mapping("Images", [
///     ("eu-west-1", [("Arm64", "ami-11111111")]),
///     ("us-east-1", [("Arm64", "ami-22222222")]),
/// ]);
/// let image = images.find(pseudo::region(), "Arm64");
/// # let _ = image;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mapping {
    pub(crate) app: u32,
    pub(crate) stack: u32,
    pub(crate) index: u32,
}

impl Mapping {
    /// The value under two keys.
    pub fn find(&self, first: impl Into<Expr<String>>, second: impl Into<Expr<String>>) -> Expr<String> {
        self.look_up(first, second, None)
    }

    /// The value under two keys, or another one where the keys are missing. The template then
    /// has the `AWS::LanguageExtensions` transform, which the function needs.
    pub fn find_or(
        &self,
        first: impl Into<Expr<String>>,
        second: impl Into<Expr<String>>,
        otherwise: impl Into<Expr<String>>,
    ) -> Expr<String> {
        self.look_up(first, second, Some(otherwise.into().into_node()))
    }

    fn look_up(
        &self,
        first: impl Into<Expr<String>>,
        second: impl Into<Expr<String>>,
        otherwise: Option<Node>,
    ) -> Expr<String> {
        Expr::from_node(Node::function(Function::FindInMap(
            *self,
            first.into().into_node(),
            second.into().into_node(),
            otherwise,
        )))
    }
}
