//! [`ClusterCapacity`]: what a cluster runs its tasks on, and how services share it.

use std::marker::PhantomData;

use formwork_cfn::{
    ecs,
    ecs::{
        cluster_capacity_provider_associations::CapacityProviderStrategy,
        service::CapacityProviderStrategyItem,
    },
};
use formwork_core::{Build, Expr, Finding, Handle, List, ResourceId, Scope};

#[cfg(feature = "container-instances")]
use super::capacity_provider::InstanceCapacityHandle;
use super::{
    cluster::ClusterHandle,
    platform::{Fargate, HostPorts, Instances},
};
use crate::security_group::SecurityGroupHandle;

/// The most tasks of a base, and the highest weight.
const MOST_BASE: u32 = 100_000;
const MOST_WEIGHT: u32 = 1000;

/// What a cluster runs its tasks on: Fargate, Fargate Spot, and fleets of instances.
///
/// A cluster has one of these. Services with a share of it stand after it, and go before it.
///
/// See [`AWS::ECS::ClusterCapacityProviderAssociations`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-clustercapacityproviderassociations.html).
///
/// ```
/// use formwork_aws::ecs::{Cluster, ClusterCapacity};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let capacity = ClusterCapacity::new(&cluster).build(&mut stack, "Capacity");
/// let mostly_spot = [capacity.fargate().base(2), capacity.fargate_spot().weight(3)];
/// # let _ = mostly_spot;
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "capacity is added to a stack by `build`"]
pub struct ClusterCapacity {
    cluster: ClusterHandle,
    /// Capacity providers, each with its fleet.
    instances: Vec<(Handle<ecs::CapacityProvider>, ResourceId)>,
}

impl ClusterCapacity {
    /// Fargate and Fargate Spot, which cost nothing while no task runs on them.
    pub fn new(cluster: &ClusterHandle) -> Self {
        Self { cluster: cluster.clone(), instances: Vec::new() }
    }

    /// A fleet of instances too.
    #[cfg(feature = "container-instances")]
    pub fn instances(mut self, instances: &InstanceCapacityHandle) -> Self {
        self.instances.push((instances.capacity_provider().clone(), instances.fleet.id()));
        self
    }

    /// Adds the association to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ClusterCapacityHandle {
        let mut scope = scope.construct(id);
        let mut names: Vec<Expr<String>> = vec!["FARGATE".into(), "FARGATE_SPOT".into()];
        for (provider, fleet) in &self.instances {
            names.push(provider.name());
            // A cluster cannot be deleted while instances are in it.
            scope.change(*fleet, |draft| draft.depends_on(self.cluster.cluster()));
        }
        // Each service says its own shares.
        let none: [CapacityProviderStrategy; 0] = [];
        let association = ecs::ClusterCapacityProviderAssociations::new(&self.cluster, Expr::list(none))
            .capacity_providers(Expr::<List<String>>::list(names))
            .build(&mut scope, "Association");
        ClusterCapacityHandle {
            association,
            #[cfg(feature = "container-instances")]
            providers: self.instances.iter().map(|(provider, _)| provider.id()).collect(),
        }
    }
}

/// A [`ClusterCapacity`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ClusterCapacityHandle {
    association: Handle<ecs::ClusterCapacityProviderAssociations>,
    #[cfg(feature = "container-instances")]
    providers: Vec<ResourceId>,
}

impl ClusterCapacityHandle {
    /// The association itself.
    pub const fn association(&self) -> &Handle<ecs::ClusterCapacityProviderAssociations> {
        &self.association
    }

    /// A share of tasks on Fargate.
    pub fn fargate(&self) -> CapacityShare<Fargate> {
        self.share("FARGATE".into(), true, &[])
    }

    /// A share of tasks on Fargate Spot, which costs less, and whose tasks are stopped with two
    /// minutes' notice.
    pub fn fargate_spot(&self) -> CapacityShare<Fargate> {
        self.share("FARGATE_SPOT".into(), true, &[])
    }

    /// A share of tasks on a fleet of instances.
    #[cfg(feature = "container-instances")]
    pub fn instances(&self, instances: &InstanceCapacityHandle) -> CapacityShare<Instances> {
        let provider = instances.capacity_provider();
        let known = self.providers.contains(&provider.id());
        self.share(provider.name(), known, &instances.security_groups)
    }

    fn share<P>(
        &self,
        provider: Expr<String>,
        known: bool,
        groups: &[SecurityGroupHandle],
    ) -> CapacityShare<P> {
        CapacityShare {
            provider,
            known,
            groups: groups.to_vec(),
            base: 0,
            weight: 1,
            after: self.association.id(),
            platform: PhantomData,
        }
    }
}

/// The share of a service's tasks that run on one kind of capacity. Shares of Fargate and of
/// instances are different types: a service has either.
#[derive(Debug, Clone)]
#[must_use = "a service takes shares: `service.capacity_shares([...])`"]
pub struct CapacityShare<P> {
    provider: Expr<String>,
    known: bool,
    /// The security groups of the instances.
    groups: Vec<SecurityGroupHandle>,
    base: u32,
    weight: u32,
    after: ResourceId,
    platform: PhantomData<P>,
}

impl CapacityShare<Instances> {
    /// The same share, of tasks that are reached by ports of the instances.
    pub(super) fn of_host_ports(self) -> CapacityShare<HostPorts> {
        let Self { provider, known, groups, base, weight, after, platform: _ } = self;
        CapacityShare { provider, known, groups, base, weight, after, platform: PhantomData }
    }
}

/// The security groups of the instances of all shares, each once.
pub(super) fn security_groups(shares: &[CapacityShare<Instances>]) -> Vec<SecurityGroupHandle> {
    let mut all: Vec<SecurityGroupHandle> = Vec::new();
    for group in shares.iter().flat_map(|share| &share.groups) {
        if !all.iter().any(|known| known.is(group)) {
            all.push(group.clone());
        }
    }
    all
}

impl<P> CapacityShare<P> {
    /// The tasks that run here before weights are asked: none unless set.
    pub const fn base(mut self, tasks: u32) -> Self {
        self.base = tasks;
        self
    }

    /// The part of further tasks that run here, beside the weights of the other shares: 1 unless set.
    pub const fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// The capacity provider, the base and the weight.
    #[cfg(feature = "scheduled-tasks")]
    pub(super) fn into_parts(self) -> (Expr<String>, u32, u32) {
        (self.provider, self.base, self.weight)
    }

    /// What has to stand before a task runs here.
    pub(super) const fn after(&self) -> ResourceId {
        self.after
    }

    pub(super) fn into_item(self) -> CapacityProviderStrategyItem {
        CapacityProviderStrategyItem::new()
            .capacity_provider(self.provider)
            .base(self.base)
            .weight(self.weight)
    }
}

/// Reports (`FW0480`) shares that cannot be together.
pub(super) fn check<P>(shares: &[CapacityShare<P>], scope: &mut Scope<'_>) {
    let mistake = if shares.is_empty() {
        "there is no share of any capacity"
    } else if shares.iter().filter(|share| share.base > 0).count() > 1 {
        "two shares have a base: one may"
    } else if shares.iter().all(|share| share.weight == 0) {
        "all shares have the weight 0"
    } else if shares.iter().any(|share| share.weight > MOST_WEIGHT || share.base > MOST_BASE) {
        "a share is too large: a weight is at most 1000, a base at most 100000"
    } else if shares.iter().any(|share| !share.known) {
        "a share is of instances that the cluster does not have"
    } else {
        return;
    };
    scope.report(Finding::error("FW0480", mistake));
}
