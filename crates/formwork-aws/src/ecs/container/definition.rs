//! What a container says in the definition of its task.

use formwork_cfn::ecs::task_definition::{
    ContainerDefinition, ContainerDependency, Device, EnvironmentFile, FirelensConfiguration, HostEntry,
    KernelCapabilities, KeyValuePair, LinuxParameters, MountPoint, PortMapping, ResourceRequirement, Secret,
    SystemControl, Tmpfs,
};
use formwork_core::Expr;

use super::{ContainerParts, ContainerPort, on_instances::InstanceParts};
use crate::{
    ecs::{app_protocol::AppProtocol, capability::Capability, network_mode::NetworkMode, ulimit::Ulimit},
    logs::LogGroupHandle,
};

/// Sets a list where there is something in it.
macro_rules! list {
    ($definition:ident.$method:ident($items:expr)) => {
        let items: Vec<_> = $items.into_iter().collect();
        if !items.is_empty() {
            $definition = $definition.$method(items);
        }
    };
}

/// Sets what is said.
macro_rules! some {
    ($definition:ident.$method:ident($value:expr)) => {
        if let Some(value) = $value {
            $definition = $definition.$method(value);
        }
    };
}

impl ContainerParts {
    pub(in crate::ecs) fn definition(
        mut self,
        logs: &LogGroupHandle,
        network: NetworkMode,
    ) -> ContainerDefinition {
        let seconds = |time: std::time::Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let linux = self.linux_parameters();
        let mut definition = self
            .image
            .definition(self.name.clone())
            .essential(self.essential)
            .readonly_root_filesystem(!self.writable_root);
        some!(definition.log_configuration(self.logs.into_property(&self.name, logs)));
        if let Some(kind) = self.router {
            let mut router = FirelensConfiguration::new().type_(kind);
            if !self.router_options.is_empty() {
                router = router.options(Expr::map(self.router_options));
            }
            definition = definition.firelens_configuration(router);
        }
        list!(definition.port_mappings(self.ports.into_iter().map(|port| port.into_property(network))));
        let variables = self.environment.into_iter();
        list!(
            definition
                .environment(variables.map(|(name, value)| KeyValuePair::new().name(name).value(value)))
        );
        let files = self.environment_files.into_iter();
        list!(
            definition.environment_files(files.map(|(arn, _)| EnvironmentFile::new().type_("s3").value(arn)))
        );
        list!(definition.secrets(self.secrets.into_iter().map(|(name, value)| Secret::new(name, value))));
        some!(definition.entry_point(self.entry_point));
        some!(definition.command(self.command));
        some!(definition.working_directory(self.working_directory));
        some!(definition.health_check(self.health_check.map(super::ContainerHealthCheck::into_property)));
        list!(definition.depends_on(self.after.into_iter().map(|(name, state)| {
            ContainerDependency::new().container_name(name).condition(state.name())
        })));
        list!(definition.mount_points(self.mounts.into_iter().map(|(volume, path, read_only)| {
            MountPoint::new().source_volume(volume.name()).container_path(path).read_only(read_only)
        })));
        some!(definition.linux_parameters(linux));
        list!(definition.ulimits(self.ulimits.into_iter().map(Ulimit::into_property)));
        some!(definition.start_timeout(self.start_timeout.map(seconds)));
        some!(definition.stop_timeout(self.stop_timeout.map(seconds)));
        some!(definition.user(self.user));
        some!(definition.cpu(self.cpu));
        some!(definition.memory(self.memory));
        some!(definition.memory_reservation(self.memory_reservation));
        list!(
            definition.system_controls(
                self.system_controls
                    .into_iter()
                    .map(|(name, value)| { SystemControl::new().namespace(name).value(value) })
            )
        );
        some!(definition.restart_policy(self.restart.map(super::RestartPolicy::into_property)));
        if !self.labels.is_empty() {
            definition = definition.docker_labels(Expr::map(self.labels));
        }
        self.instance.apply(definition)
    }

    /// What the kernel is told, if anything is.
    fn linux_parameters(&mut self) -> Option<LinuxParameters> {
        let mut linux = LinuxParameters::new();
        let mut said = false;
        if self.init_process {
            linux = linux.init_process_enabled(true);
            said = true;
        }
        if !self.capabilities.is_empty() || !self.dropped_capabilities.is_empty() {
            let names = |all: &[Capability]| all.iter().map(|one| one.name()).collect::<Vec<_>>();
            let mut capabilities = KernelCapabilities::new();
            list!(capabilities.add(names(&self.capabilities)));
            list!(capabilities.drop(names(&self.dropped_capabilities)));
            linux = linux.capabilities(capabilities);
            said = true;
        }
        if !self.tmpfs.is_empty() {
            let mounts = self.tmpfs.drain(..).map(|(path, size, options)| {
                let mut mount = Tmpfs::new(size).container_path(path);
                list!(mount.mount_options(options));
                mount
            });
            linux = linux.tmpfs(Expr::list(mounts));
            said = true;
        }
        if let Some(size) = self.instance.shared_memory {
            linux = linux.shared_memory_size(size);
            said = true;
        }
        if let Some((size, swappiness)) = self.instance.swap {
            linux = linux.max_swap(size);
            some!(linux.swappiness(swappiness));
            said = true;
        }
        if !self.instance.devices.is_empty() {
            let devices = self.instance.devices.drain(..).map(|(of_instance, path)| {
                Device::new().host_path(of_instance).container_path(path).permissions(["read", "write"])
            });
            linux = linux.devices(Expr::list(devices));
            said = true;
        }
        said.then_some(linux)
    }
}

impl ContainerPort {
    fn into_property(self, network: NetworkMode) -> PortMapping {
        let mut mapping = PortMapping::new().container_port(self.number).protocol(self.protocol);
        if network == NetworkMode::Bridge {
            // 0 is any port that is free.
            mapping = mapping.host_port(self.of_instance.unwrap_or(0));
        }
        some!(mapping.name(self.name));
        some!(mapping.app_protocol(self.speaks.map(AppProtocol::name)));
        mapping
    }
}

impl InstanceParts {
    fn apply(self, mut definition: ContainerDefinition) -> ContainerDefinition {
        list!(definition.resource_requirements(
            self.gpus.map(|count| ResourceRequirement::new("GPU", count.to_string()))
        ));
        if self.privileged {
            definition = definition.privileged(true);
        }
        list!(definition.docker_security_options(self.security_options));
        some!(definition.hostname(self.hostname));
        list!(
            definition.extra_hosts(
                self.hosts
                    .into_iter()
                    .map(|(name, address)| { HostEntry::new().hostname(name).ip_address(address) })
            )
        );
        list!(definition.dns_servers(self.dns_servers));
        list!(definition.dns_search_domains(self.dns_search_domains));
        definition
    }
}
