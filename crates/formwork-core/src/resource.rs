//! [`Resource`] and [`Build`]: what every builder of a resource can do.

use std::panic::Location;

use formwork_template::{Finding, MOVED_FROM, Text};

use crate::{
    condition::Condition,
    expr::Expr,
    handle::{Handle, ResourceId},
    kind::Json,
    lifecycle::{CreationPolicy, DeletionPolicy, UpdatePolicy, UpdateReplacePolicy},
    node::{Function, Node, Target},
    object::IntoNode,
    properties::Properties,
    scope::Scope,
};

/// A type of resource: its builder is the type itself.
///
/// Generated for every CloudFormation type; [`RawResource`](crate::RawResource) is the one for
/// types that are named at run time.
pub trait Resource: Sized {
    /// The type as CloudFormation writes it (`AWS::S3::Bucket`).
    const TYPE: &'static str;
    /// How the type holds tags.
    const TAGGING: Tagging;
    /// The typed attributes that a handle of the type has.
    type Attributes: From<ResourceId>;
    /// What `Ref` gives.
    type Ref: ?Sized;

    /// The builder over what is already set.
    fn from_draft(draft: Draft) -> Self;

    /// What is set.
    fn into_draft(self) -> Draft;
}

/// How a type of resource holds tags, and in which property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tagging {
    /// The type cannot be tagged.
    None,
    /// A list of `Key` and `Value`.
    List(&'static str),
    /// A map from key to value.
    Map(&'static str),
    /// A list of `Key`, `Value` and `PropagateAtLaunch`.
    AutoScaling(&'static str),
    /// Tag specifications, for the template itself and for what is launched from it.
    LaunchTemplate,
}

/// A resource on its way into a stack: type, properties and resource attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub(crate) resource_type: Text,
    pub(crate) properties: Properties,
    pub(crate) extras: Option<Box<Extras>>,
}

/// What few resources have.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Extras {
    pub(crate) depends_on: Vec<Target>,
    pub(crate) attributes: Vec<(Text, Node)>,
    pub(crate) tagging: Option<Tagging>,
    pub(crate) findings: Vec<Finding>,
}

impl Draft {
    /// A resource without properties.
    pub fn new(resource_type: impl Into<Text>) -> Self {
        Self { resource_type: resource_type.into(), properties: Properties::new(), extras: None }
    }

    /// Sets a property.
    pub fn put<T: ?Sized>(&mut self, name: &'static str, value: Expr<T>) {
        self.properties.put(name, value);
    }

    /// The type as CloudFormation writes it.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// The properties.
    pub const fn properties(&self) -> &Properties {
        &self.properties
    }

    /// The properties, to change them.
    pub const fn properties_mut(&mut self) -> &mut Properties {
        &mut self.properties
    }

    /// A resource attribute (`DeletionPolicy`, `Metadata`, ...) by name.
    pub fn attribute(&self, name: &str) -> Option<&Node> {
        self.extras.as_ref()?.attributes.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    /// Sets a resource attribute, in place of what it was.
    pub fn put_attribute(&mut self, name: impl Into<Text>, node: Node) {
        let name = name.into();
        let attributes = &mut self.extras().attributes;
        match attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = node,
            None => attributes.push((name, node)),
        }
    }

    /// Creates the resource after another one.
    pub fn depends_on(&mut self, other: impl Into<ResourceId>) {
        let target = Target::Resource(other.into());
        let known = &mut self.extras().depends_on;
        if !known.contains(&target) {
            known.push(target);
        }
    }

    /// Appends to a property that is a list, unless the same item is in it.
    pub fn append(&mut self, name: &'static str, item: impl IntoNode) {
        let (list, item) = (self.properties.entry(name), item.into_node());
        if matches!(list, Node::Null) {
            *list = Node::List(Vec::new());
        }
        if let Node::List(items) = list
            && !items.contains(&item)
        {
            items.push(item);
        }
    }

    /// Keeps a finding until the resource is built, when it gets its place.
    pub fn report(&mut self, finding: Finding) {
        self.extras().findings.push(finding);
    }

    pub(crate) fn extras(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    #[track_caller]
    pub(crate) fn set_path(&mut self, path: &str, node: Node) {
        if let Err(error) = self.properties.set_path(path, node) {
            let finding =
                Finding::error("FW0103", format!("the property path `{path}` cannot be set: {error}"))
                    .hint("set the whole property that holds the path")
                    .at(Location::caller());
            self.report(finding);
        }
    }
}

/// What every builder of a resource can do beside setting its properties.
pub trait Build: Resource {
    /// Puts the resource into a stack under an id, and gives a handle for it.
    ///
    /// The logical id is the path of the scope followed by `id`: scope `Web`, id `Listener` is
    /// `WebListener`. The line of this call is where findings about the resource point.
    #[track_caller]
    fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<Self> {
        let location = Location::caller();
        Handle::new(scope.add_resource(id, self.into_draft(), Self::TAGGING, location))
    }

    /// Creates this resource after another one, and deletes it before.
    ///
    /// References already order resources: this is for what CloudFormation cannot see. Where the
    /// other resource stands in another stack, this stack is deployed after that one.
    fn depends_on(self, other: impl Into<ResourceId>) -> Self {
        let other = other.into();
        self.draft(|draft| draft.depends_on(other))
    }

    /// Creates the resource only where the condition holds.
    fn condition_on(self, condition: &Condition) -> Self {
        let node = Node::function(Function::ConditionName(*condition));
        self.draft(|draft| draft.put_attribute("Condition", node))
    }

    /// What becomes of the resource when it is taken out of the stack, or the stack is deleted.
    fn deletion_policy(self, policy: DeletionPolicy) -> Self {
        self.draft(|draft| draft.put_attribute("DeletionPolicy", policy.as_str().into_node()))
    }

    /// What becomes of the old resource when an update replaces it.
    fn update_replace_policy(self, policy: UpdateReplacePolicy) -> Self {
        self.draft(|draft| draft.put_attribute("UpdateReplacePolicy", policy.as_str().into_node()))
    }

    /// Keeps the resource whenever the stack lets go of it: where it is taken out or replaced, and where
    /// the stack is deleted. What is kept costs what it costs, and is nobody's but yours from then on.
    fn retained(self) -> Self {
        self.deletion_policy(DeletionPolicy::Retain).update_replace_policy(UpdateReplacePolicy::Retain)
    }

    /// What CloudFormation waits for before it calls the resource created.
    fn creation_policy(self, policy: CreationPolicy) -> Self {
        self.draft(|draft| draft.put_attribute("CreationPolicy", policy.into_node()))
    }

    /// How CloudFormation updates an auto-scaling group, a replication group, an alias and so on.
    fn update_policy(self, policy: UpdatePolicy) -> Self {
        self.draft(|draft| {
            let mut pairs = match draft.attribute("UpdatePolicy") {
                Some(Node::Map(pairs)) => pairs.clone(),
                _ => Vec::new(),
            };
            if let Node::Map(more) = policy.into_node() {
                pairs.extend(more);
            }
            draft.put_attribute("UpdatePolicy", Node::Map(pairs));
        })
    }

    /// Data beside the resource under a key, as `AWS::CloudFormation::Init` is.
    fn metadata(self, key: &str, value: impl Into<Expr<Json>>) -> Self {
        let value = value.into().into_node();
        self.draft(|draft| {
            let mut metadata = draft.attribute("Metadata").cloned().unwrap_or_default();
            // A single key always fits into a map.
            let _ = metadata.set_at(&[key], value);
            draft.put_attribute("Metadata", metadata);
        })
    }

    /// Accepts what a rule (`E3030`) finds about this resource, with a reason that reports show: the
    /// finding is then a note, and stops nothing. A reason that is empty accepts nothing.
    ///
    /// The rules are those on a template: references, properties, limits.
    fn accept(self, rule: &str, reason: &str) -> Self {
        let [formwork, accept] = formwork_check::ACCEPTED;
        let reason = reason.into_node();
        self.draft(|draft| {
            let mut metadata = draft.attribute("Metadata").cloned().unwrap_or_default();
            // The keys of maps, or of nothing, always take a value.
            let _ = metadata.set_at(&[formwork, accept, rule], reason);
            draft.put_attribute("Metadata", metadata);
        })
    }

    /// Says that the resource had another logical id before, so that a diff does not take it for a new
    /// one, nor a deployment by formwork. Plain CloudFormation replaces it all the same.
    ///
    /// The line may go once every stack is deployed with it.
    fn moved_from(self, logical_id: &str) -> Self {
        let logical_id = logical_id.into_node();
        self.draft(|draft| {
            let mut metadata = draft.attribute("Metadata").cloned().unwrap_or_default();
            // The keys of maps, or of nothing, always take a value.
            let _ = metadata.set_at(&MOVED_FROM, logical_id);
            draft.put_attribute("Metadata", metadata);
        })
    }

    /// Sets whatever stands at a dotted path of the properties, known to the facts or not.
    #[track_caller]
    fn set_property(self, path: &str, value: impl IntoNode) -> Self {
        let mut draft = self.into_draft();
        draft.set_path(path, value.into_node());
        Self::from_draft(draft)
    }

    /// Takes out whatever stands at a dotted path of the properties.
    fn delete_property(self, path: &str) -> Self {
        self.draft(|draft| {
            draft.properties.delete_path(path);
        })
    }

    /// Goes on with the builder only where something holds when the code runs.
    fn when(self, holds: bool, change: impl FnOnce(Self) -> Self) -> Self {
        if holds { change(self) } else { self }
    }

    /// Changes the draft in place.
    #[doc(hidden)]
    fn draft(self, change: impl FnOnce(&mut Draft)) -> Self {
        let mut draft = self.into_draft();
        change(&mut draft);
        Self::from_draft(draft)
    }
}

impl<R: Resource> Build for R {}
