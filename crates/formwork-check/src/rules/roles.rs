//! IAM roles, and what names them.

use formwork_template::{Value, intrinsic};

use crate::judge::{Judge, text};

/// A service that takes a role by its name looks for it at the root of paths.
pub(super) fn check(judge: &mut Judge<'_>) {
    for project in judge.resources("AWS::CodeBuild::Project") {
        let Some(("Ref", Value::String(role))) =
            project.property("ServiceRole").and_then(Value::as_map).and_then(intrinsic::of)
        else {
            continue;
        };
        let Some(role) =
            judge.index.resource(role).filter(|role| role.resource_type() == Some("AWS::IAM::Role"))
        else {
            continue;
        };
        let Some(path) = role.property("Path").and_then(text).filter(|path| path != "/") else { continue };
        let place = ["Resources", project.logical_id, "Properties", "ServiceRole", "Ref"];
        let hint = format!("`Fn::GetAtt` of `{}.Arn` names it with its path", role.logical_id);
        judge.report(
            "E3050",
            formwork_template::Severity::Error,
            &place,
            format!("`Ref` gives the name of the role, which is under the path `{path}`"),
            Some(hint),
        );
    }
}
