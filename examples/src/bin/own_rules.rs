//! Rules of a team, in ordinary Rust: they visit every resource of the app, and what they report
//! stands at the line that made it. A resource accepts a rule with a reason.

use formwork::prelude::*;

/// Messages that nobody can work on go to a queue of their own.
fn dead_letters(resource: &mut ResourceVisit<'_>) {
    if resource.is::<sqs::Queue>() && resource.property("RedrivePolicy").is_none() {
        resource.error("TEAM010", "messages that fail come back until they are lost");
    }
}

/// Names are CloudFormation's to give, so that a replacement is never in the way of itself.
fn no_names(resource: &mut ResourceVisit<'_>) {
    for name in ["QueueName", "TopicName"] {
        if resource.property(name).is_some() {
            resource
                .warning("TEAM011", format!("`{name}` makes a replacement fail while the old one stands"));
        }
    }
}

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    app.aspect(dead_letters).aspect(no_names);

    let mut stack = app.stack("orders");
    let failed = sqs::Queue::new()
        .message_retention_period(14 * 24 * 3600)
        .accept("TEAM010", "it is where failed messages go")
        .build(&mut stack, "Failed");
    let redrive = Object::new().with("deadLetterTargetArn", failed.arn()).with("maxReceiveCount", 5);
    sqs::Queue::new().redrive_policy(redrive).build(&mut stack, "Orders");
    app.synth()?;
    Ok(())
}
