//! The diff as a value: what changes, and what that does.

use formwork_template::Source;
use serde::Serialize;

use crate::path::Path;

/// What happens to a resource, a parameter, an output or another named part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Add,
    /// It is gone.
    Remove,
    /// It is there on both sides, and differs.
    Modify,
    /// It has another logical id, and stays the same resource.
    Rename,
    /// It exists, and is taken over.
    Import,
}

/// What a change does to a deployed resource, from harmless to lossy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It keeps working.
    #[default]
    None,
    /// It is taken over as it is.
    Import,
    /// It leaves the stack and keeps working.
    Retain,
    /// It may stop for a while.
    Interrupt,
    /// It leaves the stack, and a snapshot of it is kept.
    Snapshot,
    /// It is replaced by a new one or not, which only the deployment will tell.
    MayReplace,
    /// It is replaced by a new one.
    Replace,
    /// It is deleted.
    Delete,
}

/// What becomes of the resource that a removal or replacement leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposal {
    /// It is deleted.
    Delete,
    /// A snapshot is taken, then it is deleted.
    Snapshot,
    /// It stays, in no stack.
    Orphan,
}

/// One resource that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResourceChange {
    /// The logical id; the new one, where there are two.
    pub logical_id: String,
    /// The logical id on the old side, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_logical_id: Option<String>,
    /// The type; the new one, where there are two.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The type on the old side, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_type: Option<String>,
    /// What happens to it.
    pub action: Action,
    /// The worst that this does.
    pub effect: Effect,
    /// Why the effect is what it is, where a change does not say it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What becomes of the resource that is left behind, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposal: Option<Disposal>,
    /// Whether the resource holds data.
    pub stateful: bool,
    /// Whether data is lost, or may be.
    pub data_loss: bool,
    /// What changes in it; when it comes, goes or becomes another type, all of it as it is written,
    /// at the empty path.
    pub changes: Vec<PropertyChange>,
    /// The line of Rust behind it.
    pub source: Option<Source>,
}

/// One place in a resource or section that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropertyChange {
    /// Where.
    pub path: Path,
    /// What is there on the old side; nothing when it is new. Expressions are evaluated as far as
    /// they are known.
    pub old: Option<serde_json::Value>,
    /// What is there on the new side; nothing when it is gone.
    pub new: Option<serde_json::Value>,
    /// What it does.
    pub effect: Effect,
    /// Whether the value changes for sure. It does not when an expression changes whose value is
    /// known only at deployment.
    pub certain: bool,
    /// Why the effect is what it is, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What makes it change, when it is written the same on both sides: what the expression refers
    /// to, such as `Vpc` or `Function.Arn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Whether only the order of a list changes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reordered: bool,
}

/// One named part of a section that changes: a parameter, a mapping, a condition, an output...
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ElementChange {
    /// Its name; empty for a section that is one value.
    pub name: String,
    /// What happens to it.
    pub action: Action,
    /// What changes in it. All of it, when it is new or gone.
    pub changes: Vec<PropertyChange>,
}
