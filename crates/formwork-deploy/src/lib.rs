//! Deploys CloudFormation stacks.
//!
//! [`service::CloudFormation`] is the service as a trait with plain types, [`client::Client`] the
//! same over the AWS SDK. [`read`] tells what is deployed, and what deploying would change.
//! [`machine`] decides what to do next, and [`engine::Engine`] does it.

pub mod capability;
mod cause;
pub mod client;
pub mod clock;
pub mod deployment;
pub mod engine;
pub mod error;
mod events;
pub mod machine;
pub mod operator;
mod parameters;
mod poll;
pub mod progress;
pub mod read;
pub mod request;
pub mod retry;
pub mod service;
pub mod simulation;
pub mod status;
pub mod submission;
pub mod token;

pub use cause::hint;
