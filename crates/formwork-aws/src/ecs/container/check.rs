//! What cannot be of the containers of a task.

use formwork_core::{Finding, Scope};

use super::ContainerParts;
use crate::ecs::{network_mode::NetworkMode, size::FargateSize, ulimit::UlimitName};

/// The longest time to end by itself on Fargate, in seconds.
const STOP_ON_FARGATE: u64 = 120;
/// The least memory that Docker gives, in MiB.
const LEAST_MEMORY: u32 = 6;
/// The most that memory can be swapped readily, in percent.
const MOST_SWAPPINESS: u8 = 100;
/// The most files of variables.
const MOST_FILES: usize = 10;
/// Ports of the instance that Docker and the agent listen on.
const TAKEN: [u16; 6] = [22, 2375, 2376, 51_678, 51_679, 51_680];

/// Reports what cannot be of containers, wherever they run: names and ports that are taken (`FW0431`),
/// logs through a router that is none (`FW0485`), times (`FW0433`), limits (`FW0434`), logs (`FW0436`),
/// ports of the instance (`FW0437`), variables (`FW0439`), volumes at one path (`FW0483`).
pub(in crate::ecs) fn check(
    containers: &[ContainerParts],
    size: FargateSize,
    network: NetworkMode,
    scope: &mut Scope<'_>,
) {
    check_names(containers, scope);
    check_port_names(containers, network, scope);
    check_ports(containers, network, scope);
    check_router(containers, scope);
    check_sum(containers, size, scope);
    for container in containers {
        container.logs.check(&container.name, scope);
        if let Some(check) = &container.health_check {
            check.check(&container.name, scope);
        }
        if let Some(policy) = &container.restart {
            policy.check(&container.name, scope);
        }
        for mistake in container.mistakes(size) {
            let message = format!("the container `{}` {mistake}", container.name);
            scope.report(Finding::error("FW0434", message));
        }
        container.check_variables(scope);
        check_mounts(container, scope);
        for (_, key) in
            container.environment_files.iter().filter(|(_, key)| key.strip_suffix(".env").is_none())
        {
            let message = format!("the container `{}` reads variables from `{key}`", container.name);
            scope
                .report(Finding::error("FW0439", message).hint("the service takes files that end in `.env`"));
        }
    }
}

/// Reports what the platform or the network mode does not have (`FW0435`), and times that it does not
/// give (`FW0433`).
pub(in crate::ecs) fn check_platform(
    containers: &[ContainerParts],
    on_fargate: bool,
    network: NetworkMode,
    scope: &mut Scope<'_>,
) {
    for container in containers {
        let name = &container.name;
        if on_fargate {
            let others = container.ulimits.iter().filter(|limit| limit.name != UlimitName::OpenFiles);
            for limit in others {
                let message = format!(
                    "the container `{name}` sets the limit `{}`, which Fargate has its own of",
                    limit.name.name()
                );
                scope.report(Finding::warning("FW0435", message).hint("Fargate takes `nofile` alone"));
            }
            if let Some(time) = container.stop_timeout.filter(|time| time.as_secs() > STOP_ON_FARGATE) {
                let message = format!("the container `{name}` has {} seconds to end", time.as_secs());
                let hint = format!("{STOP_ON_FARGATE} are the most on Fargate");
                scope.report(Finding::error("FW0433", message).hint(hint));
            }
        }
        for (key, _) in container.system_controls.iter().filter(|(key, _)| !is_of_namespace(key)) {
            let message = format!("the container `{name}` sets `{key}`, which is one of the whole machine");
            let hint = "a container has its own of `net.`, `fs.mqueue.`, and of shared memory and queues \
                        (`kernel.shmmax`)";
            scope.report(Finding::error("FW0435", message).hint(hint));
        }
        if network == NetworkMode::Host {
            let controls = container.system_controls.iter().filter(|(key, _)| key.starts_with("net."));
            for (key, _) in controls {
                let message =
                    format!("the container `{name}` sets `{key}`, and the network is the instance's");
                let hint = "set it on the instance, or give the task a network: `HostPortTask::bridge`";
                scope.report(Finding::error("FW0435", message).hint(hint));
            }
        }
    }
}

/// Whether a parameter of the kernel is one that each container has for itself.
fn is_of_namespace(key: &str) -> bool {
    let of_memory = ["msgmax", "msgmnb", "msgmni", "sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced"];
    key.starts_with("net.")
        || key.starts_with("fs.mqueue.")
        || key.strip_prefix("kernel.").is_some_and(|name| of_memory.contains(&name))
}

impl ContainerParts {
    /// Reports (`FW0439`) a variable that it has twice, and more files of variables than it may have.
    fn check_variables(&self, scope: &mut Scope<'_>) {
        let names: Vec<&str> =
            self.environment.iter().chain(&self.secrets).map(|(name, _)| name.as_str()).collect();
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) {
                let message = format!("the container `{}` has two variables `{name}`", self.name);
                scope.report(Finding::error("FW0439", message));
            }
        }
        let files = self.environment_files.len();
        if files > MOST_FILES {
            let message = format!("the container `{}` reads variables from {files} files", self.name);
            scope.report(Finding::error("FW0439", message).hint(format!("{MOST_FILES} are the most")));
        }
    }

    /// What cannot be of its limits.
    fn mistakes(&self, size: FargateSize) -> Vec<String> {
        let mut all = Vec::new();
        for (place, limit) in self.ulimits.iter().enumerate() {
            let name = limit.name.name();
            if let Some((soft, hard)) = limit.bounds.filter(|(soft, hard)| soft > hard) {
                all.push(format!("begins with {soft} of `{name}`, and may raise it to {hard}"));
            }
            if self.ulimits[..place].iter().any(|other| other.name == limit.name) {
                all.push(format!("has two limits of `{name}`"));
            }
        }
        let (limit, reserved) = (self.memory, self.memory_reservation);
        for memory in [limit, reserved].into_iter().flatten().filter(|memory| *memory < LEAST_MEMORY) {
            all.push(format!("has {memory} MiB of memory: Docker gives {LEAST_MEMORY} at least"));
        }
        if let (Some(limit), Some(reserved)) = (limit, reserved)
            && reserved > limit
        {
            all.push(format!("is kept {reserved} MiB of memory, and may use {limit}"));
        }
        if let Some(limit) = limit.filter(|limit| *limit > size.memory) {
            all.push(format!("may use {limit} MiB of memory, and the task has {}", size.memory));
        }
        if let Some((_, Some(swappiness))) = self.instance.swap
            && swappiness > MOST_SWAPPINESS
        {
            all.push(format!("swaps by {swappiness}: 0 to {MOST_SWAPPINESS} are possible"));
        }
        if self.instance.gpus == Some(0) {
            all.push("has 0 GPUs: leave them out".to_owned());
        }
        if let Some((path, ..)) = self.tmpfs.iter().find(|(_, size, _)| *size == 0) {
            all.push(format!("has 0 MiB of files in memory at `{path}`"));
        }
        all
    }
}

fn check_names(containers: &[ContainerParts], scope: &mut Scope<'_>) {
    for (place, container) in containers.iter().enumerate() {
        if containers[..place].iter().any(|other| other.name == container.name) {
            let message = format!("two containers of the task have the name `{}`", container.name);
            scope.report(Finding::error("FW0431", message));
        }
    }
}

/// Reports names of ports that are there twice (`FW0431`), and ports that a container lists twice.
fn check_port_names(containers: &[ContainerParts], network: NetworkMode, scope: &mut Scope<'_>) {
    let names: Vec<&str> = containers
        .iter()
        .flat_map(|container| container.ports.iter().filter_map(|port| port.name.as_deref()))
        .collect();
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            let message = format!("two ports of the task have the name `{name}`");
            scope.report(Finding::error("FW0431", message));
        }
    }
    // In the mode `bridge`, a port may be at several ports of the instance.
    for container in containers.iter().filter(|_| network != NetworkMode::Bridge) {
        for (place, port) in container.ports.iter().enumerate() {
            let same = |other: &&super::ContainerPort| {
                (other.number, other.protocol) == (port.number, port.protocol)
            };
            if container.ports[..place].iter().any(|other| same(&other)) {
                let message =
                    format!("the container `{}` listens on port {} twice", container.name, port.number);
                scope.report(Finding::error("FW0431", message));
            }
        }
    }
}

/// Reports (`FW0483`) two volumes at one path of a container.
fn check_mounts(container: &ContainerParts, scope: &mut Scope<'_>) {
    let paths: Vec<&str> = container
        .mounts
        .iter()
        .map(|(_, path, _)| path.as_str())
        .chain(container.tmpfs.iter().map(|(path, ..)| path.as_str()))
        .collect();
    for (place, path) in paths.iter().enumerate() {
        if paths[..place].contains(path) {
            let message = format!("the container `{}` has two volumes at `{path}`", container.name);
            scope.report(Finding::error("FW0483", message));
        }
    }
}

fn check_ports(containers: &[ContainerParts], network: NetworkMode, scope: &mut Scope<'_>) {
    for (place, container) in containers.iter().enumerate() {
        for port in &container.ports {
            let (number, of_instance) = (port.number, port.of_instance);
            let others = containers[..place].iter();
            let of = |other: &&ContainerParts, same: &dyn Fn(&super::ContainerPort) -> bool| {
                other.ports.iter().any(|other| other.protocol == port.protocol && same(other))
            };
            if network == NetworkMode::Bridge {
                // Each container has an address of its own; the ports of the instance are shared.
                let same = |other: &super::ContainerPort| {
                    other.of_instance.is_some() && other.of_instance == of_instance
                };
                if let Some(other) = others.clone().find(|other| of(other, &same)) {
                    let message = format!(
                        "the containers `{}` and `{}` are both at port {} of the instance",
                        other.name,
                        container.name,
                        of_instance.unwrap_or_default()
                    );
                    scope.report(Finding::error("FW0437", message).hint("give each its own port"));
                }
            } else if let Some(other) =
                others.clone().find(|other| of(other, &|other| other.number == number))
            {
                let message = format!(
                    "the containers `{}` and `{}` both listen on port {number}",
                    other.name, container.name
                );
                let hint = "containers of a task share one address: give each its own port";
                scope.report(Finding::error("FW0431", message).hint(hint));
            }
            if network == NetworkMode::Host && of_instance.is_some_and(|own| own != number) {
                let message = format!(
                    "the container `{}` listens on port {number}, which is that port of the instance too",
                    container.name
                );
                let hint = "say the port alone, or have ports translated: `HostPortTask::bridge`";
                scope.report(Finding::error("FW0437", message).hint(hint));
            }
            let own = if network == NetworkMode::Host { Some(number) } else { of_instance };
            if network != NetworkMode::Vpc
                && let Some(own) = own.filter(|own| TAKEN.contains(own))
            {
                let message = format!("the container `{}` is at port {own} of the instance", container.name);
                let hint = "Docker, SSH or the agent of the service listen there: choose another port";
                scope.report(Finding::error("FW0437", message).hint(hint));
            }
        }
    }
}

fn check_router(containers: &[ContainerParts], scope: &mut Scope<'_>) {
    if containers.iter().any(|container| container.router.is_some()) {
        return;
    }
    if let Some(container) = containers.iter().find(|container| container.logs.is_routed()) {
        let message = format!("`{}` sends logs through a router, and the task has none", container.name);
        let hint = "add one: `task.container(Container::log_router(image))`";
        scope.report(Finding::error("FW0485", message).hint(hint));
    }
}

/// Reports (`FW0434`) containers that are kept more than the task has.
fn check_sum(containers: &[ContainerParts], size: FargateSize, scope: &mut Scope<'_>) {
    let cpu: u64 = containers.iter().filter_map(|container| container.cpu).map(u64::from).sum();
    let memory = containers.iter().filter_map(|container| container.memory_reservation.or(container.memory));
    let memory: u64 = memory.map(u64::from).sum();
    for (sum, has, unit) in [(cpu, size.cpu, "processor units"), (memory, size.memory, "MiB of memory")] {
        if sum > has.into() {
            let message = format!("the containers of the task are kept {sum} {unit}, and it has {has}");
            scope.report(Finding::error("FW0434", message));
        }
    }
}
