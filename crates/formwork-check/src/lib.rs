//! Judges CloudFormation templates.
//!
//! [`check_form`] needs nothing but the template: references, circles, the service's limits. It is
//! what synthesis does unnoticed. With the feature `facts`, `check` judges every property
//! too, by the facts on every resource type.
//!
//! A resource may accept a rule, with a reason that reports show: under `formwork`, `accept` in its
//! `Metadata` the id of the rule, and the reason as its value. The finding is then a note.
//!
//! ```
//! use formwork_template::Template;
//!
//! let template = Template::from_json(
//!     r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}}}}"#,
//! )?;
//! let findings = formwork_check::check_form(&template, template.compact_json_bytes(), &());
//! assert_eq!(findings[0].rule, "E1020");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acceptance;
#[cfg(feature = "facts")]
mod catalogue;
pub mod circles;
#[cfg(feature = "facts")]
mod conditions;
mod form;
mod functions;
mod index;
#[cfg(feature = "facts")]
mod judge;
mod limits;
mod measure;
#[cfg(feature = "facts")]
mod nearest;
#[cfg(feature = "facts")]
mod options;
#[cfg(feature = "facts")]
mod own_rule;
#[cfg(feature = "facts")]
mod patterns;
mod private_ports;
mod references;
#[cfg(feature = "facts")]
mod requirement;
#[cfg(feature = "facts")]
mod rules;
#[cfg(feature = "facts")]
mod schema;
#[cfg(feature = "facts")]
mod selection;
mod shape;
mod sources;
mod walk;

use formwork_template::{Finding, Template};

use index::Index;
#[cfg(feature = "facts")]
use {conditions::Conditions, judge::Judge};

pub use acceptance::ACCEPTED;
#[cfg(feature = "facts")]
pub use catalogue::{Example, RuleText, catalogue, explain};
#[cfg(feature = "facts")]
pub use options::Options;
#[cfg(feature = "facts")]
pub use own_rule::Rule;
pub use private_ports::PRIVATE_PORTS;
#[cfg(feature = "facts")]
use schema::check_properties;
#[cfg(feature = "facts")]
pub use selection::{Level, PACKS, Selection};
pub use sources::Sources;

/// Reports what is not of the form of a template, references to nothing, what nothing uses, resources that
/// wait for each other, and what is over a limit of the service or close to one. `bytes` are those of the template's compact form.
pub fn check_form(template: &Template, bytes: usize, sources: &dyn Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    let index = Index::of(template);
    references::check(&index, sources, &mut findings);
    limits::check(template, bytes, sources, &mut findings);
    acceptance::apply(&index, &mut findings);
    findings
}

/// The day of the dated facts, by which versions are judged where no other is given.
#[cfg(feature = "facts")]
const FACTS_OF: &str = "2026-11-01";

/// Reports everything that is wrong with the template: [`check_form`], every property by the facts
/// on its type, what breaks a deployment across resources, and what is not secure.
#[cfg(feature = "facts")]
pub fn check(template: &Template, options: &Options<'_>) -> Vec<Finding> {
    let sources = options.written();
    let mut findings = Vec::new();
    let index = Index::of(template);
    references::check(&index, sources, &mut findings);
    limits::check(template, template.compact_json_bytes(), sources, &mut findings);
    let conditions = Conditions::of(template, options.given());
    let day = options.day().unwrap_or(FACTS_OF);
    let mut judge =
        Judge { index: &index, conditions: &conditions, sources, day, given: options.given(), findings };
    rules::check_sections(&mut judge);
    check_properties(&mut judge);
    let mut findings = judge.findings;
    for rule in options.own() {
        let before = findings.len();
        rule.check(template, &mut findings);
        for finding in &mut findings[before..] {
            if let (None, [section, element, ..]) = (&finding.source, finding.path.as_slice()) {
                finding.source = sources.source(section, element);
            }
        }
    }
    options.rules().apply(&mut findings);
    acceptance::apply(&index, &mut findings);
    findings
}
