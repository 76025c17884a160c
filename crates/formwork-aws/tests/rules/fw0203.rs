//! Stacks wait for each other in a circle.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    let orders = sqs::Queue::new().build(&mut data, "Orders");
    let data = data.id();

    let mut web = app.stack("web");
    let jobs = sqs::Queue::new().build(&mut web, "Jobs");
    web.output("OrdersUrl", orders.queue_url());

    app.open(data).output("JobsUrl", jobs.queue_url());
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    let orders = sqs::Queue::new().build(&mut data, "Orders");
    let jobs = sqs::Queue::new().build(&mut data, "Jobs");
    data.output("JobsUrl", jobs.queue_url());

    let mut web = app.stack("web");
    sqs::Queue::new().build(&mut web, "Mails");
    web.output("OrdersUrl", orders.queue_url());
    app
}
