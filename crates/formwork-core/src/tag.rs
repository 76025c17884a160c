//! [`Tag`]: a key and a value on a resource.

use crate::{expr::Expr, kind::Literal, node::Node};

/// A tag as most types of resource hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    key: Expr<String>,
    value: Expr<String>,
}

impl Tag {
    /// A tag with a key (1 to 128 characters) and a value (at most 256).
    pub fn new(key: impl Into<Expr<String>>, value: impl Into<Expr<String>>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

impl Literal for Tag {
    fn into_node(self) -> Node {
        Node::Map(vec![("Key".into(), self.key.into_node()), ("Value".into(), self.value.into_node())])
    }
}
