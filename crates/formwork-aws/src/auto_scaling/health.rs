//! What a fleet knows of its instances, tells of them, and which it lets go first.

/// What knows whether an instance of a fleet is well. EC2 always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FleetHealth {
    /// EBS: its volumes can be reached.
    Volumes,
    /// Its load balancers.
    LoadBalancer,
    /// The target groups of VPC Lattice.
    Lattice,
}

/// As the service writes them together.
pub(super) fn names(checks: &[FleetHealth]) -> String {
    let mut checks = checks.to_vec();
    checks.sort_unstable();
    checks.dedup();
    let names: Vec<&str> = checks.into_iter().map(FleetHealth::name).collect();
    names.join(",")
}

impl FleetHealth {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Volumes => "EBS",
            Self::LoadBalancer => "ELB",
            Self::Lattice => "VPC_LATTICE",
        }
    }
}

/// What happens to instances of a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FleetEvent {
    /// One has started.
    Launch,
    /// One could not start.
    LaunchError,
    /// One has gone.
    Termination,
    /// One could not go.
    TerminationError,
}

impl FleetEvent {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Launch, Self::LaunchError, Self::Termination, Self::TerminationError];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Launch => "autoscaling:EC2_INSTANCE_LAUNCH",
            Self::LaunchError => "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
            Self::Termination => "autoscaling:EC2_INSTANCE_TERMINATE",
            Self::TerminationError => "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
        }
    }
}

/// Which instance goes first when there are too many. Zones are kept even before all else.
///
/// See [termination policies](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminationPolicy {
    /// What the service does where nothing is said.
    Default,
    /// The oldest.
    OldestInstance,
    /// The newest.
    NewestInstance,
    /// The one with the oldest launch template.
    OldestLaunchTemplate,
    /// The one whose billed hour ends first.
    ClosestToNextInstanceHour,
    /// The one that leaves on demand and spot as they should be.
    AllocationStrategy,
}

impl TerminationPolicy {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::OldestInstance => "OldestInstance",
            Self::NewestInstance => "NewestInstance",
            Self::OldestLaunchTemplate => "OldestLaunchTemplate",
            Self::ClosestToNextInstanceHour => "ClosestToNextInstanceHour",
            Self::AllocationStrategy => "AllocationStrategy",
        }
    }
}
