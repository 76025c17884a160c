//! Nodes to values: tags, aliases, merge keys, and the keys of every map.

use std::collections::HashSet;

use super::{
    DEPTH, EXPANDED_BYTES, NODES,
    error::{ReadError, Reason},
    node::{Kind, Node, Nodes, Tag},
    position::{Mark, Position, Span, count},
    scalar,
};
use crate::value::{Map, Text, Value};

/// The prefix of the tags that YAML itself defines.
const YAML_TAG: &str = "tag:yaml.org,2002:";
/// Maps of so many keys are looked up in the order of the keys.
const LARGE: usize = 64;

/// The value of the root node, and where everything in it stands.
pub(super) fn compose(nodes: &Nodes<'_>) -> Composed {
    if nodes.len() == 0 {
        return Err(ReadError::new(
            Reason::Root,
            Position::START,
            "there is no template in the text".to_owned(),
        ));
    }
    Composer { nodes, made: 0, text_bytes: 0 }.node(0, 0)
}

struct Composer<'n, 't> {
    nodes: &'n Nodes<'t>,
    made: usize,
    text_bytes: usize,
}

/// A node's value and place.
pub(super) type Composed = Result<(Value, Mark), ReadError>;

impl Composer<'_, '_> {
    /// Composes a node that stands in `depth` collections.
    fn node(&mut self, index: usize, depth: usize) -> Composed {
        let node = self.nodes.get(index);
        self.made += 1;
        if self.made > NODES {
            return Err(ReadError::too_many_nodes(node.span.start));
        }
        if let Kind::Alias(target) = node.kind {
            let target = self.outside(index, target)?;
            let (value, mut mark) = self.node(target, depth).map_err(|error| error.repeated_at(node.span))?;
            mark.span = node.span;
            return Ok((value, mark));
        }
        let Some(tag) = &node.tag else { return self.untagged(index, depth) };
        let (value, mut mark) = match (tag.name.strip_prefix(YAML_TAG), tag.name.strip_prefix('!')) {
            (Some(name), _) => self.yaml_type(index, name, tag, depth)?,
            (_, Some("")) => match &node.kind {
                Kind::Plain(text) => (self.text(text, node)?, Mark::leaf(node.span)),
                _ => self.untagged(index, depth)?,
            },
            (_, Some(name)) => self.function(index, name, tag, depth)?,
            _ => return Err(unknown_tag(&tag.name, tag)),
        };
        mark.span.start = tag.span.start;
        Ok((value, mark))
    }

    /// The target of an alias, which must not be around it.
    fn outside(&self, alias: usize, target: usize) -> Result<usize, ReadError> {
        if self.nodes.contains(target, alias) {
            let message = "the alias stands inside the node that it is for".to_owned();
            return Err(ReadError::new(Reason::Alias, self.nodes.get(alias).span.start, message));
        }
        Ok(target)
    }

    fn untagged(&mut self, index: usize, depth: usize) -> Composed {
        let nodes = self.nodes;
        let node = nodes.get(index);
        let value = match &node.kind {
            Kind::Typed(value) => value.clone(),
            Kind::Plain(text) => match scalar::resolve(text) {
                Some(value) => value,
                None => self.text(text, node)?,
            },
            Kind::Quoted(text) => self.text(text, node)?,
            Kind::List | Kind::Map if depth >= DEPTH => return Err(ReadError::too_deep(node.span.start)),
            Kind::List => return self.list(index, depth + 1),
            Kind::Map => return self.map(index, depth + 1),
            Kind::Alias(target) => return self.node(self.outside(index, *target)?, depth),
        };
        Ok((value, Mark::leaf(node.span)))
    }

    fn text(&mut self, text: &str, node: &Node<'_>) -> Result<Value, ReadError> {
        Ok(Value::String(self.owned(text, node.span)?))
    }

    fn owned(&mut self, text: &str, span: Span) -> Result<Text, ReadError> {
        self.text_bytes += text.len();
        if self.text_bytes > EXPANDED_BYTES {
            return Err(ReadError::too_much_text(span.start));
        }
        Ok(Text::Owned(text.to_owned()))
    }

    fn list(&mut self, index: usize, depth: usize) -> Composed {
        let nodes = self.nodes;
        let mut items = Vec::new();
        let mut children = Vec::new();
        for child in nodes.children(index) {
            let (value, mark) = self.node(child, depth)?;
            items.push(value);
            children.push(mark);
        }
        Ok((Value::List(items), Mark::collection(nodes.get(index).span, children)))
    }

    fn map(&mut self, index: usize, depth: usize) -> Composed {
        let nodes = self.nodes;
        let mut pairs: Vec<(Text, Value)> = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        let mut merge: Option<(usize, usize)> = None;
        let mut children = nodes.children(index);
        while let Some((key, value)) = children.next().zip(children.next()) {
            if is_merge_key(nodes.get(key)) {
                if let Some((first, _)) = merge.replace((key, value)) {
                    return Err(ReadError::duplicate_key("<<", nodes.get(first).span, nodes.get(key).span));
                }
                continue;
            }
            let name = self.key(key)?;
            let (value, mut mark) = self.node(value, depth)?;
            mark.key = Some(nodes.get(key).span);
            pairs.push((name, value));
            marks.push(mark);
        }
        reject_duplicates(&pairs, &marks)?;
        if let Some((_, source)) = merge {
            self.merge(source, depth, &mut pairs, &mut marks)?;
        }
        let mut mark = Mark::collection(nodes.get(index).span, marks);
        if pairs.len() >= LARGE {
            let mut order = by_key(&pairs);
            order.shrink_to_fit();
            mark.sorted = order.into_boxed_slice();
        }
        Ok((Value::Map(Map(pairs)), mark))
    }

    /// A key is a string as it is written, whatever it would be as a value.
    fn key(&mut self, index: usize) -> Result<Text, ReadError> {
        let written = self.nodes.get(index);
        let node = match written.kind {
            Kind::Alias(target) => self.nodes.get(self.outside(index, target)?),
            _ => written,
        };
        let is_function = node.tag.as_ref().is_some_and(|tag| &*tag.name != "!" && tag.name.starts_with('!'));
        let problem = match &node.kind {
            _ if is_function => "a key is a string, not a function",
            Kind::Plain(text) if text.is_empty() => "the key is missing",
            Kind::Plain(text) | Kind::Quoted(text) => return self.owned(text, written.span),
            Kind::List => "a key is a string, not a list",
            Kind::Map => "a key is a string, not a map",
            Kind::Typed(_) | Kind::Alias(_) => "a key is a string",
        };
        Err(ReadError::new(Reason::Key, written.span.start, problem.to_owned()))
    }

    /// Adds the keys of other maps that a map does not have itself; an earlier map wins.
    fn merge(
        &mut self,
        source: usize,
        depth: usize,
        pairs: &mut Vec<(Text, Value)>,
        marks: &mut Vec<Mark>,
    ) -> Result<(), ReadError> {
        let (value, mark) = self.node(source, depth)?;
        let sources = match value {
            Value::List(items) => items.into_iter().zip(mark.children).collect(),
            value => vec![(value, mark)],
        };
        let mut known: HashSet<Text> = pairs.iter().map(|(key, _)| key.clone()).collect();
        for (value, mark) in sources {
            let Value::Map(map) = value else {
                let message = format!("`<<` merges maps, this is {}", value.kind());
                return Err(ReadError::new(Reason::Alias, mark.span.start, message));
            };
            for (pair, below) in map.into_iter().zip(mark.children) {
                if known.insert(pair.0.clone()) {
                    pairs.push(pair);
                    marks.push(below);
                }
            }
        }
        Ok(())
    }

    /// A short form: the map with the function as its one key.
    fn function(&mut self, index: usize, name: &str, tag: &Tag, depth: usize) -> Composed {
        let nodes = self.nodes;
        let node = nodes.get(index);
        if depth >= DEPTH {
            return Err(ReadError::too_deep(tag.span.start));
        }
        let (value, mut mark) = match &node.kind {
            Kind::Plain(text) | Kind::Quoted(text) => match text.split_once('.') {
                Some((resource, attribute)) if name == "GetAtt" => {
                    self.attribute(node, resource, attribute)?
                }
                _ => (self.text(text, node)?, Mark::leaf(node.span)),
            },
            _ => self.untagged(index, depth + 1)?,
        };
        self.made += 1;
        mark.key = Some(tag.span);
        let key = if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") };
        let map = Map(vec![(self.owned(&key, tag.span)?, value)]);
        Ok((Value::Map(map), Mark::collection(node.span, vec![mark])))
    }

    /// The argument of `!GetAtt Name.Attribute`.
    fn attribute(&mut self, node: &Node<'_>, resource: &str, attribute: &str) -> Composed {
        self.made += 2;
        let items = vec![
            Value::String(self.owned(resource, node.span)?),
            Value::String(self.owned(attribute, node.span)?),
        ];
        let (left, right) = halves(node, resource, attribute);
        Ok((Value::List(items), Mark::collection(node.span, vec![Mark::leaf(left), Mark::leaf(right)])))
    }

    /// A type that YAML itself names, such as `!!str`.
    fn yaml_type(&mut self, index: usize, name: &str, tag: &Tag, depth: usize) -> Composed {
        let node = self.nodes.get(index);
        let value = match (&node.kind, name) {
            (Kind::Plain(text) | Kind::Quoted(text), "str" | "binary" | "timestamp") => {
                Some(self.text(text, node)?)
            }
            (Kind::Plain(text) | Kind::Quoted(text), "null" | "bool" | "int" | "float") => {
                scalar::resolve(text).filter(|value| {
                    matches!(
                        (value, name),
                        (Value::Null, "null")
                            | (Value::Bool(_), "bool")
                            | (Value::Number(_), "int" | "float")
                    )
                })
            }
            (Kind::List, "seq") | (Kind::Map, "map") => return self.untagged(index, depth),
            _ => None,
        };
        match value {
            Some(value) => Ok((value, Mark::leaf(node.span))),
            None => Err(unknown_tag(&format!("!!{name}"), tag)),
        }
    }
}

fn unknown_tag(name: &str, tag: &Tag) -> ReadError {
    ReadError::new(Reason::Tag, tag.span.start, format!("the tag `{name}` cannot stand here"))
}

fn is_merge_key(node: &Node<'_>) -> bool {
    node.tag.is_none() && matches!(&node.kind, Kind::Plain(text) if text == "<<")
}

/// The positions of pairs in the order of their keys, those of the same key as they stand.
fn by_key(pairs: &[(Text, Value)]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count(pairs.len())).collect();
    order.sort_by(|left, right| pairs[*left as usize].0.cmp(&pairs[*right as usize].0));
    order
}

fn reject_duplicates(pairs: &[(Text, Value)], marks: &[Mark]) -> Result<(), ReadError> {
    let order = by_key(pairs);
    let name = |position: u32| &pairs[position as usize].0;
    let repeated = order.windows(2).filter(|pair| name(pair[0]) == name(pair[1])).min_by_key(|pair| pair[1]);
    let Some(&[first, second]) = repeated else { return Ok(()) };
    let (first, second) = (first as usize, second as usize);
    let (Some(before), Some(again)) = (marks[first].key, marks[second].key) else { return Ok(()) };
    Err(ReadError::duplicate_key(&pairs[first].0, before, again))
}

/// Where the two parts of `Name.Attribute` stand, if the scalar has its text as it is; otherwise
/// both stand where the scalar does.
fn halves(node: &Node<'_>, resource: &str, attribute: &str) -> (Span, Span) {
    let Span { start, end } = node.span;
    let (name, rest) = (count(resource.chars().count()), count(attribute.chars().count()));
    let quote = match node.kind {
        Kind::Plain(_) => 0,
        _ => 1,
    };
    let width = name + 1 + rest + 2 * quote;
    if start.line != end.line || start.column + width != end.column {
        return (node.span, node.span);
    }
    let at = |column| Position { column, ..start };
    let first = start.column + quote;
    let second = first + name + 1;
    (Span { start: at(first), end: at(first + name) }, Span { start: at(second), end: at(second + rest) })
}
