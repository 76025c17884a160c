//! Expressions of schedules.

use formwork_template::{ResourceView, Severity};

use crate::judge::{Judge, text};

/// Units of a rate.
const PLURAL: [&str; 3] = ["minutes", "hours", "days"];
/// The fields of a cron expression of EventBridge.
const FIELDS: usize = 6;

/// A schedule is a rate or a cron expression.
/// See [the syntax](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html).
pub(super) fn check(judge: &mut Judge<'_>) {
    for (kind, property) in
        [("AWS::Events::Rule", "ScheduleExpression"), ("AWS::Scheduler::Schedule", "ScheduleExpression")]
    {
        for rule in judge.resources(kind) {
            expression(judge, rule, property);
        }
    }
}

fn expression(judge: &mut Judge<'_>, rule: ResourceView<'_>, property: &str) {
    let Some(written) = rule.property(property).and_then(text).filter(|written| !written.is_empty()) else {
        return;
    };
    let inside = |name: &str| written.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    let wrong = if let Some(rate) = inside("rate") {
        of_rate(rate)
    } else if let Some(cron) = inside("cron") {
        of_cron(cron)
    } else if inside("at").is_some() && rule.resource_type() == Some("AWS::Scheduler::Schedule") {
        None
    } else {
        Some("it is neither `rate(...)` nor `cron(...)`".to_owned())
    };
    if let Some(wrong) = wrong {
        let path = ["Resources", rule.logical_id, "Properties", property];
        let hint = Some("such as `rate(5 minutes)` or `cron(0 6 * * ? *)`".to_owned());
        judge.report("E3027", Severity::Error, &path, format!("`{written}` is no schedule: {wrong}"), hint);
    }
}

fn of_rate(rate: &str) -> Option<String> {
    let [count, unit] = rate.split_whitespace().collect::<Vec<_>>()[..] else {
        return Some("a rate has a number and a unit".to_owned());
    };
    let Some(count) = count.parse::<u64>().ok().filter(|count| *count > 0) else {
        return Some(format!("`{count}` is no number from 1 on"));
    };
    let known = PLURAL.contains(&unit) || (count == 1 && ["minute", "hour", "day"].contains(&unit));
    (!known).then(|| format!("the unit of {count} is one of {}", PLURAL.join(", ")))
}

fn of_cron(cron: &str) -> Option<String> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    if fields.len() != FIELDS {
        return Some(format!(
            "it has {} fields and needs {FIELDS}: minutes, hours, day of month, month, day of week, year",
            fields.len()
        ));
    }
    if fields[2] != "?" && fields[4] != "?" {
        return Some("one of day of month and day of week is `?`".to_owned());
    }
    None
}
