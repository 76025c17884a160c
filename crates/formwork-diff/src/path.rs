//! [`Path`]: where in a resource or section something changes.

use std::fmt;

use formwork_spec::Step;
use serde::{Serialize, Serializer};

/// Where in a resource or section something changes.
///
/// Written, and serialized, as `Properties.Tags[Key=Name].Value`: items of a list are named by
/// what tells them apart, or by their position from 0, the new one where there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(Vec<PathStep>);

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// Into an object, by key.
    Key(String),
    /// Into a list.
    Item {
        /// What tells the item apart, such as `Key=Name`, where something does.
        label: Option<String>,
        /// The position on the old side.
        old: Option<usize>,
        /// The position on the new side.
        new: Option<usize>,
    },
}

impl Path {
    /// A path from keys.
    pub fn of<S: Into<String>>(keys: impl IntoIterator<Item = S>) -> Self {
        Self(keys.into_iter().map(|key| PathStep::Key(key.into())).collect())
    }

    /// The steps.
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    /// Whether this path is the other one, or leads to what is around it.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The keys and positions on the old side; nothing when the place is not there.
    pub fn old_steps(&self) -> Option<Vec<String>> {
        self.on_side(|old, _| old)
    }

    /// The keys and positions on the new side; nothing when the place is not there.
    pub fn new_steps(&self) -> Option<Vec<String>> {
        self.on_side(|_, new| new)
    }

    pub(crate) fn push(&mut self, step: PathStep) {
        self.0.push(step);
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// The steps below `Properties`, as the facts want them.
    pub(crate) fn property_steps(&self) -> Vec<Step<'_>> {
        let below = self.0.split_first().map_or(&[][..], |(_, rest)| rest);
        below
            .iter()
            .map(|step| match step {
                PathStep::Key(key) => Step::Key(key),
                PathStep::Item { old, new, .. } => Step::Index(new.or(*old).unwrap_or_default()),
            })
            .collect()
    }

    /// The key of the property, if the path leads to one.
    pub(crate) fn property(&self) -> Option<&str> {
        match self.0.as_slice() {
            [PathStep::Key(first), PathStep::Key(property), ..] if first == "Properties" => Some(property),
            _ => None,
        }
    }

    fn on_side(&self, side: impl Fn(Option<usize>, Option<usize>) -> Option<usize>) -> Option<Vec<String>> {
        self.0
            .iter()
            .map(|step| match step {
                PathStep::Key(key) => Some(key.clone()),
                PathStep::Item { old, new, .. } => side(*old, *new).map(|position| position.to_string()),
            })
            .collect()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Key(key) if position == 0 => formatter.write_str(key)?,
                PathStep::Key(key) => write!(formatter, ".{key}")?,
                PathStep::Item { label: Some(label), .. } => write!(formatter, "[{label}]")?,
                PathStep::Item { old, new, .. } => {
                    write!(formatter, "[{}]", new.or(*old).unwrap_or_default())?;
                }
            }
        }
        Ok(())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
