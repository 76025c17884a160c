//! Deploys CloudFormation stacks.
//!
//! * [`service::CloudFormation`] is the service as a trait with plain types;
//!   [`client::Client`] is the same over the AWS SDK, [`simulation::Simulation`] in memory.
//! * [`read`] tells what is deployed, and what deploying would change; [`removal`] what deleting
//!   would; [`watch`] what is happening; [`drift`] what has changed since.
//! * [`machine`] decides what to do next, and does nothing itself.
//! * [`engine::Engine`] does it for one stack, [`app::App`] for several.
//! * [`bucket::Bucket`] takes templates that are too long for a call; [`bootstrap`] is the stack that makes one.
//! * [`asset::Publisher`] uploads what stacks need before they are deployed.
//! * [`operator::Operator`] is who is asked and told; [`deployment::Deployment`] is the result.
//!
//! ```
//! use formwork_deploy::{
//!     engine::Engine,
//!     machine::Outcome,
//!     operator::Unattended,
//!     request::DeployRequest,
//!     simulation::{SimulatedClock, Simulation},
//! };
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! // In earnest: `Client::connect(&Connection::default())`, `SystemClock::new()`, and an operator
//! // who asks.
//! let service = Simulation::new();
//! let clock = SimulatedClock::new(1);
//! let engine = Engine::new(&service, &clock, &Unattended);
//!
//! let template = r#"{
//!     "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
//!     "Outputs": {"Topic": {"Value": {"Ref": "Topic"}}}
//! }"#;
//! let request = DeployRequest::new("alarms", template);
//! let result = engine.deploy(&request).await;
//! assert_eq!(result.outcome, Outcome::Created);
//! assert_eq!(result.outputs["Topic"], "alarms-Topic");
//!
//! // The same again changes nothing.
//! assert_eq!(engine.deploy(&request).await.outcome, Outcome::NoChange);
//! # });
//! ```

pub mod app;
pub mod asset;
pub mod bootstrap;
pub mod bucket;
pub mod capability;
mod cause;
pub mod client;
pub mod clock;
pub mod connection;
pub mod deployment;
mod digest;
pub mod drift;
pub mod engine;
pub mod error;
mod events;
pub mod exports;
mod failure;
pub mod machine;
pub mod object;
pub mod operator;
mod parameters;
mod poll;
pub mod progress;
pub mod read;
pub mod removal;
pub mod rename;
pub mod request;
pub mod retry;
mod secret;
pub mod service;
pub mod simulation;
pub mod status;
pub mod stopped_task;
pub mod submission;
pub mod token;
pub mod watch;

pub use cause::hint;
