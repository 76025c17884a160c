//! Containers without servers: clusters, tasks and services on Fargate.

mod cluster;
mod container;
mod scaling;
mod service;
mod size;
mod task;

pub use cluster::{Cluster, ClusterHandle};
pub use container::{Container, ContainerImage};
pub use service::{FargateService, FargateServiceHandle, ServicePort};
pub use size::FargateSize;
pub use task::{FargateTask, FargateTaskHandle};
