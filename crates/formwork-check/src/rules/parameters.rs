//! Parameters: their bounds, and the values that are given or taken by default.

use std::collections::HashSet;

use fancy_regex::Regex;
use formwork_template::{Map, Severity, Value};

use crate::judge::{Judge, number, text};

/// Characters that the value of a parameter has at most.
const VALUE_CHARACTERS: usize = 4096;

/// Bounds make sense, and values keep to them.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for (id, body) in template.section("Parameters").into_iter().flat_map(Map::iter) {
        if body.as_map().is_none() {
            continue;
        }
        bounds(judge, id, body);
        if let Some(default) =
            body.get("Default").filter(|default| matches!(default, Value::List(_) | Value::Map(_)))
        {
            let message = format!("a default is a plain value, and this is {}", default.kind());
            judge.error("E2001", &["Parameters", id, "Default"], message);
        }
        if body
            .get("Default")
            .and_then(Value::as_str)
            .is_some_and(|default| default.chars().count() > VALUE_CHARACTERS)
        {
            let message = format!("the default has more than {VALUE_CHARACTERS} characters");
            judge.error("E2011", &["Parameters", id, "Default"], message);
        }
        if let Some(default) = body.get("Default").and_then(text)
            && let Some(wrong) = refused(judge, body, &default)
        {
            judge.error("E2015", &["Parameters", id, "Default"], format!("the default {wrong}"));
        }
        match judge.given.get(id) {
            Some(value) => {
                if let Some(wrong) = refused(judge, body, value) {
                    judge.error("E2900", &["Parameters", id], format!("the given value {wrong}"));
                }
            }
            None if !judge.given.is_empty() && body.get("Default").is_none() => {
                let hint = Some(format!("give it, or a `Default`: `--parameter {id}=VALUE`"));
                judge.report(
                    "E2900",
                    Severity::Error,
                    &["Parameters", id],
                    format!("the parameter `{id}` has no value"),
                    hint,
                );
            }
            None => {}
        }
    }
    for name in judge.given.keys().filter(|name| judge.index.parameter(name).is_none()) {
        judge.error(
            "E2900",
            &["Parameters", name],
            format!("a value is given for `{name}`, and there is no such parameter"),
        );
    }
}

fn bounds(judge: &mut Judge<'_>, id: &str, body: &Value) {
    for (least, most) in [("MinLength", "MaxLength"), ("MinValue", "MaxValue")] {
        if let (Some(low), Some(high)) = (body.get(least).and_then(number), body.get(most).and_then(number))
            && low > high
        {
            judge.error(
                "E2001",
                &["Parameters", id, least],
                format!("`{least}` is {low}, and `{most}` {high}"),
            );
        }
    }
    if let Some(pattern) = body.get("AllowedPattern").and_then(text)
        && let Err(error) = Regex::new(&pattern)
    {
        let reason =
            error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        judge.report(
            "I2003",
            Severity::Info,
            &["Parameters", id, "AllowedPattern"],
            format!("`{pattern}` is no regular expression: {reason}"),
            Some("mend the pattern".to_owned()),
        );
    }
}

/// Why a parameter does not take a value.
fn refused(judge: &Judge<'_>, body: &Value, value: &str) -> Option<String> {
    let kind = body.get("Type").and_then(Value::as_str)?;
    if kind.contains("AWS::SSM::Parameter") || value.contains("{{resolve:") {
        return None;
    }
    let list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    let each: Vec<&str> = if list { value.split(',').map(str::trim).collect() } else { vec![value] };
    let allowed: Option<HashSet<String>> = body
        .get("AllowedValues")
        .and_then(Value::as_list)
        .map(|values| values.iter().filter_map(text).collect());
    let whole = value;
    each.into_iter().find_map(|value| {
        // Values out of those that are allowed are another rule's, where they are the default.
        let known = |allowed: &HashSet<String>| allowed.contains(value) || allowed.contains(whole);
        if allowed.as_ref().is_some_and(|allowed| !known(allowed)) {
            return judge
                .given
                .values()
                .any(|given| given.contains(value))
                .then(|| format!("`{value}` is not one of the allowed values"));
        }
        let numeric = kind == "Number" || kind == "List<Number>";
        let Some(found) = value.trim().parse::<f64>().ok().filter(|_| numeric) else {
            return if numeric { Some(format!("`{value}` is no number")) } else { of_text(body, value) };
        };
        let bound = |name: &str| body.get(name).and_then(number);
        if let Some(least) = bound("MinValue").filter(|least| found < *least) {
            return Some(format!("{found} is less than {least}"));
        }
        bound("MaxValue").filter(|most| found > *most).map(|most| format!("{found} is more than {most}"))
    })
}

fn of_text(body: &Value, value: &str) -> Option<String> {
    let length = value.chars().fold(0.0, |length, _| length + 1.0);
    let bound = |name: &str| body.get(name).and_then(number);
    if let Some(least) = bound("MinLength").filter(|least| length < *least) {
        return Some(format!("`{value}` has fewer than {least} characters"));
    }
    if let Some(most) = bound("MaxLength").filter(|most| length > *most) {
        return Some(format!("`{value}` has more than {most} characters"));
    }
    let pattern = body.get("AllowedPattern").and_then(text)?;
    // The service asks that the whole value matches.
    let whole = Regex::new(&format!("^(?:{pattern})$")).ok()?;
    (!whole.is_match(value).ok()?).then(|| format!("`{value}` does not match `{pattern}`"))
}
