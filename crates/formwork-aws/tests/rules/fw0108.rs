//! A lookup has no value.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    let mut stack = app.stack("web");
    sqs::Queue::new().build(&mut stack, "Jobs");
    let zone = stack.lookup("zone:example.com");
    stack.output("Zone", zone);
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new().with_context([("zone:example.com", "Z0123456789ABCDEFGHIJ".into())]);
    let mut stack = app.stack("web");
    sqs::Queue::new().build(&mut stack, "Jobs");
    let zone = stack.lookup("zone:example.com");
    stack.output("Zone", zone);
    app
}
