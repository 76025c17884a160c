//! A value cannot cross to another account or region by what carries it.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    let mut west = app.stack("west");
    west.environment(Environment::new("111111111111", "eu-west-1"));
    let orders = sqs::Queue::new().build(&mut west, "Orders");

    let mut east = app.stack("east");
    east.environment(Environment::new("111111111111", "us-east-1"));
    sqs::Queue::new().build(&mut east, "Jobs");
    east.output("OrdersUrl", orders.queue_url());
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    let mut west = app.stack("west");
    west.environment(Environment::new("111111111111", "eu-west-1"));
    let orders = sqs::Queue::new().build(&mut west, "Orders");
    let west = west.id();

    let mut east = app.stack("east");
    east.environment(Environment::new("111111111111", "us-east-1")).carry_from(west, Via::Parameter);
    sqs::Queue::new().build(&mut east, "Jobs");
    east.output("OrdersUrl", orders.queue_url());
    app
}
