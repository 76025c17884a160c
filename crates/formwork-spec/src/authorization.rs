//! Facts on authorization: the actions of every service, the resources that they act on, and the
//! keys that conditions may look at.
//!
//! A service is known by the prefix of its actions, and unpacked when it is asked for.
//!
//! ```
//! use formwork_spec::authorization::{self, Access};
//!
//! let s3 = authorization::service("s3").expect("it is in the table");
//! let read = s3.action("getobject").expect("capitals do not matter");
//! assert_eq!((read.name.as_str(), read.access), ("GetObject", Access::Read));
//! assert!(s3.resources_of(read).any(|resource| resource.name == "object"));
//! assert!(s3.action("GetObjekt").is_none());
//! ```

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use crate::chunks::{Mark, TableError, slice, split, unpack};
#[cfg(feature = "write")]
use crate::chunks::{join, length_of, pack};

static BYTES: &[u8] = include_bytes!("../authorization.bin");
const MARK: Mark = *b"FWA1";

/// What an action does to what it acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Access {
    /// It lists resources.
    List,
    /// It reads what is in them.
    Read,
    /// It makes, changes or deletes them.
    Write,
    /// It changes their tags.
    Tagging,
    /// It changes who may use them.
    Permissions,
}

/// The kind of the values of a condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum KeyKind {
    /// Text.
    String,
    /// The name of a resource.
    Arn,
    /// A flag.
    Bool,
    /// A number.
    Numeric,
    /// A moment.
    Date,
    /// An address or a range of them.
    IpAddress,
}

/// A key that conditions may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionKey {
    /// The key, as the service writes it. What the author chooses stands in `${...}` or `<...>`.
    pub name: String,
    /// The kind of its values.
    pub kind: KeyKind,
    /// Whether a request has several of them.
    pub several: bool,
}

/// A type of resources as policies name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceType {
    /// The name of the type.
    pub name: String,
    /// The form of ARNs, with names in `${...}`.
    pub arn: String,
    /// The keys that come with the resource, by position.
    pub condition_keys: Vec<u16>,
}

/// An action that policies allow or deny.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The name, without the prefix of the service.
    pub name: String,
    /// What it does.
    pub access: Access,
    /// The types that it acts on, by position; none where policies name `*`.
    pub resources: Vec<u16>,
    /// The keys that come with the action, by position; those of the resources are not among them.
    pub condition_keys: Vec<u16>,
}

/// What is known of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What the names of actions begin with (`s3`).
    pub prefix: String,
    /// The actions, sorted by their names in small letters.
    pub actions: Vec<Action>,
    /// The types of resources.
    pub resources: Vec<ResourceType>,
    /// The keys of conditions.
    pub condition_keys: Vec<ConditionKey>,
}

impl Service {
    /// The action of a name, whatever its capitals.
    pub fn action(&self, name: &str) -> Option<&Action> {
        let name = name.to_ascii_lowercase();
        let position = self.actions.binary_search_by(|known| known.name.to_ascii_lowercase().cmp(&name));
        self.actions.get(position.ok()?)
    }

    /// The types of resources that an action acts on.
    pub fn resources_of<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = &'a ResourceType> {
        action.resources.iter().filter_map(|position| self.resources.get(usize::from(*position)))
    }

    /// The keys that a request for an action may have, those of its resources among them.
    pub fn condition_keys_of<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = &'a ConditionKey> {
        let of_resources = self.resources_of(action).flat_map(|resource| &resource.condition_keys);
        let positions = action.condition_keys.iter().chain(of_resources);
        positions.filter_map(|position| self.condition_keys.get(usize::from(*position)))
    }
}

#[derive(Serialize, Deserialize)]
struct Index {
    global: Vec<ConditionKey>,
    /// The prefixes of the services, sorted, and the lengths of their chunks.
    services: Vec<(String, u32)>,
}

#[derive(Default)]
struct Table {
    global: Vec<ConditionKey>,
    services: BTreeMap<String, Entry>,
}

struct Entry {
    chunk: &'static [u8],
    facts: OnceLock<Option<Box<Service>>>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    // The committed table opens: a test reads every chunk. Bytes that do not open hold no services.
    TABLE.get_or_init(|| open(BYTES).unwrap_or_default())
}

fn open(bytes: &'static [u8]) -> Result<Table, TableError> {
    let (index, mut chunks) = split(bytes, MARK)?;
    let index: Index = unpack(index)?;
    let mut services = BTreeMap::new();
    for (prefix, length) in index.services {
        let chunk = slice(chunks, length)?;
        chunks = &chunks[chunk.len()..];
        services.insert(prefix, Entry { chunk, facts: OnceLock::new() });
    }
    Ok(Table { global: index.global, services })
}

/// What is known of a service, by the prefix of its actions, whatever its capitals.
pub fn service(prefix: &str) -> Option<&'static Service> {
    let entry = table().services.get(&prefix.to_ascii_lowercase())?;
    entry.facts.get_or_init(|| unpack(entry.chunk).ok()).as_deref()
}

/// The prefixes of all services, sorted. This unpacks nothing but the index.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    table().services.keys().map(String::as_str)
}

/// The keys that come with the requests of every service.
pub fn global_condition_keys() -> &'static [ConditionKey] {
    &table().global
}

/// Writes a table. The same facts give the same bytes, whatever the order of services and actions.
///
/// # Errors
///
/// When a chunk cannot be packed, or when all of it exceeds four gigabytes.
#[cfg(feature = "write")]
pub fn encode(global: Vec<ConditionKey>, mut services: Vec<Service>) -> std::io::Result<Vec<u8>> {
    services.sort_by(|left, right| left.prefix.cmp(&right.prefix));
    let mut index = Index { global, services: Vec::new() };
    let mut chunks = Vec::new();
    for mut service in services {
        service.actions.sort_by_key(|action| action.name.to_ascii_lowercase());
        let chunk = pack(&service)?;
        index.services.push((service.prefix, length_of(&chunk)?));
        chunks.extend(chunk);
    }
    join(MARK, &index, &chunks)
}

#[cfg(test)]
mod tests {
    use super::{BYTES, open, prefixes, service};

    #[test]
    fn every_chunk_of_the_committed_table_opens() {
        assert!(!open(BYTES).expect("the index unpacks").global.is_empty());
        let services: Vec<_> = prefixes().map(|prefix| service(prefix).expect("the chunk unpacks")).collect();
        let actions: usize = services.iter().map(|service| service.actions.len()).sum();
        assert!(services.len() > 400 && actions > 20_000, "{} services, {actions} actions", services.len());
        for service in services {
            for action in &service.actions {
                assert_eq!(service.action(&action.name), Some(action), "{}", service.prefix);
                assert_eq!(service.resources_of(action).count(), action.resources.len());
            }
        }
    }
}
