//! [`Handle`]: a resource that stands in a stack.

use std::{fmt, ops::Deref};

use formwork_template::Text;

use crate::{
    expr::Expr,
    kind::List,
    node::{Function, Node, Shape, Target},
    resource::Resource,
};

/// Which resource of which stack of which app: the identity behind a [`Handle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    pub(crate) app: u32,
    pub(crate) stack: u32,
    pub(crate) index: u32,
}

impl ResourceId {
    /// What `Ref` gives.
    pub fn reference<T: ?Sized>(self) -> Expr<T> {
        Expr::from_node(Node::function(Function::Ref(Target::Resource(self))))
    }

    /// What `Fn::GetAtt` of a single-valued attribute gives.
    pub fn attribute<T: ?Sized>(self, name: impl Into<Text>) -> Expr<T> {
        Expr::from_node(Node::function(Function::GetAtt(Target::Resource(self), name.into(), Shape::Single)))
    }

    /// What `Fn::GetAtt` of an attribute that is a list gives.
    pub fn list_attribute<T>(self, name: impl Into<Text>) -> Expr<List<T>> {
        Expr::from_node(Node::function(Function::GetAtt(Target::Resource(self), name.into(), Shape::List)))
    }
}

/// A resource that stands in a stack: cheap to clone, borrows nothing, and can be used in any
/// other stack of the same app.
///
/// A handle goes where a setter wants the resource. It derefs to the resource's attributes, so
/// that each is a method: `role.arn()`.
pub struct Handle<R: Resource> {
    id: ResourceId,
    attributes: R::Attributes,
}

impl<R: Resource> Handle<R> {
    pub(crate) fn new(id: ResourceId) -> Self {
        Self { id, attributes: R::Attributes::from(id) }
    }

    /// The identity of the resource.
    pub const fn id(&self) -> ResourceId {
        self.id
    }

    /// What `Ref` gives; for most types the id or the name.
    pub fn reference(&self) -> Expr<R::Ref> {
        self.id.reference()
    }
}

impl<R: Resource> Deref for Handle<R> {
    type Target = R::Attributes;

    fn deref(&self) -> &Self::Target {
        &self.attributes
    }
}

impl<R: Resource> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self::new(self.id)
    }
}

impl<R: Resource> fmt::Debug for Handle<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple(R::TYPE).field(&self.id).finish()
    }
}

impl<R: Resource> From<&Handle<R>> for ResourceId {
    fn from(handle: &Handle<R>) -> Self {
        handle.id
    }
}

impl<R: Resource> From<Handle<R>> for ResourceId {
    fn from(handle: Handle<R>) -> Self {
        handle.id
    }
}

impl From<&Self> for ResourceId {
    fn from(id: &Self) -> Self {
        *id
    }
}

/// The attributes of a type that has none.
pub struct NoAttributes(ResourceId);

impl From<ResourceId> for NoAttributes {
    fn from(id: ResourceId) -> Self {
        Self(id)
    }
}

impl NoAttributes {
    /// An attribute that the facts do not know, by name.
    pub fn attribute<T: ?Sized>(&self, name: impl Into<Text>) -> Expr<T> {
        self.0.attribute(name)
    }
}
