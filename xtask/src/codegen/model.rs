//! From the sources to the facts.

use std::collections::BTreeMap;

use anyhow::Result;
use formwork_spec::ResourceFacts;

use super::{
    corrections, database, lifecycles, overlay, relations, requirements, schema_types, schemas::Schemas,
    sources::Sources,
};

/// Reads both sources into one set of facts, by type name.
pub(crate) fn build(sources: &Sources) -> Result<BTreeMap<String, ResourceFacts>> {
    let files = sources.schemas()?;
    let schemas = Schemas::read(&files)?;
    let mut types: BTreeMap<String, ResourceFacts> = database::read(&sources.database()?)?
        .into_iter()
        .map(|facts| (facts.type_name.clone(), facts))
        .collect();
    for type_name in schemas.types() {
        let Some(schema) = schemas.get(type_name) else { continue };
        let facts =
            types.entry(type_name.to_owned()).or_insert_with(|| schema_types::read(type_name, schema));
        overlay::apply(facts, schema);
    }
    corrections::apply(&mut types);
    relations::settle(&mut types);
    let file = |wanted: &str| files.iter().find(|(path, _)| path == wanted).map(|(_, text)| text.clone());
    requirements::apply(&mut types, file)?;
    lifecycles::apply(&mut types, &sources.data(lifecycles::FILE)?)?;
    Ok(types)
}
