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
mod delivery;
mod delivery_stream;
mod email_identity;
mod event_bus;
mod file_system;
mod fleet;
mod function;
mod instance;
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
mod table_stream;
mod telemetry;
mod topic;
mod user_pool;

pub use bucket::BucketGrants;
pub use delivery::{BuildProject, Pipeline};
pub use delivery_stream::DeliveryStreamGrants;
pub use email_identity::EmailIdentityGrants;
pub use event_bus::EventBusGrants;
pub use file_system::FileSystemGrants;
pub use fleet::FleetGrants;
pub use function::FunctionGrants;
pub use instance::InstanceGrants;
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
pub use table_stream::TableStreamGrants;
pub use telemetry::{put_metric_data, put_traces};
pub use topic::TopicGrants;
pub use user_pool::UserPoolGrants;

use formwork_core::{Expr, concat, pseudo};

/// The ARN of what stands in the account and region of the stack.
fn arn_here(service: &str, kind: &str, name: impl Into<Expr<String>>) -> Expr<String> {
    concat([
        "arn:".into(),
        pseudo::partition(),
        format!(":{service}:").into(),
        pseudo::region(),
        ":".into(),
        pseudo::account_id(),
        format!(":{kind}").into(),
        name.into(),
    ])
}

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
