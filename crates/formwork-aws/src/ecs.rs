//! Containers: clusters, tasks and services, on Fargate and on instances.

mod app_protocol;
mod capability;
#[cfg(feature = "container-instances")]
mod capacity_provider;
mod cluster;
mod cluster_capacity;
mod connection;
mod container;
mod container_health_check;
mod container_image;
mod docker_volume;
mod execute_command;
mod log_driver;
#[cfg(feature = "compute")]
mod managed_volume;
mod network_mode;
mod order;
mod placement;
mod platform;
#[cfg(feature = "queue-services")]
mod queue_service;
mod restart_policy;
mod scaling;
#[cfg(feature = "scheduled-tasks")]
mod scheduled_task;
mod service;
mod size;
mod task;
mod ulimit;
mod volume;

pub use app_protocol::AppProtocol;
pub use capability::Capability;
#[cfg(feature = "container-instances")]
pub use capacity_provider::{InstanceCapacity, InstanceCapacityHandle};
pub use cluster::{Cluster, ClusterHandle, ContainerInsights};
pub use cluster_capacity::{CapacityShare, ClusterCapacity, ClusterCapacityHandle};
pub use container::Container;
pub use container_health_check::ContainerHealthCheck;
pub use container_image::ContainerImage;
pub use docker_volume::DockerVolume;
pub use execute_command::ExecuteCommand;
pub use log_driver::LogDriver;
#[cfg(feature = "compute")]
pub use managed_volume::VolumeFormat;
pub use order::ContainerState;
pub use placement::{Placement, PlacementRule};
pub use platform::{AnyPlatform, Fargate, HostPorts, Instances, OnInstances, OwnAddress, Platform};
#[cfg(feature = "queue-services")]
pub use queue_service::{QueueService, QueueServiceHandle};
pub use restart_policy::RestartPolicy;
#[cfg(feature = "scheduled-tasks")]
pub use scheduled_task::ScheduledTask;
pub use service::{
    FargateService, FargateServiceHandle, HostPortService, HostPortServiceHandle, InstanceService,
    InstanceServiceHandle, Service, ServiceHandle, ServicePort,
};
pub use size::FargateSize;
pub use task::{
    FargateTask, FargateTaskHandle, HostPortTask, HostPortTaskHandle, InstanceTask, InstanceTaskHandle, Task,
    TaskHandle,
};
pub use ulimit::UlimitName;
pub use volume::TaskVolume;
