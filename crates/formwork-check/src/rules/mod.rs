//! Rules on whole resources, and on several together. One file a subject.

mod backup;
mod balancers;
mod cache;
mod cloudfront;
mod containers;
mod databases;
mod embedded;
mod fleets;
mod functions;
mod identifiers;
mod instances;
mod metadata;
mod modules;
mod network;
mod parameters;
mod pipelines;
mod policies;
mod records;
mod relations;
mod roles;
mod schedules;
mod security;
mod state_machines;
mod stateful;
mod storage;
mod tables;
mod triggers;

use crate::judge::Judge;

/// Judges by every rule.
pub(crate) fn check(judge: &mut Judge<'_>) {
    let all: [fn(&mut Judge<'_>); 27] = [
        backup::check,
        balancers::check,
        cache::check,
        cloudfront::check,
        containers::check,
        databases::check,
        embedded::check,
        fleets::check,
        functions::check,
        identifiers::check,
        instances::check,
        metadata::check,
        modules::check,
        network::check,
        parameters::check,
        pipelines::check,
        policies::check,
        records::check,
        relations::check,
        roles::check,
        schedules::check,
        security::check,
        state_machines::check,
        stateful::check,
        storage::check,
        tables::check,
        triggers::check,
    ];
    for rule in all {
        rule(judge);
    }
}
