//! Requirements: what values must be, given what other values are.

use serde::{Deserialize, Serialize};

/// A rule of its own on one place of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// The id of the rule.
    pub rule: String,
    /// The way to the place from the resource: `Properties`, then names, `*` for every item.
    pub place: Vec<String>,
    /// What must hold there.
    pub schema: Schema,
    /// Parts that schemas name, by [`Test::Part`].
    pub parts: Vec<(String, Schema)>,
    /// What is judged instead of the value at the place: values from this resource and from those
    /// that it refers to, by the names that the schema has for them.
    pub gathered: Vec<Gathered>,
    /// Whether expressions are compared as they stand, rather than passed over.
    pub expressions: bool,
}

/// Values of one resource, for a requirement across resources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gathered {
    /// The name that the schema has for them.
    pub name: String,
    /// The way from the properties to the reference, and the type that it must lead to; nothing for
    /// the resource itself.
    pub from: Option<(Vec<String>, String)>,
    /// The properties that are taken.
    pub properties: Vec<GatheredProperty>,
}

/// One value of [`Gathered`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GatheredProperty {
    /// Its name.
    pub name: String,
    /// The way to it from the properties.
    pub path: Vec<String>,
    /// What it is when the template does not say; `null` stands for itself.
    pub default: Option<Literal>,
}

/// What must hold of a value: all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// The tests.
    pub tests: Vec<Test>,
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    String(String),
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operand {
    /// A plain value.
    Literal(Literal),
    /// The gathered value at a path.
    Gathered(Vec<String>),
}

/// The kinds of values, as JSON has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// True or false.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// Text.
    String,
    /// A list.
    List,
    /// An object.
    Object,
}

/// One thing that is asked of a value. What is asked of lists says nothing of other values, and so on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// Nothing may stand here.
    Never,
    /// The part of this name.
    Part(String),
    /// It is of one of these kinds.
    Kinds(Vec<JsonKind>),
    /// It is this.
    Equal(Operand),
    /// It is one of these.
    Allowed(Vec<Literal>),
    /// The text contains a match of this expression.
    Pattern(String),
    /// The text is of this kind: `ipv4`, `ipv6`, or an identifier such as `AWS::SQS::Queue.Arn`.
    Format(String),
    /// The text has at least so many characters.
    MinLength(u64),
    /// The text has at most so many characters.
    MaxLength(u64),
    /// The number is at least this.
    Minimum(Operand),
    /// The number is at most this.
    Maximum(Operand),
    /// The number is more than this.
    Above(Operand),
    /// The number is less than this.
    Below(Operand),
    /// The number is a multiple of this.
    MultipleOf(f64),
    /// The list has at least so many items.
    MinItems(u64),
    /// The list has at most so many items.
    MaxItems(u64),
    /// Every item is so.
    Items(Schema),
    /// An item is so.
    Contains(Schema),
    /// No item stands twice.
    UniqueItems,
    /// The properties that are there are so.
    Properties(Vec<(String, Schema)>),
    /// Properties whose names match are so.
    Patterned(Vec<(String, Schema)>),
    /// There are no other properties than those named in `Properties` and `Patterned`.
    Closed,
    /// Other properties than those named are so.
    Others(Schema),
    /// The names of properties are so.
    Names(Schema),
    /// These properties are there.
    Required(Vec<String>),
    /// There are at least so many properties.
    MinProperties(u64),
    /// There are at most so many properties.
    MaxProperties(u64),
    /// Exactly one of these properties is there.
    ExactlyOne(Vec<String>),
    /// At least one of these properties is there.
    AtLeastOne(Vec<String>),
    /// With a property, others are there.
    Needs(Vec<(String, Vec<String>)>),
    /// With a property, others are not there.
    Excludes(Vec<(String, Vec<String>)>),
    /// At least one holds.
    Any(Vec<Schema>),
    /// Exactly one holds.
    One(Vec<Schema>),
    /// It does not hold.
    Not(Schema),
    /// One or the other holds, by what is.
    If(Box<Choose>),
}

/// What holds when something is, and when it is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choose {
    /// What is asked.
    pub when: Schema,
    /// What then holds.
    pub then: Schema,
    /// What else holds.
    pub otherwise: Schema,
}
