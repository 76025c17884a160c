//! What values may look like: bounds on one value, and rules between the
//! properties of one object.

use serde::{Deserialize, Serialize};

/// A whole or fractional bound, as the source wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// A whole number.
    Integer(i64),
    /// A fraction.
    Number(f64),
}

impl Bound {
    /// The bound as a floating-point number, to compare with.
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are far below 2^53, or so far above that it does not matter"
    )]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(whole) => whole as f64,
            Self::Number(fraction) => fraction,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(whole) => whole.fmt(formatter),
            Self::Number(fraction) => fraction.fmt(formatter),
        }
    }
}

/// Bounds on one value. A value in a list or a map has its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Constraints {
    /// The values that a string may have; empty when any will do.
    pub allowed: Vec<String>,
    /// The values that a number may have; empty when any will do.
    pub allowed_numbers: Vec<Bound>,
    /// Whether the service ignores the case of `allowed`.
    pub any_case: bool,
    /// A regular expression (ECMA 262) that the string must contain a match of.
    pub pattern: Option<String>,
    /// The kind of text: `date-time`, `json`, `ipv4-network`, `uri`...
    pub format: Option<String>,
    /// The least number of characters.
    pub min_length: Option<u64>,
    /// The greatest number of characters.
    pub max_length: Option<u64>,
    /// The least number, itself allowed.
    pub minimum: Option<Bound>,
    /// The greatest number, itself allowed.
    pub maximum: Option<Bound>,
    /// The number that all values stay below.
    pub exclusive_maximum: Option<Bound>,
    /// The number that values are a multiple of.
    pub multiple_of: Option<Bound>,
    /// The least number of items of a list.
    pub min_items: Option<u64>,
    /// The greatest number of items of a list.
    pub max_items: Option<u64>,
    /// Whether the items of a list differ from each other.
    pub unique_items: bool,
    /// Properties by which the items of a list differ from each other.
    pub unique_keys: Vec<String>,
    /// Whether the order of a list's items means nothing.
    pub unordered: bool,
    /// The least number of entries of a map.
    pub min_properties: Option<u64>,
    /// The greatest number of entries of a map.
    pub max_properties: Option<u64>,
    /// A pattern that the keys of a map match.
    pub key_pattern: Option<String>,
    /// Sets of bounds of which the value must meet at least one, besides the above.
    pub any_of: Vec<Constraints>,
}

impl Constraints {
    /// Whether nothing is asked of the value.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// "When this property is there, so must be (or must not be) those."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The property whose presence starts the rule.
    pub when: String,
    /// The properties that the rule is about.
    pub others: Vec<String>,
}

/// Sets of properties, one of which has to be there in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Whether exactly one of the sets may be there, or more.
    pub exactly_one: bool,
    /// The sets.
    pub sets: Vec<Vec<String>>,
}

/// Rules between the properties of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Of each group exactly one property is there.
    pub exactly_one: Vec<Vec<String>>,
    /// Of each group at least one property is there.
    pub at_least_one: Vec<Vec<String>>,
    /// Of a set of sets one is there in full.
    pub choices: Vec<Choice>,
    /// Properties that need others.
    pub needs: Vec<Dependency>,
    /// Properties that exclude others.
    pub excludes: Vec<Dependency>,
    /// The least number of properties.
    pub min_properties: Option<u64>,
    /// The greatest number of properties.
    pub max_properties: Option<u64>,
    /// Whether properties beyond the known ones are accepted.
    pub open: bool,
}

impl Rules {
    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
