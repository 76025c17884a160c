//! A resource or parameter of another app is used.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut other = App::new();
    let orders = sqs::Queue::new().build(&mut other.stack("data"), "Orders");

    let mut app = App::new();
    let mut stack = app.stack("web");
    sqs::Queue::new().build(&mut stack, "Jobs");
    stack.output("OrdersUrl", orders.queue_url());
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    let orders = sqs::Queue::new().build(&mut app.stack("data"), "Orders");

    let mut stack = app.stack("web");
    sqs::Queue::new().build(&mut stack, "Jobs");
    stack.output("OrdersUrl", orders.queue_url());
    app
}
