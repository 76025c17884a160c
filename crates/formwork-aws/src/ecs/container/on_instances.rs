//! What containers can do on instances alone.

use super::{Container, ContainerPort};
use crate::ecs::{
    capability::Capability,
    platform::{HostPorts, OnInstances},
};

/// What only instances have.
#[derive(Debug, Clone, Default)]
pub(in crate::ecs) struct InstanceParts {
    pub(super) gpus: Option<u8>,
    pub(super) shared_memory: Option<u32>,
    /// MiB of swap, and how readily it is used.
    pub(super) swap: Option<(u32, Option<u8>)>,
    pub(super) privileged: bool,
    /// Devices of the instance, each with its path in the container.
    pub(super) devices: Vec<(String, String)>,
    pub(super) security_options: Vec<String>,
    pub(super) hostname: Option<String>,
    /// Names, each with its address.
    pub(super) hosts: Vec<(String, String)>,
    pub(super) dns_servers: Vec<String>,
    pub(super) dns_search_domains: Vec<String>,
}

impl<P: OnInstances> Container<P> {
    /// As many GPUs of the instance, which no other container has then. The instances need an image with
    /// the drivers: `Image::from_ssm("/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id")`.
    pub fn gpus(mut self, count: u8) -> Self {
        self.parts.instance.gpus = Some(count);
        self
    }

    /// The size of `/dev/shm`, in MiB: 64 unless set.
    pub fn shared_memory(mut self, mebibytes: u32) -> Self {
        self.parts.instance.shared_memory = Some(mebibytes);
        self
    }

    /// The swap that it may use beside its [`Container::memory_limit`], in MiB, where the instance has
    /// some: none with 0.
    pub fn swap(mut self, mebibytes: u32) -> Self {
        self.parts.instance.swap = Some((mebibytes, None));
        self
    }

    /// The swap that it may use, and how readily: from 0, only when it must, to 100; 60 unless set.
    pub fn swap_by(mut self, mebibytes: u32, swappiness: u8) -> Self {
        self.parts.instance.swap = Some((mebibytes, Some(swappiness)));
        self
    }

    /// Gives it a capability that containers do not have.
    pub fn add_capability(mut self, capability: Capability) -> Self {
        self.parts.capabilities.push(capability);
        self
    }

    /// A device of the instance (`/dev/fuse`), to be read and written at the same path.
    pub fn device(self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.device_at(path.clone(), path)
    }

    /// A device of the instance, to be read and written at another path.
    pub fn device_at(mut self, of_instance: impl Into<String>, path: impl Into<String>) -> Self {
        self.parts.instance.devices.push((of_instance.into(), path.into()));
        self
    }

    /// Lets it do all that the instance may do. A container that needs one thing of it gets a
    /// capability or a device in its place.
    pub fn privileged(mut self) -> Self {
        self.parts.instance.privileged = true;
        self
    }

    /// An option of the security of Docker (`no-new-privileges`, `label:...`, `apparmor:...`), as far
    /// as the agent of the instance allows it.
    pub fn security_option(mut self, option: impl Into<String>) -> Self {
        self.parts.instance.security_options.push(option.into());
        self
    }
}

impl Container<HostPorts> {
    /// A TCP port that it listens on, at a port of the instance: with it, an instance runs one such
    /// task at a time, and a deployment needs room on another one.
    pub fn host_port(mut self, of_instance: u16, port: u16) -> Self {
        self.parts.ports.push(ContainerPort { of_instance: Some(of_instance), ..ContainerPort::tcp(port) });
        self
    }

    /// The name that it gives to itself.
    pub fn hostname(mut self, name: impl Into<String>) -> Self {
        self.parts.instance.hostname = Some(name.into());
        self
    }

    /// A name that it knows the address of (`/etc/hosts`).
    pub fn extra_host(mut self, name: impl Into<String>, address: impl Into<String>) -> Self {
        self.parts.instance.hosts.push((name.into(), address.into()));
        self
    }

    /// A server that it asks for addresses, by its own address, in place of the instance's.
    pub fn dns_server(mut self, address: impl Into<String>) -> Self {
        self.parts.instance.dns_servers.push(address.into());
        self
    }

    /// A domain in which it looks for short names.
    pub fn dns_search_domain(mut self, domain: impl Into<String>) -> Self {
        self.parts.instance.dns_search_domains.push(domain.into());
        self
    }
}
