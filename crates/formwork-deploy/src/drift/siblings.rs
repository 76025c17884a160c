//! What other resources of a stack add to one.

use serde_json::{Map, Value, json};

use super::{compare::same, resolve::Resolver};
use crate::service::StackResource;

/// The resources of a stack, and what is declared of them.
pub(crate) struct Siblings<'a> {
    pub(crate) resources: &'a [StackResource],
    pub(crate) resolver: &'a Resolver<'a>,
}

impl Siblings<'_> {
    /// What others add to a property of a resource, in the form of the property's items.
    pub(crate) fn added(&self, resource: &StackResource, property: &str) -> Vec<Value> {
        let id = resource.physical_id.as_deref().unwrap_or_default();
        match (resource.resource_type.as_str(), property) {
            ("AWS::EC2::SecurityGroup", "/SecurityGroupIngress") => {
                self.rules("AWS::EC2::SecurityGroupIngress", "GroupId", id)
            }
            ("AWS::EC2::SecurityGroup", "/SecurityGroupEgress") => {
                self.rules("AWS::EC2::SecurityGroupEgress", "GroupId", id)
            }
            ("AWS::IAM::Role", "/Policies") => {
                let attached =
                    self.of_type("AWS::IAM::Policy").filter(|(_, policy)| names(policy, "Roles", id));
                let own = self.of_type("AWS::IAM::RolePolicy");
                let own = own.filter(|(_, policy)| is_named(policy.get("RoleName"), id));
                attached
                    .chain(own)
                    .map(|(_, policy)| {
                        json!({
                            "PolicyName": policy.get("PolicyName"), "PolicyDocument": policy.get("PolicyDocument"),
                        })
                    })
                    .collect()
            }
            ("AWS::IAM::Role", "/ManagedPolicyArns") => {
                let attached = self.of_type("AWS::IAM::ManagedPolicy");
                let attached = attached.filter(|(_, policy)| names(policy, "Roles", id));
                attached.map(|(resource, _)| json!(resource.physical_id)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The rules of this type whose property names the resource, without it.
    pub(crate) fn rules(&self, resource_type: &str, property: &str, id: &str) -> Vec<Value> {
        let rules = self.of_type(resource_type).filter(|(_, rule)| is_named(rule.get(property), id));
        rules
            .map(|(_, mut rule)| {
                rule.remove(property);
                Value::Object(rule)
            })
            .collect()
    }

    fn of_type(&self, resource_type: &str) -> impl Iterator<Item = (&StackResource, Map<String, Value>)> {
        let resources = self.resources.iter().filter(move |resource| resource.resource_type == resource_type);
        resources.map(|resource| (resource, self.resolver.properties(&resource.logical_id)))
    }
}

/// Whether a value is this id, or may be.
fn is_named(value: Option<&Value>, id: &str) -> bool {
    value.is_some_and(|value| same(value, &json!(id)))
}

fn names(properties: &Map<String, Value>, list: &str, id: &str) -> bool {
    match properties.get(list) {
        Some(Value::Array(items)) => items.iter().any(|item| is_named(Some(item), id)),
        other => is_named(other, id),
    }
}

/// Whether all that a rule declares is in what was added; the service writes more into it.
pub(crate) fn is_part(rule: &Value, added: &Value) -> bool {
    match (rule, added) {
        (Value::Object(rule), Value::Object(added)) => {
            let absent = Value::Null;
            rule.iter().all(|(key, value)| same(value, added.get(key).unwrap_or(&absent)))
        }
        _ => false,
    }
}
