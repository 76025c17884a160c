//! [`Output`]: a value that the stack shows, and may export.

use crate::{
    condition::Condition,
    expr::Expr,
    node::{Function, Node},
    properties::Properties,
};

/// An output that stands in a stack, to say more about it.
///
/// See [Outputs](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html).
#[derive(Debug, Clone, PartialEq)]
pub struct Output(pub(crate) Properties);

impl Output {
    pub(crate) fn new(value: Node) -> Self {
        let mut properties = Properties::new();
        properties.put_node("Value".into(), value);
        Self(properties)
    }

    /// What the output is.
    pub fn description(&mut self, description: impl Into<String>) -> &mut Self {
        self.0.put_node("Description".into(), Node::String(description.into().into()));
        self
    }

    /// Exports the value under a name that is unique in the region, for stacks outside of this
    /// app. Within the app a handle does it.
    pub fn export_as(&mut self, name: impl Into<Expr<String>>) -> &mut Self {
        let export = Node::Map(vec![("Name".into(), name.into().into_node())]);
        self.0.put_node("Export".into(), export);
        self
    }

    /// Shows the output only where the condition holds.
    pub fn condition_on(&mut self, condition: &Condition) -> &mut Self {
        self.0.put_node("Condition".into(), Node::function(Function::ConditionName(*condition)));
        self
    }
}
