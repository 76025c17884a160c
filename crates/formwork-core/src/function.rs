//! Intrinsic functions as typed Rust functions.
//!
//! See [intrinsic functions](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).

use formwork_template::Text;

use crate::{
    expr::Expr,
    kind::{Json, List},
    node::{Function, Node, Target},
    object::IntoNode,
};

/// Strings with a delimiter between them.
pub fn join(delimiter: impl Into<String>, items: impl Into<Expr<List<String>>>) -> Expr<String> {
    let items = items.into().into_node();
    Expr::call("Fn::Join", Node::List(vec![Node::String(Text::Owned(delimiter.into())), items]))
}

/// The pieces of a string between delimiters.
pub fn split(delimiter: impl Into<String>, text: impl Into<Expr<String>>) -> Expr<List<String>> {
    let text = text.into().into_node();
    Expr::call("Fn::Split", Node::List(vec![Node::String(Text::Owned(delimiter.into())), text]))
}

/// One item of a list, counted from 0.
pub fn select<T>(position: impl Into<Expr<i64>>, items: impl Into<Expr<List<T>>>) -> Expr<T> {
    Expr::call("Fn::Select", Node::List(vec![position.into().into_node(), items.into().into_node()]))
}

/// A value that a stack outside of this app exports.
pub fn import_value<T: ?Sized>(export: impl Into<Expr<String>>) -> Expr<T> {
    Expr::call("Fn::ImportValue", export.into().into_node())
}

/// A string in Base64, as user data wants it.
pub fn base64(text: impl Into<Expr<String>>) -> Expr<String> {
    Expr::call("Fn::Base64", text.into().into_node())
}

/// `count` address ranges with `host_bits` bits for hosts each, cut from a range.
pub fn cidr(
    range: impl Into<Expr<String>>,
    count: impl Into<Expr<i64>>,
    host_bits: impl Into<Expr<i64>>,
) -> Expr<List<String>> {
    let (range, count, bits) =
        (range.into().into_node(), count.into().into_node(), host_bits.into().into_node());
    Expr::call("Fn::Cidr", Node::List(vec![range, count, bits]))
}

/// The availability zones of a region in which the account has a default subnet.
pub fn availability_zones(region: impl Into<Expr<String>>) -> Expr<List<String>> {
    Expr::call("Fn::GetAZs", region.into().into_node())
}

/// A list or an object as a JSON string. Needs the `AWS::LanguageExtensions` transform, which the
/// template then has.
pub fn to_json_string(value: impl IntoNode) -> Expr<String> {
    Expr::call("Fn::ToJsonString", value.into_node())
}

/// The number of items of a list. Needs the `AWS::LanguageExtensions` transform, which the
/// template then has.
pub fn length<T>(items: impl Into<Expr<List<T>>>) -> Expr<i64> {
    Expr::call("Fn::Length", items.into().into_node())
}

/// What a macro makes of its parameters.
pub fn transform<T: ?Sized>(name: impl Into<Expr<String>>, parameters: impl Into<Expr<Json>>) -> Expr<T> {
    Expr::call(
        "Fn::Transform",
        Node::Map(vec![
            ("Name".into(), name.into().into_node()),
            ("Parameters".into(), parameters.into().into_node()),
        ]),
    )
}

/// What [`no_value`] gives: it goes wherever an expression does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoValue(());

/// As if the property were not there. Of use inside of [`if_else`](crate::if_else).
///
/// ```
/// use formwork_core::{App, Parameter, equals, if_else, no_value};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let stage = stack.parameter("Stage", Parameter::string());
/// let production = stack.condition("Production", equals(stage, "prod"));
/// let name = if_else::<String>(&production, "orders", no_value());
/// # let _ = name;
/// ```
pub const fn no_value() -> NoValue {
    NoValue(())
}

impl<T: ?Sized> From<NoValue> for Expr<T> {
    fn from(_: NoValue) -> Self {
        reference_by_name("AWS::NoValue")
    }
}

impl IntoNode for NoValue {
    fn into_node(self) -> Node {
        Expr::<String>::from(self).into_node()
    }
}

/// `Ref` of whatever has this name in the stack, for what is not made by this code. Synthesis
/// finds it when nothing has the name.
pub fn reference_by_name<T: ?Sized>(name: impl Into<Text>) -> Expr<T> {
    Expr::from_node(Node::function(Function::Ref(Target::Name(name.into()))))
}

/// `Fn::GetAtt` of whatever has this name in the stack. Synthesis finds it when nothing has.
pub fn attribute_by_name<T: ?Sized>(name: impl Into<Text>, attribute: impl Into<Text>) -> Expr<T> {
    Expr::from_node(Node::function(Function::GetAtt(
        Target::Name(name.into()),
        attribute.into(),
        crate::node::Shape::Single,
    )))
}

/// `Fn::Sub` of text that is already in CloudFormation's form (`${AWS::Region}`, `${Topic.Arn}`).
/// Synthesis finds placeholders that name nothing. In Rust code, [`sub!`](crate::sub) is safer.
pub fn sub_template(text: impl Into<Text>) -> Expr<String> {
    Expr::from_node(Node::function(Function::Sub(text.into(), Vec::new())))
}

/// The values that CloudFormation itself provides.
pub mod pseudo {
    use super::reference_by_name;
    use crate::{expr::Expr, kind::List};

    /// The account that the stack is in.
    pub fn account_id() -> Expr<String> {
        reference_by_name("AWS::AccountId")
    }

    /// The ARNs that the stack's events are sent to.
    pub fn notification_arns() -> Expr<List<String>> {
        reference_by_name("AWS::NotificationARNs")
    }

    /// The partition (`aws`, `aws-cn`, `aws-us-gov`) that the stack is in.
    pub fn partition() -> Expr<String> {
        reference_by_name("AWS::Partition")
    }

    /// The region that the stack is in.
    pub fn region() -> Expr<String> {
        reference_by_name("AWS::Region")
    }

    /// The ARN of the stack.
    pub fn stack_id() -> Expr<String> {
        reference_by_name("AWS::StackId")
    }

    /// The name of the stack.
    pub fn stack_name() -> Expr<String> {
        reference_by_name("AWS::StackName")
    }

    /// The domain of the partition (`amazonaws.com`).
    pub fn url_suffix() -> Expr<String> {
        reference_by_name("AWS::URLSuffix")
    }
}
