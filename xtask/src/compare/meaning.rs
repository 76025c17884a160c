//! A template as what it means: references as text in one form, policies and rules where they act.

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Between the names of properties.
pub(crate) const STEP: &str = " › ";

/// What stands in a template: a resource, a parameter, a rule or an output.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The type of a resource; else what it is.
    pub(crate) kind: String,
    /// Properties and attributes, as they are written.
    raw: Map<String, Value>,
}

/// A template of one side.
#[derive(Debug)]
pub(crate) struct Template(pub(crate) BTreeMap<String, Entry>);

/// The sections beside resources, and what one of their entries is called.
const SECTIONS: [(&str, &str); 3] = [("Parameters", "parameter"), ("Rules", "rule"), ("Outputs", "output")];

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let document: Value = serde_json::from_str(text)?;
        let mut entries = BTreeMap::new();
        for (id, resource) in document["Resources"].as_object().context("the template has no resources")? {
            let mut raw = resource.as_object().cloned().unwrap_or_default();
            let kind = raw.remove("Type").and_then(|kind| kind.as_str().map(str::to_owned));
            let properties = raw.remove("Properties");
            raw.extend(properties.and_then(|all| all.as_object().cloned()).unwrap_or_default());
            let kind = kind.with_context(|| format!("`{id}` has no type"))?;
            entries.insert(id.clone(), Entry { kind, raw });
        }
        for (section, kind) in SECTIONS {
            for (id, entry) in document[section].as_object().into_iter().flatten() {
                let raw = entry.as_object().cloned().unwrap_or_default();
                // An output may be called as a resource is.
                let id = if entries.contains_key(id) { format!("{id} ({kind})") } else { id.clone() };
                entries.insert(id, Entry { kind: kind.to_owned(), raw });
            }
        }
        Ok(Self(entries))
    }
}

/// What texts of a template mean where its stack stands.
pub(crate) struct Reader<'names> {
    pub(crate) template: &'names Template,
    pub(crate) stack: &'names str,
    /// By what id both sides know an entry.
    pub(crate) name: &'names dyn Fn(&str) -> String,
}

impl Reader<'_> {
    /// What each entry means. What is a part of another entry is in that one, by its own id.
    pub(crate) fn read(&self) -> (BTreeMap<String, Value>, BTreeMap<String, String>) {
        let mut meanings: BTreeMap<String, Value> = BTreeMap::new();
        let mut parts = BTreeMap::new();
        for (id, entry) in &self.template.0 {
            let all = entry.raw.iter().map(|(name, value)| (name.clone(), self.value(name, value)));
            // What is left of metadata once the CDK's paths are gone.
            let all = all.filter(|(name, value)| name != "Metadata" || *value != Value::Object(Map::new()));
            meanings.insert(id.clone(), Value::Object(all.collect()));
        }
        for (id, entry) in &self.template.0 {
            for (owner, list, item) in self.part(entry, &meanings[id]) {
                let Some(Value::Object(whole)) = meanings.get_mut(&owner) else { continue };
                if let Value::Array(items) = whole.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
                    items.push(item);
                    parts.insert(id.clone(), owner);
                }
            }
        }
        meanings.retain(|id, _| !parts.contains_key(id));
        let meanings = meanings.into_iter().map(|(id, value)| (id, in_one_form(value))).collect();
        (meanings, parts)
    }

    /// Whose part an entry is: the id, the list that it belongs into, and what it is there.
    fn part(&self, entry: &Entry, meaning: &Value) -> Vec<(String, &'static str, Value)> {
        let owner = |property: &str| {
            let id = &entry.raw.get(property)?;
            let id = id.get("Ref").or_else(|| id["Fn::GetAtt"].get(0)).or_else(|| id.get(0)?.get("Ref"))?;
            id.as_str().filter(|id| self.template.0.contains_key(*id)).map(str::to_owned)
        };
        let mut own = meaning.clone();
        let found = match entry.kind.as_str() {
            "AWS::IAM::Policy" => owner("Roles").map(|owner| (owner, "Policies")),
            "AWS::EC2::SecurityGroupIngress" => owner("GroupId").map(|owner| (owner, "SecurityGroupIngress")),
            "AWS::EC2::SecurityGroupEgress" => owner("GroupId").map(|owner| (owner, "SecurityGroupEgress")),
            _ => None,
        };
        if let Value::Object(map) = &mut own {
            map.retain(|name, _| !matches!(name.as_str(), "GroupId" | "Roles" | "Metadata"));
        }
        found.map(|(owner, list)| (owner, list, own)).into_iter().collect()
    }

    fn value(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                if let Some(text) = self.function(map) {
                    return text;
                }
                let kept = map.iter().filter(|(name, _)| name.as_str() != "aws:cdk:path");
                Value::Object(kept.map(|(name, value)| (name.clone(), self.value(name, value))).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.value(name, item)).collect()),
            Value::String(text) if name == "DependsOn" => (self.name)(text).into(),
            // A document in a text counts as what it says.
            Value::String(text) if text.starts_with('{') => {
                serde_json::from_str(text).unwrap_or_else(|_| value.clone())
            }
            // CloudFormation reads `"2"` and `2` as the same.
            Value::Number(number) => Value::String(number.to_string()),
            Value::Bool(truth) => Value::String(truth.to_string()),
            other => other.clone(),
        }
    }

    fn text(&self, value: &Value) -> String {
        match self.value("", value) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// A function as the text that it gives, with what is not known before as `${Id.Attribute}`.
    fn function(&self, map: &Map<String, Value>) -> Option<Value> {
        let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
        let text = match name.as_str() {
            "Ref" => self.reference(argument.as_str()?, None),
            "Fn::GetAtt" => self.reference(argument[0].as_str()?, argument[1].as_str()),
            "Fn::Base64" => self.text(argument),
            "Fn::Join" => {
                let texts: Vec<String> = argument[1].as_array()?.iter().map(|item| self.text(item)).collect();
                texts.join(argument[0].as_str()?)
            }
            "Fn::Sub" => self.substituted(argument.as_str()?),
            "Fn::Select" => {
                let split = &argument[1]["Fn::Split"];
                let (by, whole) = (split[0].as_str()?, self.text(&split[1]));
                let number = argument[0].as_u64()?;
                format!("part {number} of {whole} split at `{by}`")
            }
            _ => return None,
        };
        Some(Value::String(text))
    }

    fn reference(&self, id: &str, attribute: Option<&str>) -> String {
        let known = match id {
            "AWS::AccountId" => "111111111111",
            "AWS::Region" => "us-east-1",
            "AWS::Partition" => "aws",
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::StackName" => self.stack,
            _ => "",
        };
        if !known.is_empty() {
            return known.to_owned();
        }
        let name = (self.name)(id);
        // A security group in a network is its id, whichever way one asks.
        match attribute.filter(|attribute| *attribute != "GroupId") {
            Some(attribute) => format!("${{{name}.{attribute}}}"),
            None => format!("${{{name}}}"),
        }
    }

    fn substituted(&self, pattern: &str) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((inside, behind)) = after.split_once('}') else { break };
            let (id, attribute) =
                inside.split_once('.').map_or((inside, None), |(id, attribute)| (id, Some(attribute)));
            text.push_str(before);
            text.push_str(&self.reference(id, attribute));
            rest = behind;
        }
        text.push_str(rest);
        text
    }
}

/// Lists of which each item has a name, as maps; policies as what they allow on what.
fn in_one_form(meaning: Value) -> Value {
    let Value::Object(map) = meaning else { return meaning };
    let mut result = Map::new();
    for (name, value) in map {
        match (name.as_str(), value) {
            ("Policies", Value::Array(policies)) => {
                let mut allowed = BTreeMap::new();
                for policy in policies {
                    collect(&policy["PolicyDocument"], &mut allowed);
                }
                let allowed = allowed.into_iter().map(|(on, mut actions): (_, Vec<String>)| {
                    actions.sort();
                    actions.dedup();
                    (on, Value::from(actions))
                });
                result.insert("Permissions".into(), Value::Object(allowed.collect()));
            }
            ("SecurityGroupIngress" | "SecurityGroupEgress", Value::Array(rules)) => {
                let rules = rules.iter().map(|rule| (traffic(rule), Value::from("allowed")));
                result.insert(name, Value::Object(rules.collect()));
            }
            ("DependsOn", Value::String(id)) => {
                result.insert(name, Value::from(vec![id]));
            }
            (_, value) => {
                result.insert(name, named(value));
            }
        }
    }
    Value::Object(result)
}

/// Adds what a policy allows, by what it allows it on.
fn collect(document: &Value, allowed: &mut BTreeMap<String, Vec<String>>) {
    let texts = |value: &Value| -> Vec<String> {
        let one = |value: &Value| value.as_str().map(str::to_owned);
        value
            .as_array()
            .map_or_else(|| one(value).into_iter().collect(), |all| all.iter().filter_map(one).collect())
    };
    for statement in document["Statement"].as_array().into_iter().flatten() {
        let when = match &statement["Condition"] {
            Value::Null => String::new(),
            condition => format!(" where {condition}"),
        };
        for resource in texts(&statement["Resource"]) {
            let actions = texts(&statement["Action"]).into_iter().map(|action| format!("{action}{when}"));
            allowed.entry(resource).or_default().extend(actions);
        }
    }
}

/// A rule of a security group in words.
fn traffic(rule: &Value) -> String {
    let text = |name: &str| rule[name].as_str().map(str::to_owned);
    let protocol =
        text("IpProtocol").map_or_else(String::new, |name| if name == "-1" { "all".into() } else { name });
    let ports = match (text("FromPort"), text("ToPort")) {
        (Some(from), Some(to)) if from == to => format!(" {from}"),
        (Some(from), Some(to)) => format!(" {from} to {to}"),
        _ => String::new(),
    };
    let peers =
        ["CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId", "SourcePrefixListId"];
    let peer = peers.iter().find_map(|name| text(name)).unwrap_or_default();
    format!("{protocol}{ports}, {peer}")
}

/// A list of pairs of a name and a value as a map; other lists by what is in them.
fn named(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            for key in ["Key", "Name"] {
                let pairs = items.iter().map(|item| {
                    let item = item.as_object().filter(|item| item.len() == 2)?;
                    let value = item.get("Value").or_else(|| item.get("ValueFrom"))?;
                    Some((item.get(key)?.as_str()?.to_owned(), value.clone()))
                });
                if let Some(pairs) = pairs.collect::<Option<Vec<_>>>().filter(|pairs| !pairs.is_empty()) {
                    return Value::Object(pairs.into_iter().collect());
                }
            }
            let mut items: Vec<Value> = items.into_iter().map(named).collect();
            if items.iter().all(Value::is_string) {
                items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
                items.dedup();
            }
            Value::Array(items)
        }
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(name, value)| (name, named(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_in_two_ways_means_the_same() {
        let read = |document: &Value| {
            let template = Template::parse(&document.to_string()).unwrap();
            let name = |id: &str| id.to_owned();
            Reader { template: &template, stack: "Web", name: &name }.read()
        };
        let allow = |resource: Value| json!({ "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": resource }] });
        let ours = json!({ "Resources": {
            "Bucket": { "Type": "AWS::S3::Bucket", "Properties": { "Tags": [{ "Key": "team", "Value": 1 }] } },
            "Role": { "Type": "AWS::IAM::Role", "Properties": {
                "Policies": [{ "PolicyName": "P", "PolicyDocument": allow(json!({ "Fn::Sub": "${Bucket.Arn}/*" })) }],
            } },
        } });
        let theirs = json!({ "Resources": {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Metadata": { "aws:cdk:path": "Web/Bucket" },
                "Properties": { "Tags": [{ "Key": "team", "Value": "1" }] },
            },
            "Role": { "Type": "AWS::IAM::Role" },
            "Policy": { "Type": "AWS::IAM::Policy", "Properties": {
                "Roles": [{ "Ref": "Role" }],
                "PolicyDocument": allow(json!({ "Fn::Join": ["", [{ "Fn::GetAtt": ["Bucket", "Arn"] }, "/*"]] })),
            } },
        } });
        let (ours, (theirs, parts)) = (read(&ours).0, read(&theirs));
        assert_eq!(ours["Role"], json!({ "Permissions": { "${Bucket.Arn}/*": ["s3:GetObject"] } }));
        assert_eq!(ours["Role"], theirs["Role"]);
        assert_eq!(ours["Bucket"]["Tags"], theirs["Bucket"]["Tags"]);
        assert_eq!(parts["Policy"], "Role");
    }
}
