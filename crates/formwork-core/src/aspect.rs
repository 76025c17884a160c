//! [`Aspect`]: code that visits every resource of an app, or of a scope, before synthesis.

use formwork_template::{Finding, Severity, Source};

use crate::{
    handle::ResourceId,
    node::Node,
    object::IntoNode,
    resource::{Draft, Resource},
};

/// Visits resources once all of them stand, to report and to change.
///
/// Closures are aspects:
///
/// ```
/// use formwork_core::{App, ResourceVisit};
///
/// let mut app = App::new();
/// app.aspect(|resource: &mut ResourceVisit<'_>| {
///     if resource.resource_type() == "AWS::S3::Bucket" && resource.property("BucketEncryption").is_none() {
///         resource.error("TEAM001", "a bucket of ours is encrypted by name");
///     }
/// });
/// ```
pub trait Aspect {
    /// Called for every resource, in the order they were built.
    fn visit(&mut self, resource: &mut ResourceVisit<'_>);
}

impl<F: FnMut(&mut ResourceVisit<'_>)> Aspect for F {
    fn visit(&mut self, resource: &mut ResourceVisit<'_>) {
        self(resource);
    }
}

/// A resource while an [`Aspect`] visits it.
pub struct ResourceVisit<'a> {
    pub(crate) id: ResourceId,
    pub(crate) stack: &'a str,
    pub(crate) logical_id: &'a str,
    pub(crate) source: Source,
    pub(crate) draft: &'a mut Draft,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl ResourceVisit<'_> {
    /// The identity of the resource.
    pub const fn id(&self) -> ResourceId {
        self.id
    }

    /// The name of the stack.
    pub const fn stack(&self) -> &str {
        self.stack
    }

    /// The logical id.
    pub const fn logical_id(&self) -> &str {
        self.logical_id
    }

    /// The type (`AWS::S3::Bucket`).
    pub fn resource_type(&self) -> &str {
        self.draft.resource_type()
    }

    /// The line that built the resource.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// The property at a dotted path.
    pub fn property(&self, path: &str) -> Option<&Node> {
        self.draft.properties().get_path(path)
    }

    /// Whether this is a resource of type `R`.
    pub fn is<R: Resource>(&self) -> bool {
        self.draft.resource_type() == R::TYPE
    }

    /// Goes on with the builder of type `R`, if the resource is one. Says whether it was.
    pub fn modify<R: Resource>(&mut self, change: impl FnOnce(R) -> R) -> bool {
        let of_type = self.is::<R>();
        if of_type {
            let draft = std::mem::replace(self.draft, Draft::new(R::TYPE));
            *self.draft = change(R::from_draft(draft)).into_draft();
        }
        of_type
    }

    /// Sets whatever stands at a dotted path of the properties.
    pub fn set_property(&mut self, path: &str, value: impl IntoNode) {
        if let Err(error) = self.draft.properties_mut().set_path(path, value.into_node()) {
            self.error("FW0103", format!("the property path `{path}` cannot be set: {error}"));
        }
    }

    /// Takes out whatever stands at a dotted path of the properties.
    pub fn delete_property(&mut self, path: &str) {
        self.draft.properties_mut().delete_path(path);
    }

    /// Reports an error about the resource: synthesis fails.
    pub fn error(&mut self, rule: &'static str, message: impl Into<String>) {
        self.report(Finding::new(rule, Severity::Error, message));
    }

    /// Reports a warning about the resource.
    pub fn warning(&mut self, rule: &'static str, message: impl Into<String>) {
        self.report(Finding::new(rule, Severity::Warning, message));
    }

    /// Reports a finding; place, stack and line are filled in where they are missing.
    pub fn report(&mut self, mut finding: Finding) {
        if finding.path.is_empty() {
            finding.path = vec!["Resources".to_owned(), self.logical_id.to_owned()];
        }
        finding.stack.get_or_insert_with(|| self.stack.to_owned());
        finding.source.get_or_insert_with(|| self.source.clone());
        self.findings.push(finding);
    }
}
