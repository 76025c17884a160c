//! Deploys CloudFormation stacks.
//!
//! [`service::CloudFormation`] is the service as a trait with plain types, [`client::Client`] the
//! same over the AWS SDK. [`read`] tells what is deployed, and what deploying would change.

pub mod capability;
pub mod client;
pub mod clock;
pub mod error;
pub mod machine;
mod poll;
pub mod read;
pub mod retry;
pub mod service;
pub mod status;
pub mod token;
