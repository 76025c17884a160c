//! [`Object`] and [`List`](Node::List) bodies whose shape no type describes.

use formwork_template::Text;

use crate::{
    expr::Expr,
    kind::{Json, Literal},
    node::Node,
    parameter::Param,
};

/// Anything that can stand in free-form JSON: literals, expressions, parameters, lists, objects.
pub trait IntoNode {
    /// The value as a node.
    fn into_node(self) -> Node;
}

impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl<T: ?Sized> IntoNode for Expr<T> {
    fn into_node(self) -> Node {
        Self::into_node(self)
    }
}

impl<T: Literal> IntoNode for T {
    fn into_node(self) -> Node {
        Literal::into_node(self)
    }
}

impl IntoNode for &str {
    fn into_node(self) -> Node {
        Node::String(Text::Owned(self.to_owned()))
    }
}

impl IntoNode for i32 {
    fn into_node(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

impl IntoNode for u32 {
    fn into_node(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

impl<T: ?Sized> IntoNode for &Expr<T> {
    fn into_node(self) -> Node {
        self.node().clone()
    }
}

impl IntoNode for &String {
    fn into_node(self) -> Node {
        self.as_str().into_node()
    }
}

impl<T: ?Sized> IntoNode for Param<T> {
    fn into_node(self) -> Node {
        (&self).into_node()
    }
}

impl<T: ?Sized> IntoNode for &Param<T> {
    fn into_node(self) -> Node {
        Expr::from(self).into_node()
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn into_node(self) -> Node {
        Node::List(self.into_iter().map(IntoNode::into_node).collect())
    }
}

impl<A: IntoNode, const N: usize> IntoNode for [A; N] {
    fn into_node(self) -> Node {
        Node::List(self.into_iter().map(IntoNode::into_node).collect())
    }
}

impl IntoNode for serde_json::Value {
    fn into_node(self) -> Node {
        Node::from(self)
    }
}

/// A JSON object with expressions in it.
///
/// ```
/// use formwork_core::{Expr, Json, Object, pseudo};
///
/// let body: Expr<Json> = Object::new()
///     .with("region", pseudo::region())
///     .with("limits", Object::new().with("cpu", 2))
///     .into();
/// # let _ = body;
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Object(Vec<(Text, Node)>);

impl Object {
    /// An object without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key, in place of what it was.
    pub fn with(mut self, key: impl Into<Text>, value: impl IntoNode) -> Self {
        let (key, node) = (key.into(), value.into_node());
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, slot)) => *slot = node,
            None => self.0.push((key, node)),
        }
        self
    }
}

impl IntoNode for Object {
    fn into_node(self) -> Node {
        Node::Map(self.0)
    }
}

impl From<Object> for Expr<Json> {
    fn from(object: Object) -> Self {
        Self::from_node(Node::Map(object.0))
    }
}
