//! [`Rule`]: a rule of the user's own.

use formwork_template::{Finding, Template};

/// A rule of the user's own on whole templates, in ordinary Rust: a function will do.
///
/// What it reports bears the id that it chooses; without a severity of its own in the
/// [`Selection`](crate::Selection), it speaks as it reports. Where the finding's path leads to a
/// resource, the line of Rust behind that is filled in, and the resource may accept the rule.
///
/// ```
/// use formwork_check::{Options, check};
/// use formwork_template::{Finding, Template};
///
/// /// Our queues keep messages for a time that somebody thought about.
/// fn retention(template: &Template, findings: &mut Vec<Finding>) {
///     for queue in template.resources().filter(|resource| resource.resource_type() == Some("AWS::SQS::Queue")) {
///         if queue.property("MessageRetentionPeriod").is_none() {
///             let finding = Finding::warning("TEAM001", "nobody says how long messages are kept");
///             findings.push(finding.path(["Resources", queue.logical_id, "Properties"]));
///         }
///     }
/// }
///
/// let template = Template::from_json(r#"{"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}"#)?;
/// let findings = check(&template, &Options::new().rule(&retention));
/// assert!(findings.iter().any(|finding| finding.rule == "TEAM001"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Rule {
    /// Adds what the rule objects to.
    fn check(&self, template: &Template, findings: &mut Vec<Finding>);
}

impl<F: Fn(&Template, &mut Vec<Finding>)> Rule for F {
    fn check(&self, template: &Template, findings: &mut Vec<Finding>) {
        self(template, findings);
    }
}
