//! [`LiveResources`]: reading a resource as it is, for what CloudFormation does not look at.

use formwork_spec::{Reference, ResourceFacts};
use serde_json::{Map, Value};

use crate::service::Answer;

/// Reads resources as they are.
pub trait LiveResources: Send + Sync {
    /// `GetResource` of Cloud Control: the properties as JSON.
    ///
    /// What is not there is [`crate::error::ServiceError::NotFound`].
    fn properties<'a>(&'a self, resource_type: &'a str, identifier: &'a str) -> Answer<'a, String>;

    /// Whether what it does not find is gone. An emulator may find only what was made through it.
    fn is_authoritative(&self) -> bool;
}

/// What Cloud Control knows a resource by.
pub(crate) struct Identifier {
    pub(crate) text: String,
    /// Whether it is so by the facts, and not only probably.
    pub(crate) certain: bool,
}

/// The identifier of a resource; `None` when a part of it is not known.
pub(crate) fn identifier(
    facts: Option<&ResourceFacts>,
    physical_id: &str,
    declared: &Map<String, Value>,
) -> Option<Identifier> {
    let probable = || Identifier { text: physical_id.to_owned(), certain: false };
    let Some(facts) = facts else { return Some(probable()) };
    let parts = &facts.primary_identifier;
    match &facts.reference {
        Reference::Identifier(name) if parts.as_slice() == [name.clone()] => {
            return Some(Identifier { text: physical_id.to_owned(), certain: true });
        }
        Reference::Composite(names) if names == parts => {
            return Some(Identifier { text: physical_id.to_owned(), certain: true });
        }
        _ if parts.is_empty() => return Some(probable()),
        _ => {}
    }
    let part = |part: &String| -> Option<String> {
        if matches!(&facts.reference, Reference::Identifier(name) if name == part) {
            return Some(physical_id.to_owned());
        }
        let mut steps = part.split('/');
        let first = declared.get(steps.next()?)?;
        Some(steps.try_fold(first, |value, step| value.get(step))?.as_str()?.to_owned())
    };
    if let [only] = parts.as_slice() {
        return Some(part(only).map_or_else(probable, |text| Identifier { text, certain: true }));
    }
    let parts: Option<Vec<String>> = parts.iter().map(part).collect();
    Some(Identifier { text: parts?.join("|"), certain: true })
}
