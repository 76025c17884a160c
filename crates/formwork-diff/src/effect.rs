//! What a change does to a resource, and what becomes of a resource that is left behind.

use std::collections::HashSet;

use formwork_spec::{ResourceFacts, Update};
use formwork_template::{Map, Value, intrinsic};

use crate::{
    change::{Disposal, Effect},
    evaluate::{Environment, is_known, scalar_text, text_parts},
    path::Path,
};

/// The logical ids on both sides, to tell references apart.
#[derive(Default)]
pub(crate) struct Ids<'a> {
    pub(crate) old: HashSet<&'a str>,
    pub(crate) new: HashSet<&'a str>,
}

impl Ids<'_> {
    /// Whether two evaluated values that are not written the same have different values for sure.
    pub(crate) fn differ_for_sure(&self, old: &Value, new: &Value) -> bool {
        if is_known(old) && is_known(new) {
            return true;
        }
        if self.refers_to_new(new) {
            return true;
        }
        match (text_parts(old), text_parts(new)) {
            (Some(old), Some(new)) => match (old.as_slice(), new.as_slice()) {
                ([old], [new]) if !is_known(old) && !is_known(new) => self.other_resource(old, new),
                (old, new) => texts_differ(old, new),
            },
            // A list or an object beside an expression, which may well give it.
            (None, Some(_)) | (Some(_), None) => false,
            (None, None) => true,
        }
    }

    /// Whether two expressions give the same attribute of two resources.
    fn other_resource(&self, old: &Value, new: &Value) -> bool {
        let target = |value| {
            let (function, argument) = intrinsic::of(Value::as_map(value)?)?;
            match (function, argument.as_list()) {
                ("Ref", None) => Some((argument.as_str()?.to_owned(), String::new())),
                ("Fn::GetAtt", Some([name, attribute])) => {
                    Some((name.as_str()?.to_owned(), attribute.as_str()?.to_owned()))
                }
                _ => None,
            }
        };
        let (Some((old, old_attribute)), Some((new, new_attribute))) = (target(old), target(new)) else {
            return false;
        };
        let resources = self.old.contains(old.as_str()) && self.new.contains(new.as_str());
        resources && old != new && old_attribute == new_attribute
    }

    /// Whether the value is made from a resource that is not there yet.
    fn refers_to_new(&self, value: &Value) -> bool {
        let mut found = false;
        intrinsic::references(value, &mut |reference| {
            if let intrinsic::Reference::Name(name) | intrinsic::Reference::Attribute(name, _) = reference {
                found |= self.new.contains(name) && !self.old.contains(name);
            }
        });
        found
    }
}

/// Whether no values of the expressions make two concatenations the same.
fn texts_differ(old: &[Value], new: &[Value]) -> bool {
    let holes = |parts: &[Value]| -> Vec<Value> {
        parts.iter().filter(|part| part.as_str().is_none()).cloned().collect()
    };
    if old.len() == new.len() && holes(old) == holes(new) && !holes(old).is_empty() {
        return true;
    }
    let ends = |parts: &[Value], first: bool| {
        let end = if first { parts.first() } else { parts.last() };
        end.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (old_start, new_start) = (ends(old, true), ends(new, true));
    let (old_end, new_end) = (ends(old, false), ends(new, false));
    let start_fits = old_start.starts_with(&new_start) || new_start.starts_with(&old_start);
    let end_fits = old_end.ends_with(&new_end) || new_end.ends_with(&old_end);
    let inner_fits = match (old, new) {
        ([Value::String(text)], parts) | (parts, [Value::String(text)]) => contains_in_order(text, parts),
        _ => true,
    };
    !(start_fits && end_fits && inner_fits)
}

fn contains_in_order(text: &str, parts: &[Value]) -> bool {
    let mut rest = text;
    for literal in parts.iter().filter_map(Value::as_str) {
        let Some(at) = rest.find(literal) else { return false };
        rest = &rest[at + literal.len()..];
    }
    true
}

/// What is known about how a type is updated.
#[derive(Clone, Copy)]
pub(crate) struct UpdateFacts<'a> {
    resource_type: &'a str,
    facts: Option<&'static ResourceFacts>,
    update_policy: Option<&'a Value>,
}

impl<'a> UpdateFacts<'a> {
    pub(crate) const fn new(
        resource_type: &'a str,
        facts: Option<&'static ResourceFacts>,
        update_policy: Option<&'a Value>,
    ) -> Self {
        Self { resource_type, facts, update_policy }
    }

    /// What a change at a path does, and why, where that is not plain.
    pub(crate) fn effect(self, path: &Path, certain: bool) -> (Effect, Option<String>) {
        let Some(property) = path.property() else { return (Effect::None, None) };
        if property == "Fn::Transform" {
            let reason = "a macro writes this part, and what it will write is not known";
            return (Effect::MayReplace, Some(reason.to_owned()));
        }
        let Some(facts) = self.facts else { return self.without_facts() };
        let steps = path.property_steps();
        // The facts end at the inside of JSON: what is known is known of what is around it.
        let update = (1..=steps.len())
            .rev()
            .find_map(|length| facts.locate(steps.get(..length)?))
            .map(|location| location.update);
        match update {
            Some(Update::NoInterruption) => (Effect::None, None),
            Some(Update::SomeInterruption) => (Effect::Interrupt, None),
            Some(Update::Replacement) if certain => (Effect::Replace, None),
            Some(Update::Replacement) => {
                let reason = "a change replaces it, and the value is known only at deployment";
                (Effect::MayReplace, Some(reason.to_owned()))
            }
            Some(Update::Conditional) if self.resource_type == "AWS::AutoScaling::AutoScalingGroup" => {
                self.of_fleet()
            }
            Some(Update::Conditional) => {
                let reason = circumstances(self.resource_type, property).map_or_else(
                    || format!("whether a change of `{property}` replaces it depends on circumstances"),
                    str::to_owned,
                );
                (Effect::MayReplace, Some(reason))
            }
            None => {
                let reason = format!("nothing is known about `{property}` of `{}`", self.resource_type);
                (Effect::MayReplace, Some(reason))
            }
        }
    }

    /// What a group does with other instances is for its update policy to say.
    fn of_fleet(self) -> (Effect, Option<String>) {
        let replacing = self.update_policy.and_then(|policy| policy.get("AutoScalingReplacingUpdate"));
        let will = replacing.map(|replacing| replacing.get("WillReplace"));
        match will {
            Some(Some(will)) if scalar_text(will).is_some_and(|text| text == "true") => {
                (Effect::Replace, Some("its update policy replaces the group".to_owned()))
            }
            Some(Some(will)) if !is_known(will) => {
                (Effect::MayReplace, Some("its update policy may replace the group".to_owned()))
            }
            _ if self.update_policy.is_some_and(|policy| {
                policy.get("AutoScalingRollingUpdate").is_some()
                    || policy.get("AutoScalingInstanceRefresh").is_some()
            }) =>
            {
                let reason = "its update policy replaces the instances, some at a time";
                (Effect::Interrupt, Some(reason.to_owned()))
            }
            _ => (Effect::None, Some("instances that run stay as they are".to_owned())),
        }
    }

    fn without_facts(self) -> (Effect, Option<String>) {
        let reason = if is_custom(self.resource_type) {
            "the provider of a custom resource decides whether it is replaced".to_owned()
        } else if self.resource_type.starts_with("AWS::CDK::") {
            return (Effect::None, None);
        } else {
            format!("nothing is known about the type `{}`", self.resource_type)
        };
        (Effect::MayReplace, Some(reason))
    }
}

/// When a change of a property replaces the resource, where it does so under conditions.
fn circumstances(resource_type: &str, property: &str) -> Option<&'static str> {
    Some(match (resource_type, property) {
        (
            "AWS::EC2::Instance",
            "InstanceType" | "EbsOptimized" | "UserData" | "KernelId" | "RamdiskId" | "AdditionalInfo",
        ) => "with a root volume in EBS it is stopped and started, with one on the host it is replaced",
        ("AWS::EC2::Instance", "SecurityGroupIds") => "it is replaced only outside of a VPC",
        ("AWS::EC2::Instance", "Affinity" | "HostId" | "Tenancy") => {
            "it is replaced unless it stays on dedicated hosts"
        }
        ("AWS::EC2::VPC", "InstanceTenancy") => "it is replaced unless it goes from `dedicated` to `default`",
        ("AWS::ElasticLoadBalancing::LoadBalancer", "HealthCheck") => {
            "it is replaced when a health check is added where there was none, or taken away"
        }
        ("AWS::ElasticLoadBalancing::LoadBalancer", "AvailabilityZones" | "Subnets") => {
            "it is replaced when there were none, or none are left"
        }
        ("AWS::SSM::Document", _) => "it is replaced when its update method is `Replace`, as by default",
        _ => return None,
    })
}

/// Whether a type's resources are made by the author's own provider.
pub(crate) fn is_custom(resource_type: &str) -> bool {
    resource_type.starts_with("Custom::") || resource_type == "AWS::CloudFormation::CustomResource"
}

/// What becomes of a resource that leaves the stack.
pub(crate) fn disposal_of_removed(
    resource_type: &str,
    attributes: &Map,
    environment: &Environment<'_>,
) -> Disposal {
    let policy = attributes.get("DeletionPolicy").and_then(|policy| environment.evaluate(policy));
    match policy.as_ref().and_then(Value::as_str) {
        Some("Retain" | "RetainExceptOnCreate") => Disposal::Orphan,
        Some("Snapshot") => Disposal::Snapshot,
        _ if policy.is_none() && snapshot_by_default(resource_type, attributes) => Disposal::Snapshot,
        _ => Disposal::Delete,
    }
}

/// What becomes of a resource that is replaced by a new one.
pub(crate) fn disposal_of_replaced(attributes: &Map, environment: &Environment<'_>) -> Disposal {
    let policy = attributes.get("UpdateReplacePolicy").and_then(|policy| environment.evaluate(policy));
    match policy.as_ref().and_then(Value::as_str) {
        Some("Retain" | "RetainExceptOnCreate") => Disposal::Orphan,
        Some("Snapshot") => Disposal::Snapshot,
        _ => Disposal::Delete,
    }
}

/// Clusters, and databases that are in none, leave a snapshot when nothing is said.
fn snapshot_by_default(resource_type: &str, attributes: &Map) -> bool {
    match resource_type {
        "AWS::RDS::DBCluster" => true,
        "AWS::RDS::DBInstance" => attributes
            .get("Properties")
            .is_none_or(|properties| properties.get("DBClusterIdentifier").is_none()),
        _ => false,
    }
}
