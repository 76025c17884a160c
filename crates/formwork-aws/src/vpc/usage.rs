//! [`Usage`]: what stands in a network, as constructs tell it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

/// What stands in a network and which ways lead out of it, shared by all handles of the network.
///
/// Handles are copies: what one adds (an endpoint, a route), others have to know at synthesis.
#[derive(Debug, Clone, Default)]
pub(crate) struct Usage(Arc<Mutex<Facts>>);

#[derive(Debug, Default)]
struct Facts {
    /// Services with an endpoint (`s3`, `ecr.dkr`).
    endpoints: BTreeSet<String>,
    /// Tiers with a route of the author's own to everywhere.
    ways_out: BTreeSet<String>,
    /// The addresses that something takes at most, by the tiers that it stands in.
    addresses: BTreeMap<Vec<String>, u64>,
}

impl Usage {
    fn with<T>(&self, use_facts: impl FnOnce(&mut Facts) -> T) -> T {
        // Facts are whole after every statement: a panic elsewhere has not spoiled them.
        use_facts(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn add_endpoint(&self, service: &str) {
        self.with(|facts| facts.endpoints.insert(service.to_owned()));
    }

    pub(crate) fn has_endpoint(&self, service: &str) -> bool {
        self.with(|facts| facts.endpoints.contains(service))
    }

    pub(crate) fn add_way_out(&self, tier: &str) {
        self.with(|facts| facts.ways_out.insert(tier.to_owned()));
    }

    pub(crate) fn has_way_out(&self, tier: &str) -> bool {
        self.with(|facts| facts.ways_out.contains(tier))
    }

    /// Counts addresses to what stands in the tiers, and says how many that makes.
    pub(crate) fn take_addresses(&self, tiers: Vec<String>, count: u64) -> u64 {
        self.with(|facts| {
            let taken = facts.addresses.entry(tiers).or_default();
            *taken = taken.saturating_add(count);
            *taken
        })
    }
}
