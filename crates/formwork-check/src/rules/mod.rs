//! Rules on whole resources, and on several together. One file a subject.

mod attributes;
mod authorization;
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
mod loops;
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

/// Judges what stands beside resources, which no macro changes.
pub(crate) fn check_sections(judge: &mut Judge<'_>) {
    conditions::check(judge);
    loops::check(judge);
    metadata::check(judge);
    names::check(judge);
    outputs::check(judge);
    parameters::check(judge);
    template_rules::check(judge);
}

/// Judges resources by every rule.
pub(crate) fn check(judge: &mut Judge<'_>) {
    let all: [fn(&mut Judge<'_>); 29] = [
        attributes::check,
        authorization::check,
        backup::check,
        balancers::check,
        cache::check,
        cloudfront::check,
        containers::check,
        databases::check,
        dynamic_references::check,
        embedded::check,
        fleets::check,
        functions::check,
        identifiers::check,
        instances::check,
        modules::check,
        network::check,
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
        triggers::check,
    ];
    for rule in all {
        rule(judge);
    }
}
