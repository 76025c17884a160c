//! Reads the facts on authorization, the third source.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use formwork_spec::authorization::{Access, Action, ConditionKey, KeyKind, ResourceType, Service};
use serde::{Deserialize, de::DeserializeOwned};

use super::sources::Sources;

/// The keys of all services are in the package's program, not among its data.
const GLOBAL_KEYS: &str = "dist/esm/globalConditionKeys.js";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceAction {
    name: String,
    access_level: String,
    resource_types: Vec<ActionResource>,
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActionResource {
    name: String,
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceResource {
    key: String,
    arn: String,
    #[serde(default)]
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
struct SourceKey {
    key: String,
    #[serde(rename = "type")]
    kind: String,
}

/// The table of facts on authorization.
pub(crate) fn table(sources: &Sources) -> Result<Vec<u8>> {
    let files = sources.authorization()?;
    let services: Vec<String> = read(&files, "data/services.json")?;
    let services = services
        .iter()
        .map(|prefix| service(&files, prefix).with_context(|| format!("read the actions of {prefix}")));
    let services = services.collect::<Result<_>>()?;
    let program = files.get(GLOBAL_KEYS).with_context(|| format!("no {GLOBAL_KEYS}"))?;
    let global = global_keys(std::str::from_utf8(program)?)?;
    Ok(formwork_spec::authorization::encode(global, services)?)
}

fn read<T: DeserializeOwned>(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Result<T> {
    let text = files.get(path).with_context(|| format!("no {path}"))?;
    serde_json::from_slice(text).with_context(|| format!("read {path}"))
}

fn service(files: &BTreeMap<String, Vec<u8>>, prefix: &str) -> Result<Service> {
    let read_actions: BTreeMap<String, SourceAction> = read(files, &format!("data/actions/{prefix}.json"))?;
    let types: BTreeMap<String, SourceResource> = read(files, &format!("data/resourceTypes/{prefix}.json"))?;
    let keys: BTreeMap<String, SourceKey> = read(files, &format!("data/conditionKeys/{prefix}.json"))?;

    let key_positions = |names: &[&String]| -> Result<Vec<u16>> {
        let mut positions = names
            .iter()
            .map(|name| {
                let name = name.to_lowercase();
                let position = keys.keys().position(|known| *known == name);
                Ok(u16::try_from(position.with_context(|| format!("no condition key {name}"))?)?)
            })
            .collect::<Result<Vec<_>>>()?;
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    };
    let actions = read_actions.into_values().map(|action| {
        let of_resources = action.resource_types.iter().flat_map(|resource| &resource.condition_keys);
        let condition_keys = action.condition_keys.iter().chain(of_resources).collect::<Vec<_>>();
        let resources = action.resource_types.iter().map(|resource| {
            let name = resource.name.to_lowercase();
            let position = types.keys().position(|known| known.to_lowercase() == name);
            Ok(u16::try_from(position.with_context(|| format!("no resource type {name}"))?)?)
        });
        Ok(Action {
            access: access(&action.access_level)?,
            resources: resources.collect::<Result<_>>()?,
            condition_keys: key_positions(&condition_keys)?,
            name: action.name,
        })
    });
    let actions = actions.collect::<Result<_>>()?;
    let resources = types.values().map(|resource| {
        Ok(ResourceType {
            name: resource.key.clone(),
            arn: resource.arn.clone(),
            condition_keys: key_positions(&resource.condition_keys.iter().collect::<Vec<_>>())?,
        })
    });
    let resources = resources.collect::<Result<_>>()?;
    let condition_keys =
        keys.values().map(|key| condition_key(&key.key, &key.kind)).collect::<Result<_>>()?;
    Ok(Service { prefix: prefix.to_owned(), actions, resources, condition_keys })
}

fn access(level: &str) -> Result<Access> {
    Ok(match level {
        "List" => Access::List,
        "Read" => Access::Read,
        "Write" => Access::Write,
        "Tagging" | "Tagging, Write" => Access::Tagging,
        "Permissions management" | "Permissions management, Write" => Access::Permissions,
        other => bail!("no access level {other}"),
    })
}

fn condition_key(name: &str, kind: &str) -> Result<ConditionKey> {
    let single = kind.strip_prefix("ArrayOf");
    let kind = match single.unwrap_or(kind) {
        "String" => KeyKind::String,
        "ARN" => KeyKind::Arn,
        "Bool" => KeyKind::Bool,
        "Numeric" => KeyKind::Numeric,
        "Date" => KeyKind::Date,
        "IPAddress" => KeyKind::IpAddress,
        other => bail!("no kind of condition keys {other}"),
    };
    Ok(ConditionKey { name: name.to_owned(), kind, several: single.is_some() })
}

/// The keys in the program: objects with a `key` and a `type`, a line each.
fn global_keys(program: &str) -> Result<Vec<ConditionKey>> {
    let field = |line: &str, name: &str| {
        let value = line.trim().strip_prefix(name)?.strip_prefix(": '")?;
        Some(value.split('\'').next()?.to_owned())
    };
    let mut keys = Vec::new();
    let mut current = None;
    for line in program.lines() {
        if let Some(name) = field(line, "key") {
            current = Some(name);
        } else if let (Some(kind), Some(name)) =
            (field(line, "type"), current.take_if(|_| line.contains("type: '")))
        {
            keys.push(condition_key(&name.replace("/tag-key", "/${TagKey}"), &kind)?);
        }
    }
    anyhow::ensure!(
        keys.len() > 40,
        "{GLOBAL_KEYS} has {} keys only: is it written in another way?",
        keys.len()
    );
    keys.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(keys)
}
