//! `N` stacks of three resources each, for deployments: a queue, a topic and a parameter.

use formwork::prelude::*;

fn main() -> Result<(), formwork::SynthError> {
    let stacks = std::env::var("N").ok().and_then(|number| number.parse().ok()).unwrap_or(1_u32);
    let mut app = App::new();
    for number in 0..stacks {
        let mut stack = app.stack(format!("queues-{number}"));
        let queue = sqs::Queue::new().visibility_timeout(30).build(&mut stack, "Orders");
        sns::Topic::new().build(&mut stack, "Alarms");
        ssm::Parameter::new("String", queue.queue_name())
            .name(format!("/queues/{number}"))
            .build(&mut stack, "Name");
        stack.output("Orders", queue.arn());
    }
    app.synth()?;
    Ok(())
}
