//! What was found: the value that every rendering shows.

use std::collections::BTreeMap;

use formwork_diff::StackDiff;
use formwork_template::Source;
use serde::Serialize;
use serde_json::Value;

use crate::service::StackResource;

/// The name and version of the JSON form. Fields may be added, never renamed.
pub const SCHEMA: &str = "formwork.drift/1";

/// What runs against what was written, of several stacks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftReport {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The stacks, each before those that are nested in it.
    pub stacks: Vec<StackDrift>,
    /// What is left out on purpose, with the reason, and how often each matched.
    pub ignored: Vec<Ignored>,
}

/// A rule by which something is left out, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// The stack; of nested stacks with all those above. `None` is any.
    pub stack: Option<String>,
    /// The logical id. `None` is any.
    pub logical_id: Option<String>,
    /// Where, as a JSON pointer; what is below it is meant too. `None` is all.
    pub path: Option<String>,
    /// Why.
    pub reason: String,
    /// How many differences it left out.
    pub matched: usize,
}

/// What runs of one stack against what was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StackDrift {
    /// The name; of a nested stack `Outer/LogicalId`.
    pub name: String,
    /// The ARN.
    pub arn: Option<String>,
    /// The name of the stack above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What it comes to.
    pub status: StackVerdict,
    /// Why the stack could not be looked at, or not all of it.
    pub reason: Option<String>,
    /// Whether a call failed before all of it was looked at.
    pub incomplete: bool,
    /// Whether the result of an earlier detection was taken.
    pub reused: bool,
    /// When the detection began, in milliseconds since 1970.
    pub detected: Option<i64>,
    /// How many resources were looked at.
    pub checked: usize,
    /// How many were not.
    pub not_checked: usize,
    /// The resources, in the order of the service.
    pub resources: Vec<ResourceDrift>,
    /// What the stack itself has otherwise than the code says.
    pub settings: Vec<SettingDrift>,
    /// What the code says otherwise than the deployed template.
    pub template: Option<TemplateDrift>,
}

/// What a stack comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StackVerdict {
    /// All of it is as written.
    InSync,
    /// What was looked at is as written, and not all was looked at.
    Incomplete,
    /// Somebody changed something.
    Drifted,
    /// It is not deployed.
    NotDeployed,
    /// It could not be looked at at all.
    Failed,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResourceDrift {
    /// The logical id.
    pub logical_id: String,
    /// The id that the resource has.
    pub physical_id: Option<String>,
    /// The type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What it comes to.
    pub status: Verdict,
    /// Who looked at it.
    pub checked_by: Option<Checker>,
    /// Why it was not looked at.
    pub reason: Option<String>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What the service says differs, and does not.
    pub dismissed: Vec<Dismissed>,
    /// Declared properties that nobody can look at.
    pub unseen: Vec<Unseen>,
    /// The line of Rust behind it.
    pub source: Option<Source>,
    /// Why its being gone is no drift: by a rule, or a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
}

/// What a resource comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is as declared.
    InSync,
    /// Something differs.
    Modified,
    /// It is gone.
    Deleted,
    /// The service could not look at it.
    Unknown,
    /// The service cannot look at its type.
    Unsupported,
    /// Nobody looked at it.
    NotChecked,
}

impl Verdict {
    /// Whether somebody looked.
    pub const fn is_checked(self) -> bool {
        matches!(self, Self::InSync | Self::Modified | Self::Deleted)
    }
}

/// Who looked at a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Checker {
    /// CloudFormation.
    Service,
    /// This crate, through Cloud Control.
    CloudControl,
    /// Both.
    Both,
    /// It is a stack, whose resources are looked at by themselves.
    Nested,
}

/// One place that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Where below the properties, as a JSON pointer.
    pub path: String,
    /// What is declared; nothing when it was added.
    pub declared: Option<Value>,
    /// What is there; nothing when it was removed.
    pub actual: Option<Value>,
    /// What became of it.
    pub kind: DifferenceKind,
    /// Where the service is known to be wrong about this: the address that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// Why it is no drift: by a rule, or a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
}

/// What became of a declared value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// It is another.
    Changed,
    /// There is one more.
    Added,
    /// It is not there.
    Removed,
}

/// What the service says differs, and does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dismissed {
    /// Where, as a JSON pointer.
    pub path: String,
    /// Why it is no difference.
    pub reason: String,
}

/// A declared property that nobody can look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// Where, as a JSON pointer.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// Something of the stack itself that is not as the code says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingDrift {
    /// What it is.
    pub setting: Setting,
    /// The name of the parameter or tag.
    pub name: Option<String>,
    /// What the code says.
    pub declared: Option<String>,
    /// What the stack has.
    pub actual: Option<String>,
    /// Who changed it.
    pub changed_by: Mover,
    /// Why it is no drift: by a rule, or a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
}

/// Something that a stack has beside its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Whether it refuses to be deleted.
    TerminationProtection,
    /// What updates may not touch.
    StackPolicy,
    /// The value of a parameter.
    Parameter,
    /// A tag.
    Tag,
    /// The role that the service acts with.
    Role,
    /// The topics that events go to.
    NotificationTopics,
}

impl Setting {
    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::TerminationProtection => "termination protection",
            Self::StackPolicy => "stack policy",
            Self::Parameter => "parameter",
            Self::Tag => "tag",
            Self::Role => "role",
            Self::NotificationTopics => "notification topics",
        }
    }
}

/// Who moved, where the code and a stack say two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mover {
    /// The code moved on: this tool deployed what is there.
    Code,
    /// Somebody changed the stack: another tool deployed last.
    Stack,
}

/// What the code says otherwise than the deployed template.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateDrift {
    /// Who moved.
    pub changed_by: Mover,
    /// What deploying the code would change.
    pub diff: StackDiff,
    /// Why it is no drift: by a rule, or a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
}

impl DriftReport {
    /// Whether somebody changed something, beside what is left out on purpose.
    pub fn has_drift(&self) -> bool {
        self.stacks.iter().any(|stack| stack.status == StackVerdict::Drifted)
    }

    /// Whether something was not looked at.
    pub fn is_incomplete(&self) -> bool {
        self.stacks.iter().any(|stack| stack.not_checked > 0 || stack.incomplete)
    }

    /// How many resources were looked at, and how many were not.
    pub fn coverage(&self) -> (usize, usize) {
        let sum = |count: fn(&StackDrift) -> usize| self.stacks.iter().map(count).sum();
        (sum(|stack| stack.checked), sum(|stack| stack.not_checked))
    }

    /// Why resources were not looked at, with how many each, most first.
    pub fn gaps(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for resource in self.stacks.iter().flat_map(|stack| &stack.resources) {
            if !resource.status.is_checked() {
                *counts.entry(resource.reason.as_deref().unwrap_or("nobody looked")).or_default() += 1;
            }
        }
        let mut gaps: Vec<(String, usize)> =
            counts.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
        gaps.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        gaps
    }
}

impl StackDrift {
    /// A stack of which nothing is known yet.
    pub(crate) fn new(name: String, status: StackVerdict, reason: Option<String>) -> Self {
        Self {
            name,
            arn: None,
            parent: None,
            status,
            reason,
            incomplete: false,
            reused: false,
            detected: None,
            checked: 0,
            not_checked: 0,
            resources: Vec::new(),
            settings: Vec::new(),
            template: None,
        }
    }

    /// Counts what was looked at, and says what the stack comes to.
    pub(crate) fn settle(&mut self) {
        if self.status == StackVerdict::NotDeployed {
            return;
        }
        self.checked = self.resources.iter().filter(|resource| resource.status.is_checked()).count();
        self.not_checked = self.resources.len() - self.checked;
        let template = self.template.as_ref();
        let drifted = self.resources.iter().any(ResourceDrift::is_drift)
            || self.settings.iter().any(SettingDrift::is_drift)
            || template
                .is_some_and(|template| template.changed_by == Mover::Stack && template.ignored.is_none());
        let failed = self.incomplete && self.resources.is_empty();
        self.status = match () {
            () if drifted => StackVerdict::Drifted,
            () if failed => StackVerdict::Failed,
            () if self.incomplete || self.not_checked > 0 => StackVerdict::Incomplete,
            () => StackVerdict::InSync,
        };
    }
}

impl ResourceDrift {
    /// A resource that nobody has looked at yet.
    pub(crate) fn unchecked(resource: &StackResource, source: Option<Source>) -> Self {
        Self {
            logical_id: resource.logical_id.clone(),
            physical_id: resource.physical_id.clone(),
            resource_type: resource.resource_type.clone(),
            status: Verdict::NotChecked,
            checked_by: None,
            reason: None,
            differences: Vec::new(),
            dismissed: Vec::new(),
            unseen: Vec::new(),
            source,
            ignored: None,
        }
    }

    /// Whether somebody changed it, beside what is left out on purpose.
    pub fn is_drift(&self) -> bool {
        match self.status {
            Verdict::Deleted => self.ignored.is_none(),
            Verdict::Modified => self.differences.iter().any(|difference| difference.ignored.is_none()),
            _ => false,
        }
    }
}

impl SettingDrift {
    /// Whether somebody changed it, beside what is left out on purpose.
    pub fn is_drift(&self) -> bool {
        self.changed_by == Mover::Stack && self.ignored.is_none()
    }
}
