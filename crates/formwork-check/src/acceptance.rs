//! Findings that the author accepts for one resource, with a written reason.

use formwork_template::{Finding, Value};

use crate::index::Index;

/// Where a resource's metadata holds what is accepted: rules, and the reason for each.
pub const ACCEPTED: [&str; 2] = ["formwork", "accept"];

/// Makes a note of every finding that its resource accepts with a reason; the reason is shown.
pub(crate) fn apply(index: &Index<'_>, findings: &mut [Finding]) {
    for finding in findings {
        let [section, id, ..] = finding.path.as_slice() else { continue };
        if section != "Resources" || finding.accepted.is_some() {
            continue;
        }
        let metadata = index.resource(id).and_then(|resource| resource.attributes.get("Metadata"));
        let rules = metadata.and_then(|metadata| metadata.at(ACCEPTED));
        let reason = rules.and_then(|rules| rules.get(&finding.rule)).and_then(Value::as_str);
        if let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) {
            finding.accept(reason);
        }
    }
}
