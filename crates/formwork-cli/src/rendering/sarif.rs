//! SARIF 2.1.0, which code hosts and editors read.
//!
//! See [the standard](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

use std::collections::BTreeSet;

use formwork_core::{Finding, Severity};
use serde_json::{Value, json};

use super::{Place, text};

/// One run with all findings.
pub(crate) fn render(findings: &[&Finding]) -> Value {
    let rules: BTreeSet<&str> = findings.iter().map(|finding| &*finding.rule).collect();
    let rules: Vec<Value> = rules.into_iter().map(|rule| json!({ "id": rule })).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "formwork",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut location = json!({
        "logicalLocations": [{ "fullyQualifiedName": finding.path.join("/") }],
    });
    if let Some(place) = Place::of(finding) {
        let mut physical = json!({ "artifactLocation": { "uri": place.file.replace('\\', "/") } });
        if let Some(line) = place.line {
            physical["region"] = match place.column {
                Some(column) => json!({ "startLine": line, "startColumn": column }),
                None => json!({ "startLine": line }),
            };
        }
        location["physicalLocation"] = physical;
    }
    json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": text(finding) },
        "locations": [location],
    })
}
