//! Walking a path of a template's property into the facts.

use crate::facts::{Kind, NestedFacts, PropertyFacts, ResourceFacts, Update, ValueFacts};

/// One step into a property's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into an object, by key.
    Key(&'a str),
    /// Into a list, by position.
    Index(usize),
}

/// What the facts say about the place that a path leads to.
#[derive(Clone, Copy, Debug)]
pub struct Location<'a> {
    /// The last property on the way; of an item of a list, the list's.
    pub property: &'a PropertyFacts,
    /// The value at the place itself.
    pub value: &'a ValueFacts,
    /// The worst that a change at this place does, all properties on the way considered.
    pub update: Update,
}

impl ResourceFacts {
    /// What is known about the value at a path below `Properties`.
    ///
    /// `None` when the facts end before the path does: an unknown property, or the inside of JSON.
    pub fn locate(&self, path: &[Step<'_>]) -> Option<Location<'_>> {
        let (Step::Key(first), rest) = path.split_first().map(|(first, rest)| (*first, rest))? else {
            return None;
        };
        let property = self.property(first)?;
        let mut location = Location { property, value: &property.value, update: property.update };
        for step in rest {
            self.descend(&mut location, *step)?;
        }
        if location.update != Update::Replacement {
            if self.create_only.iter().any(|pattern| covers(pattern, path)) {
                location.update = Update::Replacement;
            } else if self.conditional_create_only.iter().any(|pattern| covers(pattern, path)) {
                location.update = Update::Conditional;
            }
        }
        Some(location)
    }

    /// Whether the service never reads back the value at a path below `Properties`.
    pub fn is_write_only(&self, path: &[Step<'_>]) -> bool {
        self.write_only.iter().any(|pattern| covers(pattern, path))
    }

    /// Whether the service alone fills in the value at a path below `Properties`.
    pub fn is_read_only(&self, path: &[Step<'_>]) -> bool {
        self.read_only.iter().any(|pattern| covers(pattern, path))
    }

    /// The property type that a value is, be it directly, in a list or in a map.
    pub fn nested_of(&self, value: &ValueFacts) -> Option<&NestedFacts> {
        match &value.kind {
            Kind::Nested(id) => self.nested(*id),
            Kind::List(inner) | Kind::Map(inner) => self.nested_of(inner),
            _ => None,
        }
    }

    fn descend<'a>(&'a self, location: &mut Location<'a>, step: Step<'_>) -> Option<()> {
        let (property, value) = self.step_into(location.value, step)?;
        location.value = value;
        if let Some(property) = property {
            location.property = property;
            location.update = worse(location.update, property.update);
        }
        Some(())
    }

    fn step_into<'a>(
        &'a self,
        value: &'a ValueFacts,
        step: Step<'_>,
    ) -> Option<(Option<&'a PropertyFacts>, &'a ValueFacts)> {
        match (&value.kind, step) {
            (Kind::Nested(id), Step::Key(key)) => {
                let property = self.nested(*id)?.property(key)?;
                Some((Some(property), &property.value))
            }
            (Kind::List(inner), Step::Index(_)) | (Kind::Map(inner), Step::Key(_)) => Some((None, &**inner)),
            (Kind::Union(members), step) => members.iter().find_map(|member| self.step_into(member, step)),
            _ => None,
        }
    }
}

/// The update that costs more.
fn worse(one: Update, other: Update) -> Update {
    let rank = |update| match update {
        Update::NoInterruption => 0,
        Update::SomeInterruption => 1,
        Update::Conditional => 2,
        Update::Replacement => 3,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// Whether the path lies at or below what the pattern, such as `Schema/*/Name`, names.
fn covers(pattern: &str, path: &[Step<'_>]) -> bool {
    let mut steps = path.iter();
    pattern.split('/').all(|part| match steps.next() {
        Some(Step::Key(key)) => part == "*" || part == *key,
        Some(Step::Index(_)) => part == "*",
        None => false,
    })
}
