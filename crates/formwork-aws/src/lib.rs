//! The constructs that people think in: networks, fleets, load balancers, containers, access.
//!
//! A construct is a builder like those of `formwork_cfn`: `new` takes what must be said, setters
//! read as sentences, and `build` adds its resources to a scope of its own, each with the line
//! that called `build`. What `build` returns is a handle: cheap to clone, of use in every stack of
//! the app, and with methods for what comes later (a rule, a policy, a target).
//!
//! Nothing that costs money or gives access is a default: it is an argument.
//!
//! # Features
//!
//! | feature | modules |
//! |---|---|
//! | `network` | `vpc`, `security_group`, `prefix_list`, `port` |
//! | `flow-logs` | `vpc::FlowLogs`, `logs` |
//! | `identity` | `iam`, `grants` |
//! | `access-keys` | `iam::AccessKey`, `secret` |
//! | `compute` | `image`, `user_data`, `launch_template`, `instance`, `volume`, `auto_scaling`... |
//! | `load-balancing` | `load_balancer` |
//! | `access-logs` | logs of load balancers, `log_bucket` |
//! | `lambda-targets` | functions behind load balancers |
//! | `web-acl` | load balancers behind AWS WAF |
//! | `classic-load-balancing` | `load_balancer::ClassicLoadBalancer` |
//! | `containers` | `ecs`, `ecr`, `logs`, `secret`, `scaling` |
//! | `container-instances` | `ecs::InstanceCapacity`: clusters of instances, beside Fargate |
//! | `file-systems` | `file_system`, which containers share |
//! | `queue-services` | `ecs::QueueService` |
//! | `scheduled-tasks` | `ecs::ScheduledTask` |
//! | `service-discovery` | `ecs::Namespace`, services by names of DNS |
//! | `event-tasks` | tasks that start when something has happened |
//! | `code-deploy` | services that CodeDeploy deploys |
//! | `user-data` | user data from Handlebars templates |

#[cfg(any(feature = "compute", feature = "containers"))]
pub mod architecture;
#[cfg(feature = "compute")]
pub mod auto_scaling;
#[cfg(any(feature = "compute", feature = "containers"))]
pub mod capacity;
#[cfg(feature = "containers")]
pub mod ecr;
#[cfg(feature = "containers")]
pub mod ecs;
#[cfg(feature = "compute")]
pub mod elastic_ip;
#[cfg(feature = "file-systems")]
pub mod file_system;
#[cfg(feature = "identity")]
pub mod grants;
#[cfg(feature = "identity")]
pub mod iam;
#[cfg(feature = "compute")]
pub mod image;
#[cfg(feature = "compute")]
pub mod instance;
#[cfg(feature = "compute")]
pub mod instance_requirements;
#[cfg(feature = "compute")]
pub mod instance_type;
#[cfg(feature = "compute")]
pub mod key_pair;
#[cfg(feature = "compute")]
pub mod launch_template;
#[cfg(feature = "load-balancing")]
pub mod load_balancer;
#[cfg(any(feature = "access-logs", feature = "flow-logs"))]
pub mod log_bucket;
#[cfg(any(feature = "containers", feature = "flow-logs"))]
pub mod logs;
#[cfg(feature = "compute")]
pub mod placement_group;
#[cfg(feature = "network")]
pub mod port;
#[cfg(feature = "network")]
pub mod prefix_list;
pub mod prelude;
#[cfg(any(feature = "compute", feature = "containers"))]
pub mod scaling;
#[cfg(any(feature = "containers", feature = "access-keys"))]
pub mod secret;
#[cfg(feature = "network")]
pub mod security_group;
#[cfg(feature = "compute")]
pub mod user_data;
#[cfg(feature = "compute")]
pub mod volume;
#[cfg(feature = "network")]
pub mod vpc;
