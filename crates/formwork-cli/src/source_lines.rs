//! The Rust line of every resource of a stack.

use std::collections::BTreeMap;

use anyhow::Result;
use formwork_check::Sources as _;
use formwork_core::{Assembly, AssemblyStack, Source};
use formwork_template::Template;

/// The Rust line of every resource of a stack, by its logical id, as far as the assembly has them.
pub(crate) fn source_lines(
    assembly: &Assembly,
    stack: &AssemblyStack,
    template: &Template,
) -> Result<BTreeMap<String, Source>> {
    let sources = assembly.sources(stack)?;
    let found = template.resources().filter_map(|resource| {
        let source = sources.source("Resources", resource.logical_id)?;
        Some((resource.logical_id.to_owned(), source))
    });
    Ok(found.collect())
}
