//! Grants as values: what stands in a stack says by which actions, on which ARNs, it is used.
//!
//! The traits are on the handles of the generated builders, and on the ids of what stands elsewhere.
//! A grant goes to whoever takes permissions: a role, a user, a group, a policy.
//!
//! ```
//! use formwork_aws::{grants::QueueGrants, iam::{Principal, Role}};
//! use formwork_cfn::ids::sqs::QueueArn;
//! use formwork_core::{App, Expr, id};
//!
//! let mut app = App::new();
//! let mut stack = app.stack("jobs");
//! let jobs: Expr<QueueArn> = id("arn:aws:sqs:eu-west-1:111111111111:jobs");
//! let worker = Role::new(Principal::service("lambda.amazonaws.com")).build(&mut stack, "Worker");
//! worker.grant(&mut stack, jobs.consume());
//! assert!(app.synthesize().is_ok());
//! ```
//!
//! Constructs have methods of the same kind (`logs.write()`, `secret.read()`, `role.assume()`). No
//! grant allows more than its name says: several stand in one policy side by side.

mod bucket;
mod event_bus;
mod fleet;
mod function;
mod key;
mod log_group;
mod parameter;
mod queue;
mod repository;
mod secret;
mod service;
mod state_machine;
mod stream;
mod table;
mod telemetry;
mod topic;

pub use bucket::BucketGrants;
pub use event_bus::EventBusGrants;
pub use fleet::FleetGrants;
pub use function::FunctionGrants;
pub use key::KeyGrants;
pub use log_group::LogGroupGrants;
pub use parameter::StoredParameter;
pub use queue::QueueGrants;
pub use repository::RepositoryGrants;
pub use secret::SecretGrants;
pub use service::ServiceGrants;
pub use state_machine::StateMachineGrants;
pub use stream::StreamGrants;
pub use table::TableGrants;
pub use telemetry::{put_metric_data, put_traces};
pub use topic::TopicGrants;

/// The grants of a resource that gives an ARN, and of the ARN itself.
macro_rules! granted {
    ($grants:ident, $method:ident, $arn:ty) => {
        impl<R: Resource + Provides<$arn>> $grants for Handle<R> {
            fn $method(&self) -> Expr<$arn> {
                self.into()
            }
        }

        impl $grants for Expr<$arn> {
            fn $method(&self) -> Self {
                self.clone()
            }
        }
    };
}

use granted;
