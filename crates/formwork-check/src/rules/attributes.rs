//! Attributes of resources beside their properties.

use formwork_template::{Map, ResourceView, Severity, Value, intrinsic};

use crate::judge::{Judge, all_referred};

/// Types that CloudFormation updates by a policy.
const UPDATED: [&str; 6] = [
    "AWS::AppStream::Fleet",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Elasticsearch::Domain",
    "AWS::Lambda::Alias",
    "AWS::OpenSearchService::Domain",
];
/// What a creation policy may say, by type.
const CREATED: [(&str, &[&str]); 4] = [
    ("AWS::AppStream::Fleet", &["StartFleet"]),
    ("AWS::AutoScaling::AutoScalingGroup", &["AutoScalingCreationPolicy", "ResourceSignal"]),
    ("AWS::CloudFormation::WaitCondition", &["ResourceSignal"]),
    ("AWS::EC2::Instance", &["ResourceSignal"]),
];
/// What a signal may say.
const SIGNAL: [&str; 2] = ["Count", "Timeout"];

/// Conditions, policies, metadata and dependencies have their forms.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for resource in template.resources() {
        let id = resource.logical_id;
        if let Some(condition) =
            resource.attributes.get("Condition").filter(|condition| condition.as_str().is_none())
        {
            let message =
                format!("a resource names its condition by a text, and this is {}", condition.kind());
            judge.error("E3015", &["Resources", id, "Condition"], message);
        }
        if let Some(metadata) =
            resource.attributes.get("Metadata").filter(|metadata| metadata.as_map().is_none())
        {
            judge.error(
                "E3028",
                &["Resources", id, "Metadata"],
                format!("metadata is an object, and this is {}", metadata.kind()),
            );
        }
        depends_on(judge, resource);
        policies(judge, resource);
    }
}

fn depends_on(judge: &mut Judge<'_>, resource: ResourceView<'_>) {
    let Some(value) = resource.attributes.get("DependsOn") else { return };
    let path = ["Resources", resource.logical_id, "DependsOn"];
    let texts = match value {
        Value::List(items) => items.iter().all(|item| item.as_str().is_some()),
        one => one.as_str().is_some(),
    };
    if !texts {
        judge.error("E3005", &path, "`DependsOn` names resources by plain texts");
        return;
    }
    let mut referred = Vec::new();
    for (_, value) in resource.attributes.iter().filter(|(name, _)| *name != "DependsOn") {
        referred.extend(all_referred(value));
    }
    for name in resource.depends_on() {
        if name == resource.logical_id {
            judge.error("E3005", &path, format!("`{name}` depends on itself"));
        } else if referred.contains(&name) {
            let message = format!("`{name}` is referred to anyway, which makes the order");
            judge.report(
                "W3005",
                Severity::Warning,
                &path,
                message,
                Some("take it out of `DependsOn`".to_owned()),
            );
        }
    }
}

fn policies(judge: &mut Judge<'_>, resource: ResourceView<'_>) {
    let Some(kind) = resource.resource_type() else { return };
    let foreign = formwork_spec::resource(kind).is_none();
    let path = ["Resources", resource.logical_id];
    if resource.attributes.contains_key("UpdatePolicy")
        && !UPDATED.contains(&kind)
        && (!foreign || kind.ends_with("::MODULE"))
    {
        judge.error(
            "E3016",
            &[&path[..], &["UpdatePolicy"]].concat(),
            format!("{kind} is updated by no policy"),
        );
    }
    let Some(policy) = resource.attributes.get("CreationPolicy") else { return };
    let path = [&path[..], &["CreationPolicy"]].concat();
    let Some(map) = policy.as_map() else {
        judge.error("E3055", &path, format!("a creation policy is an object, and this is {}", policy.kind()));
        return;
    };
    let Some((_, known)) = CREATED.iter().find(|(known, _)| *known == kind) else {
        if !foreign {
            judge.error("E3055", &path, format!("{kind} waits for no signals when it is made"));
        }
        return;
    };
    if let Some((function, _)) = intrinsic::of(map) {
        if function != "Fn::If" {
            judge.error("E3055", &path, format!("`{function}` cannot stand for a creation policy"));
        }
        return;
    }
    only(judge, map, known, &path);
    if let Some(Value::Map(signal)) = map.get("ResourceSignal")
        && intrinsic::of(signal).is_none()
    {
        only(judge, signal, &SIGNAL, &[&path[..], &["ResourceSignal"]].concat());
    }
}

fn only(judge: &mut Judge<'_>, map: &Map, known: &[&str], path: &[&str]) {
    for key in map.keys().filter(|key| !known.contains(key)) {
        judge.error(
            "E3055",
            &[path, &[key]].concat(),
            format!("there is no `{key}` here: {}", known.join(", ")),
        );
    }
}
