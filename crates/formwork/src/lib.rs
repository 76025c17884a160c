//! Infrastructure as code in Rust: typed builders that synthesize CloudFormation.
//!
//! A program makes an [`App`], fills [`Stack`]s with resources, and calls [`App::synth`], which
//! checks everything and writes one template a stack. `cargo run` is all it takes:
//!
//! ```
//! use formwork::prelude::*;
//!
//! let mut app = App::new();
//! let mut stack = app.stack("site");
//!
//! let assets = s3::Bucket::new()
//!     .versioning_configuration(s3::bucket::VersioningConfiguration::new("Enabled"))
//!     .deletion_policy(DeletionPolicy::Retain)
//!     .build(&mut stack, "Assets");
//! let vpc = ec2::Vpc::new().cidr_block("10.0.0.0/16").build(&mut stack, "Vpc");
//! ec2::Subnet::new(&vpc).cidr_block("10.0.0.0/24").build(&mut stack, "Subnet");
//!
//! stack.output("AssetsUrl", sub!("s3://{bucket}/", bucket = assets.bucket_name()));
//! stack.output("VpcId", vpc.vpc_id()).export_as("site-vpc");
//!
//! let synthesis = app.synthesize()?; // `app.synth()?` writes it to `formwork.out`
//! # assert!(synthesis.stack("site").is_some());
//! # Ok::<(), SynthError>(())
//! ```
//!
//! What is known only when the stack is deployed is an [`Expr`]; a property that refers to a
//! resource takes the handle of one of the right type and no other; what can be wrong at
//! synthesis alone is reported all at once, each [`Finding`] with the line of the code that it is
//! about.
//!
//! # Features
//!
//! None is on by default, so a stack compiles the services that it uses and no other.
//!
//! - One feature a service (`s3`, `ec2`, `lambda`, ...) turns on the module of its builders. A few
//!   services share one; [`cfn`] lists them. `all` turns on every service.
//! - `network`, `compute`, `load-balancing`, `containers` and `identity` turn on groups of
//!   constructs in `aws`, and the services that these build.
//! - `access-keys` turns on keys of users, which go into Secrets Manager.
//! - `flow-logs` turns on flow logs of networks; `access-logs`, `lambda-targets`, `web-acl` and
//!   `classic-load-balancing` what not every load balancer has.
//! - `assets` turns on `Scope::file_asset` and `Scope::image_asset`: files, directories and container
//!   images that are uploaded before a stack is deployed.
//! - `user-data` turns on user data from Handlebars templates.

pub use formwork_cfn::*;
#[doc(inline)]
pub use formwork_core::*;

#[cfg(feature = "aws")]
#[doc(inline)]
pub use formwork_aws as aws;
#[doc(inline)]
pub use formwork_cfn as cfn;
#[doc(inline)]
pub use formwork_template as template;

/// What nearly every stack uses: `use formwork::prelude::*;`
///
/// Beside the names below it has a module for each service whose feature is on: `s3`, `ec2`.
pub mod prelude {
    #[cfg(feature = "aws")]
    pub use crate::aws;
    // Constructs: types alone, since their modules are called as the services' are.
    #[cfg(feature = "aws")]
    pub use formwork_aws::prelude::*;
    // The services' modules and `ids`. The names above and below are explicit, so a service can
    // never make one of them ambiguous.
    pub use formwork_cfn::*;
    pub use formwork_core::{
        App, Aspect, AutoScalingInstanceRefresh, AutoScalingRollingUpdate, Build, Condition, CreationPolicy,
        DeletionPolicy, Environment, Expr, Finding, Handle, Json, List, Map, Mapping, Object, Output, Param,
        Parameter, RawResource, Resource, ResourceVisit, Rule, Scope, Severity, Stack, StackId, SynthError,
        Tag, UpdatePolicy, UpdateReplacePolicy, Via, all, any, attribute_by_name, availability_zones, base64,
        cidr, concat, contains, each_member_equals, each_member_in, equals, id, if_else, import_value, join,
        length, no_value, not, pseudo, ref_all, reference_by_name, secret, select, split, ssm_parameter,
        ssm_parameter_version, ssm_secure_parameter, sub, sub_template, to_json_string, transform, value_of,
        value_of_all,
    };
    #[cfg(feature = "assets")]
    pub use formwork_core::{FileAsset, FileSource, ImageAsset, ImageSource, Staging};
}

/// The examples of the README compile.
#[cfg(all(doctest, feature = "compute", feature = "load-balancing"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
