//! Containers: clusters, tasks and services, on Fargate and on instances.

mod blue_green;
#[cfg(feature = "container-instances")]
mod capacity_provider;
mod cluster;
mod cluster_capacity;
#[cfg(feature = "code-deploy")]
mod code_deploy;
mod connection;
mod container;
mod deployment;
mod deployment_hook;
#[cfg(feature = "service-discovery")]
mod discovery;
mod load_balanced_service;
#[cfg(feature = "service-discovery")]
mod namespace;
mod order;
mod placement;
mod platform;
#[cfg(feature = "queue-services")]
mod queue_service;
mod scaling;
#[cfg(feature = "scheduled-tasks")]
mod scheduled_task;
mod service;
mod service_handle;
mod service_port;
mod service_schedule;
mod service_steps;
mod size;
mod task;
#[cfg(feature = "code-deploy")]
mod task_revision;
#[cfg(feature = "scheduled-tasks")]
mod task_run;
mod times;
mod tracking;
mod traffic_shift;
mod volume;

pub use blue_green::{BlueGreen, BlueGreenPort, BlueGreenTargets};
#[cfg(feature = "container-instances")]
pub use capacity_provider::{InstanceCapacity, InstanceCapacityHandle};
pub use cluster::{Cluster, ClusterHandle};
pub use cluster_capacity::{CapacityShare, ClusterCapacity, ClusterCapacityHandle};
#[cfg(feature = "code-deploy")]
pub use code_deploy::{CodeDeploy, CodeDeployPort, CodeDeployTargets, CodeDeployment, CodeDeploymentHandle};
pub use container::{Container, ContainerImage};
pub use deployment::Rolling;
pub use deployment_hook::{DeploymentHook, DeploymentStage, HookEnd};
#[cfg(feature = "service-discovery")]
pub use discovery::Discovery;
pub use load_balanced_service::{LoadBalancedService, LoadBalancedServiceHandle};
#[cfg(feature = "service-discovery")]
pub use namespace::{DnsNames, HttpNames, Namespace, NamespaceHandle};
pub use order::ContainerState;
pub use placement::{Placement, PlacementRule};
pub use platform::{Fargate, Instances, Platform};
#[cfg(feature = "queue-services")]
pub use queue_service::{QueueService, QueueServiceHandle};
#[cfg(feature = "scheduled-tasks")]
pub use scheduled_task::ScheduledTask;
pub use service::{FargateService, InstanceService, Service};
pub use service_handle::{FargateServiceHandle, InstanceServiceHandle, ServiceHandle};
pub use service_port::ServicePort;
pub use service_schedule::ServiceSchedule;
pub use service_steps::ServiceSteps;
pub use size::FargateSize;
pub use task::{FargateTask, FargateTaskHandle, InstanceTask, InstanceTaskHandle, Task, TaskHandle};
pub use tracking::Tracking;
pub use traffic_shift::TrafficShift;
pub use volume::TaskVolume;
