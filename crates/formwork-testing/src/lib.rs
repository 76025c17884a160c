//! Assertions and snapshots for the tests of stacks.
//!
//! [`TemplateAssertions`] says what a template must have, in matchers; a failure shows the nearest
//! miss, and the line of Rust that made it.
//!
//! ```
//! use formwork_core::{App, Build, RawResource};
//! use formwork_testing::{TemplateAssertions, any, object};
//!
//! let mut app = App::new();
//! let mut stack = app.stack("notifications");
//! RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut stack, "Topic");
//! let synthesis = app.synthesize()?;
//!
//! TemplateAssertions::of(&synthesis, "notifications")
//!     .resource_count("AWS::SNS::Topic", 1)
//!     .has_resource_with_properties("AWS::SNS::Topic", object! { "DisplayName": any() });
//! # Ok::<(), formwork_core::SynthError>(())
//! ```
//!
//! Snapshots hold whole templates. Synthesis gives the same bytes for the same code, so that they
//! need no filters:
//!
//! - [`assert_template_snapshot!`] keeps them as other snapshots of insta are kept;
//! - [`assert_snapshot_directory`] keeps them as plain `NAME.template.json` files, the very bytes
//!   that `synth` writes, for reviewers to read.
//!
//! The digest of an asset reads `<asset ID>` in both, so that a change of code alone changes none.
//!
//! `assert_clean` judges templates by every rule of `formwork check`.

#![expect(clippy::panic, reason = "an assertion that fails panics: this crate is for tests")]

mod assertions;
mod capture;
#[cfg(feature = "check")]
mod clean;
mod compare;
mod describe;
mod matcher;
mod object;
mod report;
mod snapshot;
mod text;

pub use assertions::{FoundResource, TemplateAssertions};
pub use capture::Capture;
#[cfg(feature = "check")]
pub use clean::{assert_clean, assert_clean_with};
pub use matcher::{
    Matcher, absent, any, array_equals, array_with, exact, not, object_like, serialized_json, string_like,
};
pub use snapshot::assert_snapshot_directory;

/// What the macros of this crate expand to. Not for direct use.
#[doc(hidden)]
pub mod private {
    pub use insta;

    pub use crate::{
        matcher::object_of,
        snapshot::{settings, test_name, text, text_of},
    };
}
