//! What the `T` of an [`Expr<T>`](crate::Expr) may be, beside plain Rust types.
//!
//! None of these types has values: they exist to keep a subnet's id from going where a VPC's id
//! is wanted.

use std::{convert::Infallible, marker::PhantomData};

use formwork_template::Text;

use crate::node::Node;

/// A list of `T`, as in `Expr<List<SubnetId>>`.
pub struct List<T: ?Sized>(Infallible, PhantomData<fn() -> T>);

/// A map from names to `T`.
pub struct Map<T: ?Sized>(Infallible, PhantomData<fn() -> T>);

/// Any JSON: a policy document, a dashboard body, an event pattern.
pub enum Json {}

/// A Rust value that can be written into a template as it stands.
///
/// Implemented by strings, numbers, booleans, and by every generated property type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value that CloudFormation can hold",
    note = "a setter takes a literal, an expression, a parameter or a handle of the right type"
)]
pub trait Literal: Sized {
    /// The value as a node.
    fn into_node(self) -> Node;
}

impl Literal for String {
    fn into_node(self) -> Node {
        Node::String(Text::Owned(self))
    }
}

impl Literal for bool {
    fn into_node(self) -> Node {
        Node::Bool(self)
    }
}

impl Literal for i64 {
    fn into_node(self) -> Node {
        Node::Integer(self)
    }
}

impl Literal for f64 {
    fn into_node(self) -> Node {
        Node::Float(self)
    }
}

/// What CloudFormation writes as a string: `Expr<T>` of it can go where any string can.
pub trait Textual {}

/// An attribute of a type of resource, such as the id of a VPC or the ARN of a role.
///
/// A handle of the right resource, or an expression of the same identifier, can stand for it. A
/// string that is known to be one is turned into it by [`id`](crate::id).
#[diagnostic::on_unimplemented(message = "`{Self}` does not identify a resource")]
pub trait Identifier: Textual {}

/// A string with known values. Any other string is let through: the service learns new values
/// faster than this crate does.
#[diagnostic::on_unimplemented(
    message = "a string literal cannot stand for `{Self}`",
    label = "expected `{Self}`, an expression, a parameter or a handle",
    note = "an id that is known already is written `id(\"...\")`"
)]
pub trait Enumerated: Textual {}

/// A known value of an [`Enumerated`] string.
#[derive(Debug)]
pub struct Variant<T>(&'static str, PhantomData<fn() -> T>);

impl<T> Variant<T> {
    /// The value as CloudFormation writes it.
    pub const fn new(value: &'static str) -> Self {
        Self(value, PhantomData)
    }

    /// The value as CloudFormation writes it.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl<T> Clone for Variant<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Variant<T> {}

/// One of several identifiers, the set of which is named by `U`: a key's id, its ARN, or its alias.
pub struct AnyOf<U>(Infallible, PhantomData<fn() -> U>);

impl<U> Textual for AnyOf<U> {}

/// Says that the identifier is one of the set named by `U`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not among what `{U}` can be")]
pub trait Within<U> {}

/// Says that a handle of this resource can stand for `T`, and how.
#[diagnostic::on_unimplemented(
    message = "a handle of `{Self}` cannot stand where `Expr<{T}>` is expected",
    label = "expected something that gives `{T}`, found a handle of `{Self}`",
    note = "name the attribute that is meant, or write `id(...)` around an id that is known already"
)]
pub trait Provides<T: ?Sized> {
    /// How the value is had from the resource.
    const YIELD: Yield;
}

/// How a value is had from a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yield {
    /// By `Ref`.
    Ref,
    /// By `Fn::GetAtt` of this attribute.
    Attribute(&'static str),
}

/// What the `Type` of a template parameter says about its value.
pub trait ParameterType {
    /// The type as CloudFormation writes it (`AWS::EC2::VPC::Id`).
    const TYPE: &'static str;
}

impl ParameterType for String {
    const TYPE: &'static str = "String";
}

impl ParameterType for i64 {
    const TYPE: &'static str = "Number";
}

impl ParameterType for f64 {
    const TYPE: &'static str = "Number";
}
