//! CodePipeline.

use formwork_template::Value;

use crate::judge::{Judge, items, plain, text};

/// Sources stand in the first stage, and what an action takes another made before.
pub(super) fn check(judge: &mut Judge<'_>) {
    for pipeline in judge.resources("AWS::CodePipeline::Pipeline") {
        let stages = pipeline.property("Stages").and_then(plain).map(items).unwrap_or_default();
        if stages.iter().any(|stage| plain(stage).is_none()) {
            continue;
        }
        let mut made: Vec<String> = Vec::new();
        let mut complete = true;
        for (stage_position, stage) in stages.iter().enumerate() {
            let actions = stage.get("Actions").and_then(plain).map(items).unwrap_or_default();
            complete &= actions.iter().all(|action| plain(action).is_some());
            for (position, action) in actions.iter().enumerate() {
                let (stage_position, position) = (stage_position.to_string(), position.to_string());
                let path = [
                    "Resources",
                    pipeline.logical_id,
                    "Properties",
                    "Stages",
                    &stage_position,
                    "Actions",
                    &position,
                ];
                category(judge, action, stage_position == "0", &path);
                complete &= artifacts(judge, action, &mut made, complete, &path);
            }
        }
    }
}

fn category(judge: &mut Judge<'_>, action: &Value, first: bool, path: &[&str]) {
    let Some(category) = action.get("ActionTypeId").and_then(|kind| text(kind.get("Category")?)) else {
        return;
    };
    let path = [path, &["ActionTypeId", "Category"]].concat();
    if first && category != "Source" {
        judge.error("E3700", &path, format!("the first stage has sources alone, and this is `{category}`"));
    } else if !first && category == "Source" {
        judge.error("E3700", &path, "a source stands in the first stage");
    }
}

/// Notes what an action makes; whether all of it has a plain name.
fn artifacts(
    judge: &mut Judge<'_>,
    action: &Value,
    made: &mut Vec<String>,
    complete: bool,
    path: &[&str],
) -> bool {
    let named = |list: &str| -> Option<Vec<String>> {
        let Some(found) = action.get(list) else { return Some(Vec::new()) };
        plain(found).map(items)?.iter().map(|artifact| text(artifact.get("Name")?)).collect()
    };
    let mut plain_names = complete;
    if let Some(taken) = named("InputArtifacts").filter(|_| complete) {
        for (position, name) in taken.iter().enumerate().filter(|(_, name)| !made.contains(name)) {
            let position = position.to_string();
            let path = [path, &["InputArtifacts", &position, "Name"]].concat();
            judge.error("E3701", &path, format!("no earlier action makes the artifact `{name}`"));
        }
    }
    match named("OutputArtifacts") {
        Some(names) => {
            for (position, name) in names.into_iter().enumerate() {
                if made.contains(&name) {
                    let position = position.to_string();
                    let path = [path, &["OutputArtifacts", &position, "Name"]].concat();
                    judge.error("E3701", &path, format!("another action makes the artifact `{name}` too"));
                }
                made.push(name);
            }
        }
        None => plain_names = false,
    }
    plain_names
}
