//! SARIF 2.1.0, which code hosts and editors read.
//!
//! See [the standard](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

use std::collections::BTreeSet;

use formwork_check::{Example, explain};
use formwork_core::{Finding, Severity};
use serde_json::{Value, json};

use super::{Place, text};
use crate::judged::{Judged, Shown};

/// One run with all findings; those that the baseline accepts are marked, if there is one.
pub(crate) fn render(judged: &[Judged], has_baseline: bool) -> Value {
    let shown: Vec<&Shown> = judged.iter().flat_map(|judged| &judged.shown).collect();
    let rules: BTreeSet<&str> = shown.iter().map(|shown| &*shown.finding.rule).collect();
    let rules: Vec<Value> = rules.into_iter().map(rule).collect();
    let results = shown.into_iter().map(|shown| {
        let mut result = result(&shown.finding);
        if has_baseline {
            result["baselineState"] = json!(if shown.in_baseline { "unchanged" } else { "new" });
        }
        result
    });
    let results: Vec<Value> = results.collect();
    log(&rules, &results)
}

/// The one run of a log.
pub(super) fn log(rules: &[Value], results: &[Value]) -> Value {
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

/// A rule with what the catalogue says of it.
fn rule(id: &str) -> Value {
    let Some(rule) = explain(id) else { return json!({ "id": id }) };
    let (fails, passes) = (plain(&rule.fails), plain(&rule.passes));
    let meaning = rule.meaning.split_whitespace().collect::<Vec<_>>().join(" ");
    json!({
        "id": id,
        "name": name(rule.title),
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": meaning },
        "help": {
            "text": format!("{meaning}\n\nFails:\n\n{fails}\n\nPasses:\n\n{passes}\n"),
            "markdown": format!(
                "{meaning}\n\n## Fails\n\n{}\n\n## Passes\n\n{}\n",
                rule.fails.markdown(),
                rule.passes.markdown(),
            ),
        },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

/// A title in the one word that the standard wants: `AValueIsOfTheWrongKind`.
fn name(title: &str) -> String {
    let words = title.split(|character: char| !character.is_ascii_alphanumeric());
    words
        .filter_map(|word| word.split_at_checked(1))
        .map(|(first, rest)| first.to_uppercase() + rest)
        .collect()
}

fn plain(example: &Example) -> String {
    let texts = [example.words, example.code, example.template];
    texts.into_iter().flatten().map(str::trim_end).collect::<Vec<_>>().join("\n\n")
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding) -> Value {
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
        "level": level(finding.severity),
        "message": { "text": text(finding) },
        "locations": [location],
    })
}
