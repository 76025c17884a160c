//! The types that stacks name, and no modules: those of services are called the same.

#[cfg(feature = "identity")]
pub use crate::iam::{
    Effect, Permission, PolicyDocument, Principal, Role, RoleHandle, Statement, session_manager,
};
#[cfg(feature = "load-balancing")]
pub use crate::load_balancer::{ApplicationLoadBalancer, HealthCheck, LoadBalancerHandle};
#[cfg(any(feature = "compute", feature = "containers"))]
pub use crate::{
    architecture::Architecture,
    capacity::{Capacity, Fixed, Ranged},
};
#[cfg(feature = "compute")]
pub use crate::{
    auto_scaling::{AutoScalingGroup, AutoScalingGroupHandle, Metric, Schedule, StepScaling},
    image::Image,
    launch_template::{LaunchTemplate, LaunchTemplateHandle, Volume},
    user_data::UserData,
};
#[cfg(feature = "containers")]
pub use crate::{
    ecr::{Repository, RepositoryHandle},
    ecs::{
        Cluster, ClusterHandle, Container, ContainerImage, FargateService, FargateServiceHandle, FargateSize,
        FargateTask, FargateTaskHandle,
    },
    logs::{LogGroup, LogGroupHandle, Retention},
    secret::{Secret, SecretHandle},
};
#[cfg(feature = "network")]
pub use crate::{
    port::Port,
    security_group::{Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{NatPolicy, Subnets, Tier, Vpc, VpcHandle, Zones},
};
