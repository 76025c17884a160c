//! [`MixedInstances`]: a fleet of several instance types, on demand and spot.

use formwork_cfn::autoscaling::auto_scaling_group::{
    InstancesDistribution, LaunchTemplate, LaunchTemplateOverrides, LaunchTemplateSpecification,
    MixedInstancesPolicy,
};
use formwork_core::{Expr, Finding, Scope};

use crate::{
    instance_requirements::InstanceRequirements, instance_type::check_architecture,
    launch_template::LaunchTemplateHandle,
};

/// Several instance types in one fleet, on demand and spot. What is said here counts in place of the
/// type of the launch template.
///
/// See [mixed instances](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html).
///
/// ```
/// use formwork_aws::auto_scaling::{MixedInstances, SpotAllocation};
///
/// let mixed = MixedInstances::of(["m7g.large", "m8g.large", "c7g.xlarge"])
///     .on_demand(2, 25)
///     .spot(SpotAllocation::PriceCapacityOptimized);
/// # let _ = mixed;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct MixedInstances {
    kinds: Kinds,
    /// The first instances, and the percentage of the others, that are on demand.
    on_demand: (u32, u8),
    spot: SpotAllocation,
    most: Option<String>,
}

#[derive(Debug, Clone)]
enum Kinds {
    /// Names, and how much of the capacity an instance counts for.
    Types(Vec<(Expr<String>, Option<u16>)>),
    Requirements(InstanceRequirements),
}

/// How spot instances are chosen among types and zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpotAllocation {
    /// Where they are taken back least, and of these the cheapest: what AWS advises.
    PriceCapacityOptimized,
    /// Where they are taken back least.
    CapacityOptimized,
    /// Where they are taken back least, and the types that are said first rather than the others.
    CapacityOptimizedPrioritized,
    /// The cheapest, spread over so many of the cheapest.
    LowestPrice {
        /// 1 to 20.
        pools: u8,
    },
}

impl MixedInstances {
    /// These types, the ones that are wanted most first. All run on demand, unless it is said
    /// otherwise.
    pub fn of<T: Into<Expr<String>>>(types: impl IntoIterator<Item = T>) -> Self {
        Self::from_kinds(Kinds::Types(types.into_iter().map(|name| (name.into(), None)).collect()))
    }

    /// These types, each with how much of the capacity one instance counts for.
    pub fn weighted<T: Into<Expr<String>>>(types: impl IntoIterator<Item = (T, u16)>) -> Self {
        let types = types.into_iter().map(|(name, weight)| (name.into(), Some(weight)));
        Self::from_kinds(Kinds::Types(types.collect()))
    }

    /// Any type that has what is asked for.
    pub const fn by_requirements(requirements: InstanceRequirements) -> Self {
        Self::from_kinds(Kinds::Requirements(requirements))
    }

    const fn from_kinds(kinds: Kinds) -> Self {
        Self { kinds, on_demand: (0, 100), spot: SpotAllocation::PriceCapacityOptimized, most: None }
    }

    /// How many instances are on demand: the first ones, and so many percent of the others.
    pub fn on_demand(mut self, first: u32, percent_of_others: u8) -> Self {
        self.on_demand = (first, percent_of_others);
        self
    }

    /// How spot instances are chosen: [`SpotAllocation::PriceCapacityOptimized`] unless set.
    pub fn spot(mut self, allocation: SpotAllocation) -> Self {
        self.spot = allocation;
        self
    }

    /// No spot instance for more than so many dollars an hour (`0.02`). Such are taken back more often.
    pub fn spot_price_at_most(mut self, dollars: impl Into<String>) -> Self {
        self.most = Some(dollars.into());
        self
    }

    /// Reports what cannot be.
    fn check(&self, template: &LaunchTemplateHandle, scope: &mut Scope<'_>) {
        let mut mistakes = Vec::new();
        if template.is_spot() {
            mistakes.push("a fleet that mixes instances cannot have a launch template for spot instances");
        }
        if self.on_demand.1 > 100 {
            mistakes.push("more than 100 percent of the instances are on demand");
        }
        if matches!(self.spot, SpotAllocation::LowestPrice { pools } if !(1..=20).contains(&pools)) {
            mistakes.push("spot instances are spread over 1 to 20 of the cheapest");
        }
        match &self.kinds {
            Kinds::Types(types) if types.is_empty() => {
                mistakes.push("a fleet that mixes instances has no type");
            }
            Kinds::Types(types) => {
                for (name, _) in types {
                    check_architecture(name, template.architecture(), scope);
                }
            }
            Kinds::Requirements(requirements) => {
                requirements.check(scope);
                if template.architecture().is_some_and(|image| image != requirements.architecture()) {
                    mistakes.push("the instances are of another architecture than the image");
                }
            }
        }
        for mistake in mistakes {
            scope.report(Finding::error("FW0471", mistake));
        }
    }

    pub(super) fn into_property(
        self,
        template: &LaunchTemplateHandle,
        launch: LaunchTemplateSpecification,
        names_image: bool,
        scope: &mut Scope<'_>,
    ) -> MixedInstancesPolicy {
        self.check(template, scope);
        let prioritized = matches!(self.kinds, Kinds::Types(_));
        let overrides: Vec<_> = match self.kinds {
            Kinds::Types(types) => types
                .into_iter()
                .map(|(name, weight)| {
                    let each = LaunchTemplateOverrides::new().instance_type(name);
                    match weight {
                        Some(weight) => each.weighted_capacity(weight.to_string()),
                        None => each,
                    }
                })
                .collect(),
            Kinds::Requirements(requirements) => {
                vec![LaunchTemplateOverrides::new().instance_requirements(requirements.for_fleet())]
            }
        };
        let overrides = overrides
            .into_iter()
            .map(|each| if names_image { each.image_id(template.image().clone()) } else { each });
        let (strategy, pools) = match self.spot {
            SpotAllocation::PriceCapacityOptimized => ("price-capacity-optimized", None),
            SpotAllocation::CapacityOptimized => ("capacity-optimized", None),
            SpotAllocation::CapacityOptimizedPrioritized => ("capacity-optimized-prioritized", None),
            SpotAllocation::LowestPrice { pools } => ("lowest-price", Some(pools)),
        };
        let mut distribution = InstancesDistribution::new()
            .on_demand_allocation_strategy(if prioritized { "prioritized" } else { "lowest-price" })
            .on_demand_base_capacity(self.on_demand.0)
            .on_demand_percentage_above_base_capacity(self.on_demand.1)
            .spot_allocation_strategy(strategy);
        if let Some(pools) = pools {
            distribution = distribution.spot_instance_pools(pools);
        }
        if let Some(dollars) = self.most {
            distribution = distribution.spot_max_price(dollars);
        }
        MixedInstancesPolicy::new(LaunchTemplate::new(launch).overrides(Expr::list(overrides)))
            .instances_distribution(distribution)
    }
}
