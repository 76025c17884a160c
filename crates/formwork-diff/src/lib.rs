//! What changes between two CloudFormation templates, and what that does.
//!
//! [`diff`] is a pure function of two [`Side`]s: templates, with the values of their parameters
//! where they are known. It reads nothing else, and takes milliseconds. What it returns is a value
//! that serializes; terminals and pull requests are somebody else's concern.
//!
//! Expressions are evaluated on both sides as far as they are known, so that writing a value in
//! another way is no change, and another value of a parameter is one. What is known only at
//! deployment is said to be so.
//!
//! ```
//! use formwork_diff::{Action, Effect, Options, Side, diff};
//! use formwork_template::Template;
//!
//! let template = |name: &str| {
//!     let text = format!(
//!         r#"{{"Resources":{{"Topic":{{"Type":"AWS::SNS::Topic","Properties":{{"TopicName":"{name}"}}}}}}}}"#
//!     );
//!     Template::from_json(&text)
//! };
//! let (old, new) = (template("orders")?, template("invoices")?);
//! let diff = diff(&Side::new(&old), &Side::new(&new), &Options::new());
//!
//! let topic = diff.resource("Topic").unwrap();
//! assert_eq!((topic.action, topic.effect), (Action::Modify, Effect::Replace));
//! assert_eq!(topic.changes[0].path.to_string(), "Properties.TopicName");
//! # Ok::<(), formwork_template::json::ReadError>(())
//! ```

mod access;
mod align;
mod app;
mod base64;
mod canonical;
mod change;
mod compare;
mod diff;
mod effect;
mod evaluate;
mod exposure;
mod for_each;
mod kinship;
mod knock_on;
mod live;
mod moved;
mod options;
mod path;
mod policy;
mod resources;
mod sections;
mod side;
mod similarity;
mod stack_diff;
mod stateful;

pub use access::AccessChange;
pub use app::{AppDiff, Deadlock, Move, Named, SCHEMA, diff_app};
pub use change::{Action, Disposal, Effect, ElementChange, PropertyChange, ResourceChange};
pub use diff::diff;
pub use exposure::{ExposureChange, ExposureKind};
pub use kinship::Rename;
pub use live::{Live, LiveKind};
pub use options::Options;
pub use path::{Path, PathStep};
pub use side::Side;
pub use stack_diff::{Counts, StackDiff};
