//! Tags that reach everything below a scope, and an aspect that holds a team's rule.

use formwork::prelude::*;

/// Every queue of ours is encrypted, and a queue that keeps messages for less than an hour is worth a
/// word.
fn team_rules(resource: &mut ResourceVisit<'_>) {
    resource.modify(|queue: sqs::Queue| queue.sqs_managed_sse_enabled(true));
    if resource.is::<sqs::Queue>() && resource.property("MessageRetentionPeriod").is_none() {
        resource.warning("TEAM001", "the queue keeps messages for four days, because nobody says how long");
    }
}

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    app.tag("team", "shop").aspect(team_rules);

    let mut stack = app.stack("tagged");
    sqs::Queue::new().build(&mut stack, "Orders");
    let mut reports = stack.scope("Reports");
    reports.tag("team", "analytics").tag("cost-center", "4711");
    sqs::Queue::new().message_retention_period(3600).build(&mut reports, "Queue");
    ssm::Parameter::new("String", "daily").name("/reports/interval").build(&mut reports, "Interval");
    app.synth()?;
    Ok(())
}
