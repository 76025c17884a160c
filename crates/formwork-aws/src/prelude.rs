//! The types that stacks name, and no modules: those of services are called the same.

#[cfg(feature = "identity")]
pub use crate::iam::{
    Effect, Permission, PolicyDocument, Principal, Role, RoleHandle, Statement, session_manager,
};
#[cfg(feature = "load-balancing")]
pub use crate::load_balancer::{ApplicationLoadBalancer, HealthCheck, LoadBalancerHandle};
#[cfg(feature = "compute")]
pub use crate::{
    auto_scaling::{AutoScalingGroup, AutoScalingGroupHandle, Metric, Schedule, StepScaling},
    capacity::{Capacity, Fixed, Ranged},
    image::{Architecture, Image},
    launch_template::{LaunchTemplate, LaunchTemplateHandle, Volume},
    user_data::UserData,
};
#[cfg(feature = "network")]
pub use crate::{
    port::Port,
    security_group::{Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{NatPolicy, Subnets, Tier, Vpc, VpcHandle, Zones},
};
