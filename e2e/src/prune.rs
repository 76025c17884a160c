//! What the emulator cannot deploy is taken out of a template, with all that refers to it.

use serde_json::Value;
use std::collections::BTreeSet;

/// What was taken out of a template.
#[derive(Debug, Default)]
pub struct Pruned {
    /// The logical ids of resources, with their types.
    pub resources: Vec<String>,
    /// The names that the template no longer exports.
    pub exports: BTreeSet<String>,
}

/// Takes out the resources of these types, and every resource and output that refers to one of them
/// or imports one of these names.
pub fn prune(template: &mut Value, types: &[String], imports: &BTreeSet<String>) -> Pruned {
    let mut pruned = Pruned::default();
    let mut gone = BTreeSet::new();
    while let Some((id, kind)) = next(template, types, imports, &gone) {
        if let Some(resources) = template["Resources"].as_object_mut() {
            resources.remove(&id);
        }
        pruned.resources.push(format!("{id} ({kind})"));
        gone.insert(id);
    }
    for resource in template["Resources"].as_object_mut().into_iter().flat_map(|section| section.values_mut())
    {
        forget_dependencies(resource, &gone);
    }
    if let Some(outputs) = template.get_mut("Outputs").and_then(Value::as_object_mut) {
        outputs.retain(|_, output| {
            let kept = !refers(output, &gone, imports);
            if let (false, Some(name)) = (kept, output["Export"]["Name"].as_str()) {
                pruned.exports.insert(name.to_owned());
            }
            kept
        });
    }
    pruned
}

/// The next resource that has to go, with its type.
fn next(
    template: &Value,
    types: &[String],
    imports: &BTreeSet<String>,
    gone: &BTreeSet<String>,
) -> Option<(String, String)> {
    template["Resources"].as_object()?.iter().find_map(|(id, resource)| {
        let kind = resource["Type"].as_str().unwrap_or_default();
        let refused = types.iter().any(|refused| refused == kind);
        (refused || refers(resource, gone, imports)).then(|| (id.clone(), kind.to_owned()))
    })
}

/// `DependsOn` alone is no reason for a resource to go.
fn forget_dependencies(resource: &mut Value, gone: &BTreeSet<String>) {
    let is_gone = |name: &Value| name.as_str().is_some_and(|name| gone.contains(name));
    let Some(attributes) = resource.as_object_mut() else { return };
    match attributes.get_mut("DependsOn") {
        Some(Value::Array(names)) => names.retain(|name| !is_gone(name)),
        Some(name) if is_gone(name) => drop(attributes.remove("DependsOn")),
        _ => {}
    }
}

/// Whether a value refers to what is gone, or imports a name that nothing exports any more.
fn refers(value: &Value, gone: &BTreeSet<String>, imports: &BTreeSet<String>) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| refers(item, gone, imports)),
        Value::Object(members) => members.iter().any(|(name, value)| match (name.as_str(), value) {
            ("Ref", Value::String(id)) => gone.contains(id),
            ("Fn::GetAtt", Value::Array(parts)) => {
                parts.first().and_then(Value::as_str).is_some_and(|id| gone.contains(id))
            }
            ("Fn::GetAtt", Value::String(path)) => path.split('.').next().is_some_and(|id| gone.contains(id)),
            ("Fn::ImportValue", Value::String(name)) => imports.contains(name),
            ("Fn::Sub", Value::String(text)) => names_in(text).any(|id| gone.contains(id)),
            ("Fn::Sub", Value::Array(parts)) => {
                let text = parts.first().and_then(Value::as_str).unwrap_or_default();
                names_in(text).any(|id| gone.contains(id))
                    || parts.iter().any(|part| refers(part, gone, imports))
            }
            _ => refers(value, gone, imports),
        }),
        _ => false,
    }
}

/// The logical ids in a text of `Fn::Sub`: `${Vpc}` and `${Vpc.CidrBlock}`, but not `${!Vpc}`.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')?.0.split('.').next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_refers_to_a_refused_resource_goes_with_it() {
        let mut template = json!({
            "Resources": {
                "Address": {"Type": "AWS::EC2::EIP"},
                "Gateway": {"Type": "AWS::EC2::NatGateway",
                            "Properties": {"AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}}},
                "Route": {"Type": "AWS::EC2::Route", "Properties": {"NatGatewayId": {"Ref": "Gateway"}}},
                "Note": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::Sub": "at ${Address.PublicIp}"}}},
                "Literal": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::Sub": "${!Address} ${Vpc}"}}},
                "Far": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::ImportValue": "other-address"}}},
                "Vpc": {"Type": "AWS::EC2::VPC", "DependsOn": ["Route", "Literal"]},
                "Subnet": {"Type": "AWS::EC2::Subnet", "DependsOn": "Route"}
            },
            "Outputs": {
                "Ip": {"Value": {"Ref": "Address"}, "Export": {"Name": "our-address"}},
                "Vpc": {"Value": {"Ref": "Vpc"}, "Export": {"Name": "our-vpc"}}
            }
        });
        let pruned = prune(&mut template, &["AWS::EC2::EIP".into()], &["other-address".into()].into());
        let left: Vec<&String> = template["Resources"].as_object().unwrap().keys().collect();
        assert_eq!(left, ["Literal", "Subnet", "Vpc"]);
        assert_eq!(template["Resources"]["Vpc"]["DependsOn"], json!(["Literal"]));
        assert_eq!(template["Resources"]["Subnet"], json!({"Type": "AWS::EC2::Subnet"}));
        assert_eq!(template["Outputs"].as_object().unwrap().len(), 1);
        assert_eq!(pruned.exports, ["our-address".to_owned()].into());
        assert_eq!(pruned.resources.len(), 5, "{pruned:?}");
    }

    #[test]
    fn nothing_refused_is_nothing_changed() {
        let mut template = json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}});
        let before = template.clone();
        assert!(prune(&mut template, &[], &BTreeSet::new()).resources.is_empty());
        assert_eq!(template, before);
    }
}
