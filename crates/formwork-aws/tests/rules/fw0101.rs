//! A name or id stands twice.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    let mut stack = app.stack("shop");
    let orders = sqs::Queue::new().build(&mut stack, "Orders");
    let returns = sqs::Queue::new().build(&mut stack, "Returns");
    stack.output("Queue", orders.arn());
    stack.output("Queue", returns.arn());
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    let mut stack = app.stack("shop");
    let orders = sqs::Queue::new().build(&mut stack, "Orders");
    let returns = sqs::Queue::new().build(&mut stack, "Returns");
    stack.output("OrdersQueue", orders.arn());
    stack.output("ReturnsQueue", returns.arn());
    app
}
