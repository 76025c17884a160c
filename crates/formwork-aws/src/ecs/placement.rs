//! [`Placement`]: which instances tasks go to.

use formwork_cfn::ecs::service::{PlacementConstraint, PlacementStrategy};

/// How tasks are put on instances, in the order in which it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Over zones alike.
    SpreadOverZones,
    /// Over instances alike.
    SpreadOverInstances,
    /// Where the least memory is left, so that few instances are enough.
    PackByMemory,
    /// Where the least processor is left, so that few instances are enough.
    PackByCpu,
    /// Anywhere.
    Random,
}

impl Placement {
    pub(super) fn into_property(self) -> PlacementStrategy {
        match self {
            Self::SpreadOverZones => {
                PlacementStrategy::new("spread").field("attribute:ecs.availability-zone")
            }
            Self::SpreadOverInstances => PlacementStrategy::new("spread").field("instanceId"),
            Self::PackByMemory => PlacementStrategy::new("binpack").field("memory"),
            Self::PackByCpu => PlacementStrategy::new("binpack").field("cpu"),
            Self::Random => PlacementStrategy::new("random"),
        }
    }
}

/// What instances must be like for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlacementRule {
    /// No two tasks of the service are on one instance.
    DistinctInstances,
    /// The instance meets an expression of the
    /// [cluster query language](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html)
    /// (`attribute:ecs.instance-type =~ m7g.*`).
    Only(String),
}

impl PlacementRule {
    pub(super) fn into_property(self) -> PlacementConstraint {
        match self {
            Self::DistinctInstances => PlacementConstraint::new("distinctInstance"),
            Self::Only(expression) => PlacementConstraint::new("memberOf").expression(expression),
        }
    }
}
