//! ECS: tasks and the services that run them.

use formwork_template::{ResourceView, Value};

use crate::judge::{Judge, items, number, plain, referred, text};

const TASK: &str = "AWS::ECS::TaskDefinition";

/// What breaks the start of tasks.
pub(super) fn check(judge: &mut Judge<'_>) {
    for task in judge.resources(TASK) {
        host_ports(judge, task);
        names(judge, task);
    }
    for service in judge.resources("AWS::ECS::Service") {
        balanced(judge, service);
    }
}

fn containers(task: ResourceView<'_>) -> impl Iterator<Item = (usize, &Value)> {
    let definitions = task.property("ContainerDefinitions").and_then(plain).map(items).unwrap_or_default();
    definitions.iter().enumerate()
}

/// Where tasks have addresses of their own, the port of the host is that of the container.
fn host_ports(judge: &mut Judge<'_>, task: ResourceView<'_>) {
    if task.property("NetworkMode").and_then(text).as_deref() != Some("awsvpc") {
        return;
    }
    for (container, definition) in containers(task) {
        let mappings = definition.get("PortMappings").and_then(plain).map(items).unwrap_or_default();
        for (position, mapping) in mappings.iter().enumerate() {
            let port = |name: &str| mapping.get(name).and_then(number);
            if let (Some(host), Some(inner)) = (port("HostPort"), port("ContainerPort"))
                && (host - inner).abs() > 0.0
            {
                let path = [
                    "Resources",
                    task.logical_id,
                    "Properties",
                    "ContainerDefinitions",
                    &container.to_string(),
                    "PortMappings",
                    &position.to_string(),
                    "HostPort",
                ];
                let message = format!(
                    "the port of the host is {host}, and that of the container {inner}: in the network mode `awsvpc` they are the same"
                );
                judge.error("E3053", &path, message);
            }
        }
    }
}

/// Containers of one task have names of their own.
fn names(judge: &mut Judge<'_>, task: ResourceView<'_>) {
    let mut seen = Vec::new();
    for (container, definition) in containers(task) {
        let Some(name) = definition.get("Name").and_then(text) else { continue };
        if seen.contains(&name) {
            let path = [
                "Resources",
                task.logical_id,
                "Properties",
                "ContainerDefinitions",
                &container.to_string(),
                "Name",
            ];
            judge.error("FW0510", &path, format!("two containers of the task have the name `{name}`"));
        }
        seen.push(name);
    }
}

/// A load balancer of a service names a container and a port that the task has, and checks the
/// port that traffic goes to where it is chosen at the start of a task.
fn balanced(judge: &mut Judge<'_>, service: ResourceView<'_>) {
    let task =
        service.property("TaskDefinition").and_then(referred).and_then(|name| judge.index.resource(name));
    let Some(task) = task.filter(|task| task.resource_type() == Some(TASK)) else { return };
    let balancers = service.property("LoadBalancers").and_then(plain).map(items).unwrap_or_default();
    let all_named = containers(task).all(|(_, definition)| definition.get("Name").and_then(text).is_some());
    for (position, balancer) in balancers.iter().enumerate() {
        let position = position.to_string();
        let path = ["Resources", service.logical_id, "Properties", "LoadBalancers", &position];
        let (Some(name), Some(port)) =
            (balancer.get("ContainerName").and_then(text), balancer.get("ContainerPort").and_then(number))
        else {
            continue;
        };
        let container = containers(task)
            .find(|(_, definition)| definition.get("Name").and_then(text).as_deref() == Some(&name));
        let Some((_, definition)) = container else {
            if all_named && containers(task).count() > 0 {
                judge.error(
                    "FW0511",
                    &[&path[..], &["ContainerName"]].concat(),
                    format!("the task has no container `{name}`"),
                );
            }
            continue;
        };
        let mappings =
            definition.get("PortMappings").and_then(plain).and_then(Value::as_list).unwrap_or_default();
        let known: Option<Vec<f64>> =
            mappings.iter().map(|mapping| number(mapping.get("ContainerPort")?)).collect();
        let Some(known) = known else { continue };
        if !known.iter().any(|known| (known - port).abs() < 0.5) {
            let message = format!("the container `{name}` does not open the port {port}");
            judge.error("FW0511", &[&path[..], &["ContainerPort"]].concat(), message);
        }
        let dynamic = mappings.iter().any(|mapping| {
            mapping.get("ContainerPort").and_then(number) == Some(port)
                && mapping.get("HostPort").and_then(number) == Some(0.0)
        });
        let group =
            balancer.get("TargetGroupArn").and_then(referred).and_then(|name| judge.index.resource(name));
        let checked = group.and_then(|group| text(group.property("HealthCheckPort")?));
        if let (true, Some(group), Some(checked)) =
            (dynamic, group, checked.filter(|checked| checked != "traffic-port"))
        {
            let path = ["Resources", group.logical_id, "Properties", "HealthCheckPort"];
            let message = format!(
                "the port of the host is chosen when a task starts, and the health check asks port {checked}"
            );
            judge.report(
                "E3049",
                formwork_template::Severity::Error,
                &path,
                message,
                Some("write `traffic-port`".to_owned()),
            );
        }
    }
}
