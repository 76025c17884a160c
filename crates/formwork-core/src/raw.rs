//! [`RawResource`]: a resource of a type that is named at run time.

use formwork_template::Text;

use crate::{
    expr::Expr,
    handle::ResourceId,
    kind::List,
    object::IntoNode,
    resource::{Draft, Resource, Tagging},
};

/// A resource of any type: custom resources, modules, types that are newer than the facts.
///
/// ```
/// use formwork_core::{App, Build, Object, RawResource};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let job = RawResource::new("Custom::Job")
///     .property("ServiceToken", "arn:aws:lambda:eu-west-1:111111111111:function:job")
///     .property("Options", Object::new().with("Retries", 3))
///     .build(&mut stack, "Job");
/// stack.output("JobResult", job.attribute::<String>("Result"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "a resource is added to a stack by `build`"]
pub struct RawResource(Draft);

impl RawResource {
    /// A resource of the type, without properties.
    pub fn new(resource_type: impl Into<Text>) -> Self {
        Self(Draft::new(resource_type))
    }

    /// Sets a property.
    pub fn property(mut self, name: impl Into<Text>, value: impl IntoNode) -> Self {
        self.0.properties.put_node(name.into(), value.into_node());
        self
    }

    /// Says how the type holds tags, so that the tags of its scope reach it.
    pub fn taggable(mut self, tagging: Tagging) -> Self {
        self.0.extras().tagging = Some(tagging);
        self
    }
}

impl Resource for RawResource {
    const TYPE: &'static str = "resource";
    const TAGGING: Tagging = Tagging::None;
    type Attributes = RawAttributes;
    type Ref = String;

    fn from_draft(draft: Draft) -> Self {
        Self(draft)
    }

    fn into_draft(self) -> Draft {
        self.0
    }
}

/// The attributes of a [`RawResource`], by name.
pub struct RawAttributes(ResourceId);

impl From<ResourceId> for RawAttributes {
    fn from(id: ResourceId) -> Self {
        Self(id)
    }
}

impl RawAttributes {
    /// An attribute with one value.
    pub fn attribute<T: ?Sized>(&self, name: impl Into<Text>) -> Expr<T> {
        self.0.attribute(name)
    }

    /// An attribute that is a list.
    pub fn list_attribute<T>(&self, name: impl Into<Text>) -> Expr<List<T>> {
        self.0.list_attribute(name)
    }
}
