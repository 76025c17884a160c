//! The table of resource types and its reader: a chunk for each type. The index names every
//! service's types and where their chunks lie.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

#[cfg(feature = "write")]
use crate::chunks::{join, length_of, pack};
use crate::{
    chunks::{Mark, TableError, slice, split, unpack},
    facts::ResourceFacts,
};

static BYTES: &[u8] = include_bytes!("../facts.bin");
const MARK: Mark = *b"FWF2";

#[derive(Serialize, Deserialize)]
struct IndexEntry {
    service: String,
    /// The last parts of the names of the service's types, sorted, and the lengths of their chunks,
    /// which lie one behind the other.
    types: Vec<(String, u32)>,
}

struct Type {
    name: String,
    chunk: &'static [u8],
    facts: OnceLock<Option<Box<ResourceFacts>>>,
}

impl Type {
    fn facts(&self) -> Option<&ResourceFacts> {
        self.facts.get_or_init(|| unpack(self.chunk).ok()).as_deref()
    }
}

fn table() -> &'static BTreeMap<String, Vec<Type>> {
    static TABLE: OnceLock<BTreeMap<String, Vec<Type>>> = OnceLock::new();
    // The committed table opens: a test reads every chunk. Bytes that do not open hold no types.
    TABLE.get_or_init(|| open(BYTES).unwrap_or_default())
}

fn open(bytes: &'static [u8]) -> Result<BTreeMap<String, Vec<Type>>, TableError> {
    let (index, mut chunks) = split(bytes, MARK)?;
    let mut services = BTreeMap::new();
    for entry in unpack::<Vec<IndexEntry>>(index)? {
        let mut types = Vec::with_capacity(entry.types.len());
        for (name, length) in entry.types {
            let chunk = slice(chunks, length)?;
            chunks = &chunks[chunk.len()..];
            let name = format!("{}::{name}", entry.service);
            types.push(Type { name, chunk, facts: OnceLock::new() });
        }
        services.insert(entry.service, types);
    }
    Ok(services)
}

/// The facts on a resource type, or `None` when there is no such type.
pub fn resource(type_name: &str) -> Option<&'static ResourceFacts> {
    let (service, _) = type_name.rsplit_once("::")?;
    let types = table().get(service)?;
    let position = types.binary_search_by(|known| known.name.as_str().cmp(type_name)).ok()?;
    types.get(position)?.facts()
}

/// The names of all resource types, by service and name. This unpacks nothing but the index.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    table().values().flatten().map(|known| known.name.as_str())
}

/// The services' namespaces, such as `AWS::S3`, sorted.
pub fn services() -> impl Iterator<Item = &'static str> {
    table().keys().map(String::as_str)
}

/// The facts on all types of a service, by name; empty when there is no such service.
pub fn service_types(service: &str) -> impl Iterator<Item = &'static ResourceFacts> + use<> {
    table().get(service).into_iter().flatten().filter_map(Type::facts)
}

/// Reads a whole table from bytes, as code generation does to compare two of them.
pub fn decode(bytes: &[u8]) -> Result<Vec<ResourceFacts>, TableError> {
    let (index, mut chunks) = split(bytes, MARK)?;
    let mut facts = Vec::new();
    for (_, length) in unpack::<Vec<IndexEntry>>(index)?.into_iter().flat_map(|entry| entry.types) {
        let chunk = slice(chunks, length)?;
        chunks = &chunks[chunk.len()..];
        facts.push(unpack(chunk)?);
    }
    Ok(facts)
}

/// Writes a table. The same facts give the same bytes, whatever their order.
///
/// # Errors
///
/// When a chunk cannot be packed, or when all of it exceeds four gigabytes.
#[cfg(feature = "write")]
pub fn encode(mut facts: Vec<ResourceFacts>) -> std::io::Result<Vec<u8>> {
    facts.sort_by(|a, b| (a.service(), a.name()).cmp(&(b.service(), b.name())));
    let mut index: Vec<IndexEntry> = Vec::new();
    let mut chunks = Vec::new();
    for of_service in facts.chunk_by(|a, b| a.service() == b.service()) {
        let mut types = Vec::with_capacity(of_service.len());
        for facts in of_service {
            let chunk = pack(facts)?;
            types.push((facts.name().to_owned(), length_of(&chunk)?));
            chunks.extend(chunk);
        }
        let service = of_service.first().map(|first| first.service().to_owned()).unwrap_or_default();
        index.push(IndexEntry { service, types });
    }
    join(MARK, &index, &chunks)
}

#[cfg(test)]
mod tests {
    use super::{BYTES, decode, open};
    use crate::chunks::TableError;

    #[test]
    fn the_committed_table_opens() {
        assert!(!open(BYTES).expect("the index unpacks").is_empty());
        assert!(!decode(BYTES).expect("every chunk unpacks").is_empty());
    }

    #[test]
    fn broken_bytes_are_errors() {
        assert!(matches!(decode(b""), Err(TableError::NotATable)));
        assert!(matches!(decode(b"FWF0\0\0\0\0"), Err(TableError::NotATable)));
        assert!(matches!(decode(b"FWF2\0"), Err(TableError::Truncated)));
        assert!(matches!(decode(b"FWF2\xff\xff\xff\xff"), Err(TableError::Truncated)));
        assert!(decode(b"FWF2\x04\0\0\0\xff\xff\xff\xff").is_err());
        for length in (0..BYTES.len()).step_by(BYTES.len() / 9) {
            assert!(decode(&BYTES[..length]).is_err(), "the first {length} bytes are no table");
        }
    }
}
