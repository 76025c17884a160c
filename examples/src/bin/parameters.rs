//! Parameters, conditions, a mapping and a rule: what is decided when the stack is deployed.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("parameters");
    let stage = stack.parameter(
        "Stage",
        Parameter::string()
            .description("What the stack is for")
            .allowed_values(["dev", "prod"])
            .default("dev"),
    );
    let delay = stack.parameter("Delay", Parameter::number().min_value(0).max_value(900).default(0));
    let production = stack.condition("Production", equals(stage, "prod"));
    let retention =
        stack.mapping("Retention", [("dev", [("Seconds", 86_400)]), ("prod", [("Seconds", 1_209_600)])]);
    stack.rule(
        "ProductionDoesNotDelay",
        Rule::new(equals(delay.value().cast::<String>(), "0"), "production takes orders at once")
            .when(equals(stage, "prod")),
    );

    let failed = sqs::Queue::new().condition_on(&production).build(stack, "FailedOrders");
    let redrive = Object::new().with("deadLetterTargetArn", failed.arn()).with("maxReceiveCount", 5);
    let orders = sqs::Queue::new()
        .delay_seconds(delay)
        .message_retention_period(retention.find(stage, "Seconds").cast())
        .redrive_policy(if_else::<Json>(&production, redrive, no_value()))
        .build(stack, "Orders");
    stack.output("OrdersUrl", orders.queue_url()).description("Where orders go");
    app.synth()?;
    Ok(())
}
