//! [`Node`]: an untyped value that may hold expressions whose names are not settled yet.

use std::panic::Location;

use formwork_template::{Text, Value};

use crate::{condition::Condition, handle::ResourceId, mapping::Mapping, parameter::ParameterId};

/// A literal, or an expression that CloudFormation evaluates.
///
/// This is what [`Expr`](crate::Expr) wraps with a type. Expressions refer to resources,
/// parameters, conditions and mappings by identity; their names are written at synthesis, when
/// the stack that uses a value is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Node {
    /// `null`.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number. Not a number and the infinities become `null`.
    Float(f64),
    /// A string.
    String(Text),
    /// A list.
    List(Vec<Node>),
    /// A map; a later pair with the same key does not occur.
    Map(Vec<(Text, Node)>),
    /// An expression.
    Function(Box<Function>),
}

/// An expression that CloudFormation evaluates at deploy time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Function {
    /// `Ref`.
    Ref(Target),
    /// The name of the target itself, as rules want it of parameters.
    NameOf(Target),
    /// `Fn::GetAtt`: the target, the attribute, and whether it yields a list.
    GetAtt(Target, Text, Shape),
    /// Text with values put in, as [`sub!`](crate::sub) makes it. Written as `Fn::Sub`.
    Format(Vec<FormatPart>),
    /// `Fn::Sub` as the author wrote it, with its own variables.
    Sub(Text, Vec<(Text, Node)>),
    /// `Fn::If`.
    If(Condition, Node, Node),
    /// The name of a condition, as the `Condition` attribute of a resource has it.
    ConditionName(Condition),
    /// `{"Condition": NAME}`, a condition inside a condition.
    Condition(Condition),
    /// `Fn::FindInMap`, with the value to take when the keys are missing.
    FindInMap(Mapping, Node, Node, Option<Node>),
    /// Any other function by its name and argument.
    Call(Text, Node),
    /// A value that a lookup should have given, with the key that was asked for.
    Unresolved(Text, &'static Location<'static>),
}

impl Function {
    /// Calls `see` with every node inside.
    pub(crate) fn for_each_operand<'a>(&'a self, see: &mut impl FnMut(&'a Node)) {
        match self {
            Self::Format(parts) => parts.iter().for_each(|part| {
                if let FormatPart::Value(_, node) = part {
                    see(node);
                }
            }),
            Self::Sub(_, variables) => variables.iter().for_each(|(_, node)| see(node)),
            Self::If(_, holds, otherwise) => {
                see(holds);
                see(otherwise);
            }
            Self::FindInMap(_, first, second, otherwise) => {
                see(first);
                see(second);
                otherwise.iter().for_each(see);
            }
            Self::Call(_, argument) => see(argument),
            Self::Ref(_)
            | Self::NameOf(_)
            | Self::GetAtt(..)
            | Self::ConditionName(_)
            | Self::Condition(_)
            | Self::Unresolved(..) => {}
        }
    }
}

/// What a reference points at.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// A resource of this app.
    Resource(ResourceId),
    /// A parameter of this app.
    Parameter(ParameterId),
    /// Whatever has this name in the stack that the expression stands in.
    Name(Text),
}

/// Whether an attribute yields one value or a list: a list crosses stacks joined and is split again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// One value.
    Single,
    /// A list of strings.
    List,
}

/// A piece of formatted text.
#[derive(Debug, Clone, PartialEq)]
pub enum FormatPart {
    /// Text as it stands.
    Text(Text),
    /// A value under the name that the author gave it.
    Value(Text, Node),
}

/// A place in the user's code.
pub(crate) type Where = &'static Location<'static>;

impl Node {
    /// An expression.
    pub fn function(function: Function) -> Self {
        Self::Function(Box::new(function))
    }

    /// A call of a function by name.
    pub fn call(name: &'static str, argument: Self) -> Self {
        Self::function(Function::Call(Text::Borrowed(name), argument))
    }

    /// The string, if this is a literal string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The value under a key, if this is a literal map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// Whether this is an expression, whose value is not known before deployment.
    pub const fn is_function(&self) -> bool {
        matches!(self, Self::Function(_))
    }

    /// The node at a path of keys and list positions.
    pub fn at<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |node, step| match node {
            Self::Map(_) => node.get(step),
            Self::List(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Puts a value at a path, making the maps and lists on the way.
    ///
    /// # Errors
    /// The path leads through an expression, a scalar, or a list position that does not exist
    /// (the position just past the end appends).
    pub fn set_at(&mut self, path: &[&str], value: Self) -> Result<(), PathError> {
        let Some((step, rest)) = path.split_first() else {
            *self = value;
            return Ok(());
        };
        if step.is_empty() {
            return Err(PathError { step: String::new(), found: "nothing: it has no name".to_owned() });
        }
        self.step_into(step)?.set_at(rest, value)
    }

    /// Takes out what stands at a path, if anything does.
    pub fn remove_at(&mut self, path: &[&str]) -> Option<Self> {
        let (step, rest) = path.split_first()?;
        match self {
            Self::Map(pairs) => {
                let position = pairs.iter().position(|(name, _)| name == step)?;
                if rest.is_empty() {
                    return Some(pairs.remove(position).1);
                }
                pairs[position].1.remove_at(rest)
            }
            Self::List(items) => {
                let position = step.parse::<usize>().ok().filter(|position| *position < items.len())?;
                if rest.is_empty() {
                    return Some(items.remove(position));
                }
                items[position].remove_at(rest)
            }
            _ => None,
        }
    }

    fn step_into(&mut self, step: &str) -> Result<&mut Self, PathError> {
        if matches!(self, Self::Null) {
            // A number is a position in a list: no property has one for a name.
            let is_position = step.parse::<usize>().is_ok();
            *self = if is_position { Self::List(Vec::new()) } else { Self::Map(Vec::new()) };
        }
        match self {
            Self::Map(pairs) => {
                let position = pairs.iter().position(|(name, _)| name == step).unwrap_or_else(|| {
                    pairs.push((Text::Owned(step.to_owned()), Self::Null));
                    pairs.len() - 1
                });
                Ok(&mut pairs[position].1)
            }
            Self::List(items) => {
                let length = items.len();
                let position = step.parse::<usize>().ok().filter(|position| *position <= length);
                let Some(position) = position else {
                    return Err(PathError { step: step.to_owned(), found: format!("a list of {length}") });
                };
                if position == length {
                    items.push(Self::Null);
                }
                Ok(&mut items[position])
            }
            Self::Function(_) => Err(PathError { step: step.to_owned(), found: "an expression".to_owned() }),
            _ => Err(PathError { step: step.to_owned(), found: "a plain value".to_owned() }),
        }
    }
}

/// Why a path cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the step `{step}` leads into {found}")]
pub struct PathError {
    /// The step that failed.
    pub step: String,
    /// What stood there instead of a map or list that has the step.
    pub found: String,
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Self::Integer(integer),
                (None, Some(float)) => Self::Float(float),
                (None, None) => Self::Null,
            },
            Value::String(text) => Self::String(text),
            Value::List(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Map(map) => {
                Self::Map(map.into_iter().map(|(key, item)| (key, Self::from(item))).collect())
            }
        }
    }
}

impl From<serde_json::Value> for Node {
    fn from(value: serde_json::Value) -> Self {
        Self::from(Value::from(value))
    }
}
