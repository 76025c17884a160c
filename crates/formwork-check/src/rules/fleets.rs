//! Auto scaling groups.

use formwork_template::{ResourceView, Value};

use crate::judge::{Judge, items, number, plain, text};

/// What a group can never be.
pub(super) fn check(judge: &mut Judge<'_>) {
    for group in judge.resources("AWS::AutoScaling::AutoScalingGroup") {
        desired(judge, group);
        health_checks(judge, group);
        rolling(judge, group);
    }
}

/// The desired capacity lies between the bounds. That the bounds are in order is another rule's.
fn desired(judge: &mut Judge<'_>, group: ResourceView<'_>) {
    let size = |name: &str| group.property(name).and_then(number);
    let Some(desired) = size("DesiredCapacity") else { return };
    let path = ["Resources", group.logical_id, "Properties", "DesiredCapacity"];
    if let Some(least) = size("MinSize").filter(|least| desired < *least) {
        judge.error("FW0530", &path, format!("{desired} instances are desired, and {least} are the least"));
    }
    if let Some(most) = size("MaxSize").filter(|most| desired > *most) {
        judge.error("FW0530", &path, format!("{desired} instances are desired, and {most} are the most"));
    }
}

/// Kinds of health checks are joined by commas, and `EC2` stands alone.
fn health_checks(judge: &mut Judge<'_>, group: ResourceView<'_>) {
    let Some(kinds) = group.property("HealthCheckType").and_then(text) else { return };
    let kinds: Vec<&str> = kinds.split(',').map(str::trim).collect();
    if kinds.len() > 1 && kinds.contains(&"EC2") {
        let path = ["Resources", group.logical_id, "Properties", "HealthCheckType"];
        judge.error("E3056", &path, "`EC2` is always checked, and stands in no list with others");
    }
}

/// An update that keeps as many instances as there may be at most can never take one out.
fn rolling(judge: &mut Judge<'_>, group: ResourceView<'_>) {
    let update =
        group.attributes.get("UpdatePolicy").and_then(|policy| policy.get("AutoScalingRollingUpdate"));
    let kept = update.and_then(|update| number(update.get("MinInstancesInService")?));
    let most = group.property("MaxSize").and_then(number);
    if let (Some(kept), Some(most)) = (kept, most)
        && kept >= most
        && most > 0.0
    {
        let path = [
            "Resources",
            group.logical_id,
            "UpdatePolicy",
            "AutoScalingRollingUpdate",
            "MinInstancesInService",
        ];
        judge.error("FW0531", &path, format!("the update keeps {kept} instances in service, and there are {most} at most: it can never begin"));
    }
    let suspended = update
        .and_then(|update| update.get("SuspendProcesses"))
        .and_then(plain)
        .map(items)
        .unwrap_or_default();
    if suspended.iter().any(|process| process == &Value::from("Launch")) {
        let path =
            ["Resources", group.logical_id, "UpdatePolicy", "AutoScalingRollingUpdate", "SuspendProcesses"];
        judge.error("FW0531", &path, "the update suspends `Launch`, and launches the new instances by it");
    }
}
