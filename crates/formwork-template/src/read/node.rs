//! What both parsers make: the nodes of a text in the order they stand.

use std::borrow::Cow;

use super::{
    DEPTH, NODES,
    error::ReadError,
    position::{Position, Span, count},
};
use crate::value::Value;

/// The nodes of a text. A collection stands before its children, and knows where they end; the
/// children of a map are keys and values in turn.
#[derive(Debug, Default)]
pub(super) struct Nodes<'t> {
    nodes: Vec<Node<'t>>,
    open: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Node<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) tag: Option<Tag>,
    /// Where the node stands, without its tag.
    pub(super) span: Span,
    /// The index after the last node of the subtree.
    end: u32,
}

#[derive(Debug)]
pub(super) struct Tag {
    /// The tag as it is resolved (`!Ref`, `tag:yaml.org,2002:str`).
    pub(super) name: Box<str>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum Kind<'t> {
    /// A scalar whose type is known: JSON.
    Typed(Value),
    /// A plain scalar, whose text decides the type.
    Plain(Cow<'t, str>),
    /// A quoted scalar or a block.
    Quoted(Cow<'t, str>),
    /// A list.
    List,
    /// A map.
    Map,
    /// An alias for the node with this index.
    Alias(usize),
}

impl<'t> Nodes<'t> {
    pub(super) fn get(&self, index: usize) -> &Node<'t> {
        &self.nodes[index]
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Appends a node and returns its index; a collection stays open.
    pub(super) fn push(&mut self, kind: Kind<'t>, tag: Option<Tag>, span: Span) -> Result<usize, ReadError> {
        let index = self.nodes.len();
        if index >= NODES {
            return Err(ReadError::too_many_nodes(span.start));
        }
        if matches!(kind, Kind::List | Kind::Map) {
            if self.open.len() >= DEPTH {
                return Err(ReadError::too_deep(span.start));
            }
            self.open.push(index);
        }
        self.nodes.push(Node { kind, tag, span, end: count(index + 1) });
        Ok(index)
    }

    /// Closes the innermost open collection at its closing bracket, or after its last node if it
    /// is a block.
    pub(super) fn close(&mut self, bracket: Option<Position>) {
        let Some(index) = self.open.pop() else { return };
        let last = self.nodes.last().map(|node| node.span.end);
        let end = count(self.nodes.len());
        let node = &mut self.nodes[index];
        node.end = end;
        node.span.end = bracket.or(last).unwrap_or(node.span.end);
    }

    /// The indexes of the children of a collection.
    pub(super) fn children(&self, index: usize) -> impl Iterator<Item = usize> {
        let end = self.end(index);
        let first = Some(index + 1).filter(|child| *child < end);
        std::iter::successors(first, move |child| Some(self.end(*child)).filter(|next| *next < end))
    }

    /// Whether a node is inside another, or the same.
    pub(super) fn contains(&self, outer: usize, inner: usize) -> bool {
        (outer..self.end(outer)).contains(&inner)
    }

    fn end(&self, index: usize) -> usize {
        self.nodes[index].end as usize
    }
}
