//! A stack of another app is opened or named.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut other = App::new();
    let mut data = other.stack("data");
    sqs::Queue::new().build(&mut data, "Orders");
    let data = data.id();

    let mut app = App::new();
    let mut web = app.stack("web");
    sqs::Queue::new().build(&mut web, "Jobs");
    web.depends_on(data);
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    sqs::Queue::new().build(&mut data, "Orders");
    let data = data.id();

    let mut web = app.stack("web");
    sqs::Queue::new().build(&mut web, "Jobs");
    web.depends_on(data);
    app
}
