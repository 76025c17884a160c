//! [`Properties`]: the property map behind every builder.

use formwork_template::Text;

use crate::{
    expr::Expr,
    node::{Node, PathError},
};

/// Properties by name, in the order they were first set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties(Vec<(Text, Node)>);

impl Properties {
    /// No properties.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a property, in place of what it was.
    pub fn put<T: ?Sized>(&mut self, name: &'static str, value: Expr<T>) {
        self.put_node(Text::Borrowed(name), value.into_node());
    }

    /// Sets a property to a node, in place of what it was.
    pub fn put_node(&mut self, name: Text, node: Node) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = node,
            None => self.0.push((name, node)),
        }
    }

    /// A property by name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    /// A property by name, to change it; null where it was not set.
    pub fn entry(&mut self, name: &'static str) -> &mut Node {
        let position = self.0.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            // This is how tags come to every resource of an app: room for one, not for as many again.
            self.0.reserve_exact(1);
            self.0.push((Text::Borrowed(name), Node::Null));
            self.0.len() - 1
        });
        &mut self.0[position].1
    }

    /// Puts a value at a dotted path (`Tags.0.Value`), making the maps and lists on the
    /// way.
    ///
    /// # Errors
    /// The path leads through something that is neither a map nor a list.
    pub fn set_path(&mut self, path: &str, node: Node) -> Result<(), PathError> {
        let steps: Vec<&str> = path.split('.').collect();
        let mut root = Node::Map(std::mem::take(&mut self.0));
        let outcome = root.set_at(&steps, node);
        if let Node::Map(pairs) = root {
            self.0 = pairs;
        }
        outcome
    }

    /// Takes out what stands at a dotted path, if anything does.
    pub fn delete_path(&mut self, path: &str) -> Option<Node> {
        let steps: Vec<&str> = path.split('.').collect();
        let mut root = Node::Map(std::mem::take(&mut self.0));
        let removed = root.remove_at(&steps);
        if let Node::Map(pairs) = root {
            self.0 = pairs;
        }
        removed
    }

    /// What stands at a dotted path.
    pub fn get_path(&self, path: &str) -> Option<&Node> {
        let mut steps = path.split('.');
        self.get(steps.next()?)?.at(steps)
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Node)> {
        self.0.iter().map(|(name, node)| (name, node))
    }

    /// The properties as a node.
    pub fn into_node(self) -> Node {
        Node::Map(self.0)
    }

    pub(crate) fn from_pairs(pairs: Vec<(Text, Node)>) -> Self {
        Self(pairs)
    }
}

impl IntoIterator for Properties {
    type Item = (Text, Node);
    type IntoIter = std::vec::IntoIter<(Text, Node)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
