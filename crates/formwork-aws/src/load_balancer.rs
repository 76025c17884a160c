//! Load balancers: [`ApplicationLoadBalancer`] for HTTP, [`NetworkLoadBalancer`] for TCP, TLS and UDP,
//! [`GatewayLoadBalancer`] for appliances that look into packets, and the classic one.
//!
//! What cannot be together does not compile: a listener takes the targets that it can speak with, one
//! for HTTPS has a certificate, appliances have no port.

#[cfg(feature = "access-logs")]
mod access_logs;
mod action;
mod application;
mod attributes;
mod authentication;
mod balancer;
#[cfg(feature = "classic-load-balancing")]
mod classic;
mod endpoint_service;
#[cfg(feature = "lambda-targets")]
mod function_target;
mod gateway;
mod health_check;
mod listener;
mod listener_target;
mod network;
mod network_listener;
mod protocol;
mod rule;
mod target;
mod target_group;

#[cfg(feature = "access-logs")]
pub use access_logs::AccessLogs;
pub use action::{Answer, Redirect, WeightedTargets};
pub use application::{ApplicationLoadBalancer, ApplicationLoadBalancerHandle};
pub use authentication::{Authentication, OpenIdClient};
#[cfg(feature = "classic-load-balancing")]
pub use classic::{ClassicListener, ClassicLoadBalancer, ClassicLoadBalancerHandle, ClassicTarget};
pub use endpoint_service::{EndpointService, EndpointServiceHandle};
pub use gateway::{GatewayLoadBalancer, GatewayLoadBalancerHandle};
pub use health_check::HealthCheck;
pub use listener::{ListenerBuilder, ListenerHandle, MutualTls};
pub use network::{NetworkLoadBalancer, NetworkLoadBalancerHandle};
pub use network_listener::{ApplicationNegotiation, NetworkListenerBuilder, NetworkListenerHandle};
pub use protocol::{
    Application, ApplicationProtocol, Geneve, Http, Https, NetworkProtocol, PortProtocol, Tcp, TcpAndUdp,
    Tls, Udp,
};
pub use rule::{Requests, RuleBuilder};
pub use target::{Addresses, AttachedGroup, Instances, Target};
pub use target_group::{Algorithm, Appliances, Forward, Stickiness, TargetGroup, TargetGroupHandle};
