//! [`Expr<T>`]: a value, known now or at deploy time.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use formwork_template::Text;

use crate::{
    handle::Handle,
    kind::{
        AnyOf, Enumerated, Identifier, Json, List, Literal, Map, Provides, Textual, Variant, Within, Yield,
    },
    node::{Function, Node, Target},
    object::IntoNode,
    parameter::Param,
    resource::Resource,
};

/// A `T` that is either written down here or worked out by CloudFormation at deploy time.
///
/// There is no way to read an expression as text: it has no `Display` and derefs to nothing.
/// Text with expressions in it is made by [`sub!`](crate::sub).
///
/// Setters take `impl Into<Expr<T>>`, which literals, parameters, handles and other expressions
/// of the same type are:
///
/// ```
/// use formwork_core::{Expr, List, pseudo};
///
/// let literal: Expr<String> = "eu-west-1".into();
/// let expression: Expr<String> = pseudo::region();
/// let both: Expr<List<String>> = Expr::list([literal, expression]);
/// # let _ = both;
/// ```
pub struct Expr<T: ?Sized>(Node, PhantomData<fn() -> T>);

impl<T: ?Sized> Expr<T> {
    /// Wraps a node, whatever it is. The escape hatch of every typed constructor.
    pub const fn from_node(node: Node) -> Self {
        Self(node, PhantomData)
    }

    /// The node inside.
    pub fn into_node(self) -> Node {
        self.0
    }

    /// The node inside, to look at.
    pub const fn node(&self) -> &Node {
        &self.0
    }

    /// The same value under another type, unchecked: for what the types do not know.
    pub fn cast<U: ?Sized>(self) -> Expr<U> {
        Expr(self.0, PhantomData)
    }

    /// The string, if this is a literal string.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    pub(crate) fn call(name: &'static str, argument: Node) -> Self {
        Self(Node::call(name, argument), PhantomData)
    }
}

/// An id, name or ARN that is known already, for a setter that wants a resource's handle.
///
/// ```
/// use formwork_core::{Expr, Identifier, Textual, id};
/// # enum VpcId {}
/// # impl Textual for VpcId {}
/// # impl Identifier for VpcId {}
///
/// let vpc: Expr<VpcId> = id("vpc-0a1b2c3d");
/// # let _ = vpc;
/// ```
pub fn id<T: Textual + ?Sized>(known: impl Into<Expr<String>>) -> Expr<T> {
    known.into().cast()
}

impl<T: ?Sized> Clone for Expr<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T: ?Sized> PartialEq for Expr<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: ?Sized> fmt::Debug for Expr<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

// Literals.

impl<T: Literal> From<T> for Expr<T> {
    fn from(literal: T) -> Self {
        Self::from_node(literal.into_node())
    }
}

impl From<&str> for Expr<String> {
    fn from(text: &str) -> Self {
        Self::from_node(Node::String(Text::Owned(text.to_owned())))
    }
}

impl From<&String> for Expr<String> {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Text> for Expr<String> {
    fn from(text: Text) -> Self {
        Self::from_node(Node::String(text))
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => { $(
        impl From<$number> for Expr<i64> {
            fn from(number: $number) -> Self {
                Self::from_node(Node::Integer(i64::from(number)))
            }
        }

        impl From<$number> for Expr<f64> {
            fn from(number: $number) -> Self {
                Self::from_node(Node::Integer(i64::from(number)))
            }
        }
    )* };
}

whole_numbers!(i8 i16 i32 u8 u16 u32);

impl<T: Enumerated> From<&str> for Expr<T> {
    fn from(text: &str) -> Self {
        Self::from_node(Node::String(Text::Owned(text.to_owned())))
    }
}

impl<T: Enumerated> From<String> for Expr<T> {
    fn from(text: String) -> Self {
        Self::from_node(Node::String(Text::Owned(text)))
    }
}

impl<T: Enumerated> From<Variant<T>> for Expr<T> {
    fn from(variant: Variant<T>) -> Self {
        Self::from_node(Node::String(Text::Borrowed(variant.as_str())))
    }
}

impl<T: Enumerated> From<Expr<String>> for Expr<T> {
    fn from(expression: Expr<String>) -> Self {
        expression.cast()
    }
}

impl<T: Enumerated> From<&Param<String>> for Expr<T> {
    fn from(parameter: &Param<String>) -> Self {
        parameter.value().cast()
    }
}

impl<T: Literal> From<T> for Expr<Json> {
    fn from(literal: T) -> Self {
        Self::from_node(literal.into_node())
    }
}

impl From<&str> for Expr<Json> {
    fn from(text: &str) -> Self {
        Self::from_node(text.into_node())
    }
}

impl<T: IntoNode> From<Vec<T>> for Expr<Json> {
    fn from(items: Vec<T>) -> Self {
        Self::from_node(items.into_node())
    }
}

impl<T: IntoNode, const N: usize> From<[T; N]> for Expr<Json> {
    fn from(items: [T; N]) -> Self {
        Self::from_node(items.into_node())
    }
}

impl From<serde_json::Value> for Expr<Json> {
    fn from(value: serde_json::Value) -> Self {
        Self::from_node(Node::from(value))
    }
}

// Widening.

impl<T: Textual> From<Expr<T>> for Expr<String> {
    fn from(expression: Expr<T>) -> Self {
        expression.cast()
    }
}

impl<T: Textual> From<Expr<List<T>>> for Expr<List<String>> {
    fn from(expression: Expr<List<T>>) -> Self {
        expression.cast()
    }
}

impl<A: Identifier + Within<U>, U> From<Expr<A>> for Expr<AnyOf<U>> {
    fn from(expression: Expr<A>) -> Self {
        expression.cast()
    }
}

// Parameters and handles.

impl<T: ?Sized> From<&Param<T>> for Expr<T> {
    fn from(parameter: &Param<T>) -> Self {
        Self::from_node(Node::function(Function::Ref(Target::Parameter(parameter.id()))))
    }
}

impl<T: ?Sized> From<Param<T>> for Expr<T> {
    fn from(parameter: Param<T>) -> Self {
        Self::from(&parameter)
    }
}

impl<R: Resource + Provides<T>, T: ?Sized> From<&Handle<R>> for Expr<T> {
    fn from(handle: &Handle<R>) -> Self {
        match R::YIELD {
            Yield::Ref => handle.id().reference(),
            Yield::Attribute(name) => handle.id().attribute(name),
        }
    }
}

impl<R: Resource + Provides<T>, T: ?Sized> From<Handle<R>> for Expr<T> {
    fn from(handle: Handle<R>) -> Self {
        Self::from(&handle)
    }
}

// Collections.

impl<T> Expr<List<T>> {
    /// A list of values, each known now or at deploy time.
    pub fn list<A: Into<Expr<T>>>(items: impl IntoIterator<Item = A>) -> Self {
        Self::from_node(Node::List(items.into_iter().map(|item| item.into().into_node()).collect()))
    }
}

impl<T, A: Into<Expr<T>>> FromIterator<A> for Expr<List<T>> {
    fn from_iter<I: IntoIterator<Item = A>>(items: I) -> Self {
        Self::list(items)
    }
}

impl<T, A: Into<Expr<T>>, const N: usize> From<[A; N]> for Expr<List<T>> {
    fn from(items: [A; N]) -> Self {
        Self::list(items)
    }
}

impl<T, A: Into<Expr<T>>> From<Vec<A>> for Expr<List<T>> {
    fn from(items: Vec<A>) -> Self {
        Self::list(items)
    }
}

impl<T, A: Into<Expr<T>> + Clone> From<&[A]> for Expr<List<T>> {
    fn from(items: &[A]) -> Self {
        Self::list(items.iter().cloned())
    }
}

impl<T, A: Into<Expr<T>> + Clone> From<&Vec<A>> for Expr<List<T>> {
    fn from(items: &Vec<A>) -> Self {
        Self::list(items.iter().cloned())
    }
}

impl<T> Expr<Map<T>> {
    /// A map of values, each known now or at deploy time. A later pair replaces an earlier one.
    pub fn map<K: Into<String>, A: Into<Expr<T>>>(pairs: impl IntoIterator<Item = (K, A)>) -> Self {
        let sorted: BTreeMap<String, Node> =
            pairs.into_iter().map(|(key, value)| (key.into(), value.into().into_node())).collect();
        Self::from_node(Node::Map(sorted.into_iter().map(|(key, node)| (Cow::Owned(key), node)).collect()))
    }
}

impl<T, K: Into<String>, A: Into<Expr<T>>, const N: usize> From<[(K, A); N]> for Expr<Map<T>> {
    fn from(pairs: [(K, A); N]) -> Self {
        Self::map(pairs)
    }
}

impl<T, K: Into<String>, A: Into<Expr<T>>> From<BTreeMap<K, A>> for Expr<Map<T>> {
    fn from(pairs: BTreeMap<K, A>) -> Self {
        Self::map(pairs)
    }
}
