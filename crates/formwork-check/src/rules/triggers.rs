//! What calls Lambda functions, and whether it may.

use formwork_template::{ResourceView, Severity, Value};

use crate::judge::{Judge, all_referred, items, plain, referred, text};

const FUNCTION: &str = "AWS::Lambda::Function";

/// A trigger of a function.
struct Trigger<'a> {
    resource: ResourceView<'a>,
    /// The way to the function from the properties.
    way: Vec<String>,
    function: &'a str,
    service: &'static str,
    /// Whether the service asks for the permission when the trigger is made.
    asked: bool,
}

/// What calls a function has a permission to do so.
pub(super) fn check(judge: &mut Judge<'_>) {
    if judge.index.open {
        return;
    }
    for trigger in triggers(judge) {
        if allowed(judge, &trigger) {
            continue;
        }
        let path: Vec<&str> = ["Resources", trigger.resource.logical_id, "Properties"]
            .into_iter()
            .chain(trigger.way.iter().map(String::as_str))
            .collect();
        let effect = if trigger.asked { "the deployment fails" } else { "the function is never called" };
        let severity = if trigger.asked { Severity::Error } else { Severity::Warning };
        let message = format!(
            "`{}` calls `{}`, and no AWS::Lambda::Permission lets {} do it: {effect}",
            trigger.resource.logical_id, trigger.function, trigger.service
        );
        let hint = format!(
            "add an AWS::Lambda::Permission with `FunctionName: !Ref {}` and `Principal: {}`",
            trigger.function, trigger.service
        );
        judge.report("FW0560", severity, &path, message, Some(hint));
    }
}

/// Whether a permission for the function names the service, or may do so.
fn allowed(judge: &Judge<'_>, trigger: &Trigger<'_>) -> bool {
    judge.resources("AWS::Lambda::Permission").any(|permission| {
        let of_function = permission.property("FunctionName").is_some_and(|name| {
            if let Some(name) = text(name) {
                // A name or an ARN in plain text may be that of any function.
                let function = judge.index.resource(trigger.function);
                let own = function.and_then(|function| text(function.property("FunctionName")?));
                return own.is_none_or(|own| name.contains(&own));
            }
            let names = all_referred(name);
            names.contains(&trigger.function)
                || names.iter().any(|name| judge.index.resource_type(name) != Some(FUNCTION))
        });
        let service = permission.property("Principal").is_some_and(|principal| {
            text(principal).is_none_or(|principal| same_service(&principal, trigger.service))
        });
        of_function && service
    })
}

/// Whether a principal is a service's: the name may have a region in it.
fn same_service(principal: &str, service: &str) -> bool {
    principal == "*" || principal.split('.').next() == service.split('.').next()
}

fn triggers<'a>(judge: &Judge<'a>) -> Vec<Trigger<'a>> {
    let mut found = Vec::new();
    let function = |value: Option<&'a Value>| {
        referred(value?).filter(|name| judge.index.resource_type(name) == Some(FUNCTION))
    };
    for topic in judge.resources("AWS::SNS::Subscription") {
        if let Some(function) = function(topic.property("Endpoint")) {
            found.push(Trigger {
                resource: topic,
                way: vec!["Endpoint".to_owned()],
                function,
                service: "sns.amazonaws.com",
                asked: false,
            });
        }
    }
    for rule in judge.resources("AWS::Events::Rule") {
        for (position, target) in
            rule.property("Targets").and_then(plain).map(items).unwrap_or_default().iter().enumerate()
        {
            if let Some(function) = function(target.get("Arn")).filter(|_| target.get("RoleArn").is_none()) {
                let way = ["Targets", &position.to_string(), "Arn"].map(str::to_owned).into();
                found.push(Trigger {
                    resource: rule,
                    way,
                    function,
                    service: "events.amazonaws.com",
                    asked: false,
                });
            }
        }
    }
    for bucket in judge.resources("AWS::S3::Bucket") {
        let notifications = bucket
            .property("NotificationConfiguration")
            .and_then(|notification| plain(notification.get("LambdaConfigurations")?));
        for (position, notification) in notifications.map(items).unwrap_or_default().iter().enumerate() {
            if let Some(function) = function(notification.get("Function")) {
                let way =
                    ["NotificationConfiguration", "LambdaConfigurations", &position.to_string(), "Function"]
                        .map(str::to_owned)
                        .into();
                found.push(Trigger {
                    resource: bucket,
                    way,
                    function,
                    service: "s3.amazonaws.com",
                    asked: true,
                });
            }
        }
    }
    for filter in judge.resources("AWS::Logs::SubscriptionFilter") {
        if let Some(function) = function(filter.property("DestinationArn")) {
            found.push(Trigger {
                resource: filter,
                way: vec!["DestinationArn".to_owned()],
                function,
                service: "logs.amazonaws.com",
                asked: true,
            });
        }
    }
    found
}
