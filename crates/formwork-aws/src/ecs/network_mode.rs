//! [`NetworkMode`]: whose address a task has, and what follows for its service.

use formwork_cfn::{
    ecs,
    ecs::service::{AwsVpcConfiguration, NetworkConfiguration},
};
use formwork_core::{Finding, Resource, Scope};

use super::platform::{Fargate, Platform};
use crate::{
    port::Port,
    security_group::{Outbound, SecurityGroup, SecurityGroupHandle},
    vpc::Subnets,
};

/// The ports of an instance that Docker takes where none is said.
const FREE: Port = Port::tcp_range(32_768, 65_535);

/// Whose address a task has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NetworkMode {
    /// One of its own in a subnet.
    Vpc,
    /// Each container one of its own that only the instance knows; ports of the instance lead there.
    Bridge,
    /// The instance's.
    Host,
}

impl NetworkMode {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Vpc => "awsvpc",
            Self::Bridge => "bridge",
            Self::Host => "host",
        }
    }

    /// How targets are named to a load balancer.
    pub(super) const fn target_type(self) -> &'static str {
        match self {
            Self::Vpc => "ip",
            Self::Bridge | Self::Host => "instance",
        }
    }

    /// The ports that a load balancer finds a port of a container at, where it is not that port: the one
    /// of the instance that is said, or any.
    pub(super) fn found_at(self, of_instance: Option<u16>) -> Option<Port> {
        (self == Self::Bridge).then(|| of_instance.map_or(FREE, Port::tcp))
    }

    /// Reports (`FW0435`) a service of tasks with the network of their instance that is to be found by
    /// its name: the proxy would have no network to stand in.
    pub(super) fn check_connection(self, scope: &mut Scope<'_>) {
        if self == Self::Host {
            let message = "tasks with the network of their instance have no Service Connect";
            let hint = "give them ports of the instance: `HostPortTask::bridge`";
            scope.report(Finding::error("FW0435", message).hint(hint));
        }
    }
}

/// Where the tasks of a service are in the network.
#[derive(Debug, Clone)]
pub(super) enum ServiceNetwork {
    /// In subnets, in a security group of the service.
    Own(Subnets),
    /// On instances, in their security groups.
    OfInstances(Vec<SecurityGroupHandle>),
}

/// The network of a service that is being built.
pub(super) struct JoinedNetwork {
    pub(super) configuration: Option<NetworkConfiguration>,
    pub(super) groups: Vec<SecurityGroupHandle>,
}

impl ServiceNetwork {
    /// The subnets, where tasks have addresses in some.
    pub(super) const fn subnets(&self) -> Option<&Subnets> {
        match self {
            Self::Own(subnets) => Some(subnets),
            Self::OfInstances(_) => None,
        }
    }

    /// Adds a security group where tasks have one of their own.
    ///
    /// Findings: no subnets (`FW0403`), more tasks than addresses (`FW0441`), no way to images and logs
    /// (`FW0442`, a warning).
    pub(super) fn join<P: Platform>(
        &self,
        most_tasks: u32,
        public_address: bool,
        scope: &mut Scope<'_>,
    ) -> JoinedNetwork {
        let subnets = match self {
            Self::Own(subnets) => subnets,
            Self::OfInstances(groups) => {
                return JoinedNetwork { configuration: None, groups: groups.clone() };
            }
        };
        subnets.require(1, "the service", scope);
        // A deployment starts the new tasks before it stops the old ones.
        subnets.require_addresses(2 * u64::from(most_tasks), "the service", scope);
        let on_fargate = P::NAME == Fargate::NAME;
        if on_fargate {
            let services = super::service::SERVICES;
            subnets.require_services(services, public_address, "the service", ecs::Service::TYPE, scope);
        }
        let description = format!("service {}", scope.path());
        let group = SecurityGroup::new(subnets.vpc_id(), description, Outbound::Anywhere).build(scope, "");
        let mut network = AwsVpcConfiguration::new().subnets(subnets.ids()).security_groups([&group]);
        if on_fargate {
            network = network.assign_public_ip(if public_address { "ENABLED" } else { "DISABLED" });
        }
        let configuration = Some(NetworkConfiguration::new().awsvpc_configuration(network));
        JoinedNetwork { configuration, groups: vec![group] }
    }
}
