//! The section `Conditions`.

use std::collections::HashMap;

use formwork_template::{Severity, Value, intrinsic};

use crate::{circles, judge::Judge};

/// What says whether something is so.
const FUNCTIONS: [&str; 5] = ["Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"];

/// A condition is a function that says whether something is so, and no circle of conditions.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    let Some(conditions) = template.section("Conditions") else { return };
    let names: Vec<&str> = conditions.keys().collect();
    let positions: HashMap<&str, usize> =
        names.iter().enumerate().map(|(position, name)| (*name, position)).collect();
    let mut links = Vec::new();
    for (position, (name, value)) in
        conditions.iter().enumerate().filter(|(_, (name, _))| !name.starts_with("Fn::"))
    {
        let function = value.as_map().and_then(intrinsic::of).map(|(function, _)| function);
        if !function.is_some_and(|function| FUNCTIONS.contains(&function) || function == "Fn::Transform") {
            let hint =
                Some("it must be `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`".to_owned());
            let message = format!("`{name}` is no condition");
            judge.report("E8001", Severity::Error, &["Conditions", name], message, hint);
        }
        intrinsic::references(value, &mut |reference| {
            if let intrinsic::Reference::Condition(other) = reference
                && let Some(to) = positions.get(other)
            {
                links.push((position, *to));
            }
        });
        constant(judge, name, value);
    }
    links.sort_unstable();
    links.dedup();
    for chain in circles::find(names.len(), &links) {
        let Some(first) = chain.first().map(|position| names[*position]) else { continue };
        let chain: Vec<String> = chain.iter().map(|position| format!("`{}`", names[*position])).collect();
        judge.error(
            "E8007",
            &["Conditions", first],
            format!("conditions ask each other in a circle: {}", chain.join(", then ")),
        );
    }
}

/// A comparison that always comes out the same.
fn constant(judge: &mut Judge<'_>, name: &str, value: &Value) {
    if let Some(("Fn::Equals", Value::List(operands))) = value.as_map().and_then(intrinsic::of)
        && let [Value::String(left), Value::String(right)] = operands.as_slice()
    {
        let outcome = if left == right { "true" } else { "false" };
        judge.report(
            "W8003",
            Severity::Warning,
            &["Conditions", name],
            format!("`{name}` is always {outcome}"),
            None,
        );
    }
}
