//! The model behind every formwork stack: apps, stacks, expressions, handles, synthesis and the
//! assembly on disk.
//!
//! An [`App`] holds [`Stack`]s; a stack is filled by builders ([`Build::build`]) and by what
//! [`Scope`] offers (parameters, conditions, outputs). Values that are known only when the stack
//! is deployed are [`Expr`]s. [`App::synth`] checks everything and writes an [`Assembly`], or
//! returns every [`Finding`] at once.
//!
//! Users depend on the facade crate `formwork`, which re-exports this one.
//!
//! ```
//! use formwork_core::{App, Build, RawResource};
//!
//! let mut app = App::new();
//! let mut stack = app.stack("notifications");
//! let topic = RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
//! stack.output("TopicArn", topic.reference());
//! assert!(app.synthesize().is_ok());
//! ```

mod app;
mod aspect;
mod assembly;
mod asset;
mod condition;
mod dynamic_reference;
mod edge;
mod expr;
mod function;
mod handle;
mod include;
mod kind;
mod lifecycle;
mod mapping;
mod model;
mod node;
mod object;
mod output;
mod parameter;
mod properties;
mod raw;
mod resource;
mod rule;
mod scope;
mod stack;
mod sub;
mod synth;
mod tag;

pub use app::{App, DEFAULT_OUTPUT};
pub use aspect::{Aspect, ResourceVisit};
pub use assembly::{Assembly, AssemblyError, AssemblyStack, Edge, EdgeEnd, SourceMap};
pub use asset::{AssetContent, ImageBuild, Staging, SynthesizedAsset};
#[cfg(feature = "assets")]
pub use asset::{FileAsset, FileSource, ImageAsset, ImageSource};
pub use condition::{Condition, Test, all, any, equals, if_else, not};
pub use dynamic_reference::{
    SecretReference, secret, ssm_parameter, ssm_parameter_version, ssm_secure_parameter,
};
pub use edge::Via;
pub use expr::{Expr, id};
pub use formwork_template::{Finding, Severity, Source, Template, Value};
pub use function::{
    NoValue, attribute_by_name, availability_zones, base64, cidr, import_value, join, length, no_value,
    pseudo, reference_by_name, select, split, sub_template, to_json_string, transform,
};
pub use handle::{Handle, ResourceId};
pub use kind::{Enumerated, Identifier, Json, List, Literal, Map, ParameterType, Provides, Textual};
pub use lifecycle::{
    AutoScalingInstanceRefresh, AutoScalingRollingUpdate, CreationPolicy, DeletionPolicy, UpdatePolicy,
    UpdateReplacePolicy,
};
pub use mapping::Mapping;
pub use object::{IntoNode, Object};
pub use output::Output;
pub use parameter::{Param, Parameter};
pub use raw::{RawAttributes, RawResource};
pub use resource::{Build, Resource, Tagging};
pub use rule::{Rule, contains, each_member_equals, each_member_in, ref_all, value_of, value_of_all};
pub use scope::{Included, Scope, ScopeId};
pub use stack::{Environment, Stack, StackId};
pub use sub::concat;
pub use synth::{SynthError, Synthesis, SynthesizedStack};
pub use tag::Tag;

/// What generated builders and constructs stand on. Stacks need none of it.
pub mod builder {
    pub use crate::{
        asset::ObjectLocation,
        expr::{Expr, id},
        handle::{Handle, NoAttributes, ResourceId},
        kind::{
            AnyOf, Enumerated, Identifier, Json, List, Literal, Map, ParameterType, Provides, Textual,
            Variant, Within, Yield,
        },
        node::{FormatPart, Function, Node, PathError, Shape, Target},
        parameter::ParameterId,
        properties::Properties,
        resource::{Build, Draft, Resource, Tagging},
        sub::{check_placeholders, format_expression},
        tag::Tag,
    };
}
