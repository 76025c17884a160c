//! The facts themselves. All of it is plain data.

use serde::{Deserialize, Serialize};

use crate::{
    constraints::{Constraints, Rules},
    requirements::Requirement,
};

/// What is known about a resource type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourceFacts {
    /// The type's name, such as `AWS::S3::Bucket`.
    pub type_name: String,
    /// Which sources know the type.
    pub source: Source,
    /// The properties that a template may set, in the order of the source.
    pub properties: Vec<PropertyFacts>,
    /// Rules between the properties.
    pub rules: Rules,
    /// The property types; [`Kind::Nested`] points in here.
    pub nested: Vec<NestedFacts>,
    /// What `Fn::GetAtt` can ask for.
    pub attributes: Vec<AttributeFacts>,
    /// What names a deployed resource: paths such as `BucketName` or `Device/DeviceName`.
    pub primary_identifier: Vec<String>,
    /// What `Ref` returns.
    pub reference: Reference,
    /// Where the type's tags go.
    pub tagging: Tagging,
    /// Whether deleting the resource loses data.
    pub stateful: bool,
    /// The form of the resource's ARN, with `${...}` for its parts.
    pub arn_template: Option<String>,
    /// The macro that the template must name for this type to exist.
    pub transform: Option<String>,
    /// Whether a replacement deletes the old resource before it creates the new one.
    pub deletes_before_create: bool,
    /// What the type is for access control; a change of it is worth a look.
    pub scrutiny: Scrutiny,
    /// Paths below the root, `*` for any item, whose change replaces the resource.
    pub create_only: Vec<String>,
    /// Paths, the root's included, whose change replaces the resource under conditions.
    pub conditional_create_only: Vec<String>,
    /// Paths that the service never reads back, so drift of them cannot be seen.
    pub write_only: Vec<String>,
    /// Paths of settable properties' parts that the service alone fills in.
    pub read_only: Vec<String>,
    /// Paths that should no longer be used.
    pub deprecated: Vec<String>,
    /// Rules between values, within the resource and beyond it.
    pub requirements: Vec<Requirement>,
    /// Values that the service gives up.
    pub lifecycles: Vec<Lifecycle>,
}

/// A value of a property that the service gives up, with the days (`2026-11-21`) when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// The property.
    pub property: String,
    /// The value.
    pub value: String,
    /// From when on it gets no more support.
    pub deprecated: Option<String>,
    /// From when on nothing new is made with it.
    pub creation_ends: Option<String>,
    /// From when on what has it is no longer updated.
    pub update_ends: Option<String>,
    /// What takes its place.
    pub successor: Option<String>,
}

/// Where facts about a type come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Both sources: types from the first, constraints from the second.
    Both,
    /// The database of types alone, so no patterns, lengths or ranges.
    Types,
    /// The schemas alone.
    Schemas,
}

/// A property type that a resource type defines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NestedFacts {
    /// The name, unique within the resource type.
    pub name: String,
    /// The properties, in the order of the source.
    pub properties: Vec<PropertyFacts>,
    /// Rules between the properties.
    pub rules: Rules,
}

/// An index into [`ResourceFacts::nested`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NestedId(pub u16);

/// What is known about a property of a resource or of a property type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PropertyFacts {
    /// The name in the template.
    pub name: String,
    /// What the value is.
    pub value: ValueFacts,
    /// Whether a template must set it.
    pub required: bool,
    /// What a change of it does to the resource.
    pub update: Update,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What the service does when it is not set, when that is a plain value.
    pub default: Option<String>,
    /// What it is for access control.
    pub scrutiny: Scrutiny,
}

/// A value's kind, its bounds, and what it refers to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueFacts {
    /// What it is.
    pub kind: Kind,
    /// What it may look like.
    pub constraints: Option<Box<Constraints>>,
    /// The resource attributes that the value is an identifier from; any one of them will do.
    pub refers_to: Vec<Target>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A point in time, written as ISO 8601 text.
    Timestamp,
    /// Any JSON.
    Json,
    /// A `Key` and a `Value`.
    Tag,
    /// An object with the properties of a property type.
    Nested(NestedId),
    /// A list.
    List(Box<ValueFacts>),
    /// An object with arbitrary keys.
    Map(Box<ValueFacts>),
    /// Any one of several kinds.
    Union(Vec<ValueFacts>),
}

/// A resource type's attribute that a property refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// The type of the resource.
    pub type_name: String,
    /// The identifier's name, such as `VpcId` or `Arn`.
    pub attribute: String,
    /// How a template obtains it from a resource.
    pub obtained_by: Yield,
}

/// How a template obtains an identifier from a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Yield {
    /// `Ref`.
    Ref,
    /// `Fn::GetAtt` of the target's attribute.
    Attribute,
}

/// What `Ref` of a resource returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reference {
    /// The value of one property or attribute.
    Identifier(String),
    /// Several parts joined by a vertical bar.
    Composite(Vec<String>),
    /// Nothing is known.
    Unknown,
}

/// What a change of a property does to a deployed resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Update {
    /// The resource keeps working.
    #[default]
    NoInterruption,
    /// The resource may stop for a while and keeps its identity.
    SomeInterruption,
    /// The resource is replaced by a new one.
    Replacement,
    /// It is replaced or not, depending on circumstances.
    Conditional,
}

/// What `Fn::GetAtt` can ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributeFacts {
    /// The name, dotted for a part of an object.
    pub name: String,
    /// What it is.
    pub value: ValueFacts,
}

/// Which property holds tags, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tagging {
    /// The type has no tags.
    None,
    /// A list of `Key` and `Value` under this property.
    List(String),
    /// A map under this property.
    Map(String),
    /// A list of `Key`, `Value` and `PropagateAtLaunch` under this property.
    AutoScaling(String),
    /// A launch template's `TagSpecifications`, its own and its instances'.
    LaunchTemplate,
}

/// What a type or a property is for access control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scrutiny {
    /// Nothing in particular.
    #[default]
    None,
    /// A policy on a resource, or a resource that is one.
    ResourcePolicy,
    /// A policy on an identity, or a resource that is one.
    IdentityPolicy,
    /// A list of managed policies.
    ManagedPolicies,
    /// A permission to invoke a function.
    LambdaPermission,
    /// Ingress rules, or a resource that is one.
    Ingress,
    /// Egress rules, or a resource that is one.
    Egress,
    /// An assignment or permission set of the identity center.
    Sso,
}

impl ResourceFacts {
    /// The service's namespace: `AWS::S3` of `AWS::S3::Bucket`.
    pub fn service(&self) -> &str {
        self.type_name.rsplit_once("::").map_or(self.type_name.as_str(), |(service, _)| service)
    }

    /// The last part of the type's name: `Bucket` of `AWS::S3::Bucket`.
    pub fn name(&self) -> &str {
        self.type_name.rsplit_once("::").map_or(self.type_name.as_str(), |(_, name)| name)
    }

    /// The property of this name.
    pub fn property(&self, name: &str) -> Option<&PropertyFacts> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&AttributeFacts> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The property type that a [`Kind::Nested`] of this resource points to.
    pub fn nested(&self, id: NestedId) -> Option<&NestedFacts> {
        self.nested.get(usize::from(id.0))
    }

    /// The property type of this name.
    pub fn nested_named(&self, name: &str) -> Option<&NestedFacts> {
        self.nested.iter().find(|nested| nested.name == name)
    }
}

impl NestedFacts {
    /// The property of this name.
    pub fn property(&self, name: &str) -> Option<&PropertyFacts> {
        self.properties.iter().find(|property| property.name == name)
    }
}

impl ValueFacts {
    /// A value of this kind with nothing else known.
    pub fn plain(kind: Kind) -> Self {
        Self { kind, constraints: None, refers_to: Vec::new() }
    }
}
