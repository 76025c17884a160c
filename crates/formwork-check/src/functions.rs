//! The form of intrinsic functions: how many operands, and of what kind.

use formwork_template::{Finding, Value, intrinsic};

use crate::walk::{Step, path};

/// Functions that rules alone know.
const OF_RULES: [&str; 7] = [
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::RefAll",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
    "Fn::ValueOfEach",
];

/// Reports a function whose argument has not the form that it takes.
pub(crate) fn check(steps: &[Step<'_>], function: &str, argument: &Value, findings: &mut Vec<Finding>) {
    let operands = argument.as_list().map(<[Value]>::len);
    let text = argument.as_str().is_some();
    let later = argument.as_map().is_some();
    let (rule, sound, wanted) = match function {
        "Ref" => ("E1020", text || later, "the name of a resource or parameter"),
        "Fn::GetAtt" => {
            let dotted = argument.as_str().is_some_and(|name| name.contains('.'));
            (
                "E1010",
                dotted || operands == Some(2),
                "a resource and an attribute: `Topic.TopicName`, or a list of both",
            )
        }
        "Fn::Sub" => ("E1019", text || is_sub(argument), "a text, or a list of a text and its variables"),
        "Fn::Join" => ("E1022", operands == Some(2), "a list of a delimiter and a list"),
        "Fn::Select" => ("E1017", operands == Some(2), "a list of a position and a list"),
        "Fn::Split" => ("E1018", operands == Some(2), "a list of a delimiter and a text"),
        "Fn::If" => ("E1028", operands == Some(3), "a list of a condition and two values"),
        "Fn::FindInMap" => ("E1011", matches!(operands, Some(3 | 4)), "a list of a mapping and two keys"),
        "Fn::Equals" => ("E8003", operands == Some(2), "a list of two values"),
        "Fn::Not" => ("E8005", operands == Some(1), "a list of one condition"),
        "Fn::And" => ("E8004", matches!(operands, Some(2..=10)), "a list of two to ten conditions"),
        "Fn::Or" => ("E8006", matches!(operands, Some(2..=10)), "a list of two to ten conditions"),
        "Fn::Cidr" => ("E1024", matches!(operands, Some(2 | 3)), "a list of a range, a count, and bits"),
        "Fn::Base64" => ("E1021", text || later, "a text"),
        "Fn::ImportValue" => ("E1016", text || later, "the name of an export"),
        "Fn::GetAZs" => ("E1015", text || later, "the name of a region, or an empty text"),
        "Fn::Length" => ("E1030", operands.is_some() || later, "a list"),
        "Fn::ToJsonString" => ("E1031", operands.is_some() || later, "a list or an object"),
        "Condition" | "Fn::Transform" | "Fn::GetStackOutput" => return,
        loops if loops.starts_with("Fn::ForEach::") || OF_RULES.contains(&loops) => return,
        unknown => {
            let finding = Finding::error("E1001", format!("there is no function `{unknown}`"));
            let hint = format!("the functions are {}", intrinsic::FUNCTIONS.join(", "));
            findings.push(finding.hint(hint).path(path(steps)));
            return;
        }
    };
    if !sound {
        let mut place = path(steps);
        place.push(function.to_owned());
        findings.push(Finding::error(rule, format!("`{function}` takes {wanted}")).path(place));
    }
}

fn is_sub(argument: &Value) -> bool {
    match argument.as_list() {
        Some([text, variables]) => text.as_str().is_some() && variables.as_map().is_some(),
        _ => false,
    }
}
