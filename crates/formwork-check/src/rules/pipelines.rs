//! CodePipeline.

use formwork_template::Value;

use crate::judge::{Judge, items, plain, text};

/// The least and the most artifacts.
type Count = (usize, usize);

/// Owner, category and provider of an action, and the artifacts that it takes and makes.
const COUNTS: [(&str, &str, &str, Count, Count); 16] = [
    ("AWS", "Source", "CodeCommit", (0, 0), (1, 1)),
    ("AWS", "Source", "CodeStarSourceConnection", (0, 0), (1, 1)),
    ("AWS", "Source", "ECR", (0, 0), (1, 1)),
    ("AWS", "Source", "S3", (0, 0), (1, 1)),
    ("ThirdParty", "Source", "GitHub", (0, 0), (1, 1)),
    ("AWS", "Build", "CodeBuild", (1, 5), (0, 5)),
    ("AWS", "Test", "CodeBuild", (1, 5), (0, 5)),
    ("AWS", "Test", "DeviceFarm", (1, 1), (0, 0)),
    ("AWS", "Approval", "Manual", (0, 0), (0, 0)),
    ("AWS", "Deploy", "CloudFormation", (0, 10), (0, 1)),
    ("AWS", "Deploy", "CodeDeploy", (1, 1), (0, 0)),
    ("AWS", "Deploy", "ECS", (1, 1), (0, 0)),
    ("AWS", "Deploy", "ElasticBeanstalk", (1, 1), (0, 0)),
    ("AWS", "Deploy", "S3", (1, 1), (0, 0)),
    ("AWS", "Invoke", "Lambda", (0, 5), (0, 5)),
    ("AWS", "Invoke", "StepFunctions", (0, 1), (0, 1)),
];

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
                counts(judge, action, &path);
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

/// Every kind of action takes and makes so many artifacts.
/// See [the numbers](https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html).
fn counts(judge: &mut Judge<'_>, action: &Value, path: &[&str]) {
    let of =
        |name: &str| action.get("ActionTypeId").and_then(|kind| text(kind.get(name)?)).unwrap_or_default();
    let kind = (of("Owner"), of("Category"), of("Provider"));
    let known = COUNTS.iter().find(|(owner, category, provider, ..)| {
        (*owner, *category, *provider) == (kind.0.as_str(), kind.1.as_str(), kind.2.as_str())
    });
    let Some((.., taken, made)) = known else { return };
    for (list, (least, most)) in [("InputArtifacts", taken), ("OutputArtifacts", made)] {
        let count = match action.get(list) {
            None => 0,
            Some(list) => match plain(list).and_then(Value::as_list) {
                Some(items) if items.iter().all(|item| plain(item).is_some()) => items.len(),
                _ => continue,
            },
        };
        if count < *least || count > *most {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let message = format!("{count} artifacts stand here; an action of {} has {wanted}", kind.2);
            let path = if action.get(list).is_some() { [path, &[list]].concat() } else { path.to_vec() };
            judge.error("E3702", &path, message);
        }
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
