//! A value of one stack used by others, carried in each of the three ways.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let (events, data) = {
        let mut stack = app.stack("events");
        (sns::Topic::new().build(&mut stack, "Orders"), stack.id())
    };

    // An export and its import, as long as nothing else is said.
    let mut audit = app.stack("audit");
    let log = sqs::Queue::new().build(&mut audit, "Log");
    sns::Subscription::new(&events, "sqs").endpoint(log.arn()).build(&mut audit, "Subscription");

    // An SSM parameter: the topic can be replaced while this stack stands.
    let mut billing = app.stack("billing");
    billing.carry(&events, Via::SsmParameter);
    let invoices = sqs::Queue::new().build(&mut billing, "Invoices");
    sns::Subscription::new(&events, "sqs").endpoint(invoices.arn()).build(&mut billing, "Subscription");

    // A parameter, which the deployer fills from an output: it reaches other regions and accounts.
    let mut shipping = app.stack("shipping");
    shipping.carry_from(data, Via::Parameter);
    ssm::Parameter::new("String", events.topic_arn()).name("/shipping/topic").build(&mut shipping, "Topic");

    app.synth()?;
    Ok(())
}
