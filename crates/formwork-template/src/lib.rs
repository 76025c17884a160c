//! A CloudFormation template as data.
//!
//! A [`Template`] holds whatever stands in a template, right or wrong, as an
//! ordered [`Value`]; views such as [`ResourceView`] read the sections by name.
//! [`json`] writes the canonical form: sections and resource attributes in
//! CloudFormation's customary order, every other key sorted, so that the same
//! template is always the same bytes. [`yaml`] writes the same order as YAML that no
//! reader misreads.
//!
//! With the feature `read`, the module `read` reads YAML 1.1 and JSON, short forms
//! included, and knows the line and column of every node. It is for tools; the
//! default features need serde and serde_json alone.
//!
//! ```
//! use formwork_template::{Template, Value};
//!
//! let mut template = Template::new();
//! template.section_mut("Resources").insert(
//!     "Topic",
//!     Value::map([("Type", Value::from("AWS::SNS::Topic"))]),
//! );
//! assert_eq!(template.to_compact_json(), r#"{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}"#);
//! ```

pub mod finding;
pub mod intrinsic;
pub mod json;
pub mod limits;
mod order;
mod quote;
#[cfg(feature = "read")]
pub mod read;
mod rename;
mod template;
mod value;
pub mod yaml;

pub use finding::{Finding, Severity, Source};
pub use rename::rename;
pub use template::{MOVED_FROM, RESOURCE_ATTRIBUTES, ResourceView, SECTIONS, Template};
pub use value::{Map, Text, Value};
