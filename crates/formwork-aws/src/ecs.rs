//! Containers: clusters, tasks and services, on Fargate and on instances.

mod app_protocol;
mod blue_green;
mod capability;
#[cfg(feature = "container-instances")]
mod capacity_provider;
mod cluster;
mod cluster_capacity;
#[cfg(feature = "code-deploy")]
mod code_deploy;
mod connection;
mod container;
mod container_health_check;
mod container_image;
mod deployment;
mod deployment_hook;
#[cfg(feature = "service-discovery")]
mod discovery;
mod docker_volume;
#[cfg(feature = "event-tasks")]
mod event_task;
mod execute_command;
mod load_balanced_service;
mod log_driver;
#[cfg(feature = "compute")]
mod managed_volume;
#[cfg(feature = "service-discovery")]
mod namespace;
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
mod service_handle;
mod service_port;
mod service_schedule;
mod service_steps;
mod size;
mod task;
#[cfg(feature = "code-deploy")]
mod task_revision;
#[cfg(any(feature = "event-tasks", feature = "scheduled-tasks"))]
mod task_run;
mod task_settings;
mod times;
mod tracking;
mod traffic_shift;
mod ulimit;
mod volume;

pub use app_protocol::AppProtocol;
pub use blue_green::{BlueGreen, BlueGreenPort, BlueGreenTargets};
pub use capability::Capability;
#[cfg(feature = "container-instances")]
pub use capacity_provider::{InstanceCapacity, InstanceCapacityHandle};
pub use cluster::{Cluster, ClusterHandle, ContainerInsights};
pub use cluster_capacity::{CapacityShare, ClusterCapacity, ClusterCapacityHandle};
#[cfg(feature = "code-deploy")]
pub use code_deploy::{CodeDeploy, CodeDeployPort, CodeDeployTargets, CodeDeployment, CodeDeploymentHandle};
pub use container::Container;
pub use container_health_check::ContainerHealthCheck;
pub use container_image::ContainerImage;
pub use deployment::Rolling;
pub use deployment_hook::{DeploymentHook, DeploymentStage, HookEnd};
#[cfg(feature = "service-discovery")]
pub use discovery::Discovery;
pub use docker_volume::DockerVolume;
#[cfg(feature = "event-tasks")]
pub use event_task::EventTask;
pub use execute_command::ExecuteCommand;
pub use load_balanced_service::{LoadBalancedService, LoadBalancedServiceHandle};
pub use log_driver::LogDriver;
#[cfg(feature = "compute")]
pub use managed_volume::VolumeFormat;
#[cfg(feature = "service-discovery")]
pub use namespace::{DnsNames, HttpNames, Namespace, NamespaceHandle};
pub use order::ContainerState;
pub use placement::{Placement, PlacementRule};
pub use platform::{AnyPlatform, Fargate, HostPorts, Instances, OnInstances, OwnAddress, Platform};
#[cfg(feature = "queue-services")]
pub use queue_service::{QueueService, QueueServiceHandle};
pub use restart_policy::RestartPolicy;
#[cfg(feature = "scheduled-tasks")]
pub use scheduled_task::ScheduledTask;
pub use service::{FargateService, HostPortService, InstanceService, Service};
pub use service_handle::{FargateServiceHandle, HostPortServiceHandle, InstanceServiceHandle, ServiceHandle};
pub use service_port::ServicePort;
pub use service_schedule::ServiceSchedule;
pub use service_steps::ServiceSteps;
pub use size::FargateSize;
pub use task::{
    FargateTask, FargateTaskHandle, HostPortTask, HostPortTaskHandle, InstanceTask, InstanceTaskHandle, Task,
    TaskHandle,
};
pub use tracking::Tracking;
pub use traffic_shift::TrafficShift;
pub use ulimit::UlimitName;
pub use volume::TaskVolume;
