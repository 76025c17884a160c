//! Intrinsic functions: how many operands, of what kind, and where which may stand.

mod operands;

use formwork_template::{Finding, Value, intrinsic};

use self::operands::Operands;
use crate::{
    index::Index,
    walk::{Step, path},
};

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

/// Reports a function whose argument has not the form that it takes, or whose operands are not of
/// the kind.
pub(crate) fn check(
    index: &Index<'_>,
    steps: &[Step<'_>],
    function: &str,
    argument: &Value,
    findings: &mut Vec<Finding>,
) {
    let operands = argument.as_list().map(<[Value]>::len);
    let text = argument.as_str().is_some();
    let later = argument.as_map().is_some();
    let sound = match function {
        "Ref" | "Fn::Base64" | "Fn::ImportValue" | "Fn::GetAZs" => text || later,
        "Fn::GetAtt" => argument.as_str().is_some_and(|name| name.contains('.')) || operands == Some(2),
        "Fn::Sub" => text || is_sub(argument),
        "Fn::Join" | "Fn::Select" | "Fn::Split" | "Fn::Equals" => operands == Some(2),
        "Fn::If" => operands == Some(3),
        "Fn::FindInMap" => matches!(operands, Some(3 | 4)),
        "Fn::Not" => operands == Some(1),
        "Fn::And" | "Fn::Or" => matches!(operands, Some(2..=10)),
        "Fn::Cidr" => matches!(operands, Some(2 | 3)),
        "Fn::Length" | "Fn::ToJsonString" => operands.is_some() || later,
        "Fn::GetStackOutput" => argument
            .as_map()
            .is_some_and(|map| map.contains_key("StackName") && map.contains_key("OutputName")),
        "Condition" | "Fn::Transform" => true,
        loops if loops.starts_with("Fn::ForEach::") => true,
        rules if OF_RULES.contains(&rules) => true,
        unknown => {
            let finding = Finding::error("E1001", format!("there is no function `{unknown}`"));
            let hint = format!("the functions are {}", intrinsic::FUNCTIONS.join(", "));
            findings.push(finding.hint(hint).path(path(steps)));
            return;
        }
    };
    if sound {
        let mut operands = Operands { index, steps, findings };
        operands.check(function, argument);
    } else {
        let message = format!("`{function}` takes {}", taken_by(function));
        findings.push(Finding::error(rule_of(function), message).path(within(steps, &[function])));
    }
}

fn is_sub(argument: &Value) -> bool {
    match argument.as_list() {
        Some([text]) => text.as_str().is_some(),
        Some([text, variables]) => text.as_str().is_some() && variables.as_map().is_some(),
        _ => false,
    }
}

/// The rule on a function.
pub(crate) fn rule_of(function: &str) -> &'static str {
    match function {
        "Ref" => "E1020",
        "Fn::GetAtt" => "E1010",
        "Fn::Sub" => "E1019",
        "Fn::Join" => "E1022",
        "Fn::Select" => "E1017",
        "Fn::Split" => "E1018",
        "Fn::If" => "E1028",
        "Fn::FindInMap" => "E1011",
        "Fn::Equals" => "E8003",
        "Fn::And" => "E8004",
        "Fn::Not" => "E8005",
        "Fn::Or" => "E8006",
        "Fn::Cidr" => "E1024",
        "Fn::Base64" => "E1021",
        "Fn::ImportValue" => "E1016",
        "Fn::GetAZs" => "E1015",
        "Fn::Length" => "E1030",
        "Fn::ToJsonString" => "E1031",
        "Fn::GetStackOutput" => "E1033",
        _ => "E1001",
    }
}

/// The argument of a function, in words.
fn taken_by(function: &str) -> &'static str {
    match function {
        "Ref" => "the name of a resource or parameter",
        "Fn::GetAtt" => "a resource and an attribute: `Topic.TopicName`, or a list of both",
        "Fn::Sub" => "a text, or a list of a text and its variables",
        "Fn::Join" => "a list of a delimiter and a list",
        "Fn::Select" => "a list of a position and a list",
        "Fn::Split" => "a list of a delimiter and a text",
        "Fn::If" => "a list of a condition and two values",
        "Fn::FindInMap" => "a list of a mapping and two keys",
        "Fn::Equals" => "a list of two values",
        "Fn::Not" => "a list of one condition",
        "Fn::And" | "Fn::Or" => "a list of two to ten conditions",
        "Fn::Cidr" => "a list of a range, a count, and bits",
        "Fn::ImportValue" => "the name of an export",
        "Fn::GetAZs" => "the name of a region, or an empty text",
        "Fn::GetStackOutput" => "an object with `StackName` and `OutputName`",
        "Fn::Length" => "a list",
        "Fn::ToJsonString" => "a list or an object",
        _ => "a text",
    }
}

/// The way to a place below the function.
fn within(steps: &[Step<'_>], more: &[&str]) -> Vec<String> {
    let mut place = path(steps);
    place.extend(more.iter().map(|step| (*step).to_owned()));
    place
}
