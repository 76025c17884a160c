//! Permissions wider than anyone can need.

use std::collections::BTreeSet;

use formwork_template::{Map, Value, intrinsic};

use crate::{
    judge::{Judge, text},
    rules::policies::{Attached, documents, statements},
};

pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for resource in template.resources() {
        let reasoned = reasoned(resource.attributes.get("Metadata"));
        for (path, document, attached) in documents(resource) {
            let mut found: Vec<(&'static str, Vec<String>, String, &'static str)> = Vec::new();
            statements(&document, |way, statement| {
                if statement.get("Effect").and_then(text).as_deref() != Some("Allow") {
                    return;
                }
                match attached {
                    Attached::Identity => wildcard(statement, &reasoned, &path, way, &mut found),
                    Attached::Resource | Attached::Repository | Attached::Trust => everyone(
                        statement,
                        &path,
                        way,
                        resource.resource_type().unwrap_or_default(),
                        &mut found,
                    ),
                }
            });
            for (rule, path, message, hint) in found {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                judge.warning(rule, &path, message, hint);
            }
        }
    }
    managed(judge);
}

type Found = Vec<(&'static str, Vec<String>, String, &'static str)>;

fn texts(statement: &Map, name: &str) -> Vec<String> {
    match statement.get(name) {
        Some(Value::List(items)) => items.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The actions that a resource is granted with a reason, which stands in its metadata for reviewers.
fn reasoned(metadata: Option<&Value>) -> BTreeSet<String> {
    let reasons = metadata.and_then(|metadata| metadata.get("AccessReasons")).and_then(Value::as_list);
    let maps = reasons.unwrap_or_default().iter().filter_map(Value::as_map);
    maps.filter(|reason| reason.contains_key("Reason")).flat_map(|reason| texts(reason, "Actions")).collect()
}

/// Everything on everything, or all of a service on everything, without a reason.
fn wildcard(
    statement: &Map,
    reasoned: &BTreeSet<String>,
    path: &[String],
    way: &[String],
    found: &mut Found,
) {
    let place = |name: &str| [path, way, &[name.to_owned()]].concat();
    let everything = texts(statement, "Resource").iter().any(|resource| resource == "*");
    let mut actions = texts(statement, "Action");
    actions.retain(|action| !reasoned.contains(action));
    if statement.contains_key("NotAction") && everything {
        found.push((
            "FW3020",
            place("NotAction"),
            "all actions but a few are allowed on all resources".to_owned(),
            "name the actions that are needed",
        ));
    } else if actions.iter().any(|action| action == "*" || action == "*:*") {
        let on = if everything { "on all resources" } else { "on the resources" };
        found.push((
            "FW3020",
            place("Action"),
            format!("all actions of all services are allowed {on}"),
            "name the actions that are needed",
        ));
    } else if everything {
        for action in actions.iter().filter(|action| action.ends_with(":*")) {
            found.push((
                "FW3021",
                place("Action"),
                format!("`{action}` is allowed on all resources"),
                "name the actions or the resources that are needed",
            ));
        }
    }
}

/// A policy of a resource that lets everyone in, under no condition.
fn everyone(statement: &Map, path: &[String], way: &[String], kind: &str, found: &mut Found) {
    let conditions = statement
        .get("Condition")
        .is_some_and(|condition| condition.as_map().is_none_or(|map| !map.is_empty()));
    let anyone = match statement.get("Principal") {
        Some(Value::String(text)) => text == "*",
        Some(Value::Map(map)) if intrinsic::of(map).is_none() => {
            texts(map, "AWS").iter().any(|account| account == "*")
        }
        _ => false,
    };
    // The policy of an endpoint bounds what goes through it, and grants nothing.
    if anyone && !conditions && kind != "AWS::EC2::VPCEndpoint" {
        let place = [path, way, &["Principal".to_owned()]].concat();
        found.push((
            "FW3022",
            place,
            "everyone in the world has this access".to_owned(),
            "name accounts or roles, or add a condition",
        ));
    }
}

/// The managed policy that allows everything.
fn managed(judge: &mut Judge<'_>) {
    for kind in ["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"] {
        for identity in judge.resources(kind) {
            let policies =
                identity.property("ManagedPolicyArns").and_then(Value::as_list).unwrap_or_default();
            for (position, policy) in policies.iter().enumerate() {
                let whole = formwork_template::json::write(policy, formwork_template::json::Style::Compact);
                if whole.contains(":policy/AdministratorAccess\"") {
                    let path = [
                        "Resources",
                        identity.logical_id,
                        "Properties",
                        "ManagedPolicyArns",
                        &position.to_string(),
                    ];
                    judge.warning(
                        "FW3020",
                        &path,
                        "`AdministratorAccess` allows all actions on all resources",
                        "name the actions that are needed",
                    );
                }
            }
        }
    }
}
