//! Lambda functions.

use formwork_spec::Lifecycle;
use formwork_template::{ResourceView, Severity, Value, json};

use crate::judge::{Judge, is_true, number, plain, referred, text};

const FUNCTION: &str = "AWS::Lambda::Function";
/// The bytes of all environment variables together.
const ENVIRONMENT_BYTES: usize = 4096;
/// The subscription filters of one log group.
const SUBSCRIPTIONS: usize = 5;

/// What breaks functions, now or from a day on.
pub(super) fn check(judge: &mut Judge<'_>) {
    for function in judge.resources("AWS::Serverless::Function") {
        runtime(judge, function);
    }
    for function in judge.resources(FUNCTION) {
        runtime(judge, function);
        environment(judge, function);
        snap_start(judge, function);
    }
    subscriptions(judge);
}

/// Runtimes come and go. What runs goes on to run, so that this warns.
fn runtime(judge: &mut Judge<'_>, function: ResourceView<'_>) {
    let Some(runtime) = function.property("Runtime").and_then(text) else { return };
    let known = formwork_spec::resource(FUNCTION).into_iter().flat_map(|facts| &facts.lifecycles);
    let Some(days) = known.filter(|days| days.property == "Runtime").find(|days| days.value == runtime)
    else {
        return;
    };
    let past = |day: &Option<String>| day.as_deref().is_some_and(|day| day <= judge.day);
    let Lifecycle { deprecated, creation_ends, update_ends, successor, .. } = days;
    let (rule, what, day) = if past(update_ends) {
        ("E2533", "functions with it can no longer be updated", update_ends)
    } else if past(creation_ends) {
        ("E2531", "no function can be made with it", creation_ends)
    } else if past(deprecated) {
        ("W2531", "it gets no more security updates", deprecated)
    } else {
        return;
    };
    let message =
        format!("the runtime `{runtime}` is deprecated: since {} {what}", day.as_deref().unwrap_or_default());
    let hint = successor.as_ref().map(|successor| format!("`{successor}` takes its place"));
    judge.report(
        rule,
        Severity::Warning,
        &["Resources", function.logical_id, "Properties", "Runtime"],
        message,
        hint,
    );
}

fn environment(judge: &mut Judge<'_>, function: ResourceView<'_>) {
    let Some(variables) =
        function.property("Environment").and_then(|environment| environment.get("Variables"))
    else {
        return;
    };
    let Some(map) = plain(variables).and_then(Value::as_map) else { return };
    if !map.iter().all(|(_, value)| text(value).is_some()) {
        return;
    }
    let bytes = json::write(&Value::Map(map.clone()), json::Style::Compact).len();
    if bytes > ENVIRONMENT_BYTES {
        let path = ["Resources", function.logical_id, "Properties", "Environment", "Variables"];
        judge.error(
            "E3697",
            &path,
            format!("the variables have {bytes} bytes; the service takes {ENVIRONMENT_BYTES}"),
        );
    }
}

/// Snapshots of started functions exist for some runtimes.
fn snap_start(judge: &mut Judge<'_>, function: ResourceView<'_>) {
    let on = function.property("SnapStart").and_then(|snap| text(snap.get("ApplyOn")?));
    if on.as_deref() != Some("PublishedVersions") {
        return;
    }
    let Some(runtime) = function.property("Runtime").and_then(text) else { return };
    let number = |prefix: &str| {
        runtime.strip_prefix(prefix)?.split('.').map(|part| part.parse::<u32>().ok()).next()?
    };
    let python = runtime.strip_prefix("python3.").and_then(|minor| minor.parse::<u32>().ok());
    let known = number("java").is_some_and(|version| version >= 11)
        || python.is_some_and(|minor| minor >= 12)
        || number("dotnet").is_some_and(|version| version >= 8);
    if !known {
        let path = ["Resources", function.logical_id, "Properties", "SnapStart", "ApplyOn"];
        judge.error("E2530", &path, format!("the runtime `{runtime}` starts from no snapshot"));
    }
}

/// A log group has five subscription filters at most.
fn subscriptions(judge: &mut Judge<'_>) {
    let mut counts: Vec<(String, Vec<ResourceView<'_>>)> = Vec::new();
    for filter in judge.resources("AWS::Logs::SubscriptionFilter") {
        let Some(group) = filter.property("LogGroupName") else { continue };
        let Some(group) = text(group).or_else(|| referred(group).map(str::to_owned)) else { continue };
        match counts.iter_mut().find(|(known, _)| *known == group) {
            Some((_, filters)) => filters.push(filter),
            None => counts.push((group, vec![filter])),
        }
    }
    for (group, filters) in counts {
        let certain = filters.iter().filter(|filter| filter.attributes.get("Condition").is_none()).count();
        if certain > SUBSCRIPTIONS
            && let Some(last) = filters.last()
        {
            let path = ["Resources", last.logical_id, "Properties", "LogGroupName"];
            judge.error(
                "E2529",
                &path,
                format!(
                    "the log group `{group}` has {certain} subscription filters; it takes {SUBSCRIPTIONS}"
                ),
            );
        }
    }
    for permission in judge.resources("AWS::Lambda::EventSourceMapping") {
        let window = permission.property("MaximumBatchingWindowInSeconds").and_then(number);
        let size = permission.property("BatchSize").and_then(number);
        if size.is_some_and(|size| size > 10.0) && window.is_none_or(|window| window < 1.0) {
            let source = permission
                .property("EventSourceArn")
                .and_then(referred)
                .and_then(|name| judge.index.resource(name))
                .filter(|source| source.resource_type() == Some("AWS::SQS::Queue"));
            // A queue that keeps the order takes no more than 10 at once anyway.
            if source.is_some_and(|queue| !queue.property("FifoQueue").is_some_and(is_true)) {
                let path = ["Resources", permission.logical_id, "Properties", "BatchSize"];
                judge.error(
                    "FW0541",
                    &path,
                    "more than 10 messages in a batch need `MaximumBatchingWindowInSeconds` of 1 at least",
                );
            }
        }
    }
}
