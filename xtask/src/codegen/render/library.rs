//! The crate's root, its services' modules, and its list of features.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use formwork_spec::ResourceFacts;

use super::GENERATED;
use crate::codegen::{lock::Lock, names};

const ROOT: &str = r#"//! Typed builders for every CloudFormation resource type.
//!
//! A resource type is a struct in the module of its service: `AWS::EC2::VPC` is
//! `ec2::Vpc`. Its property types live in a module of the same name:
//! `ec2::vpc`. Required properties are the arguments of `new`; where there are
//! more than three, `new` takes a struct of them, so that a forgotten one is an
//! error that names the field. Every other property is a method. A property
//! that refers to another resource takes a handle of it, see [`ids`].
//!
//! A value of an enumeration is a constant on its type or a plain string:
//! `"Enabled"` and `VersioningConfigurationStatus::ENABLED` are the same. A
//! constant whose value begins with a digit begins with `V`.
//!
//! Of a property that may be of several kinds, the builder takes the one that
//! can express the others: text for text and numbers, a list for an item and a
//! list, JSON as soon as objects of several types are among them. Of a property
//! that takes either a described type or free JSON, it takes the type.
//!
//! # Features
//!
//! A service is compiled when its feature is on; none is by default. The
//! feature has the name of the service's module, but for these families:
//!
//! | feature | modules |
//! |---|---|
"#;

const ALLOWANCES: &str = "
#![allow(
    clippy::new_without_default,
    clippy::should_implement_trait,
    clippy::wrong_self_convention,
    clippy::module_inception,
    reason = \"names and shapes follow the service's, without exception\"
)]

#[rustfmt::skip]
pub mod ids;

/// What every generated module uses.
mod prelude {
    #[allow(unused_imports, reason = \"without any feature no module uses them\")]
    pub(crate) use crate::ids;
    pub(crate) use formwork_core::builder::*;

    // There are forty thousand setters. That each is one call, which takes all that it has, is what
    // keeps them cheap to compile: nothing is left to drop when the call panics.

    /// The resource with one property more.
    #[allow(dead_code, reason = \"without any feature no module uses it\")]
    pub(crate) fn with_property<T: ?Sized>(
        mut draft: Draft,
        name: &'static str,
        value: impl Into<Expr<T>>,
    ) -> Draft {
        draft.put(name, value.into());
        draft
    }

    /// The property type with one property more.
    #[allow(dead_code, reason = \"without any feature no module uses it\")]
    pub(crate) fn with_field<T: ?Sized>(
        mut fields: Properties,
        name: &'static str,
        value: impl Into<Expr<T>>,
    ) -> Properties {
        fields.put(name, value.into());
        fields
    }
}

";

/// `lib.rs`.
pub(crate) fn root(services: &BTreeMap<String, Vec<&ResourceFacts>>, lock: &Lock) -> String {
    let mut text = format!("{GENERATED}{ROOT}");
    let mut families: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (namespace, feature) in &lock.features {
        families.entry(feature).or_default().insert(names::service(namespace));
    }
    for (feature, members) in &families {
        if members.len() > 1 || !members.contains(*feature) {
            let members: Vec<String> = members.iter().map(|member| format!("`{member}`")).collect();
            let _ = writeln!(text, "//! | `{feature}` | {} |", members.join(", "));
        }
    }
    text.push_str(ALLOWANCES);
    let modules: BTreeMap<String, &str> = services
        .keys()
        .map(|namespace| (names::service(namespace), lock.features.get(namespace).map_or("", String::as_str)))
        .collect();
    for (module, feature) in modules {
        // The generator's layout is one line a method; rustfmt's would be four times as long.
        let _ = writeln!(text, "#[cfg(feature = {feature:?})]\n#[rustfmt::skip]\npub mod {module};");
    }
    text
}

/// `SERVICE/mod.rs`.
pub(crate) fn service(namespace: &str, resources: &[&ResourceFacts]) -> String {
    let mut text = format!("{GENERATED}//! `{namespace}`.\n\n");
    let modules: BTreeMap<String, String> = resources
        .iter()
        .map(|resource| (names::snake(resource.name()), names::pascal(resource.name())))
        .collect();
    for module in modules.keys() {
        let _ = writeln!(text, "pub mod {module};");
    }
    text.push('\n');
    for (module, resource) in modules {
        let _ = writeln!(text, "pub use {module}::{resource};");
    }
    text
}

/// The lines of `[features]`; each turns on the same feature of `dependency` where one is named.
pub(crate) fn features(lock: &Lock, dependency: Option<&str>) -> String {
    let features: BTreeSet<&String> = lock.features.values().collect();
    let mut text = String::new();
    if let Some(dependency) = dependency {
        let _ = writeln!(text, "all = [\"{dependency}/all\"]");
    } else {
        text.push_str("all = [\n");
        for feature in &features {
            let _ = writeln!(text, "    \"{feature}\",");
        }
        text.push_str("]\n");
    }
    for feature in features {
        let value = dependency.map_or_else(String::new, |dependency| format!("\"{dependency}/{feature}\""));
        let _ = writeln!(text, "{feature} = [{value}]");
    }
    text
}
