//! Load balancers: [`ApplicationLoadBalancer`] for HTTP, [`NetworkLoadBalancer`] for TCP, TLS and UDP,
//! [`GatewayLoadBalancer`] for appliances that look into packets, and the classic one.
//!
//! What cannot be together does not compile: a listener takes the targets that it can speak with, one
//! for HTTPS has a certificate, appliances have no port.

#[cfg(feature = "access-logs")]
mod access_logs;
mod action;
mod admission;
mod appliances;
mod application;
mod attributes;
mod authentication;
mod balancer;
#[cfg(feature = "classic-load-balancing")]
mod classic;
mod endpoint_service;
mod forward;
#[cfg(feature = "lambda-targets")]
mod function_target;
mod gateway;
mod health_check;
mod healthy_targets;
mod listener;
mod listener_target;
mod mutual_tls;
mod network;
mod network_listener;
mod protocol;
mod quic;
mod regex;
mod requests;
mod rewrite;
mod rule;
mod target;
mod target_group;
mod token_validation;
mod trust_store;
mod weighted_targets;

#[cfg(feature = "access-logs")]
pub use access_logs::AccessLogs;
pub use action::{Answer, Redirect};
pub use admission::Admission;
pub use appliances::Appliances;
pub use application::{ApplicationLoadBalancer, ApplicationLoadBalancerHandle};
pub use authentication::{Authentication, OpenIdClient};
#[cfg(feature = "classic-load-balancing")]
pub use classic::{ClassicListener, ClassicLoadBalancer, ClassicLoadBalancerHandle, ClassicTarget};
pub use endpoint_service::{EndpointService, EndpointServiceHandle};
pub use forward::Forward;
pub use gateway::{GatewayLoadBalancer, GatewayLoadBalancerHandle};
pub use health_check::HealthCheck;
pub use healthy_targets::HealthyTargets;
pub use listener::{ListenerBuilder, ListenerHandle};
pub use mutual_tls::MutualTls;
pub use network::{NetworkLoadBalancer, NetworkLoadBalancerHandle};
pub use network_listener::{ApplicationNegotiation, NetworkListenerBuilder, NetworkListenerHandle};
pub use protocol::{
    Application, ApplicationProtocol, Geneve, Http, Https, NetworkProtocol, PortProtocol, Quic, Tcp,
    TcpAndQuic, TcpAndUdp, Tls, Udp,
};
pub use quic::{QuicLoadBalancer, QuicLoadBalancerHandle, QuicServers};
pub use requests::Requests;
pub use rule::RuleBuilder;
#[cfg(any(feature = "compute", feature = "containers"))]
pub(crate) use target::target_settings;
pub use target::{Addresses, AttachedGroup, Instances, Target, TargetSettings};
pub use target_group::{Algorithm, Stickiness, TargetGroup, TargetGroupHandle};
pub use token_validation::TokenValidation;
pub use trust_store::TrustStore;
pub use weighted_targets::WeightedTargets;
