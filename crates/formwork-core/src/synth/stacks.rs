//! Stacks that wait for each other.

use std::{collections::BTreeMap, fmt::Write as _};

use formwork_check::circles;
use formwork_template::Finding;

use crate::{
    model::{Model, index},
    node::Where,
};

/// Per stack the ones that are deployed before it, and the line that wants it so.
pub(crate) type Dependencies = Vec<BTreeMap<u32, Where>>;

/// Reports stacks that wait for each other, link by link.
pub(crate) fn check_cycles(model: &mut Model, dependencies: &Dependencies) {
    let links: Vec<(usize, usize)> = dependencies
        .iter()
        .enumerate()
        .flat_map(|(from, to)| to.keys().map(move |to| (from, *to as usize)))
        .collect();
    for chain in circles::find(model.stacks.len(), &links) {
        let name = |stack: usize| &model.stacks[stack].name;
        let mut lines = String::new();
        for (position, &from) in chain.iter().enumerate() {
            let to = chain[(position + 1) % chain.len()];
            let place =
                dependencies[from].get(&index(to)).map(|used| format!(" at {}:{}", used.file(), used.line()));
            let place = place.unwrap_or_default();
            // Writing into a string does not fail.
            let _ = write!(lines, "\n    `{}` uses `{}`{place}", name(from), name(to));
        }
        let first = &model.stacks[chain[0]];
        let finding = Finding::error("FW0203", format!("stacks wait for each other in a circle:{lines}"))
            .hint("move what both need into a stack that needs neither")
            .at(first.location)
            .in_stack(&first.name);
        model.findings.push(finding);
    }
}
