//! SARIF 2.1.0: a result for each replacement, loss of data and broadening.

use formwork_core::Source;
use formwork_diff::{AppDiff, Effect, ResourceChange, StackDiff};
use serde_json::{Value, json};

use super::words;
use crate::rendering::sarif::log;

/// A kind of result.
struct Rule {
    id: &'static str,
    name: &'static str,
    text: &'static str,
    level: &'static str,
}

const DATA_LOSS: Rule = Rule {
    id: "diff/data-loss",
    name: "DataLoss",
    text: "a resource that holds data is deleted or replaced, and nothing of it is kept",
    level: "error",
};
const REPLACEMENT: Rule = Rule {
    id: "diff/replacement",
    name: "Replacement",
    text: "a resource is replaced by a new one, or may be",
    level: "warning",
};
const ACCESS: Rule = Rule {
    id: "diff/access",
    name: "AccessBroadens",
    text: "somebody may do more than before, or it cannot be ruled out",
    level: "warning",
};
const EXPOSURE: Rule = Rule {
    id: "diff/exposure",
    name: "ExposureBroadens",
    text: "something is open that was not, or is no longer encrypted, or it cannot be ruled out",
    level: "warning",
};

/// Where a resource is written, for want of a line of Rust: a file and a position in it.
pub(crate) struct Written {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// One run with all results. `written` finds a resource in the templates' own text.
pub(crate) fn render(
    diff: &AppDiff,
    security_only: bool,
    written: impl Fn(&StackDiff, &str) -> Option<Written>,
) -> Value {
    let mut results = Vec::new();
    for stack in &diff.stacks {
        let mut add = |rule: &Rule, id: &str, source: Option<&Source>, text: String| {
            results.push(result(rule, stack, id, source, &text, written(stack, id)));
        };
        for resource in stack.resources.iter().filter(|_| !security_only) {
            let (id, source) = (resource.logical_id.as_str(), resource.source.as_ref());
            if resource.data_loss {
                add(&DATA_LOSS, id, source, sentence(resource));
            }
            if matches!(resource.effect, Effect::Replace | Effect::MayReplace) {
                add(&REPLACEMENT, id, source, sentence(resource));
            }
        }
        for change in stack.access.iter().filter(|change| change.broadening) {
            add(&ACCESS, &change.logical_id, change.source.as_ref(), change.text.clone());
        }
        for change in stack.exposure.iter().filter(|change| change.broadening) {
            add(&EXPOSURE, &change.logical_id, change.source.as_ref(), change.text.clone());
        }
    }
    let used = |rule: &&Rule| results.iter().any(|result| result["ruleId"] == rule.id);
    let rules = [DATA_LOSS, REPLACEMENT, ACCESS, EXPOSURE];
    let rules: Vec<Value> = rules.iter().filter(used).map(Rule::to_json).collect();
    log(&rules, &results)
}

/// What happens to a resource, as a sentence about it.
fn sentence(resource: &ResourceChange) -> String {
    let mut text =
        format!("{} `{}`: {}", resource.resource_type, resource.logical_id, words::effect(resource));
    for more in [words::data_loss(resource).map(str::to_owned), super::report::reason(resource)] {
        text.extend(more.map(|more| format!("; {more}")));
    }
    text
}

impl Rule {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "shortDescription": { "text": self.text },
            "defaultConfiguration": { "level": self.level },
        })
    }
}

fn result(
    rule: &Rule,
    stack: &StackDiff,
    id: &str,
    source: Option<&Source>,
    text: &str,
    written: Option<Written>,
) -> Value {
    let name = match &stack.name {
        Some(stack) => format!("{stack}/Resources/{id}"),
        None => format!("Resources/{id}"),
    };
    let mut location = json!({ "logicalLocations": [{ "fullyQualifiedName": name }] });
    let place = match (source, written) {
        (Some(source), _) => Some((source.file.to_string(), json!({ "startLine": source.line }))),
        (None, Some(Written { file, line, column })) => {
            Some((file, json!({ "startLine": line, "startColumn": column })))
        }
        (None, None) => None,
    };
    if let Some((file, region)) = place {
        let uri = file.replace('\\', "/");
        location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri }, "region": region });
    }
    json!({
        "ruleId": rule.id,
        "level": rule.level,
        "message": { "text": text },
        "locations": [location],
    })
}
