//! A construct of a team's own: a queue with a place for what fails, and an alarm on it.

use formwork::prelude::*;

/// A queue whose messages go aside after some attempts, and an alarm that says so.
struct Inbox {
    attempts: u32,
}

impl Inbox {
    fn new(attempts: u32) -> Self {
        Self { attempts }
    }

    /// `#[track_caller]` and `construct` make findings point at the line that calls `build`.
    #[track_caller]
    fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<sqs::Queue> {
        let mut scope = scope.construct(id);
        if self.attempts == 0 {
            let finding = Finding::error("TEAM002", "an inbox gives a message at least one attempt");
            scope.report(finding.hint("Inbox::new(3)"));
        }
        let failed = sqs::Queue::new().message_retention_period(1_209_600).build(&mut scope, "Failed");
        let redrive =
            Object::new().with("deadLetterTargetArn", failed.arn()).with("maxReceiveCount", self.attempts);
        let queue = sqs::Queue::new().redrive_policy(redrive).build(&mut scope, "Queue");
        cloudwatch::Alarm::new("GreaterThanThreshold")
            .namespace("AWS/SQS")
            .metric_name("ApproximateNumberOfMessagesVisible")
            .dimensions([cloudwatch::alarm::Dimension::new("QueueName", failed.queue_name())])
            .statistic("Maximum")
            .period(60)
            .evaluation_periods(1)
            .threshold(0)
            .build(&mut scope, "FailedAlarm");
        queue
    }
}

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("own-construct");
    let orders = Inbox::new(3).build(stack, "Orders");
    Inbox::new(5).build(stack, "Refunds");
    stack.output("OrdersUrl", orders.queue_url());
    app.synth()?;
    Ok(())
}
