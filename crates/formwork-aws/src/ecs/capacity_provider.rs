//! [`InstanceCapacity`]: a fleet of instances that grows and shrinks with the tasks on it.

use std::time::Duration;

use formwork_cfn::{
    autoscaling, ecs,
    ecs::capacity_provider::{AutoScalingGroupProvider, ManagedScaling},
};
use formwork_core::{Build, Expr, Finding, Handle, Resource, Scope};

use crate::{
    auto_scaling::{AutoScalingGroupHandle, seconds},
    capacity::Ranged,
    security_group::SecurityGroupHandle,
    vpc::Subnets,
};

/// What an instance needs: the service itself, images, their layers, and a place for logs.
const SERVICES: &[&str] = &["ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "s3"];
/// How full instances may be, in percent.
const FULL: std::ops::RangeInclusive<u8> = 1..=100;
/// The longest time that a new instance may take, in seconds.
const WARM_UP: u64 = 10_000;

/// A fleet of instances for tasks: a capacity provider.
///
/// The service sets the size of the fleet by the tasks that want to run on it, and moves tasks away
/// from an instance before it goes. What starts last goes first when a stack is deleted: services,
/// then the association of the cluster with its capacity, then this, then the fleet, then the cluster.
///
/// See [`AWS::ECS::CapacityProvider`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-capacityprovider.html).
///
/// ```
/// use formwork_aws::{auto_scaling::{AutoScalingGroup, InstanceRefresh}, capacity::Capacity, launch_template::LaunchTemplate};
/// use formwork_aws::ecs::{Cluster, ClusterCapacity, InstanceCapacity};
/// use formwork_aws::{iam::{Principal, Role}, image::{Architecture, Image}};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let role = Role::new(Principal::service("ec2.amazonaws.com"))
///     .permission(cluster.join())
///     .build(&mut stack, "Instance");
/// let template = LaunchTemplate::new(Image::ecs_optimized(Architecture::Arm64), "m7g.large")
///     .role(&role)
///     .user_data(cluster.joining())
///     .build(&mut stack, "Machine");
/// let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(0, 10), InstanceRefresh::new())
///     .build(&mut stack, "Fleet");
/// let machines = InstanceCapacity::new(&fleet).full(90).build(&mut stack, "Machines");
/// let capacity = ClusterCapacity::new(&cluster).instances(&machines).build(&mut stack, "Capacity");
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A fleet of fixed size cannot follow its tasks:
///
/// ```compile_fail
/// # use formwork_aws::{auto_scaling::AutoScalingGroupHandle, capacity::Fixed, ecs::InstanceCapacity};
/// # fn machines(fleet: &AutoScalingGroupHandle<Fixed>) {
/// let machines = InstanceCapacity::new(fleet);
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "capacity is added to a stack by `build`"]
pub struct InstanceCapacity {
    fleet: Handle<autoscaling::AutoScalingGroup>,
    /// Where instances are, and whether they have public addresses there.
    place: (Subnets, bool),
    security_groups: Vec<SecurityGroupHandle>,
    protected_fleet: bool,
    full: u8,
    warm_up: Option<Duration>,
    draining: bool,
    protected: bool,
}

impl InstanceCapacity {
    /// The capacity of a fleet, whose instances join the cluster when they start
    /// ([`ClusterHandle::joining`](super::ClusterHandle::joining)).
    pub fn new(fleet: &AutoScalingGroupHandle<Ranged>) -> Self {
        let (subnets, public_address) = fleet.place();
        Self {
            fleet: fleet.group().clone(),
            place: (subnets.clone(), public_address),
            security_groups: fleet.security_groups().to_vec(),
            protected_fleet: fleet.is_protected_from_scale_in(),
            full: *FULL.end(),
            warm_up: None,
            draining: true,
            protected: false,
        }
    }

    /// How full instances shall be, in percent: 100 unless set. What is less keeps room for tasks
    /// that come.
    pub const fn full(mut self, percent: u8) -> Self {
        self.full = percent;
        self
    }

    /// How long a new instance takes until it counts: 5 minutes unless set.
    pub const fn warm_up(mut self, time: Duration) -> Self {
        self.warm_up = Some(time);
        self
    }

    /// Lets instances go with the tasks on them.
    pub const fn without_draining(mut self) -> Self {
        self.draining = false;
        self
    }

    /// Lets no instance go on which a task runs. New instances of the fleet are protected until the
    /// service says that they may go. It is seldom needed: tasks move away from an instance before it
    /// goes, unless it is [`InstanceCapacity::without_draining`].
    ///
    /// A stack with such a fleet is not deleted by itself while an instance is there. Services, the
    /// association and the capacity go, in this order, and nobody is left to take the protection from
    /// the instances ([known to AWS](https://github.com/aws/containers-roadmap/issues/2862)); and
    /// CloudFormation deletes no fleet by force. While it waits for the fleet, do that:
    ///
    /// ```sh
    /// aws autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name ...
    /// ```
    pub const fn termination_protection(mut self) -> Self {
        self.protected = true;
        self
    }

    /// Adds the capacity to a stack.
    ///
    /// Findings: a share or a time that cannot be (`FW0480`), a fleet that protects its instances and
    /// nothing that lets them go (`FW0481`), instances that cannot reach the services that
    /// they need (`FW0442`, a warning).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> InstanceCapacityHandle {
        let mut scope = scope.construct(id);
        if !FULL.contains(&self.full) {
            let message = format!("instances cannot be {} % full: 1 to 100 is possible", self.full);
            scope.report(Finding::error("FW0480", message));
        }
        let kind = ecs::CapacityProvider::TYPE;
        let (subnets, public_address) = &self.place;
        subnets.require_services(SERVICES, *public_address, "the fleet", kind, &mut scope);
        let mut scaling = ManagedScaling::new().status("ENABLED").target_capacity(self.full);
        if let Some(time) = self.warm_up {
            if time.as_secs() > WARM_UP {
                let message = format!("an instance that warms up for {} seconds cannot be", time.as_secs());
                scope.report(Finding::error("FW0480", message).hint("10000 seconds are the most"));
            }
            scaling = scaling.instance_warmup_period(seconds(time));
        }
        if self.protected {
            // The service refuses protection of tasks where instances are not protected themselves.
            scope.change(&self.fleet, |draft| {
                draft.put("NewInstancesProtectedFromScaleIn", Expr::<bool>::from(true));
            });
        } else if self.protected_fleet {
            let message = "the fleet protects its instances, and nothing lets them go";
            let hint = "let the capacity protect them: `InstanceCapacity::new(...).termination_protection()`";
            scope.report(Finding::error("FW0481", message).hint(hint));
        }
        let provider = AutoScalingGroupProvider::new(&self.fleet)
            .managed_scaling(scaling)
            .managed_draining(if self.draining { "ENABLED" } else { "DISABLED" })
            .managed_termination_protection(if self.protected { "ENABLED" } else { "DISABLED" });
        let provider = ecs::CapacityProvider::new()
            .auto_scaling_group_provider(provider)
            .build(&mut scope, "CapacityProvider");
        InstanceCapacityHandle { provider, fleet: self.fleet, security_groups: self.security_groups }
    }
}

/// An [`InstanceCapacity`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct InstanceCapacityHandle {
    provider: Handle<ecs::CapacityProvider>,
    pub(super) fleet: Handle<autoscaling::AutoScalingGroup>,
    /// The security groups of the instances.
    pub(super) security_groups: Vec<SecurityGroupHandle>,
}

impl InstanceCapacityHandle {
    /// The capacity provider itself.
    pub const fn capacity_provider(&self) -> &Handle<ecs::CapacityProvider> {
        &self.provider
    }
}
