//! [`ServiceHandle`]: a service that stands in a stack.

use std::{marker::PhantomData, time::Duration};

use formwork_cfn::{applicationautoscaling::ScalableTarget, ecs};
use formwork_core::{Expr, Handle, ScopeId};

use super::{
    deployment::Rolling,
    platform::{Fargate, HostPorts, Instances, OwnAddress},
    service_port::ServicePort,
    task::TaskHandle,
};
use crate::{
    iam::RoleHandle, load_balancer::TargetSettings, scaling::Metric, security_group::SecurityGroupHandle,
};

/// A [`Service`](super::Service) on Fargate that stands in a stack.
pub type FargateServiceHandle<K, D = Rolling> = ServiceHandle<Fargate, K, D>;
/// A [`Service`](super::Service) on instances that stands in a stack.
pub type InstanceServiceHandle<K, D = Rolling> = ServiceHandle<Instances, K, D>;
/// A [`Service`](super::Service) on instances that is reached by ports of the instances, and that
/// stands in a stack.
pub type HostPortServiceHandle<K, D = Rolling> = ServiceHandle<HostPorts, K, D>;

/// A [`Service`](super::Service) that stands in a stack: on a platform, of a capacity, deployed in
/// one way.
#[derive(Debug, Clone)]
pub struct ServiceHandle<P, K, D = Rolling> {
    pub(super) cluster_name: Expr<String>,
    pub(super) service: Handle<ecs::Service>,
    pub(super) task: TaskHandle<P>,
    pub(super) groups: Vec<SecurityGroupHandle>,
    pub(super) grace: Duration,
    /// The range, where there is one.
    pub(super) target: Option<Handle<ScalableTarget>>,
    /// In which the service shifts requests, where it does.
    pub(super) shifting: Option<RoleHandle>,
    /// What rolls a deployment back that is not the service's own.
    #[cfg(feature = "code-deploy")]
    pub(super) alarms: Vec<Expr<formwork_cfn::ids::cloudwatch::AlarmName>>,
    pub(super) scope: ScopeId,
    pub(super) kind: PhantomData<(K, D)>,
}

impl<P, K, D> ServiceHandle<P, K, D> {
    /// The service itself.
    pub const fn service(&self) -> &Handle<ecs::Service> {
        &self.service
    }

    /// The role in which its containers act.
    pub const fn role(&self) -> &RoleHandle {
        self.task.role()
    }

    /// Its own security group.
    pub fn security_group(&self) -> &SecurityGroupHandle
    where
        P: OwnAddress,
    {
        // A service of tasks with addresses of their own has one.
        &self.groups[0]
    }

    /// The processor that its tasks use, in percent of what they have: for an alarm, or steps.
    pub fn cpu_metric(&self) -> Metric {
        self.metric("CPUUtilization")
    }

    /// The memory that its tasks use, in percent of what they have: for an alarm, or steps.
    pub fn memory_metric(&self) -> Metric {
        self.metric("MemoryUtilization")
    }

    fn metric(&self, name: &str) -> Metric {
        Metric::new("AWS/ECS", name)
            .dimension("ClusterName", self.cluster_name.clone())
            .dimension("ServiceName", self.service.name())
    }

    pub(super) fn port_of_task(&self, port: u16) -> ServicePort {
        let known = self.task.ports.iter().find(|(known, _)| known.number == port);
        ServicePort {
            service: self.service.clone(),
            groups: self.groups.clone(),
            grace: self.grace,
            container: known.map(|(_, container)| container.clone()),
            network: self.task.network,
            found_at: self.task.network.found_at(known.and_then(|(port, _)| port.of_instance)),
            port,
            settings: TargetSettings::default(),
        }
    }
}

impl<P, K> ServiceHandle<P, K> {
    /// A port of its tasks, for a load balancer. Where no health check is set, one for HTTP asks for
    /// `/`, others open a connection.
    pub fn port(&self, port: u16) -> ServicePort {
        self.port_of_task(port)
    }
}
