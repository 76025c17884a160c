//! Secrets that everyone who reads the template knows.

use formwork_template::{Map, ResourceView, Value, intrinsic};

use crate::judge::{Judge, is_true, items, plain};

/// Properties that hold secrets.
const PROPERTIES: [&str; 12] = [
    "AdminPassword",
    "AuthToken",
    "ClientSecret",
    "MasterUserPassword",
    "MasterPassword",
    "OAuthToken",
    "Password",
    "PreSharedKey",
    "PrivateKey",
    "SecretString",
    "SecretToken",
    "UserPassword",
];
/// Words of the names of variables with secrets; those of several words stand for each other's end.
const NAMES: [&str; 9] =
    ["ACCESSKEY", "APIKEY", "PASSPHRASE", "PASSWD", "PASSWORD", "PRIVATEKEY", "SECRET", "SECRETKEY", "TOKEN"];
/// Words of the names of variables that say something about a secret, and not what it is.
const ABOUT: [&str; 20] = [
    "ARN",
    "COUNT",
    "ENABLED",
    "ENDPOINT",
    "EXPIRATION",
    "EXPIRES",
    "EXPIRY",
    "HEADER",
    "ID",
    "LENGTH",
    "LIMIT",
    "MAX",
    "MIN",
    "NAME",
    "PATH",
    "POLICY",
    "REQUIRE",
    "TTL",
    "URI",
    "URL",
];
const HINT: &str = "keep it in Secrets Manager, and write `{{resolve:secretsmanager:NAME}}` here";

pub(super) fn check(judge: &mut Judge<'_>) {
    for resource in judge.index.template.resources() {
        let Some(properties) = resource.properties() else { continue };
        let mut found = Vec::new();
        search(properties, &mut Vec::new(), 0, &mut found);
        for way in found {
            let path: Vec<&str> = ["Resources", resource.logical_id, "Properties"]
                .into_iter()
                .chain(way.iter().map(String::as_str))
                .collect();
            let name = way.last().map(String::as_str).unwrap_or_default();
            judge.warning("FW3030", &path, format!("`{name}` stands in plain text"), HINT);
        }
        variables(judge, resource);
        unmasked(judge, resource);
    }
}

/// Nests deeper than this are not searched.
const DEPTH: usize = 6;

fn search(map: &Map, path: &mut Vec<String>, depth: usize, found: &mut Vec<Vec<String>>) {
    if depth > DEPTH || intrinsic::of(map).is_some() {
        return;
    }
    for (key, value) in map.iter() {
        path.push(key.to_owned());
        match value {
            Value::String(text) if PROPERTIES.contains(&key) && is_secret(text) => found.push(path.clone()),
            Value::Map(inner) => search(inner, path, depth + 1, found),
            Value::List(list) => {
                for (position, item) in list.iter().enumerate() {
                    if let Value::Map(inner) = item {
                        path.push(position.to_string());
                        search(inner, path, depth + 1, found);
                        path.pop();
                    }
                }
            }
            _ => {}
        }
        path.pop();
    }
}

/// A text that is a secret, and not where one is.
fn is_secret(text: &str) -> bool {
    !text.is_empty() && !text.contains("{{resolve:") && !text.starts_with("arn:")
}

/// Whether the value of a variable is a secret: flags and numbers say something about one.
fn is_value(text: &str) -> bool {
    is_secret(text) && !matches!(text, "true" | "false") && text.parse::<f64>().is_err()
}

/// Whether the name of a variable says that it holds a secret.
fn names_secret(name: &str) -> bool {
    let upper = name.to_uppercase();
    let words: Vec<&str> = upper.split(['_', '-', '.']).collect();
    let pairs = words.windows(2).map(<[&str]>::concat);
    let holds = pairs.chain(words.iter().map(|word| (*word).to_owned())).any(|word| NAMES.contains(&&*word));
    holds && !words.iter().any(|word| ABOUT.contains(word))
}

/// Variables of functions and containers.
fn variables(judge: &mut Judge<'_>, resource: ResourceView<'_>) {
    let mut found: Vec<(Vec<String>, String)> = Vec::new();
    match resource.resource_type() {
        Some("AWS::Lambda::Function") => {
            let variables = resource
                .property("Environment")
                .and_then(|environment| plain(environment.get("Variables")?)?.as_map());
            for (name, value) in variables.into_iter().flat_map(Map::iter) {
                if names_secret(name) && value.as_str().is_some_and(is_value) {
                    found.push((
                        ["Environment", "Variables", name].map(str::to_owned).into(),
                        name.to_owned(),
                    ));
                }
            }
        }
        Some("AWS::ECS::TaskDefinition") => {
            let containers =
                resource.property("ContainerDefinitions").and_then(plain).map(items).unwrap_or_default();
            for (container, definition) in containers.iter().enumerate() {
                let variables = definition.get("Environment").and_then(plain).map(items).unwrap_or_default();
                for (position, variable) in variables.iter().enumerate() {
                    let (name, value) = (
                        variable.get("Name").and_then(Value::as_str),
                        variable.get("Value").and_then(Value::as_str),
                    );
                    if let Some(name) = name.filter(|name| names_secret(name) && value.is_some_and(is_value))
                    {
                        let way = [
                            "ContainerDefinitions",
                            &container.to_string(),
                            "Environment",
                            &position.to_string(),
                            "Value",
                        ]
                        .map(str::to_owned);
                        found.push((way.into(), name.to_owned()));
                    }
                }
            }
        }
        _ => {}
    }
    for (way, name) in found {
        let path: Vec<&str> = ["Resources", resource.logical_id, "Properties"]
            .into_iter()
            .chain(way.iter().map(String::as_str))
            .collect();
        judge.warning(
            "FW3030",
            &path,
            format!("the variable `{name}` has its secret in plain text"),
            "let the program read it from Secrets Manager, or a container from `Secrets`",
        );
    }
}

/// Parameters with secrets are not shown, and have no default.
fn unmasked(judge: &mut Judge<'_>, resource: ResourceView<'_>) {
    let Some(properties) = resource.properties() else { return };
    for name in PROPERTIES {
        let Some(("Ref", Value::String(parameter))) =
            properties.get(name).and_then(Value::as_map).and_then(intrinsic::of)
        else {
            continue;
        };
        let Some(body) = judge.index.parameter(parameter) else { continue };
        let path = ["Parameters", parameter];
        if !body.get("NoEcho").is_some_and(is_true) {
            judge.warning(
                "FW3031",
                &path,
                format!(
                    "`{parameter}` is the `{name}` of `{}`, and is shown to everyone who describes the stack",
                    resource.logical_id
                ),
                "set `NoEcho: true`, or read it from Secrets Manager",
            );
        } else if body.get("Default").and_then(Value::as_str).is_some_and(is_secret) {
            judge.warning(
                "FW3031",
                &[&path[..], &["Default"]].concat(),
                format!("the secret `{parameter}` has a default that stands in the template"),
                "take the default out",
            );
        }
    }
}
