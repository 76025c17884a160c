//! Rules on whole resources, and on several together. One file a subject.

mod attributes;
mod backup;
mod balancers;
mod cache;
mod cloudfront;
mod conditions;
mod containers;
mod databases;
mod dynamic_references;
mod embedded;
mod fleets;
mod functions;
mod identifiers;
mod instances;
mod metadata;
mod modules;
mod names;
mod network;
mod outputs;
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
mod tags;
mod template_rules;
mod triggers;

use crate::judge::Judge;

/// Judges by every rule.
pub(crate) fn check(judge: &mut Judge<'_>) {
    let all: [fn(&mut Judge<'_>); 34] = [
        attributes::check,
        backup::check,
        balancers::check,
        cache::check,
        cloudfront::check,
        conditions::check,
        containers::check,
        databases::check,
        dynamic_references::check,
        embedded::check,
        fleets::check,
        functions::check,
        identifiers::check,
        instances::check,
        metadata::check,
        modules::check,
        names::check,
        network::check,
        outputs::check,
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
        tags::check,
        template_rules::check,
        triggers::check,
    ];
    for rule in all {
        rule(judge);
    }
}
