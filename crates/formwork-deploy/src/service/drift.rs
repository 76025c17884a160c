//! The calls of drift detection, and those that read what a deployment only writes.

use serde::Serialize;

use super::{Answer, CloudFormation};

/// The calls that tell whether what runs is what was deployed.
pub trait DriftDetection: CloudFormation {
    /// `DetectStackDrift`: begins, and answers the id of the detection.
    ///
    /// While another detection of the stack runs, the service refuses.
    fn detect_drift<'a>(&'a self, stack: &'a str) -> Answer<'a, String>;

    /// `DescribeStackDriftDetectionStatus`.
    fn drift_detection<'a>(&'a self, id: &'a str) -> Answer<'a, Detection>;

    /// `DescribeStackResourceDrifts`, one page: only the resources that were looked at.
    fn resource_drifts<'a>(&'a self, stack: &'a str, page: Option<&'a str>) -> Answer<'a, ReportedDriftPage>;

    /// What `DescribeStacks` says of the last detection.
    fn last_detection<'a>(&'a self, stack: &'a str) -> Answer<'a, LastDetection>;

    /// `GetStackPolicy`; `None` when there is none.
    fn stack_policy<'a>(&'a self, stack: &'a str) -> Answer<'a, Option<String>>;

    /// `GetTemplate` of the template that the macros have made.
    fn processed_template<'a>(&'a self, stack: &'a str) -> Answer<'a, String>;
}

/// How far a detection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetectionStatus {
    /// It goes on.
    InProgress,
    /// All resources that the service can look at were looked at.
    Complete,
    /// At least one of them could not be looked at.
    Failed,
    /// Something that this version does not know, by its name.
    Unknown(String),
}

/// A detection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// How far it is.
    pub status: DetectionStatus,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it began, in milliseconds since 1970.
    pub time: i64,
}

/// When drift was last looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastDetection {
    /// When it began, in milliseconds since 1970.
    pub time: Option<i64>,
    /// Whether it came to an end at which all that could be looked at was.
    pub complete: bool,
    /// When the stack was deployed last.
    pub deployed: i64,
}

/// What the service says of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedStatus {
    /// It is as declared.
    InSync,
    /// Declared properties have other values.
    Modified,
    /// It is gone.
    Deleted,
    /// It was not looked at.
    NotChecked,
    /// It could not be looked at.
    Unknown,
    /// The type cannot be looked at.
    Unsupported,
    /// Something that this version does not know, by its name.
    Other(String),
}

impl ReportedStatus {
    /// The status of this name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "IN_SYNC" => Self::InSync,
            "MODIFIED" => Self::Modified,
            "DELETED" => Self::Deleted,
            "NOT_CHECKED" => Self::NotChecked,
            "UNKNOWN" => Self::Unknown,
            "UNSUPPORTED" => Self::Unsupported,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A resource that the service has looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedDrift {
    /// The logical id.
    pub logical_id: String,
    /// What the service says of it.
    pub status: ReportedStatus,
    /// Why, where it could not be looked at.
    pub reason: Option<String>,
    /// The declared properties that differ.
    pub differences: Vec<ReportedDifference>,
    /// All that is declared, as JSON.
    pub expected: Option<String>,
    /// What is there of it, as JSON.
    pub actual: Option<String>,
    /// When it was looked at, in milliseconds since 1970.
    pub time: i64,
}

/// One property that differs, in the service's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedDifference {
    /// Where, as a JSON pointer.
    pub path: String,
    /// What is declared; JSON, or text as it stands.
    pub expected: String,
    /// What is there.
    pub actual: String,
    /// `ADD`, `REMOVE` or `NOT_EQUAL`.
    pub kind: String,
}

/// A page of resources that were looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportedDriftPage {
    /// The resources.
    pub drifts: Vec<ReportedDrift>,
    /// The next page.
    pub next: Option<String>,
}
