//! Resources that have another logical id on the new side.

use std::collections::BTreeMap;

use formwork_template::Template;

/// The old template with the new names of what moved, where anything did. `moved` leads from new
/// names to old ones; names that are not there, or still stand on the other side, do not count.
pub(crate) fn rename(old: &Template, new: &Template, moved: &BTreeMap<String, String>) -> Option<Template> {
    let has = |template: &Template, id: &str| template.resource(id).is_some();
    let names: BTreeMap<&str, &str> = moved
        .iter()
        .filter(|(to, from)| has(old, from) && has(new, to) && !has(old, to) && !has(new, from))
        .map(|(to, from)| (from.as_str(), to.as_str()))
        .collect();
    (!names.is_empty()).then(|| formwork_template::rename(old, &names))
}
