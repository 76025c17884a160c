//! Facts on every CloudFormation resource type: properties, their kinds and
//! constraints, what an update does, attributes, and which property refers to
//! which resource.
//!
//! The facts live in one compressed table, which `cargo xtask codegen` writes.
//! It is cut by type, and a type is unpacked when it
//! is asked for, so a question about a VPC does not pay for QuickSight.
//! Another table holds what is known of the services' actions: see [`authorization`].
//!
//! ```
//! use formwork_spec::{Update, resource};
//!
//! let vpc = resource("AWS::EC2::VPC").expect("every type is in the table");
//! let cidr = vpc.property("CidrBlock").expect("a VPC has a block");
//! assert_eq!(cidr.update, Update::Replacement);
//! assert!(vpc.attribute("DefaultSecurityGroup").is_some());
//! assert!(resource("AWS::EC2::Nothing").is_none());
//! ```

pub mod authorization;
mod chunks;
mod constraints;
mod facts;
mod path;
mod requirements;
mod table;

pub use chunks::TableError;
pub use constraints::{Bound, Choice, Constraints, Dependency, Rules};
pub use facts::{
    AttributeFacts, Kind, Lifecycle, NestedFacts, NestedId, PropertyFacts, Reference, ResourceFacts,
    Scrutiny, Source, Tagging, Target, Update, ValueFacts, Yield,
};
pub use path::{Location, Step};
pub use requirements::{
    Choose, Gathered, GatheredProperty, JsonKind, Literal, Operand, Requirement, Schema, Test,
};
#[cfg(feature = "write")]
pub use table::encode;
pub use table::{decode, resource, resource_types, service_types, services};
