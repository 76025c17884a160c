//! Containers: clusters, tasks and services, on Fargate and on instances.

#[cfg(feature = "container-instances")]
mod capacity_provider;
mod cluster;
mod cluster_capacity;
mod connection;
mod container;
mod execute_command;
mod order;
mod placement;
mod platform;
#[cfg(feature = "queue-services")]
mod queue_service;
mod scaling;
#[cfg(feature = "scheduled-tasks")]
mod scheduled_task;
mod service;
mod size;
mod task;
mod volume;

#[cfg(feature = "container-instances")]
pub use capacity_provider::{InstanceCapacity, InstanceCapacityHandle};
pub use cluster::{Cluster, ClusterHandle, ContainerInsights};
pub use cluster_capacity::{CapacityShare, ClusterCapacity, ClusterCapacityHandle};
pub use container::{Container, ContainerImage};
pub use execute_command::ExecuteCommand;
pub use order::ContainerState;
pub use placement::{Placement, PlacementRule};
pub use platform::{Fargate, Instances, Platform};
#[cfg(feature = "queue-services")]
pub use queue_service::{QueueService, QueueServiceHandle};
#[cfg(feature = "scheduled-tasks")]
pub use scheduled_task::ScheduledTask;
pub use service::{
    FargateService, FargateServiceHandle, InstanceService, InstanceServiceHandle, Service, ServiceHandle,
    ServicePort,
};
pub use size::FargateSize;
pub use task::{FargateTask, FargateTaskHandle, InstanceTask, InstanceTaskHandle, Task, TaskHandle};
pub use volume::TaskVolume;
