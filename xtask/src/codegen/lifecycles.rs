//! Runtimes that come and go, from the second source.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use formwork_spec::{Lifecycle, ResourceFacts};
use serde::Deserialize;

/// The file below the package's data.
pub(crate) const FILE: &str = "AdditionalSpecs/LmbdRuntimeLifecycle.json";
/// What has runtimes.
const FUNCTION: &str = "AWS::Lambda::Function";

/// One runtime in the file.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Days {
    deprecated: Option<String>,
    create_block: Option<String>,
    update_block: Option<String>,
    successor: Option<String>,
}

/// Adds the lifecycles of runtimes to the function's facts.
pub(crate) fn apply(types: &mut BTreeMap<String, ResourceFacts>, text: &[u8]) -> Result<()> {
    let runtimes: BTreeMap<String, Days> =
        serde_json::from_slice(text).with_context(|| format!("read {FILE}"))?;
    let facts = types.get_mut(FUNCTION).with_context(|| format!("{FUNCTION} is missing"))?;
    facts.lifecycles.extend(runtimes.into_iter().map(|(value, days)| Lifecycle {
        property: "Runtime".to_owned(),
        value,
        deprecated: days.deprecated,
        creation_ends: days.create_block,
        update_ends: days.update_block,
        successor: days.successor,
    }));
    Ok(())
}
