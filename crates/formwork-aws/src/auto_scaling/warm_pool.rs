//! [`WarmPool`]: instances that have started already, and wait.

use formwork_cfn::{autoscaling, autoscaling::warm_pool::InstanceReusePolicy};
use formwork_core::{Build, Finding, Scope};

use super::AutoScalingGroupHandle;

/// Instances that have started already and wait, for a fleet that takes long to start one. Those that
/// are stopped cost what their volumes do.
///
/// See [warm pools](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html).
///
/// ```
/// use formwork_aws::auto_scaling::WarmPool;
///
/// let pool = WarmPool::stopped().least(2).reuse();
/// # let _ = pool;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct WarmPool {
    state: &'static str,
    least: Option<u32>,
    prepared: Option<u32>,
    reuse: bool,
}

impl WarmPool {
    /// Instances that are stopped.
    pub const fn stopped() -> Self {
        Self::of("Stopped")
    }

    /// Instances that are stopped with their memory on disk, which the launch template has to allow:
    /// [`hibernation`](crate::launch_template::LaunchTemplate::hibernation).
    pub const fn hibernated() -> Self {
        Self::of("Hibernated")
    }

    /// Instances that run, and cost as much as the others.
    pub const fn running() -> Self {
        Self::of("Running")
    }

    const fn of(state: &'static str) -> Self {
        Self { state, least: None, prepared: None, reuse: false }
    }

    /// How many wait at least.
    pub const fn least(mut self, instances: u32) -> Self {
        self.least = Some(instances);
        self
    }

    /// How many there are at most, in the fleet and in the pool: as many as the fleet may have, unless
    /// set.
    pub const fn prepared_at_most(mut self, instances: u32) -> Self {
        self.prepared = Some(instances);
        self
    }

    /// Puts instances that the fleet lets go of into the pool, where they would be terminated.
    pub const fn reuse(mut self) -> Self {
        self.reuse = true;
        self
    }

    /// Reports (`FW0409`) what cannot be, and what is not meant.
    fn check<K>(self, fleet: &AutoScalingGroupHandle<K>, scope: &mut Scope<'_>) {
        if self.state == "Hibernated" && !fleet.template.hibernates() {
            let message = "the pool hibernates, and the launch template does not allow that";
            let hint = "say so: `LaunchTemplate::new(...).hibernation()`";
            scope.report(Finding::error("FW0409", message).hint(hint));
        }
        if fleet.template.is_spot() {
            scope.report(Finding::error("FW0409", "spot instances do not wait in a pool"));
        }
        if fleet.rolls {
            let message = "a rolling update leaves the instances of the pool as they were";
            let hint = "replace them as well: `AutoScalingGroup::new(..., InstanceRefresh::new())`";
            scope.report(Finding::warning("FW0409", message).hint(hint));
        }
    }

    pub(super) fn build<K>(self, fleet: &AutoScalingGroupHandle<K>, scope: &mut Scope<'_>) {
        self.check(fleet, scope);
        let mut pool = autoscaling::WarmPool::new(fleet.group()).pool_state(self.state);
        if let Some(least) = self.least {
            pool = pool.min_size(least);
        }
        if let Some(prepared) = self.prepared {
            pool = pool.max_group_prepared_capacity(prepared);
        }
        if self.reuse {
            pool = pool.instance_reuse_policy(InstanceReusePolicy::new().reuse_on_scale_in(true));
        }
        pool.build(scope, "WarmPool");
    }
}
