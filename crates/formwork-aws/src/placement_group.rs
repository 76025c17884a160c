//! [`PlacementGroup`]: instances near each other, or far from each other.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

/// The partitions that a group may have.
const PARTITIONS: std::ops::RangeInclusive<u8> = 1..=7;

/// Instances near each other, or far from each other.
///
/// See [`AWS::EC2::PlacementGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-placementgroup.html).
///
/// ```
/// use formwork_aws::{image::{Architecture, Image}, launch_template::LaunchTemplate, placement_group::PlacementGroup};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("builds");
/// let near = PlacementGroup::cluster().build(&mut stack, "Near");
/// LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "c7gn.16xlarge")
///     .placement(&near)
///     .build(&mut stack, "Solver");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a placement group is added to a stack by `build`"]
pub struct PlacementGroup {
    strategy: &'static str,
    partitions: Option<u8>,
}

impl PlacementGroup {
    /// Near each other in one zone, for the fastest network between them.
    pub const fn cluster() -> Self {
        Self { strategy: "cluster", partitions: None }
    }

    /// Each on hardware of its own: seven in a zone at most.
    pub const fn spread() -> Self {
        Self { strategy: "spread", partitions: None }
    }

    /// In one to seven partitions of a zone, which share no hardware.
    pub const fn partitions(count: u8) -> Self {
        Self { strategy: "partition", partitions: Some(count) }
    }

    /// Adds the group to a stack.
    ///
    /// Findings: more partitions than there can be (`FW0470`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> PlacementGroupHandle {
        let mut scope = scope.construct(id);
        let mut group = ec2::PlacementGroup::new().strategy(self.strategy);
        if let Some(count) = self.partitions {
            if !PARTITIONS.contains(&count) {
                let message = format!("a placement group of {count} partitions cannot be");
                let hint = format!("{} to {} are possible", PARTITIONS.start(), PARTITIONS.end());
                scope.report(Finding::error("FW0470", message).hint(hint));
            }
            group = group.partition_count(count);
        }
        PlacementGroupHandle { group: group.build(&mut scope, "PlacementGroup") }
    }
}

/// A [`PlacementGroup`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct PlacementGroupHandle {
    group: Handle<ec2::PlacementGroup>,
}

impl PlacementGroupHandle {
    /// The group itself.
    pub const fn group(&self) -> &Handle<ec2::PlacementGroup> {
        &self.group
    }
}

impl From<&PlacementGroupHandle> for Expr<ids::ec2::PlacementGroupName> {
    fn from(handle: &PlacementGroupHandle) -> Self {
        Self::from(&handle.group)
    }
}
